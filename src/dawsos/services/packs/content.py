"""What is in a pricing pack, its canonical hash, and how much of what was needed it covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.kernel.canonical import plain_decimal, sha256_hex

_SEPARATOR: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class PackPrice:
    """The close a pack values a security at. ``date`` is the day it was traded, ``stale_days`` the weekdays since."""

    security_id: UUID
    symbol: str
    date: date
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal
    volume: int | None
    currency: str
    source: str
    stale_days: int


@dataclass(frozen=True, slots=True)
class PackRate:
    """``rate`` units of ``quote_ccy`` per unit of ``base_ccy``; ``date`` is the day it was published for."""

    base_ccy: str
    quote_ccy: str
    rate: Decimal
    date: date
    source: str


@dataclass(frozen=True, slots=True)
class PackContent:
    """Everything a pack is made of, and what it should have had but found no observation for."""

    date: date
    policy: str
    prices: tuple[PackPrice, ...]
    rates: tuple[PackRate, ...]
    missing_symbols: tuple[str, ...]
    missing_currencies: tuple[str, ...]

    @property
    def price_coverage(self) -> float:
        """Share of the securities expected that are priced; 0 when none was expected."""
        expected = len(self.prices) + len(self.missing_symbols)
        return len(self.prices) / expected if expected else 0.0

    @property
    def rate_coverage(self) -> float:
        """Share of the currencies needed that have a rate; 1 when none was needed."""
        expected = len(self.rates) + len(self.missing_currencies)
        return len(self.rates) / expected if expected else 1.0

    @property
    def is_traded(self) -> bool:
        """True when at least one price is of the pack's own date: the market was open."""
        return any(price.date == self.date for price in self.prices)

    @property
    def hash(self) -> str:
        return content_hash(self.date, self.policy, self.prices, self.rates)


def content_hash(day: date, policy: str, prices: Iterable[PackPrice], rates: Iterable[PackRate]) -> str:
    """SHA-256 over date, policy, prices sorted by symbol and rates sorted by pair: equal contents, equal hash, on any machine."""
    lines = [_line("pack", day.isoformat(), policy)]
    lines += sorted(_line("price", p.symbol, p.date.isoformat(), plain_decimal(p.close), p.currency, p.source) for p in prices)
    lines += sorted(_line("rate", r.base_ccy, r.quote_ccy, plain_decimal(r.rate), r.date.isoformat(), r.source) for r in rates)
    return sha256_hex("\n".join(lines).encode())


def _line(*parts: str) -> str:
    return _SEPARATOR.join(parts)


def pack_id(day: date, policy: str, revision: int, *, default_policy: str) -> str:
    """``PP_<date>``, with the policy when it is not the default one and ``R<n>`` for the n-th restatement."""
    parts = ["PP", day.isoformat()]
    if policy != default_policy:
        parts.append(policy)
    if revision:
        parts.append(f"R{revision}")
    return "_".join(parts)
