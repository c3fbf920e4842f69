"""Losses from a peak: depth, duration, and the ratios built on them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.compounding import annualised_return, wealth_index
from dawsos.compute.returns.figures import Dates, FloatArray, as_block, as_date, as_dates
from dawsos.compute.risk.observations import Figure, figure, observe, ratio
from dawsos.compute.risk.tail import historical_cvar
from dawsos.kernel.errors import Invalid

#: ``start``: the value before the first return counts as a peak; ``first``: the first observation is the first peak.
FirstPeak = Literal["start", "first"]
#: What one drawdown is: from a peak until it is reached again, or a run of consecutive losses, added up (Bacon).
Falls = Literal["peak_to_recovery", "losing_runs"]


def drawdown_series(returns: ArrayLike, *, compounded: bool = True, first_peak: FirstPeak = "start") -> FloatArray:
    """Loss from the running peak after each observation, ≤ 0, same shape as ``returns``; missing observations carry the last one.

    ``compounded``: W/peak − 1 on the wealth index; otherwise W − peak on the running sum of returns (a simple-interest index).
    """
    block = as_block(returns, "Returns")
    path = wealth_index(block) if compounded else _summed(block)
    if first_peak == "first":
        path = path[..., 1:]
    peak = np.maximum.accumulate(path, axis=-1)
    depth = np.divide(path, peak, out=np.ones_like(path), where=peak > 0) - 1.0 if compounded else path - peak
    return depth[..., 1:] if first_peak == "start" else depth


def _summed(block: FloatArray) -> FloatArray:
    start = np.zeros((*block.shape[:-1], 1))
    return np.concatenate([start, np.cumsum(np.nan_to_num(block), axis=-1)], axis=-1)


def _depths(returns: ArrayLike, *, compounded: bool = True, first_peak: FirstPeak = "start") -> FloatArray:
    """Drawdowns with NaN for missing observations, so that averages run over observations."""
    block = as_block(returns, "Returns")
    return np.where(np.isnan(block), np.nan, drawdown_series(block, compounded=compounded, first_peak=first_peak))


def max_drawdown(returns: ArrayLike, *, compounded: bool = True, first_peak: FirstPeak = "start") -> Figure:
    """The deepest drawdown, ≤ 0; NaN without observations."""
    seen = observe(_depths(returns, compounded=compounded, first_peak=first_peak))
    return figure(np.where(seen.count > 0, seen.values.min(axis=-1, initial=0.0), np.nan))


def current_drawdown(returns: ArrayLike) -> Figure:
    """The drawdown after the last observation; NaN without observations."""
    series = drawdown_series(returns)
    counted = observe(returns).count
    return figure(np.where(counted > 0, series[..., -1] if series.shape[-1] else 0.0, np.nan))


def average_drawdown(returns: ArrayLike, *, compounded: bool = True, first_peak: FirstPeak = "start") -> Figure:
    """Pain index: mean depth over all observations, ≥ 0."""
    return figure(-observe(_depths(returns, compounded=compounded, first_peak=first_peak)).mean)


def ulcer_index(returns: ArrayLike, *, compounded: bool = True, first_peak: FirstPeak = "start") -> Figure:
    """√(mean squared depth over all observations) (Martin and McCann 1989)."""
    seen = observe(_depths(returns, compounded=compounded, first_peak=first_peak))
    return figure(np.sqrt(seen.average(seen.values**2)))


def conditional_drawdown(returns: ArrayLike, *, tail: float = 0.05, compounded: bool = True, first_peak: FirstPeak = "start") -> Figure:
    """Mean of the deepest ``tail`` of drawdowns, the last counted in part (Chekhlov, Uryasev and Zabarankin 2005); ≤ 0."""
    return historical_cvar(_depths(returns, compounded=compounded, first_peak=first_peak), tail=tail, method="fractional")


@dataclass(frozen=True, slots=True)
class Drawdown:
    """One fall from a peak. All indices are into the wealth index (0 = starting value); ``recovery`` is None while it lasts.

    ``depth`` ≤ 0; ``onset`` is the first observation under water, ``trough`` the lowest, ``recovery`` the first back at the peak.
    """

    depth: float
    peak: int
    onset: int
    trough: int
    recovery: int | None


@dataclass(frozen=True, slots=True)
class DatedDrawdown:
    """A :class:`Drawdown` with days in place of indices; ``recovery_days`` counts from trough to recovery."""

    depth: float
    peak_date: date
    trough_date: date
    recovery_date: date | None

    @property
    def recovery_days(self) -> int | None:
        return None if self.recovery_date is None else (self.recovery_date - self.trough_date).days


def drawdowns(returns: ArrayLike) -> list[Drawdown]:
    """Every fall of one series from its running peak, in order of time; the last may be unrecovered."""
    path = wealth_index(returns)
    if path.ndim != 1:
        raise Invalid("Drawdowns are listed for one series at a time.", remedy="Give one row of the block.")
    under = path < np.maximum.accumulate(path)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], under, [False]]).astype(np.int8)))
    falls = []
    for onset, after in zip(edges[::2], edges[1::2], strict=True):
        trough = int(onset + np.argmin(path[onset:after]))
        depth = float(path[trough] / path[onset - 1] - 1.0)
        falls.append(Drawdown(depth, int(onset) - 1, int(onset), trough, int(after) if after < path.size else None))
    return falls


def deepest(returns: ArrayLike, count: int = 1) -> list[Drawdown]:
    """The ``count`` deepest drawdowns, deepest first; of equal ones the earlier."""
    return sorted(drawdowns(returns), key=lambda fall: fall.depth)[:count]


def dated(fall: Drawdown, dates: Dates) -> DatedDrawdown:
    """The days of a drawdown; ``dates`` are those of the wealth index, the day of the starting value first."""
    days = as_dates(dates)
    recovery = None if fall.recovery is None else as_date(days[fall.recovery])
    return DatedDrawdown(fall.depth, as_date(days[fall.peak]), as_date(days[fall.trough]), recovery)


def longest_recovery(returns: ArrayLike) -> Drawdown | None:
    """The recovered drawdown that took the most observations from trough to recovery; None if none has recovered."""
    recovered = [(fall.recovery - fall.trough, fall) for fall in drawdowns(returns) if fall.recovery is not None]
    return max(recovered, key=lambda entry: entry[0])[1] if recovered else None


def calmar(returns: ArrayLike, *, periods_per_year: float = 252.0) -> Figure:
    """Compounded return per year / |maximum drawdown|; NaN without a drawdown."""
    return figure(ratio(np.asarray(annualised_return(returns, periods_per_year)), -np.asarray(max_drawdown(returns))))


def sterling(returns: ArrayLike, *, periods_per_year: float = 252.0, excess: float = 0.1) -> Figure:
    """Compounded return per year / (|maximum drawdown| + ``excess``) (Kestner 1996)."""
    return figure(ratio(np.asarray(annualised_return(returns, periods_per_year)), excess - np.asarray(max_drawdown(returns))))


def martin(returns: ArrayLike, *, risk_free: float = 0.0, periods_per_year: float = 252.0, compounded: bool = True) -> Figure:
    """(compounded return per year − ``risk_free`` per year) / ulcer index."""
    reward = np.asarray(annualised_return(returns, periods_per_year)) - risk_free
    return figure(ratio(reward, np.asarray(ulcer_index(returns, compounded=compounded))))


def pain(returns: ArrayLike, *, risk_free: float = 0.0, periods_per_year: float = 252.0, compounded: bool = True) -> Figure:
    """(compounded return per year − ``risk_free`` per year) / pain index."""
    reward = np.asarray(annualised_return(returns, periods_per_year)) - risk_free
    return figure(ratio(reward, np.asarray(average_drawdown(returns, compounded=compounded))))


def burke(
    returns: ArrayLike,
    *,
    risk_free: float = 0.0,
    periods_per_year: float = 252.0,
    modified: bool = False,
    falls: Falls = "peak_to_recovery",
) -> Figure:
    """(compounded return per year − ``risk_free``) / √(Σ depth² over all drawdowns) (Burke 1994); ``modified`` × √n observations."""
    reward = np.asarray(annualised_return(returns, periods_per_year)) - risk_free
    return figure(ratio(reward, np.sqrt(_squared_depths(returns, falls))) * (np.sqrt(observe(returns).count) if modified else 1.0))


def drawdown_deviation(returns: ArrayLike, *, falls: Falls = "peak_to_recovery") -> Figure:
    """√(Σ depth² over all drawdowns / n observations)."""
    return figure(np.sqrt(ratio(_squared_depths(returns, falls), observe(returns).count)))


def _squared_depths(returns: ArrayLike, falls: Falls) -> FloatArray:
    block = as_block(returns, "Returns")
    depths = _losing_runs if falls == "losing_runs" else _peak_to_recovery
    sums = [float(np.sum(depths(row[~np.isnan(row)]) ** 2)) for row in np.atleast_2d(block)]
    return np.array(sums).reshape(block.shape[:-1])


def _peak_to_recovery(series: FloatArray) -> FloatArray:
    return np.array([fall.depth for fall in drawdowns(series)])


def _losing_runs(series: FloatArray) -> FloatArray:
    """Sums of consecutive negative returns; the last run counts although it may go on."""
    losing = series < 0
    starts = np.flatnonzero(losing & ~np.concatenate([[False], losing[:-1]]))
    return np.add.reduceat(np.where(losing, series, 0.0), starts) if starts.size else np.empty(0)
