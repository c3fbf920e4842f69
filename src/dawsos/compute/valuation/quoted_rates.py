"""Rates of many packs as columns per quoted pair, crossed for all dates at once."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, overload

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.segments import Bool, Float64, Int32, Int64, calendar_day
from dawsos.compute.valuation.rates import PIVOTS, RateTable
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import EXACT

#: A pair that a pack does not quote.
NOT_QUOTED: Final = -1
_STEPS: Final = 10**8


class FoundRates(NamedTuple):
    """Rates from one currency to another per date: float64, whole steps of 1e-8 (0 when it is no multiple), and whether there is one."""

    rate: Float64
    whole: Int64
    found: Bool


class QuotedRates(Sequence[RateTable]):
    """The rates of T packs: ``quoted[base, quote][t]`` in steps of 1e-8, NOT_QUOTED where the pack has no such pair.

    As a sequence it is the T rate tables, each made when it is asked for. Raises :class:`Invalid` for a quoted rate of zero or below.
    """

    def __init__(self, days: Int32, quoted: Mapping[tuple[str, str], Int64]) -> None:
        for (base, quote), steps in quoted.items():
            if steps.shape != days.shape or ((steps <= 0) & (steps != NOT_QUOTED)).any():
                raise Invalid(
                    f"A rate {base}/{quote} is not positive, or missing.", remedy="Give one positive rate per date, or NOT_QUOTED."
                )
        self.days = days
        self._quoted = dict(quoted)
        self._tables: dict[int, RateTable] = {}

    def __len__(self) -> int:
        return len(self.days)

    @overload
    def __getitem__(self, t: int) -> RateTable: ...
    @overload
    def __getitem__(self, t: slice) -> Sequence[RateTable]: ...
    def __getitem__(self, t: int | slice) -> RateTable | Sequence[RateTable]:
        if isinstance(t, slice):
            return [self[one] for one in range(len(self))[t]]
        if t not in self._tables:
            known = {
                pair: Decimal(int(steps[t])).scaleb(-8, context=EXACT) for pair, steps in self._quoted.items() if steps[t] != NOT_QUOTED
            }
            self._tables[t] = RateTable(known, pack_date=calendar_day(int(self.days[t])))
        return self._tables[t]

    def __iter__(self) -> Iterator[RateTable]:
        return (self[t] for t in range(len(self)))

    def at(self, columns: npt.NDArray[np.intp]) -> "QuotedRates":
        """The rates of some of the dates."""
        return QuotedRates(self.days[columns], {pair: steps[columns] for pair, steps in self._quoted.items()})

    def find(self, base: str, quote: str) -> FoundRates:
        """What :meth:`RateTable.find` finds on each date: direct, else inverse, else crossed via USD, else via EUR."""
        rate, whole = np.ones(len(self)), np.full(len(self), _STEPS, dtype=np.int64)
        if base == quote:
            return FoundRates(rate, whole, np.ones(len(self), dtype=np.bool_))
        found = self._leg(base, quote)
        for pivot in PIVOTS:
            if found.found.all() or pivot in {base, quote}:
                continue
            first, second = self._leg(base, pivot), self._leg(pivot, quote)
            crossed = ~found.found & first.found & second.found
            rate = np.where(crossed, first.rate * second.rate, found.rate)
            found = FoundRates(rate, np.where(crossed, 0, found.whole), found.found | crossed)
        return found

    def _leg(self, base: str, quote: str) -> FoundRates:
        nothing = np.full(len(self), NOT_QUOTED, dtype=np.int64)
        direct, opposite = self._quoted.get((base, quote), nothing), self._quoted.get((quote, base), nothing)
        is_direct, is_inverse = direct != NOT_QUOTED, (direct == NOT_QUOTED) & (opposite != NOT_QUOTED)
        below = np.where(is_inverse, opposite, 1)
        rate = np.where(is_direct, direct / _STEPS, np.where(is_inverse, _STEPS / below, 0.0))
        # The inverse of a rate of s steps is a whole number of steps only if s divides 1e16.
        whole = np.where(is_direct, direct, np.where(is_inverse & (_STEPS**2 % below == 0), _STEPS**2 // below, 0))
        return FoundRates(rate, whole, is_direct | is_inverse)
