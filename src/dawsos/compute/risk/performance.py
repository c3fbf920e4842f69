"""The figures of the portfolio overview: one record, every figure rounded once, every null with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawsos.compute.returns.compounding import DAYS_PER_YEAR, annualise, link
from dawsos.compute.returns.daily import FlowTiming, daily_returns
from dawsos.compute.returns.figures import DateArray, Dates, FloatArray, NotComputable, as_block, as_date, as_dates
from dawsos.compute.returns.money_weighted import money_weighted
from dawsos.compute.returns.windows import Span, Window, locate
from dawsos.compute.risk.drawdown import DatedDrawdown, current_drawdown, dated, deepest
from dawsos.compute.risk.moments import mean, volatility
from dawsos.compute.risk.relative import beta, information_ratio, tracking_error
from dawsos.kernel.errors import Invalid

TRADING_DAYS: Final = 252
#: Fewer observations than these say too little about spread and co-movement.
LEAST_OBSERVATIONS: Final = 30
#: The scale stored statistics have; they are rounded here and nowhere else.
PLACES: Final = 8
OBSERVATION_WINDOWS: Final = {"30d": 30, "60d": 60, "90d": 90, "1y": TRADING_DAYS}
#: Field → its window, and whether it is stated per year.
TWR_WINDOWS: Final = {
    "twr_1d": (Window.ONE_DAY, False),
    "twr_mtd": (Window.MONTH_TO_DATE, False),
    "twr_qtd": (Window.QUARTER_TO_DATE, False),
    "twr_ytd": (Window.YEAR_TO_DATE, False),
    "twr_1y": (Window.ONE_YEAR, False),
    "twr_3y_ann": (Window.THREE_YEARS, True),
    "twr_5y_ann": (Window.FIVE_YEARS, True),
    "twr_inception_ann": (Window.INCEPTION_TO_DATE, True),
}
MWR_WINDOWS: Final = {
    "mwr_ytd": (Window.YEAR_TO_DATE, False),
    "mwr_1y": (Window.ONE_YEAR, False),
    "mwr_3y_ann": (Window.THREE_YEARS, True),
    "mwr_inception_ann": (Window.INCEPTION_TO_DATE, True),
}

Answer = float | NotComputable
Indices: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceSummary:
    """The overview of one portfolio. Returns and risk are fractions; a null figure has an entry in ``reasons``.

    ``start_date`` (the base valuation), ``end_date`` and ``n_obs`` describe the lookback: the last ``lookback_days`` daily returns up to
    the as-of date, all there are if fewer. ``twr``, ``volatility``, ``sharpe_ratio``, the drawdown fields, ``alpha``, ``beta``,
    ``tracking_error`` and ``information_ratio`` are over the lookback; ``*_30d`` … ``*_1y`` risk over the last 30, 60, 90, 252 returns;
    ``twr_*`` and ``mwr_*`` over calendar windows (see :func:`dawsos.compute.returns.boundary`). ``*_ann`` is per year and null for a
    window of 365 days or less. ``risk_free_rate`` is the rate per year used over the lookback. ``sub_period_breaks`` are days without
    capital at work, which the chains of returns skip.
    """

    twr: float | None
    twr_1d: float | None
    twr_mtd: float | None
    twr_qtd: float | None
    twr_ytd: float | None
    twr_1y: float | None
    twr_3y_ann: float | None
    twr_5y_ann: float | None
    twr_inception_ann: float | None
    volatility: float | None
    volatility_30d: float | None
    volatility_60d: float | None
    volatility_90d: float | None
    volatility_1y: float | None
    sharpe_ratio: float | None
    sharpe_30d: float | None
    sharpe_60d: float | None
    sharpe_90d: float | None
    sharpe_1y: float | None
    risk_free_rate: float | None
    max_drawdown: float | None
    max_drawdown_peak_date: date | None
    max_drawdown_trough_date: date | None
    max_drawdown_recovery_date: date | None
    current_drawdown: float | None
    mwr_ytd: float | None
    mwr_1y: float | None
    mwr_3y_ann: float | None
    mwr_inception_ann: float | None
    alpha: float | None
    beta: float | None
    tracking_error: float | None
    information_ratio: float | None
    start_date: date | None
    end_date: date | None
    n_obs: int
    sub_period_breaks: tuple[date, ...]
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True)
class _History:
    """What is known up to the as-of date; ``returns[i]``, ``benchmark[i]`` and ``risk_free[i]`` belong to the day ``dates[i + 1]``."""

    dates: DateArray
    nav: FloatArray
    flows: FloatArray
    returns: FloatArray
    breaks: tuple[date, ...]
    benchmark: FloatArray | None
    risk_free: FloatArray | None

    def last(self, count: int) -> Indices:
        """Indices of the last ``count`` returns that exist; breaks are passed over."""
        return np.flatnonzero(~np.isnan(self.returns))[-count:]


def performance_summary(
    dates: Dates,
    nav: ArrayLike,
    flows: ArrayLike,
    *,
    asof: date,
    lookback_days: int = TRADING_DAYS,
    risk_free: ArrayLike | None = None,
    benchmark: ArrayLike | None = None,
    opening_nav: float | None = None,
    timing: FlowTiming | str = FlowTiming.START_OF_DAY,
) -> PerformanceSummary:
    """All figures of the overview from a portfolio's valuations.

    ``dates[T]`` ascending valuation days, ``nav[T]`` values, ``flows[T]`` net external flows of each day (``flows[t]`` lies between
    valuation t − 1 and t), all in base currency. Valuations after ``asof`` are not looked at. The first valuation is the base of the
    history; give ``opening_nav`` (0.0 for a new portfolio) to count the first day's return as well, with that value the day before.
    ``lookback_days`` counts trading observations, not calendar days. ``risk_free`` is a yearly rate as a fraction, one number or one per
    date; the average over a window is used. ``benchmark`` is an index level in base currency per date. NaN marks an unknown rate or level.

    Sharpe = (252·mean(r) − rf)/(sd·√252); alpha = 252·(mean(r) − β·mean(b)) − rf·(1 − β), Jensen's, on arithmetic means; information
    ratio = 252·mean(r − b)/tracking error; standard deviations divide by n − 1. Needs: 30 observations for spread and co-movement over
    the lookback, the full 30, 60, 90 or 252 for the windows named so. Raises :class:`Invalid` for unordered dates, differing lengths,
    missing values or a lookback below one.
    """
    history = _history(dates, nav, flows, asof, risk_free, benchmark, opening_nav, FlowTiming(timing))
    if lookback_days < 1:
        raise Invalid(f"A lookback of {lookback_days} observations is empty.", remedy="Ask for at least one.")
    lookback = history.last(lookback_days)
    answers: dict[str, Answer] = {}
    answers |= _time_weighted(history, asof)
    answers |= _money_weighted(history, asof)
    answers |= _spread(history, lookback)
    answers |= _against(history, lookback)
    fall = _deepest(history, lookback, answers)
    return _record(history, lookback, answers, fall)


def _history(
    dates: Dates,
    nav: ArrayLike,
    flows: ArrayLike,
    asof: date,
    risk_free: ArrayLike | None,
    benchmark: ArrayLike | None,
    opening_nav: float | None,
    timing: FlowTiming,
) -> _History:
    days, values, moved = as_dates(dates), as_block(nav, "Values"), as_block(flows, "Flows")
    rates = None if risk_free is None else _per_day(risk_free, days, "Risk-free rates")
    levels = None if benchmark is None else _per_day(benchmark, days, "Benchmark levels")
    if values.shape != days.shape or moved.shape != days.shape or np.isnan(values).any() or np.isnan(moved).any():
        raise Invalid(
            f"{days.size} dates need as many known values and flows.",
            remedy="Leave out a day without a valuation; its flow belongs to the next.",
        )
    known = days <= np.datetime64(asof, "D")
    days, values, moved = days[known], values[known], moved[known]
    rates = None if rates is None else rates[known]
    levels = None if levels is None else levels[known]
    if opening_nav is not None and days.size:
        days = np.concatenate([days[:1] - np.timedelta64(1, "D"), days])
        values, moved = np.concatenate([[opening_nav], values]), np.concatenate([[0.0], moved])
        rates = None if rates is None else np.concatenate([[np.nan], rates])
        levels = None if levels is None else np.concatenate([[np.nan], levels])
    daily = daily_returns(values, moved, timing=timing)
    gone = tuple(as_date(days[stop.index + 1]) for stop in daily.breaks)
    steps = None if levels is None else levels[1:] / levels[:-1] - 1.0
    return _History(days, values, moved, daily.returns, gone, steps, None if rates is None else rates[1:])


def _per_day(values: ArrayLike, days: DateArray, name: str) -> FloatArray:
    series = as_block(np.broadcast_to(values, days.shape) if np.ndim(values) == 0 else values, name)
    if series.shape != days.shape:
        raise Invalid(f"{name}: {series.size} for {days.size} dates.", remedy="Give one per date, NaN where unknown.")
    return series


def _time_weighted(history: _History, asof: date) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for name, (window, per_year) in TWR_WINDOWS.items():
        span = locate(history.dates, window, asof)
        answers[name] = span if isinstance(span, NotComputable) else _linked(history.returns[span.base : span.end], span, per_year)
    return answers


def _linked(returns: FloatArray, span: Span, per_year: bool) -> Answer:
    total = float(np.asarray(link(returns)))
    if np.isnan(total):
        return NotComputable("daily returns above −100 %", 1, int(np.sum(~np.isnan(returns) & (returns >= -1.0))))
    return _yearly(annualise(total, span.days), span.days) if per_year else total


def _yearly(rate: float | None, days: int) -> Answer:
    return NotComputable("calendar days to state a return per year", DAYS_PER_YEAR + 1, days) if rate is None else rate


def _money_weighted(history: _History, asof: date) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for name, (window, per_year) in MWR_WINDOWS.items():
        span = locate(history.dates, window, asof)
        if isinstance(span, NotComputable):
            answers[name] = span
        elif per_year and span.days <= DAYS_PER_YEAR:
            answers[name] = _yearly(None, span.days)
        else:
            found = money_weighted(history.dates, history.nav, history.flows, span)
            answers[name] = found.rate if found.rate is not None else found.missing or NotComputable("a rate")
    return answers


def _spread(history: _History, lookback: Indices) -> dict[str, Answer]:
    answers: dict[str, Answer] = {"twr": _lookback_return(history, lookback)}
    answers["volatility"] = _volatility(history, lookback, LEAST_OBSERVATIONS)
    answers["risk_free_rate"] = _riskless(history, lookback)
    answers["sharpe_ratio"] = _sharpe(history, lookback, LEAST_OBSERVATIONS)
    for suffix, count in OBSERVATION_WINDOWS.items():
        places = history.last(count)
        answers[f"volatility_{suffix}"] = _volatility(history, places, count)
        answers[f"sharpe_{suffix}"] = _sharpe(history, places, count)
    return answers


def _lookback_return(history: _History, lookback: Indices) -> Answer:
    if lookback.size == 0:
        return NotComputable("daily returns", 1, 0)
    total = float(np.asarray(link(history.returns[lookback])))
    return NotComputable("daily returns above −100 %") if np.isnan(total) else total


def _volatility(history: _History, places: Indices, needed: int) -> Answer:
    if places.size < needed:
        return NotComputable("daily returns", needed, int(places.size))
    return float(np.asarray(volatility(history.returns[places])))


def _riskless(history: _History, places: Indices) -> Answer:
    if history.risk_free is None:
        return NotComputable("a risk-free rate")
    known = history.risk_free[places]
    known = known[~np.isnan(known)]
    return float(known.mean()) if known.size else NotComputable("risk-free rates in the window", 1, 0)


def _sharpe(history: _History, places: Indices, needed: int) -> Answer:
    spread, rate = _volatility(history, places, needed), _riskless(history, places)
    if isinstance(spread, NotComputable):
        return spread
    if isinstance(rate, NotComputable):
        return rate
    if spread == 0.0:
        return NotComputable("returns that vary: the volatility is zero")
    return (TRADING_DAYS * float(np.asarray(mean(history.returns[places]))) - rate) / spread


def _against(history: _History, lookback: Indices) -> dict[str, Answer]:
    names = ("alpha", "beta", "tracking_error", "information_ratio")
    if history.benchmark is None:
        return dict.fromkeys(names, NotComputable("a benchmark"))
    shared = lookback[~np.isnan(history.benchmark[lookback])]
    if shared.size < LEAST_OBSERVATIONS:
        return dict.fromkeys(names, NotComputable("daily returns shared with the benchmark", LEAST_OBSERVATIONS, int(shared.size)))
    own, other = history.returns[shared], history.benchmark[shared]
    slope = float(np.asarray(beta(own, other)))
    answers: dict[str, Answer] = {"tracking_error": float(np.asarray(tracking_error(own, other)))}
    active = float(np.asarray(information_ratio(own, other, method="arithmetic")))
    answers["information_ratio"] = NotComputable("a return that differs from the benchmark's") if np.isnan(active) else active
    if np.isnan(slope):
        return answers | dict.fromkeys(("alpha", "beta"), NotComputable("benchmark returns that vary"))
    rate = _riskless(history, shared)
    unexplained = TRADING_DAYS * (float(own.mean()) - slope * float(other.mean()))
    return answers | {"beta": slope, "alpha": rate if isinstance(rate, NotComputable) else unexplained - rate * (1.0 - slope)}


def _deepest(history: _History, lookback: Indices, answers: dict[str, Answer]) -> DatedDrawdown | None:
    """The maximum drawdown of the lookback, on the index of linked returns: flows leave no trace in it."""
    missing = answers["twr"]
    if isinstance(missing, NotComputable):
        answers["max_drawdown"] = answers["current_drawdown"] = missing
        return None
    inside = history.returns[lookback]
    answers["current_drawdown"] = float(np.asarray(current_drawdown(inside)))
    falls = deepest(inside)
    answers["max_drawdown"] = falls[0].depth if falls else 0.0
    days = np.concatenate([history.dates[lookback[:1]], history.dates[lookback + 1]])
    return dated(falls[0], days) if falls else None


def _record(history: _History, lookback: Indices, answers: dict[str, Answer], fall: DatedDrawdown | None) -> PerformanceSummary:
    reasons = {name: str(answer) for name, answer in answers.items() if isinstance(answer, NotComputable)}
    numbers: dict[str, Any] = {
        name: None if isinstance(answer, NotComputable) else round(answer, PLACES) + 0.0 for name, answer in answers.items()
    }
    place: dict[str, Any] = {
        "max_drawdown_peak_date": fall.peak_date if fall else None,
        "max_drawdown_trough_date": fall.trough_date if fall else None,
        "max_drawdown_recovery_date": fall.recovery_date if fall else None,
        "start_date": as_date(history.dates[lookback[0]]) if lookback.size else None,
        "end_date": as_date(history.dates[lookback[-1] + 1]) if lookback.size else None,
    }
    reasons |= dict.fromkeys(_missing_dates(place), _why_no_date(reasons, fall))
    if fall and fall.recovery_date is None:
        reasons["max_drawdown_recovery_date"] = "not recovered yet"
    return PerformanceSummary(**numbers, **place, n_obs=int(lookback.size), sub_period_breaks=history.breaks, reasons=reasons)


def _missing_dates(place: dict[str, Any]) -> Iterable[str]:
    return [name for name, day in place.items() if day is None]


def _why_no_date(reasons: dict[str, str], fall: DatedDrawdown | None) -> str:
    return reasons.get("twr", "no drawdown in the lookback" if fall is None else "")
