"""Business cycles by their dated peaks and troughs, turning points of a series, and how well a signal foresaw recessions."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import BoolArray, FloatArray, NotComputable
from dawsos.kernel.errors import Invalid

#: Which months of a recession count: ``after_peak``: from the month after the peak through the trough (FRED's USREC); ``peak_to_trough``:
#: peak and trough months both; ``before_trough``: from the peak through the month before the trough.
Convention = Literal["after_peak", "peak_to_trough", "before_trough"]
_EDGES: Final[Mapping[str, tuple[int, int]]] = {"after_peak": (1, 0), "peak_to_trough": (0, 0), "before_trough": (0, -1)}


@dataclass(frozen=True, slots=True)
class Turn:
    """A peak and the trough that followed, as months; the peak of the first known trough, and the trough of a recession that lasts, are
    None.
    """  # noqa: D205 - one thought

    peak: np.datetime64 | None
    trough: np.datetime64 | None


def chronology(turns: Sequence[tuple[str | None, str | None]]) -> tuple[Turn, ...]:
    """Months ``YYYY-MM`` as turns, checked to follow each other."""
    found = tuple(Turn(*(None if month is None else np.datetime64(month, "M") for month in pair)) for pair in turns)
    months = [month for turn in found for month in (turn.peak, turn.trough) if month is not None]
    if any(later <= earlier for earlier, later in itertools.pairwise(months)):
        raise Invalid("Peaks and troughs do not follow each other.", remedy="Give each peak before its trough, in order of time.")
    return found


def is_recession(turns: Sequence[Turn], months: ArrayLike, *, convention: Convention = "after_peak") -> BoolArray:
    """Whether each month lies in a recession, by ``convention``; a recession whose trough is not known lasts."""
    when = np.asarray(months, dtype="datetime64[M]")
    flags = np.zeros(when.shape, dtype=bool)
    first, last = _EDGES[convention]
    for turn in turns:
        if turn.peak is not None:
            inside = when >= turn.peak + first
            flags |= inside if turn.trough is None else inside & (when <= turn.trough + last)
    return flags


@dataclass(frozen=True, slots=True)
class Durations:
    """Months of each contraction (peak to trough), the expansion before it (trough to peak), and the cycle by peaks and by troughs; None
    where an end is not known.
    """  # noqa: D205 - one thought

    contraction: int | None
    expansion: int | None
    peak_to_peak: int | None
    trough_to_trough: int | None


def durations(turns: Sequence[Turn]) -> tuple[Durations, ...]:
    """The durations of each turn's contraction and of the cycle that ends with it."""
    found = []
    for place, turn in enumerate(turns):
        before = turns[place - 1] if place else Turn(None, None)
        found.append(
            Durations(
                _months(turn.peak, turn.trough),
                _months(before.trough, turn.peak),
                _months(before.peak, turn.peak),
                _months(before.trough, turn.trough),
            )
        )
    return tuple(found)


def _months(start: np.datetime64 | None, end: np.datetime64 | None) -> int | None:
    return None if start is None or end is None else int((end - start).astype(int))


@dataclass(frozen=True, slots=True)
class AverageDurations:
    """Mean months of contraction and expansion over ``cycles`` turns."""

    contraction: float
    expansion: float
    cycles: int


def average_durations(turns: Sequence[Turn], *, first_peak: str, last_peak: str) -> AverageDurations | NotComputable:
    """Averages over the cycles with peaks from ``first_peak`` to ``last_peak`` (``YYYY-MM`` or years); expansions are those before each."""
    start, end = np.datetime64(first_peak, "M"), np.datetime64(last_peak, "M")
    end = end + 11 if len(last_peak) == 4 else end
    kept = [d for turn, d in zip(turns, durations(turns), strict=True) if turn.peak is not None and start <= turn.peak <= end]
    falls, rises = [d.contraction for d in kept if d.contraction is not None], [d.expansion for d in kept if d.expansion is not None]
    if not falls or not rises:
        return NotComputable(f"cycles with peaks between {first_peak} and {last_peak}", 1, 0)
    return AverageDurations(sum(falls) / len(falls), sum(rises) / len(rises), len(kept))


