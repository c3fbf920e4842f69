"""Where the lines, bars and ticks of a chart lie, in fractions of its width and height: places on paper only, no figure is made here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dawsos.services.reports.document import Bars, Lines, Series, Value
from dawsos.services.reports.writing import MINUS, number_of, written

Point = tuple[float, float]
_TICKS: Final = 5
_DATES: Final = 7
#: More points than a printed line can show; beyond it each stretch keeps its lowest and highest.
_MOST_POINTS: Final = 1200
_PLACES: Final = 5
#: Smaller values are zero on paper, and too near the end of floating point to be divided.
_NOTHING: Final = 1e-250


@dataclass(frozen=True, slots=True)
class Tick:
    """A label and its place along the axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A series as stretches of points without gaps."""

    label: str
    stretches: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A line chart; (0, 0) is its lower left corner. ``base`` is the height areas are filled from."""

    x: tuple[Tick, ...]
    y: tuple[Tick, ...]
    unit: str
    curves: tuple[Curve, ...]
    base: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from ``start`` over ``length``, both fractions of the width; None where there is no value."""

    label: str
    text: str
    start: float | None
    length: float
    is_negative: bool


def nice_ticks(low: float, high: float, count: int = _TICKS) -> list[float]:
    """About ``count`` round numbers that enclose ``low`` to ``high``: steps of 1, 2, 2.5 or 5 times a power of ten."""
    size = max(abs(low), abs(high))
    if high - low <= 1e-9 * size or size < _NOTHING:  # one value, but for the noise of its last digits
        spread = abs(low) * 0.1 if size >= _NOTHING else 1.0
        low, high = low - spread, high + spread
    rough = (high - low) / max(count - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [index * step for index in range(first, last + 1)]


def plot(lines: Lines) -> Plot | None:
    """The places of all series over their common axes; None when no series has a value."""
    values = [value for one in lines.series for value in one.values if value is not None]
    if not values or not lines.axis:
        return None
    low, high = min(values), max(values)
    ticks = nice_ticks(min(low, 0.0) if lines.fills else low, max(high, 0.0) if lines.fills else high)
    bottom, top = ticks[0], ticks[-1]
    across = _across(lines.axis)
    curves = tuple(Curve(one.label, _stretches(across, one, bottom, top)) for one in lines.series)
    first = lines.series[0]
    steps = tuple(Tick(_place((tick - bottom) / (top - bottom)), _tick_label(tick, ticks[1] - ticks[0], first)) for tick in ticks)
    base = min(max(-bottom / (top - bottom), 0.0), 1.0)
    return Plot(_names(lines.axis, across), steps, first.currency or "", curves, _place(base))


def bars(chart: Bars) -> tuple[Bar, ...]:
    """The bars over one scale that holds zero."""
    numbers = [number_of(one.value) for one in chart.figures]
    known = [float(number) for number in numbers if number is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    width = (high - low) or 1.0
    found = []
    for one, number in zip(chart.figures, numbers, strict=True):
        value = None if number is None else float(number)
        start = None if value is None else _place((min(value, 0.0) - low) / width)
        length = 0.0 if value is None else _place(abs(value) / width)
        found.append(Bar(one.label, written(one.value), start, length, value is not None and value < 0))
    return tuple(found)


def _place(fraction: float) -> float:
    return round(fraction, _PLACES) + 0.0


def _across(axis: Sequence[object]) -> list[float]:
    """Where each point lies across: by its day for dates, evenly for names."""
    days = [one.toordinal() for one in axis if isinstance(one, date)]
    if len(days) == len(axis):
        span = days[-1] - days[0]
        return [(day - days[0]) / span if span else 0.5 for day in days]
    return [index / (len(axis) - 1) if len(axis) > 1 else 0.5 for index in range(len(axis))]


def _stretches(across: Sequence[float], series: Series, bottom: float, top: float) -> tuple[tuple[Point, ...], ...]:
    found: list[list[Point]] = [[]]
    for x, value in zip(across, series.values, strict=True):
        if value is None:
            found.append([])
        else:
            found[-1].append((_place(x), _place((value - bottom) / (top - bottom))))
    return tuple(_thinned(stretch) for stretch in found if stretch)


def _thinned(points: list[Point]) -> tuple[Point, ...]:
    """At most so many points as can be told apart: of every stretch its first, lowest, highest and last."""
    if len(points) <= _MOST_POINTS:
        return tuple(points)
    size = math.ceil(len(points) / (_MOST_POINTS // 4))
    kept: list[Point] = []
    for start in range(0, len(points), size):
        part = points[start : start + size]
        chosen = {part[0], part[-1], min(part, key=lambda one: one[1]), max(part, key=lambda one: one[1])}
        kept.extend(sorted(chosen))
    return tuple(kept)


def _tick_label(value: float, step: float, series: Series) -> str:
    is_share = series.form == "percentage" or (series.form == "auto" and series.unit == "fraction")
    shown, unit_step, suffix = (value * 100, step * 100, "%") if is_share else (value, step, "")
    places = max(0, -math.floor(math.log10(unit_step) + 1e-9)) + (1 if _is_quarter_step(unit_step) else 0)
    text = f"{shown + 0.0:,.{places}f}"
    return (text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", MINUS)) + suffix


def _is_quarter_step(step: float) -> bool:
    return abs(step / 10.0 ** math.floor(math.log10(step) + 1e-9) - 2.5) < 1e-6 and step < 10


def _names(axis: Sequence[object], across: Sequence[float]) -> tuple[Tick, ...]:
    days = [one for one in axis if isinstance(one, date)]
    if len(days) != len(axis):
        every = max(1, math.ceil(len(axis) / _DATES))
        return tuple(Tick(_place(across[index]), written(Value(str(axis[index])))) for index in range(0, len(axis), every))
    first, last = days[0], days[-1]
    span = last.toordinal() - first.toordinal()
    if span == 0:
        return (Tick(0.5, first.isoformat()),)
    months = (last.year - first.year) * 12 + last.month - first.month
    every = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months / step <= _DATES), 240)
    begins = (date(number // 12, number % 12 + 1, 1) for number in range(first.year * 12, last.year * 12 + 12) if number % every == 0)
    inside = [one for one in begins if first <= one <= last]
    if len(inside) < 2:
        inside = [first, last]
    form = "%Y-%m-%d" if inside == [first, last] else "%Y" if every >= 12 else "%b %Y"
    return tuple(Tick(_place((one.toordinal() - first.toordinal()) / span), one.strftime(form)) for one in inside)
