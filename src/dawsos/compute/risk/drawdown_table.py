"""The falls of a series one by one: a table with dates, and averages over them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import Dates, as_block, as_date, as_dates
from dawsos.compute.risk.drawdown import Drawdown, FirstPeak, dated, deepest, drawdown_series, drawdowns
from dawsos.compute.risk.observations import Figure, figure
from dawsos.compute.risk.tail import QuantileMethod, entropic_var, historical_var
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class DrawdownRow:
    """One fall: ``depth`` ≤ 0, its days, and how many observations it took.

    ``to_trough`` counts from the peak, ``to_recovery`` from the trough; ``length`` is both, or up to the end while it lasts. Days of
    recovery and ``to_recovery`` are null until it has recovered.
    """

    depth: float
    peak_date: date
    onset_date: date
    trough_date: date
    recovery_date: date | None
    to_trough: int
    to_recovery: int | None
    length: int


def drawdown_table(returns: ArrayLike, dates: Dates, *, count: int = 5) -> list[DrawdownRow]:
    """The ``count`` deepest falls of one series, deepest first.

    ``dates`` are those of the wealth index: the day of the starting value, then the day each return ends on. NaN observations carry the
    value forward. Raises :class:`Invalid` when dates and returns do not fit.
    """
    days, series = as_dates(dates), as_block(returns, "Returns")
    if days.size != series.size + 1:
        raise Invalid(f"There are {days.size} dates for {series.size} returns.", remedy="Give the day of the starting value as well.")
    return [_row(fall, days, series.size) for fall in deepest(series, count)]


def _row(fall: Drawdown, days: np.ndarray, last: int) -> DrawdownRow:
    found = dated(fall, days)
    to_recovery = None if fall.recovery is None else fall.recovery - fall.trough
    return DrawdownRow(
        depth=fall.depth,
        peak_date=found.peak_date,
        onset_date=as_date(days[fall.onset]),
        trough_date=found.trough_date,
        recovery_date=found.recovery_date,
        to_trough=fall.trough - fall.peak,
        to_recovery=to_recovery,
        length=(last if fall.recovery is None else fall.recovery) - fall.peak,
    )


def average_fall(returns: ArrayLike, *, of: Literal["depth", "length", "recovery"] = "depth") -> Figure:
    """Mean over the falls of each series: of depth (≥ 0), of observations from the first below the peak to recovery or the end, or of those
    from the trough to recovery, over recovered falls. NaN without any.
    """  # noqa: D205 - one thought
    block = as_block(returns, "Returns")
    means = [_mean_of(drawdowns(row[~np.isnan(row)]), int((~np.isnan(row)).sum()), of) for row in np.atleast_2d(block)]
    return figure(np.array(means, dtype=np.float64).reshape(block.shape[:-1]))


def _mean_of(falls: list[Drawdown], last: int, of: Literal["depth", "length", "recovery"]) -> float:
    match of:
        case "depth":
            values = [-fall.depth for fall in falls]
        case "length":
            values = [float((last if fall.recovery is None else fall.recovery) - fall.onset + 1) for fall in falls]
        case "recovery":
            values = [float(fall.recovery - fall.trough) for fall in falls if fall.recovery is not None]
    return float(np.mean(values)) if values else float("nan")


def drawdown_at_risk(
    returns: ArrayLike,
    *,
    tail: float = 0.05,
    compounded: bool = True,
    first_peak: FirstPeak = "start",
    method: QuantileMethod = "worst",
) -> Figure:
    """The depth exceeded in the worst ``tail`` of observations, ≤ 0: value at risk of the drawdown series."""
    return historical_var(_depths(returns, compounded=compounded, first_peak=first_peak), tail=tail, method=method)


def entropic_drawdown(returns: ArrayLike, *, tail: float = 0.05, compounded: bool = True, first_peak: FirstPeak = "start") -> Figure:
    """Entropic value at risk of the drawdown series, ≤ 0 up to rounding (Cajas 2021)."""
    return entropic_var(_depths(returns, compounded=compounded, first_peak=first_peak), tail=tail)


def _depths(returns: ArrayLike, *, compounded: bool, first_peak: FirstPeak) -> np.ndarray:
    block = as_block(returns, "Returns")
    return np.where(np.isnan(block), np.nan, drawdown_series(block, compounded=compounded, first_peak=first_peak))
