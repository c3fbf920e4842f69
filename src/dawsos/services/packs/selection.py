"""Chooses the contents of packs from observations: the newest one not too old, per security and currency, in order of date."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from dawsos.kernel.dates import weekdays_between
from dawsos.services.packs.content import PackContent, PackPrice, PackRate


class Dated(Protocol):
    """Anything with a date and a source."""

    @property
    def date(self) -> date: ...
    @property
    def source(self) -> str: ...


class ObservedPrice(Dated, Protocol):
    """A price as a source gave it."""

    @property
    def security_id(self) -> UUID: ...
    @property
    def symbol(self) -> str: ...
    @property
    def open(self) -> Decimal | None: ...
    @property
    def high(self) -> Decimal | None: ...
    @property
    def low(self) -> Decimal | None: ...
    @property
    def close(self) -> Decimal: ...
    @property
    def volume(self) -> int | None: ...
    @property
    def currency(self) -> str: ...


class ObservedRate(Dated, Protocol):
    """A rate as a source gave it."""

    @property
    def base_ccy(self) -> str: ...
    @property
    def quote_ccy(self) -> str: ...
    @property
    def rate(self) -> Decimal: ...


Observation = TypeVar("Observation", bound=Dated)


class Timeline(Generic[Observation]):
    """The observations of one security or currency: one a day, the one of the most preferred source."""

    def __init__(self, observations: Iterable[Observation], preference: Sequence[str]) -> None:
        rank = {source: position for position, source in enumerate(preference)}
        ordered = sorted(observations, key=lambda seen: (seen.date, rank.get(seen.source, len(rank)), seen.source))
        best: dict[date, Observation] = {}
        for seen in ordered:
            best.setdefault(seen.date, seen)
        self._dates = list(best)
        self._observations = list(best.values())

    def newest(self, day: date, max_age: int) -> Observation | None:
        """The newest observation on or before ``day`` that is at most ``max_age`` weekdays old."""
        position = bisect_right(self._dates, day)
        if position == 0 or weekdays_between(self._dates[position - 1], day) > max_age:
            return None
        return self._observations[position - 1]


@dataclass(frozen=True, slots=True)
class Selector:
    """Observations ready to be asked for any date in their range.

    ``prices`` holds securities by symbol, ``rates`` currencies by code against ``pivot``. ``listed`` says since when each active security
    of the policy has been observed at all: it is expected from that day on. A currency is expected when it is in ``needed``.
    """

    policy: str
    listed: Mapping[str, date]
    prices: Mapping[str, Timeline[ObservedPrice]]
    rates: Mapping[str, Timeline[ObservedRate]]
    pivot: str
    needed: Collection[str]
    max_age: int

    def content(self, day: date, *, held: Collection[str] = ()) -> PackContent:
        """The contents of the pack of ``day``; securities ``held`` are expected whether or not they were ever observed."""
        prices, missing = [], []
        for symbol in sorted({symbol for symbol, since in self.listed.items() if since <= day} | set(held)):
            seen = self.prices[symbol].newest(day, self.max_age) if symbol in self.prices else None
            if seen is None:
                missing.append(symbol)
            else:
                prices.append(_pack_price(seen, day))
        rates, without = [], []
        for code in sorted(set(self.needed) - {self.pivot}):
            rate = self.rates[code].newest(day, self.max_age) if code in self.rates else None
            if rate is None:
                without.append(code)
            else:
                rates.append(PackRate(rate.base_ccy, rate.quote_ccy, rate.rate, rate.date, rate.source))
        return PackContent(day, self.policy, tuple(prices), tuple(rates), tuple(missing), tuple(without))


def _pack_price(seen: ObservedPrice, day: date) -> PackPrice:
    return PackPrice(
        seen.security_id, seen.symbol, seen.date, seen.open, seen.high, seen.low, seen.close, seen.volume, seen.currency, seen.source,
        weekdays_between(seen.date, day),
    )  # fmt: skip


def timelines(observations: Iterable[Observation], name: str, preference: Sequence[str]) -> dict[str, Timeline[Observation]]:
    """The timeline of each thing observed, by the attribute ``name`` (``symbol`` or ``quote_ccy``)."""
    grouped: defaultdict[str, list[Observation]] = defaultdict(list)
    key = attrgetter(name)
    for seen in observations:
        grouped[key(seen)].append(seen)
    return {value: Timeline(seen, preference) for value, seen in grouped.items()}
