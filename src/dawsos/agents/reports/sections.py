"""The sections of a portfolio report. Figures come as other capabilities computed them; here they only get their place."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from dawsos.agents.reports.content import (
    ReportContents,
    ReportedAttribution,
    ReportedHistory,
    ReportedHoldings,
    ReportedPerformance,
    ReportedPosition,
    ReportedRegime,
    ReportedSectors,
    ReportSources,
)
from dawsos.services.context import Pins
from dawsos.services.reports.document import Bars, Block, Column, Document, Figure, Figures, Lines, Section, Series, Table, Value, numbers

_RETURNS: Final = (
    ("twr_1d", "1 day"),
    ("twr_mtd", "Month to date"),
    ("twr_qtd", "Quarter to date"),
    ("twr_ytd", "Year to date"),
    ("twr_1y", "1 year"),
    ("twr_3y_ann", "3 years, per year"),
    ("twr_5y_ann", "5 years, per year"),
    ("twr_inception_ann", "Since inception, per year"),
    ("mwr_1y", "1 year, money-weighted"),
    ("mwr_inception_ann", "Since inception, money-weighted, per year"),
)
_RISK: Final = (
    ("volatility", "Volatility, per year", "fraction"),
    ("sharpe_ratio", "Sharpe ratio", "number"),
    ("risk_free_rate", "Risk-free rate, per year", "fraction"),
    ("max_drawdown", "Maximum drawdown", "fraction"),
    ("current_drawdown", "Current drawdown", "fraction"),
    ("beta", "Beta", "number"),
    ("alpha", "Alpha, per year", "fraction"),
    ("tracking_error", "Tracking error, per year", "fraction"),
)
_UNEXPLAINED: Final = "no value"
_HOLDINGS: Final = "Holdings"


def report(pins: Pins, data: ReportContents, sources: ReportSources, *, title: str = "Portfolio report") -> Document:
    """The document with every section there is data for, and the value of the portfolio on its first page."""
    return Document(
        title=title,
        subject=pins.portfolio.name,
        asof_date=pins.pack.date,
        base_currency=pins.portfolio.base_currency,
        pricing_pack_id=pins.pack.id,
        ledger_commit_hash=pins.ledger.commit_hash,
        sections=tuple(_sections(data, sources)),
        style="report",
    )


def _sections(data: ReportContents, sources: ReportSources) -> Iterator[Section]:
    if data.positions is not None:
        yield Section("positions", _HOLDINGS, sources.positions, _holdings(data.positions), data.positions.warnings)
    if data.sectors is not None:
        yield Section("sectors", "Sectors", sources.sectors, _sectors(data.sectors))
    if data.performance is not None:
        yield Section("performance", "Performance and risk", sources.performance, _performance(data.performance))
    if data.historical_nav is not None:
        yield _history_section(data.historical_nav, sources.historical_nav)
    if data.currency_attr is not None:
        yield Section("currency_attr", "Currency attribution", sources.currency_attr, _attribution(data.currency_attr))
    if data.regime is not None:
        yield _regime_section(data.regime, sources.regime)


def _holdings(held: ReportedHoldings) -> tuple[Block, ...]:
    base = held.currency
    figures = (
        _amount(held, "nav", "Net asset value", base),
        _amount(held, "securities_value", "Securities", base),
        _amount(held, "cash", "Cash", base),
        _amount(held, "unrealized_pl", "Unrealised profit or loss", base),
    )
    columns = (
        Column("Symbol"),
        Column("Name"),
        numbers("Quantity", "quantity"),
        numbers("Price", "price"),
        numbers("Value", "money", base),
        numbers("Weight", "fraction"),
        numbers("Cost", "money", base),
        numbers("Unrealised P&L", "money", base),
        numbers("P&L %", "fraction"),
    )
    total = (
        Value("Total"),
        Value(""),
        Value(""),
        Value(""),
        _value(held, "nav", "money", base),
        Value(""),
        Value(held.total_cost_base, "money", base),
        _value(held, "unrealized_pl", "money", base),
        _value(held, "unrealized_pl_pct", "fraction"),
    )
    return Figures(figures), Table(columns, tuple(_position(one) for one in held.positions), total)


def _position(one: ReportedPosition) -> tuple[Value, ...]:
    base = one.base_currency
    return (
        Value(one.symbol),
        Value(one.name or ("Cash" if one.security_type == "CASH" else "")),
        Value(one.quantity, "quantity"),
        _row_value(one, "price", "price", one.currency),
        _row_value(one, "market_value", "money", base),
        _row_value(one, "weight", "fraction"),
        _row_value(one, "cost_basis_base", "money", base),
        _row_value(one, "unrealized_pl", "money", base),
        _row_value(one, "unrealized_pl_pct", "fraction"),
    )


def _row_value(one: ReportedPosition, field: str, unit: str, currency: str | None = None) -> Value:
    raw: Decimal | float | None = getattr(one, field)
    return Value(raw, unit, currency, reason=None if raw is not None else one.reasons.get(field) or one.reason or _UNEXPLAINED)


def _sectors(found: ReportedSectors) -> tuple[Block, ...]:
    shares = Bars(
        tuple(
            Figure(one.sector, Value(one.weight, "fraction", reason=found.reasons.get("sectors.weight", _UNEXPLAINED)))
            for one in found.sectors
        )
    )
    columns = (Column("Sector"), numbers("Positions", "count"), numbers("Value", "money", found.currency))
    rows = tuple((Value(one.sector), Value(one.count, "count"), Value(one.market_value, "money", found.currency)) for one in found.sectors)
    total = (Value("Priced securities"), Value(""), Value(found.total_value, "money", found.currency))
    return shares, Table(columns, rows, total)


def _performance(found: ReportedPerformance) -> tuple[Block, ...]:
    returns = tuple(Figure(label, _value(found, field, "fraction")) for field, label in _RETURNS)
    risk = tuple(Figure(label, _value(found, field, unit)) for field, label, unit in _RISK)
    window = f" ({found.start_date} to {found.end_date}, {found.n_obs} daily returns)" if found.start_date and found.end_date else ""
    against = f"; against {found.benchmark_id}" if found.benchmark_id else ""
    return Figures(returns, "Returns, time-weighted unless it says otherwise"), Figures(risk, f"Risk{window}{against}")


def _history_section(found: ReportedHistory, sources: tuple[str, ...]) -> Section:
    if not found.data:
        reason = found.reasons.get("end_value", "the portfolio has no valued day up to this date")
        return Section("historical_nav", "Value over time", sources, (), notice=f"There is nothing to show: {reason}.")
    days = tuple(one.date for one in found.data)
    value = Series("Net asset value", tuple(float(one.nav) for one in found.data), "money", found.currency)
    loss = Series("Drawdown", tuple(one.drawdown for one in found.data), "fraction")
    blocks = (Lines(days, (value,), "Net asset value"), Lines(days, (loss,), "Drawdown from the highest level of the window", fills=True))
    return Section("historical_nav", "Value over time", sources, blocks)


def _attribution(found: ReportedAttribution) -> tuple[Block, ...]:
    parts = (("local_return", "Prices in local currency"), ("fx_return", "Exchange rates"), ("interaction_return", "Both together"))
    effects = Bars(tuple(Figure(label, _value(found, field, "fraction")) for field, label in (*parts, ("total_return", "Total return"))))
    columns = (
        Column("Currency"),
        *(numbers(label, "fraction") for label in ("Average weight", "Local", "FX", "Interaction", "Total")),
    )
    rows = tuple(
        (Value(code), *(Value(share, "fraction") for share in (one.weight, one.local, one.fx, one.interaction, one.total)))
        for code, one in sorted(found.attribution_by_currency.items())
    )
    total = (
        Value("Total"),
        Value(""),
        *(_value(found, field, "fraction") for field in ("local_return", "fx_return", "interaction_return", "total_return")),
    )
    error = Figures((Figure("Difference from the time-weighted return", _value(found, "error_bps", "basis_points")),))
    return (effects, Table(columns, rows, total), error) if rows else (effects, error)


def _regime_section(found: ReportedRegime, sources: tuple[str, ...]) -> Section:
    title = "Economic regime"
    if found.regime_name is None:
        reason = found.reasons.get("regime_name", _UNEXPLAINED)
        return Section("regime", title, sources, (), notice=f"The regime is not known: {reason}.")
    figures = (
        Figure("Phase of the business cycle", Value(_words(found.regime_name))),
        Figure("Its probability", _value(found, "confidence", "fraction")),
        Figure("Growth and inflation", Value(_words(found.quadrant), reason=found.reasons.get("quadrant", _UNEXPLAINED))),
        Figure("Its probability", _value(found, "quadrant_confidence", "fraction")),
    )
    phases = Bars(
        tuple(Figure(_words(one.phase) or "", Value(one.probability, "fraction")) for one in found.regime_scores),
        "Probability of each phase",
    )
    remarks = (f"Judged without {', '.join(found.missing)}.",) if found.missing else ()
    return Section("regime", f"{title} on {found.date}", sources, (Figures(figures), phases), remarks)


def _words(code: str | None) -> str | None:
    """A name in capitals as people write it: LATE_EXPANSION is late expansion."""
    return None if code is None else code.replace("_", " ").capitalize()


def _amount(found: ReportedHoldings, field: str, label: str, currency: str) -> Figure:
    return Figure(label, _value(found, field, "money", currency))


def _value(
    found: ReportedHoldings | ReportedPerformance | ReportedAttribution | ReportedRegime, field: str, unit: str, currency: str | None = None
) -> Value:
    raw = getattr(found, field)
    return Value(raw, unit, currency, reason=None if raw is not None else found.reasons.get(field, _UNEXPLAINED))
