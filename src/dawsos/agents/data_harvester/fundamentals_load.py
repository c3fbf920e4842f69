"""A company's fundamentals: what quality ratings rest on, and how it does against the marks of a checklist."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from dawsos.agents.data_harvester.company_shapes import AnnualFigures, annual_figures
from dawsos.compute.ratings.checklist import Checked, MarkUnit
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Money, Number, Score, UnitOf, Years
from dawsos.services.companies import Company, company
from dawsos.services.context import RequestContext

#: Inputs of ratings, and figures of the last year beside them.
_INPUTS: Final = (
    "payout_ratio_5y_avg", "fcf_dividend_coverage", "dividend_growth_streak_years", "net_cash_position", "roe_5y_avg",
    "gross_margin_5y_avg", "intangible_assets_ratio", "switching_cost_score", "operating_margin_std_dev", "debt_equity_ratio",
    "interest_coverage", "current_ratio",
)  # fmt: skip
_FIGURES: Final = ("roe", "operating_margin", "fcf_to_revenue", "revenue_growth_cv", "payout_ratio", "cash_pct_assets")


class LoadFundamentalsRequest(Contract):
    """Which security, by what is stored of it or by what its source tells now (``fmp``)."""

    security_id: UUID
    provider: Literal["stored", "fmp"] = "stored"


class ChecklistMark(Contract):
    """A figure held against its mark: at least it, or at most. ``is_met`` is null when the figure is not known, and ``reason`` says why."""

    figure: str
    title: str
    group: Literal["quality", "dividend_safety", "resilience"]
    value: Annotated[float | None, UnitOf("unit")]
    comparison: Literal["at_least", "at_most"]
    threshold: Annotated[float, UnitOf("unit")]
    unit: MarkUnit
    is_met: bool | None
    reason: str | None


class Fundamentals(Contract):
    """Figures of a company by the statements public on the pricing pack's date; ``missing`` names those that are not known."""

    security_id: UUID
    symbol: str
    name: str | None
    sector: str | None
    currency: str | None
    asof: date | None
    payout_ratio_5y_avg: Annotated[float | None, Fraction]
    fcf_dividend_coverage: Annotated[float | None, Number]
    dividend_growth_streak_years: Annotated[float | None, Years]
    net_cash_position: Annotated[Decimal | None, Money("net_cash_currency")]
    net_cash_currency: Literal["USD"]
    roe_5y_avg: Annotated[float | None, Fraction]
    gross_margin_5y_avg: Annotated[float | None, Fraction]
    intangible_assets_ratio: Annotated[float | None, Fraction]
    switching_cost_score: Annotated[float | None, Score]
    operating_margin_std_dev: Annotated[float | None, Fraction]
    debt_equity_ratio: Annotated[float | None, Number]
    interest_coverage: Annotated[float | None, Number]
    current_ratio: Annotated[float | None, Number]
    roe: Annotated[float | None, Fraction]
    operating_margin: Annotated[float | None, Fraction]
    fcf_to_revenue: Annotated[float | None, Fraction]
    revenue_growth_cv: Annotated[float | None, Number]
    payout_ratio: Annotated[float | None, Fraction]
    cash_pct_assets: Annotated[float | None, Fraction]
    dividend_yield: Annotated[float | None, Fraction]
    checklist: tuple[ChecklistMark, ...]
    statements: tuple[AnnualFigures, ...]
    sources: tuple[str, ...]
    is_stale: bool
    missing: tuple[str, ...]
    reasons: dict[str, str]


def _asks_no_source(context: RequestContext, arguments: Mapping[str, Any]) -> bool:  # noqa: ARG001 - a named source is asked, configured or not
    return bool(arguments.get("provider", "stored") == "stored")


@capability(
    name="fundamentals.load",
    rights=("fundamentals_read",),
    ttl=86_400,
    timeout=28.0,
    repeatable=_asks_no_source,
    example={"security_id": "01900000-0000-7000-8000-000000000001"},
)
async def fundamentals_load(context: RequestContext, request: LoadFundamentalsRequest) -> Fundamentals:
    """Everything ratings judge, the figures of the last fiscal year, and the checklist; from stored statements unless a source is named."""
    found = await company(context, request.security_id, ask=request.provider == "fmp")
    values: dict[str, float | None] = {name: found.inputs.values.get(name) for name in _INPUTS}
    values |= {name: found.figures.values.get(name) for name in _FIGURES}
    values["dividend_yield"] = found.dividend_yield
    reasons = {name: _why(found, name) for name, value in values.items() if value is None}
    facts: dict[str, Any] = {"name": found.security.name, "sector": found.security.sector, "currency": None, "asof": None}
    if found.years:
        facts |= {"currency": found.years[0].currency, "asof": found.years[0].fiscal_date}
    net_cash = values.pop("net_cash_position")
    return Fundamentals(
        security_id=found.security.id,
        symbol=found.security.symbol,
        **facts,
        **values,
        net_cash_position=None if net_cash is None else Decimal(str(net_cash)),
        net_cash_currency="USD",
        checklist=tuple(_mark(one) for one in found.checks),
        statements=tuple(annual_figures(year) for year in found.years),
        sources=tuple(dict.fromkeys(year.source for year in found.years)),
        is_stale=found.is_stale,
        missing=tuple(reasons),
        reasons=reasons | {name: "it is not known" for name, value in facts.items() if value is None},
    )


def _why(found: Company, name: str) -> str:
    if name == "dividend_yield":
        return "the dividends of a year, or the pricing pack's price, are not known"
    if not found.years:
        return "there are no statements"
    return found.inputs.notes.get(name) or found.figures.notes.get(name) or "it is not known"


def _mark(one: Checked) -> ChecklistMark:
    mark = one.mark
    return ChecklistMark(
        figure=mark.figure,
        title=mark.title,
        group=mark.group,
        value=one.value,
        comparison=mark.comparison,
        threshold=mark.threshold,
        unit=mark.unit,
        is_met=one.is_met,
        reason=one.note or None,
    )
