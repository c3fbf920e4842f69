"""The transforms that make an indicator of a published series. Each is applied once, when the series is taken in.

Every transform maps observations to observations with the same period. A figure is known from the later of the days its inputs were known
from, and uses no input that was published after the observation it follows. Where a partner is missing, or a quotient would be over zero
or over a negative base, there is no figure for the period: nothing is filled in. Results are rounded half-even to ``PLACES``, the scale
they are kept with. Source of the list: the transform table of the functional specification, 5.9.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from dawsos.compute.indicators.observations import Observation, Series
from dawsos.kernel.money import EXACT, ONE, QUOTIENT

PLACES: Final = Decimal("0.00000001")
HUNDRED: Final = Decimal(100)
#: How old the partner of a difference may be: within the same month.
SAME_MONTH: Final = timedelta(days=31)
#: How old the gross domestic product may be that a sum is measured by: the second quarter before may be the last one published.
GDP_AGE: Final = timedelta(days=250)


def level(series: Series) -> list[Observation]:
    """The series as it is."""
    return [_figure(one, one.value) for one in series.observations]


def fraction(series: Series) -> list[Observation]:
    """Percent as fractions: x / 100."""
    return [_figure(one, one.value / HUNDRED) for one in series.observations]


def change_over_year(series: Series) -> list[Observation]:
    """x(t) / x(t − 1 year) − 1, with the observation nearest to a year earlier within seven days."""
    return list(_with_partner(series, series.year_before, _growth))


def annualised_change(series: Series) -> list[Observation]:
    """(x(q) / x(q − 1))⁴ − 1 for consecutive quarters: growth at an annual rate."""
    return list(_with_partner(series, lambda one: series.at(quarter_before(one.period)), lambda value, before: _growth(value, before, 4)))


def fraction_difference(series: Series, other: Series) -> list[Observation]:
    """(x − y) / 100 for two series in percent, with the y of the same month."""
    return list(
        _with_partner(series, lambda one: other.as_of(one.period, one.known_from, SAME_MONTH), lambda value, of: (value - of) / HUNDRED)
    )


def ratio(series: Series, other: Series) -> list[Observation]:
    """The quotient x / y of two sums in the same unit, with the last y that was published when x was."""
    return list(_with_partner(series, lambda one: other.as_of(one.period, one.known_from, GDP_AGE), _quotient))


def in_units(series: Series, scale: Decimal) -> Series:
    """Every value times ``scale``: thousands, millions or billions as single units."""
    return Series([Observation(one.period, one.known_from, EXACT.multiply(one.value, scale)) for one in series.observations])


def quarter_before(period: date) -> date:
    """The first day of the quarter before the one that begins on ``period``."""
    month = period.month - 3
    return date(period.year, month, period.day) if month > 0 else date(period.year - 1, month + 12, period.day)


def _growth(value: Decimal, before: Decimal, power: int = 1) -> Decimal | None:
    return None if before <= 0 else QUOTIENT.power(QUOTIENT.divide(value, before), power) - ONE


def _quotient(value: Decimal, of: Decimal) -> Decimal | None:
    return None if of <= 0 else QUOTIENT.divide(value, of)


def _with_partner(
    series: Series, partner_of: Callable[[Observation], Observation | None], combine: Callable[[Decimal, Decimal], Decimal | None]
) -> Iterator[Observation]:
    for one in series.observations:
        partner = partner_of(one)
        value = None if partner is None else combine(one.value, partner.value)
        if partner is not None and value is not None:
            yield _figure(one, value, max(one.known_from, partner.known_from))


def _figure(one: Observation, value: Decimal, known_from: date | None = None) -> Observation:
    return Observation(one.period, known_from or one.known_from, value.quantize(PLACES, context=EXACT))