def turning_points(
    values: ArrayLike, *, window: int = 5, least_phase: int = 5, least_cycle: int = 15
) -> tuple[tuple[int, Literal["peak", "trough"]], ...]:
    """Peaks and troughs of a series, by index (the rules of Bry and Boschan 1971 on the series itself, as Harding and Pagan 2002 state them).

    A peak is a value above all others within ``window`` observations on both sides, a trough one below; turns alternate (of two in a row
    the more extreme stays); phases last at least ``least_phase`` and cycles at least ``least_cycle`` observations. The defaults are for
    months; for quarters take 2, 2 and 5.
    """  # noqa: E501
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or not np.isfinite(series).all():
        raise Invalid("Turning points need one complete series.", remedy="Leave out the periods without a value.")
    points: list[tuple[int, Literal["peak", "trough"]]] = []
    for i in range(window, series.size - window):
        around = np.delete(series[i - window : i + window + 1], window)
        if series[i] > around.max():
            points.append((i, "peak"))
        elif series[i] < around.min():
            points.append((i, "trough"))
    points = _alternating(points, series)
    while True:
        kept = _without_short(points, series, least_phase, least_cycle)
        if kept == points:
            return tuple(points)
        points = _alternating(kept, series)


_Points = list[tuple[int, Literal["peak", "trough"]]]


def _alternating(points: _Points, series: FloatArray) -> _Points:
    kept: _Points = []
    for place, kind in points:
        if kept and kept[-1][1] == kind:
            better = series[place] > series[kept[-1][0]] if kind == "peak" else series[place] < series[kept[-1][0]]
            if better:
                kept[-1] = (place, kind)
        else:
            kept.append((place, kind))
    return kept


def _without_short(points: _Points, series: FloatArray, least_phase: int, least_cycle: int) -> _Points:
    """Leave out the first phase or cycle that is too short: both ends of a phase, of a cycle its less extreme end."""
    for i in range(1, len(points)):
        if points[i][0] - points[i - 1][0] < least_phase:
            return points[: i - 1] + points[i + 1 :]
    for i in range(2, len(points)):
        if points[i][0] - points[i - 2][0] < least_cycle:
            first, last = series[points[i - 2][0]], series[points[i][0]]
            weaker = i if (last <= first) == (points[i][1] == "peak") else i - 2
            return points[:weaker] + points[weaker + 1 :]
    return points


def sahm_indicator(unemployment: ArrayLike) -> FloatArray:
    """Mean of the last three months less the least such mean of the twelve months before, in the rate's unit; NaN for the first 14.

    Half a percentage point or more signals a recession. Source: Sahm, Direct Stimulus Payments to Individuals, 2019.
    """
    rate = np.asarray(unemployment, dtype=np.float64)
    found = np.full(rate.size, np.nan)
    if rate.size >= 15:
        smooth = np.lib.stride_tricks.sliding_window_view(rate, 3).mean(axis=1)
        found[14:] = smooth[12:] - np.lib.stride_tricks.sliding_window_view(smooth, 12)[:-1].min(axis=1)
    return found


@dataclass(frozen=True, slots=True)
class SignalQuality:
    """How a signal of recession did: share of recession months flagged, share of other months flagged, and for each recession the months by
    which the run of flags began and ended after it (negative: before), None when it was missed.
    """  # noqa: D205 - one thought

    hit_rate: float
    false_alarm_rate: float
    lags: tuple[tuple[int, int] | None, ...]


def signal_quality(months: ArrayLike, flags: ArrayLike, turns: Sequence[Turn], *, late: int = 3) -> SignalQuality | NotComputable:
    """Compare monthly ``flags`` with recessions (month after the peak through the trough) that lie wholly within ``months``.

    The run that answers to a recession is the first with a flag between its first month and ``late`` months after its trough; it begins at
    its first flag and ends with the last flag of the run that holds the trough, or the last before it.
    """
    when, marked = np.asarray(months, dtype="datetime64[M]"), np.asarray(flags, dtype=bool)
    actual = is_recession(turns, when)
    if not actual.any() or actual.all():
        return NotComputable("months both in and out of recession", 2, 1)
    lags = []
    for turn in turns:
        if turn.peak is None or turn.trough is None or turn.peak + 1 < when[0] or turn.trough > when[-1]:
            continue
        start, trough = int(np.searchsorted(when, turn.peak + 1)), int(np.searchsorted(when, turn.trough))
        lags.append(_lag(marked, start, trough, min(trough + late, when.size - 1)))
    return SignalQuality(float(marked[actual].mean()), float(marked[~actual].mean()), tuple(lags))


def _lag(marked: BoolArray, start: int, trough: int, latest: int) -> tuple[int, int] | None:
    inside = np.flatnonzero(marked[start : latest + 1])
    if not inside.size:
        return None
    first = start + int(inside[0])
    last = max([first, *(start + place for place in inside.tolist() if start + place <= trough)])
    while first > 0 and marked[first - 1]:
        first -= 1
    if last >= trough:
        while last + 1 < marked.size and marked[last + 1]:
            last += 1
    return first - start, last - trough
