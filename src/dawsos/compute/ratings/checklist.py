"""Figures of the last fiscal year a reader of annual reports looks at first, and the marks they are held against."""

import itertools
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from dawsos.compute.ratings.inputs import YEARS, RatingInputs
from dawsos.compute.ratings.statements import AnnualStatement

Comparison = Literal["at_least", "at_most"]
MarkUnit = Literal["fraction", "number", "years"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFigures:
    """``values`` by name, None where unknown; ``notes`` says why."""

    values: Mapping[str, float | None]
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure of the checklist, by its name among the figures or the rating inputs, and the threshold it is held against."""

    figure: str
    title: str
    group: Literal["quality", "dividend_safety", "resilience"]
    comparison: Comparison
    threshold: float
    unit: MarkUnit


@dataclass(frozen=True, slots=True)
class Checked:
    """A mark with what was found; ``is_met`` is None exactly when the figure is not known, and then ``note`` says why."""

    mark: Mark
    value: float | None
    is_met: bool | None
    note: str


MARKS: Final = (
    Mark("roe", "Return on equity", "quality", "at_least", 0.15, unit="fraction"),
    Mark("operating_margin", "Operating margin", "quality", "at_least", 0.20, unit="fraction"),
    Mark("fcf_to_revenue", "Free cash flow to revenue", "quality", "at_least", 0.10, unit="fraction"),
    Mark("revenue_growth_cv", "Variation of revenue growth", "quality", "at_most", 0.30, unit="number"),
    Mark("payout_ratio", "Payout ratio", "dividend_safety", "at_most", 0.60, unit="fraction"),
    Mark("fcf_dividend_coverage", "Dividend covered by free cash flow", "dividend_safety", "at_least", 1.5, unit="number"),
    Mark("dividend_growth_streak_years", "Years of rising dividends", "dividend_safety", "at_least", 10.0, unit="years"),
    Mark("debt_equity_ratio", "Debt to equity", "resilience", "at_most", 1.0, unit="number"),
    Mark("interest_coverage", "Interest coverage", "resilience", "at_least", 5.0, unit="number"),
    Mark("current_ratio", "Current ratio", "resilience", "at_least", 1.5, unit="number"),
    Mark("cash_pct_assets", "Cash to assets", "resilience", "at_least", 0.10, unit="fraction"),
)  # fmt: skip


def quality_figures(statements: Sequence[AnnualStatement]) -> QualityFigures:
    """Figures from annual ``statements``, newest first; all are fractions but the coefficient of variation.

    ``roe`` net income / equity (None unless equity > 0), ``operating_margin`` operating income / revenue, ``fcf_to_revenue`` (operating
    cash flow − capital expenditure) / revenue, ``payout_ratio`` dividends / net income (None unless there is a profit),
    ``cash_pct_assets`` cash / assets, all of the last year. ``revenue_growth_cv``: sample deviation over the size of the mean of the
    yearly growth of revenue, over at most five years of statements, at least two rates of growth; None when the mean is 0.
    """
    last = statements[0] if statements else None
    values: dict[str, float | None] = {}
    notes: dict[str, str] = {}

    def put(name: str, value: float | None, why_not: str) -> None:
        values[name] = value
        if value is None:
            notes[name] = "there are no statements" if last is None else why_not

    def of_last(read: Callable[[AnnualStatement], float | None]) -> float | None:
        return None if last is None else read(last)

    put(
        "roe",
        of_last(lambda year: _positive(year.net_income, year.shareholders_equity)),
        "net income is not known, or equity is not positive",
    )
    put(
        "operating_margin", of_last(lambda year: _positive(year.operating_income, year.revenue)), "operating income or revenue is not known"
    )
    put("fcf_to_revenue", of_last(lambda year: _positive(_free(year), year.revenue)), "cash flow, investment or revenue is not known")
    put(
        "payout_ratio",
        of_last(lambda year: _positive(year.dividends_paid, year.net_income)),
        "dividends are not known, or there is no profit",
    )
    put("cash_pct_assets", of_last(lambda year: _positive(year.cash_and_equivalents, year.total_assets)), "cash or assets are not known")
    put("revenue_growth_cv", _growth_variation(statements[:YEARS]), "revenue of three years in a row is not known, or did not change")
    return QualityFigures(values=values, notes=notes)


def checked(figures: QualityFigures, inputs: RatingInputs) -> tuple[Checked, ...]:
    """Every mark of :data:`MARKS`. An input no number expresses is met or not as its side says: beyond worst fails, beyond best passes."""
    return tuple(_checked(mark, figures, inputs) for mark in MARKS)


def _checked(mark: Mark, figures: QualityFigures, inputs: RatingInputs) -> Checked:
    source: QualityFigures | RatingInputs = figures if mark.figure in figures.values else inputs
    value, note = source.values.get(mark.figure), source.notes.get(mark.figure, "")
    if mark.figure in inputs.beyond_worst or mark.figure in inputs.beyond_best:
        return Checked(mark, value, mark.figure in inputs.beyond_best, note)
    if value is None:
        return Checked(mark, None, None, note or "it is not known")
    return Checked(mark, value, value >= mark.threshold if mark.comparison == "at_least" else value <= mark.threshold, note)


def _positive(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or denominator is None or denominator <= 0.0 else numerator / denominator


def _free(year: AnnualStatement) -> float | None:
    if year.operating_cash_flow is None or year.capital_expenditure is None:
        return None
    return year.operating_cash_flow - abs(year.capital_expenditure)


def _growth_variation(recent: Sequence[AnnualStatement]) -> float | None:
    revenues = list(itertools.takewhile(lambda value: value is not None and value > 0.0, (year.revenue for year in recent)))
    rates = [later / earlier - 1.0 for later, earlier in itertools.pairwise(revenues) if later is not None and earlier is not None]
    if len(rates) < 2:
        return None
    mean = statistics.fmean(rates)
    return None if mean == 0.0 else statistics.stdev(rates) / abs(mean)
