"""Exchange rates of one pricing pack: found directly, inverted or crossed, never assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from dawsos.kernel.errors import InsufficientData, Invalid
from dawsos.kernel.money import EXACT, ONE, QUOTIENT

#: Currencies a cross rate may go through, in this order.
PIVOTS: Final = ("USD", "EUR")


class RateSource(StrEnum):
    """How a rate was found."""

    SAME = "same"
    DIRECT = "direct"
    INVERSE = "inverse"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class RateLeg:
    """One quoted pair a rate is made of; ``inverted`` when it is divided by instead of multiplied with."""

    base_ccy: str
    quote_ccy: str
    quoted: Decimal
    inverted: bool


@dataclass(frozen=True, slots=True)
class RatePath:
    """A rate and where it comes from; ``via`` is the pivot of a cross."""

    base_ccy: str
    quote_ccy: str
    rate: Decimal
    source: RateSource
    via: str | None
    legs: tuple[RateLeg, ...]

    def __str__(self) -> str:
        way = f"{self.source} via {self.via}" if self.via else str(self.source)
        return f"{self.base_ccy}/{self.quote_ccy} {self.rate} ({way})"


class RateTable:
    """The rates of one pack: ``rates[base_ccy, quote_ccy]`` is units of quote per 1 unit of base.

    A pair is looked up directly, then as the inverse of the opposite pair, then crossed via USD, then via EUR, each leg of a cross being
    direct or inverse. One currency against itself is 1. A cross is one quotient of exact products, so it is rounded once, to 28
    significant digits. Raises :class:`Invalid` for a quoted rate that is not positive.
    """

    def __init__(self, rates: Mapping[tuple[str, str], Decimal], *, pack_date: date | None = None) -> None:
        for (base, quote), rate in rates.items():
            if not (rate.is_finite() and rate > 0):
                raise Invalid(f"The rate {base}/{quote} is {rate}.", remedy="A rate is a positive number; correct the pricing pack.")
        self._rates = dict(rates)
        self._paths: dict[tuple[str, str], RatePath | None] = {}
        self.pack_date = pack_date

    @property
    def quoted(self) -> Mapping[tuple[str, str], Decimal]:
        """The pairs as they are quoted."""
        return self._rates

    def rate(self, base_ccy: str, quote_ccy: str) -> Decimal:
        """Units of ``quote_ccy`` per unit of ``base_ccy``; :class:`InsufficientData` when no path leads from one to the other."""
        return self.explain(base_ccy, quote_ccy).rate

    def explain(self, base_ccy: str, quote_ccy: str) -> RatePath:
        """The rate with the quoted pairs it is made of; errors as :meth:`rate`."""
        path = self.find(base_ccy, quote_ccy)
        if path is None:
            raise self._missing(base_ccy, quote_ccy)
        return path

    def find(self, base_ccy: str, quote_ccy: str) -> RatePath | None:
        """Like :meth:`explain`, but None when there is no path."""
        pair = (base_ccy, quote_ccy)
        if pair not in self._paths:
            self._paths[pair] = self._search(base_ccy, quote_ccy)
        return self._paths[pair]

    def _search(self, base: str, quote: str) -> RatePath | None:
        if base == quote:
            return RatePath(base, quote, ONE, RateSource.SAME, None, ())
        if leg := self._leg(base, quote):
            return RatePath(base, quote, _product((leg,)), RateSource.INVERSE if leg.inverted else RateSource.DIRECT, None, (leg,))
        for pivot in PIVOTS:
            first, second = self._leg(base, pivot), self._leg(pivot, quote)
            if first and second:
                return RatePath(base, quote, _product((first, second)), RateSource.CROSS, pivot, (first, second))
        return None

    def _leg(self, base: str, quote: str) -> RateLeg | None:
        if (direct := self._rates.get((base, quote))) is not None:
            return RateLeg(base, quote, direct, inverted=False)
        if (opposite := self._rates.get((quote, base))) is not None:
            return RateLeg(quote, base, opposite, inverted=True)
        return None

    def _missing(self, base: str, quote: str) -> InsufficientData:
        pack = f"the pricing pack of {self.pack_date}" if self.pack_date else "the pricing pack"
        return InsufficientData(
            f"There is no exchange rate from {base} to {quote} in {pack}: neither {base}/{quote} nor {quote}/{base}, nor a cross via "
            f"{' or '.join(PIVOTS)}.",
            remedy=f"Add a rate for {base} and {quote} to the sources and rebuild the pack.",
            details={"base_ccy": base, "quote_ccy": quote, "pack_date": self.pack_date},
        )


def _product(legs: tuple[RateLeg, ...]) -> Decimal:
    """Quoted rates multiplied, inverted ones divided by, with one rounding; a single direct rate as it is quoted."""
    if len(legs) == 1 and not legs[0].inverted:
        return legs[0].quoted
    above = below = ONE
    for leg in legs:
        if leg.inverted:
            below = EXACT.multiply(below, leg.quoted)
        else:
            above = EXACT.multiply(above, leg.quoted)
    return QUOTIENT.divide(above, below)
