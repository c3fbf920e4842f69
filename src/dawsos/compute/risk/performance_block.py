"""The overview's figures for many portfolios on shared valuation dates, as columns."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawsos.compute.returns.batch import xirr_batch
from dawsos.compute.returns.compounding import DAYS_PER_YEAR, wealth_index
from dawsos.compute.returns.daily import FlowTiming, daily_returns
from dawsos.compute.returns.figures import BoolArray, DateArray, Dates, FloatArray, NotComputable, as_block, as_dates
from dawsos.compute.returns.windows import Window, locate
from dawsos.compute.risk.drawdown import drawdown_series
from dawsos.compute.risk.moments import mean, volatility
from dawsos.compute.risk.observations import observe
from dawsos.compute.risk.performance import (
    LEAST_OBSERVATIONS,
    MWR_WINDOWS,
    OBSERVATION_WINDOWS,
    PLACES,
    TRADING_DAYS,
    TWR_WINDOWS,
    PerformanceSummary,
    performance_summary,
)
from dawsos.compute.risk.relative import NOISE, beta, tracking_error
from dawsos.kernel.errors import Invalid

#: Rows computed at a time: few enough for their returns to stay in the processor's second cache.
_ROWS: Final = 64
_DATES: Final = ("max_drawdown_peak_date", "max_drawdown_trough_date", "max_drawdown_recovery_date", "start_date", "end_date")


@dataclass(frozen=True, slots=True)
class PerformanceBlock:
    """Columns named as the fields of :class:`PerformanceSummary`: ``figures`` rounded to 8 places with NaN for null, ``days`` with NaT.

    ``summary(row)`` is one portfolio's record, with the reason for every null.
    """

    figures: dict[str, FloatArray]
    days: dict[str, DateArray]
    n_obs: NDArray[np.int64]
    _question: "_Question"

    def __len__(self) -> int:
        return int(self.n_obs.size)

    def summary(self, row: int) -> PerformanceSummary:
        """The record of one portfolio."""
        return self._question.alone(row)


@dataclass(frozen=True, slots=True)
class _Question:
    days: DateArray
    nav: FloatArray
    flows: FloatArray
    asof: date
    lookback_days: int
    risk_free: FloatArray | None
    benchmark: FloatArray | None
    timing: FlowTiming

    def alone(self, row: int) -> PerformanceSummary:
        known = ~np.isnan(self.nav[row])
        return performance_summary(
            self.days[known],
            self.nav[row][known],
            self.flows[row][known],
            asof=self.asof,
            lookback_days=self.lookback_days,
            risk_free=None if self.risk_free is None else self.risk_free[known],
            benchmark=None if self.benchmark is None else self.benchmark[known],
            timing=self.timing,
        )


def performance_block(
    dates: Dates,
    nav: ArrayLike,
    flows: ArrayLike,
    *,
    asof: date,
    lookback_days: int = TRADING_DAYS,
    risk_free: ArrayLike | None = None,
    benchmark: ArrayLike | None = None,
    timing: FlowTiming | str = FlowTiming.START_OF_DAY,
) -> PerformanceBlock:
    """:func:`performance_summary` for ``nav[portfolios × T]`` and ``flows`` of the same shape on shared ``dates``.

    A portfolio's row is NaN before its first valuation and known from there on; flows before it are not looked at. ``risk_free`` (yearly,
    one or one per date) and ``benchmark`` (levels per date) serve all rows. Figures equal those of the single function to the eighth
    place. Rows with days without capital or with returns of −100 % and less are computed one by one. Raises :class:`Invalid` as the single
    function does, and for a gap inside a row.
    """
    days, values, moved = as_dates(dates), as_block(nav, "Values"), as_block(flows, "Flows")
    if values.ndim != 2 or values.shape != moved.shape or values.shape[1] != days.size:
        raise Invalid(f"Values {values.shape} and flows {moved.shape} for {days.size} dates.", remedy="Give blocks portfolios × dates.")
    unknown = np.isnan(values)
    first = np.where(unknown.all(axis=1), days.size, np.argmin(unknown, axis=1))
    if (unknown & (np.arange(days.size) >= first[:, None])).any():
        raise Invalid("A row of values has a gap.", remedy="Leave the day out for all portfolios, or value them all on it.")
    if lookback_days < 1:
        raise Invalid(f"A lookback of {lookback_days} observations is empty.", remedy="Ask for at least one.")
    rates = None if risk_free is None else np.broadcast_to(np.asarray(risk_free, dtype=np.float64), days.shape)
    levels = None if benchmark is None else as_block(benchmark, "Benchmark levels")
    question = _Question(days, values, moved, asof, lookback_days, rates, levels, FlowTiming(timing))
    return _computed(question, first)


def _computed(question: _Question, first: NDArray[np.intp]) -> PerformanceBlock:
    figures = {name: np.full(first.size, np.nan) for name in _figure_names()}
    days: dict[str, DateArray] = {name: np.full(first.size, np.datetime64("NaT", "D")) for name in _DATES}
    block = PerformanceBlock(figures, days, np.zeros(first.size, dtype=np.int64), question)
    end = int(np.searchsorted(question.days, np.datetime64(question.asof, "D"), side="right")) - 1
    for start in range(0, first.size, _ROWS):
        rows = np.arange(start, min(start + _ROWS, first.size))
        _fill_rows(block, _Work(question, rows, first[rows], max(end, 0)))
    return block


def _fill_rows(block: PerformanceBlock, work: "_Work") -> None:
    if work.plain.any():
        chosen = work.only(work.plain)
        found, places, counts = _columns(chosen)
        for name, column in found.items():
            block.figures[name][chosen.rows] = np.round(column, PLACES) + 0.0
        for name, place in places.items():
            block.days[name][chosen.rows] = place
        block.n_obs[chosen.rows] = counts
    for row in work.rows[~work.plain]:
        _fill(block._question.alone(int(row)), int(row), block)  # noqa: SLF001 - of this module


def _figure_names() -> list[str]:
    apart = {"n_obs", "sub_period_breaks", "reasons", *_DATES}
    return [name for name in PerformanceSummary.__dataclass_fields__ if name not in apart]


def _fill(summary: PerformanceSummary, row: int, block: PerformanceBlock) -> None:
    for name, column in block.figures.items():
        value = getattr(summary, name)
        column[row] = np.nan if value is None else value
    for name, places in block.days.items():
        day = getattr(summary, name)
        places[row] = np.datetime64("NaT", "D") if day is None else np.datetime64(day, "D")
    block.n_obs[row] = summary.n_obs


class _Work:
    """Some rows of the block up to the as-of date, and which are plain: a known, unbroken chain of returns above −100 %."""

    def __init__(self, question: _Question, rows: NDArray[np.intp], first: NDArray[np.intp], end: int) -> None:
        self.question, self.rows, self.first, self.end = question, rows, first, end
        self.days = question.days[: end + 1]
        self.nav, self.flows = question.nav[rows, : end + 1], np.nan_to_num(question.flows[rows, : end + 1])
        self.returns = daily_returns(self.nav, self.flows, timing=question.timing).returns
        broken = np.isnan(self.returns) & (np.arange(end) >= first[:, None])
        self.plain: BoolArray = (first < end) & ~broken.any(axis=1) & ~(self.returns <= -1.0).any(axis=1)

    def only(self, kept: BoolArray) -> "_Work":
        """The work on some of its rows."""
        return self if kept.all() else _Work(self.question, self.rows[kept], self.first[kept], self.end)

    def last(self, count: int) -> FloatArray:
        """The last ``count`` returns of every row, NaN before a row begins."""
        return self.returns[:, -count:]

    def riskless(self, count: int) -> float:
        """The mean known riskless rate over the last ``count`` returns; NaN without one."""
        if self.question.risk_free is None:
            return float("nan")
        known = self.question.risk_free[1 : self.end + 1][-count:]
        known = known[~np.isnan(known)]
        return float(known.mean()) if known.size else float("nan")


def _columns(work: _Work) -> tuple[dict[str, FloatArray], dict[str, DateArray], NDArray[np.int64]]:
    wealth = wealth_index(work.returns)
    counts = np.minimum(work.end - work.first, work.question.lookback_days).astype(np.int64)
    columns = _windows(work, wealth) | _money_weighted(work)
    columns["twr"] = wealth[:, -1] / wealth[np.arange(counts.size), work.end - counts] - 1.0
    columns |= _spreads(work, counts) | _against(work, counts)
    depth, places = _falls(work, counts)
    return columns | depth, places, counts


def _base(work: _Work, window: Window) -> tuple[NDArray[np.intp], BoolArray]:
    """The base of a window for every row, and whether the row reaches back to it."""
    if window is Window.INCEPTION_TO_DATE:
        return work.first, work.first < work.end
    span = locate(work.days, window, work.question.asof)
    if isinstance(span, NotComputable):
        return np.zeros_like(work.first), np.zeros(work.first.size, dtype=np.bool_)
    return np.full_like(work.first, span.base), work.first <= span.base


def _span_days(work: _Work, base: NDArray[np.intp]) -> FloatArray:
    return np.asarray((work.days[work.end] - work.days[base]).astype(np.float64))


def _windows(work: _Work, wealth: FloatArray) -> dict[str, FloatArray]:
    columns = {}
    for name, (window, per_year) in TWR_WINDOWS.items():
        base, reaches = _base(work, window)
        growth = np.where(reaches, wealth[:, -1] / wealth[np.arange(base.size), base], np.nan)
        if per_year:
            days = _span_days(work, base)
            growth = np.where(days > DAYS_PER_YEAR, growth, np.nan) ** (DAYS_PER_YEAR / np.maximum(days, 1.0))
        columns[name] = growth - 1.0
    return columns


def _money_weighted(work: _Work) -> dict[str, FloatArray]:
    columns = {}
    moves = np.nonzero(work.flows)
    for name, (window, per_year) in MWR_WINDOWS.items():
        base, reaches = _base(work, window)
        days = _span_days(work, base)
        wanted = reaches & (days > DAYS_PER_YEAR) if per_year else reaches
        rates = np.full(base.size, np.nan)
        if wanted.any():
            rates[wanted] = _rates(work, base, wanted, moves)
        short = days < DAYS_PER_YEAR
        columns[name] = np.where(short, np.expm1(np.log1p(rates) * days / DAYS_PER_YEAR), rates)
    return columns


def _rates(work: _Work, base: NDArray[np.intp], wanted: BoolArray, moves: tuple[NDArray[np.intp], ...]) -> FloatArray:
    """One list of amounts per wanted row: −opening value, −flows (``moves`` are their rows and days, row by row), +closing value."""
    row, column = moves
    inside = wanted[row] & (column > base[row])
    row, column, rows = row[inside], column[inside], np.flatnonzero(wanted)
    edges = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=base.size)[rows] + 2)])
    amounts, when = np.empty(edges[-1]), np.empty(edges[-1], dtype=work.days.dtype)
    middle = np.ones(edges[-1], dtype=np.bool_)
    middle[edges[:-1]] = middle[edges[1:] - 1] = False
    amounts[middle], when[middle] = -work.flows[row, column], work.days[column]
    amounts[edges[:-1]], when[edges[:-1]] = -work.nav[rows, base[rows]], work.days[base[rows]]
    amounts[edges[1:] - 1], when[edges[1:] - 1] = work.nav[rows, work.end], work.days[work.end]
    found = xirr_batch(edges, when, amounts)
    return np.where(found.is_ambiguous, np.nan, found.rates)


def _spreads(work: _Work, counts: NDArray[np.int64]) -> dict[str, FloatArray]:
    columns: dict[str, FloatArray] = {"risk_free_rate": _riskless_by_row(work, counts)}
    lookback = work.last(work.question.lookback_days)
    columns["volatility"], columns["sharpe_ratio"] = _spread(lookback, counts >= LEAST_OBSERVATIONS, columns["risk_free_rate"])
    for suffix, count in OBSERVATION_WINDOWS.items():
        enough, rate = work.end - work.first >= count, np.full(counts.size, work.riskless(count))
        columns[f"volatility_{suffix}"], columns[f"sharpe_{suffix}"] = _spread(work.last(count), enough, rate)
    return columns


def _riskless_by_row(work: _Work, counts: NDArray[np.int64]) -> FloatArray:
    means = {int(count): work.riskless(int(count)) for count in np.unique(counts)}
    return np.array([means[int(count)] for count in counts])


def _spread(returns: FloatArray, enough: BoolArray, rate: FloatArray) -> tuple[FloatArray, FloatArray]:
    spread = np.where(enough, np.asarray(volatility(returns)), np.nan)
    excess = TRADING_DAYS * np.asarray(mean(returns)) - rate
    return spread, np.divide(excess, spread, out=np.full_like(spread, np.nan), where=spread > 0)


def _against(work: _Work, counts: NDArray[np.int64]) -> dict[str, FloatArray]:
    names = ("alpha", "beta", "tracking_error", "information_ratio")
    if work.question.benchmark is None:
        return {name: np.full(counts.size, np.nan) for name in names}
    levels = work.question.benchmark[: work.end + 1]
    steps = (levels[1:] / levels[:-1] - 1.0)[-work.question.lookback_days :]
    own = np.where(np.isnan(steps), np.nan, work.last(work.question.lookback_days))
    other = np.where(np.isnan(own), np.nan, steps)
    shared = observe(own)
    enough = shared.count >= LEAST_OBSERVATIONS
    slope = np.where(enough, np.asarray(beta(own, other)), np.nan)
    error = np.where(enough, np.asarray(tracking_error(own, other)), np.nan)
    market = observe(other).mean
    active = TRADING_DAYS * observe(own - other).mean
    rate = _shared_riskless(work, ~np.isnan(own))
    return {
        "beta": slope,
        "alpha": TRADING_DAYS * (shared.mean - slope * market) - rate * (1.0 - slope),
        "tracking_error": error,
        "information_ratio": np.divide(active, error, out=np.full_like(error, np.nan), where=error > NOISE),
    }


def _shared_riskless(work: _Work, present: BoolArray) -> FloatArray:
    """The mean riskless rate over the days each row shares with the benchmark."""
    if work.question.risk_free is None:
        return np.full(present.shape[0], np.nan)
    rates = work.question.risk_free[1 : work.end + 1][-present.shape[1] :]
    return observe(np.where(present, rates, np.nan)).mean


def _falls(work: _Work, counts: NDArray[np.int64]) -> tuple[dict[str, FloatArray], dict[str, DateArray]]:
    """The deepest drawdown of the lookback with its days, and the current one."""
    depth = drawdown_series(work.last(work.question.lookback_days))
    width = depth.shape[1]
    path = np.concatenate([np.zeros((depth.shape[0], 1)), depth], axis=1)
    trough = np.argmin(path, axis=1)
    column, rows = np.arange(width + 1), np.arange(path.shape[0])
    peak = np.max(np.where((path == 0) & (column <= trough[:, None]), column, -1), axis=1)
    back = (path == 0) & (column > trough[:, None])
    recovered, deepest = back.any(axis=1), path[rows, trough]
    fell, offset = deepest < 0, work.end - width
    never = np.datetime64("NaT", "D")
    places = {
        "max_drawdown_peak_date": np.where(fell, work.days[offset + peak], never),
        "max_drawdown_trough_date": np.where(fell, work.days[offset + trough], never),
        "max_drawdown_recovery_date": np.where(fell & recovered, work.days[offset + np.argmax(back, axis=1)], never),
        "start_date": work.days[work.end - counts],
        "end_date": np.full(counts.size, work.days[work.end]),
    }
    return {"max_drawdown": deepest, "current_drawdown": path[:, -1]}, places
