"""Pricing packs, their prices and rates, and the policies they are built by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_sql: Final = load("packs")


@dataclass(frozen=True, slots=True)
class PackRecord:
    """A pricing pack without its contents."""

    id: str
    date: date
    status: str
    policy: str
    hash: str | None
    edition: int
    revision: int
    superseded_by: str | None
    supersedes_reason: str | None
    freshness: str
    is_fresh: bool
    securities_count: int
    fx_pairs_count: int
    error_message: str | None
    completed_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PackFrontier:
    """How far a policy's packs go."""

    newest_date: date | None
    newest_edition: int


@dataclass(frozen=True, slots=True)
class PackPriceRecord:
    """A price in a pack; ``date`` is the day it was traded."""

    security_id: UUID
    symbol: str
    date: date
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal
    volume: int | None
    currency: str
    source: str | None
    stale_days: int
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class PackRateRecord:
    """A rate in a pack: units of ``quote_ccy`` per unit of ``base_ccy``; ``date`` is the day it was published for."""

    base_ccy: str
    quote_ccy: str
    rate: Decimal
    date: date | None
    source: str | None


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """Which sources the packs of a policy take prices and rates from, most preferred first."""

    policy: str
    description: str
    price_sources: list[str]
    rate_sources: list[str]
    dividend_adjusted: bool


@dataclass(frozen=True, slots=True)
class HeldSpan:
    """A security some portfolio holds or held; ``last_date`` is None while it is held."""

    symbol: str
    first_date: date
    last_date: date | None


_find_pack = _sql.optional("find_pack", PackRecord)
_pack_in_force = _sql.optional("pack_in_force", PackRecord)
_list_packs = _sql.many("list_packs", PackRecord)
_packs_between = _sql.many("packs_between", PackRecord)
_pack_frontier = _sql.one("pack_frontier", PackFrontier)
_pack_prices = _sql.many("pack_prices", PackPriceRecord)
_pack_rates = _sql.many("pack_rates", PackRateRecord)
_add_packs = _sql.bulk("add_packs")
_add_prices = _sql.bulk("add_prices")
_add_rates = _sql.bulk("add_rates")
_supersede_pack = _sql.none("supersede_pack")
_complete_packs = _sql.none("complete_packs")
_add_failed_pack = _sql.none("add_failed_pack")
_remove_unfinished = _sql.none("remove_unfinished")
_lock_policy = _sql.optional("lock_policy", PolicyRecord)
_find_policy = _sql.optional("find_policy", PolicyRecord)
_list_policies = _sql.many("list_policies", PolicyRecord)
_put_policy = _sql.none("put_policy")
_held_symbols = _sql.many("held_symbols", HeldSpan)
_currencies_in_use = _sql.many("currencies_in_use", str)


async def find_pack(tx: DatabaseTransaction, pack_id: str) -> PackRecord | None:
    """The pack with this id."""
    return await tx.fetch_one(_find_pack, pack_id=pack_id)


async def pack_in_force(tx: DatabaseTransaction, policy: str, day: date | None = None) -> PackRecord | None:
    """The newest complete, not superseded pack of ``policy`` on or before ``day``."""
    return await tx.fetch_one(_pack_in_force, policy=policy, day=day)


async def list_packs(tx: DatabaseTransaction, *, policy: str | None, before: date | None, limit: int) -> list[PackRecord]:
    """Packs newest first."""
    return await tx.fetch_all(_list_packs, policy=policy, before=before, limit=limit)


async def packs_between(tx: DatabaseTransaction, policy: str, first: date, last: date) -> list[PackRecord]:
    """Every pack of ``policy`` from ``first`` to ``last``, whatever its state."""
    return await tx.fetch_all(_packs_between, policy=policy, first=first, last=last)


async def pack_frontier(tx: DatabaseTransaction, policy: str) -> PackFrontier:
    """The newest date and edition of the policy's complete packs."""
    return await tx.fetch_one(_pack_frontier, policy=policy)


async def pack_prices(tx: DatabaseTransaction, pack_id: str) -> list[PackPriceRecord]:
    """The prices of a pack by symbol."""
    return await tx.fetch_all(_pack_prices, pack_id=pack_id)


async def pack_rates(tx: DatabaseTransaction, pack_id: str) -> list[PackRateRecord]:
    """The rates of a pack by pair."""
    return await tx.fetch_all(_pack_rates, pack_id=pack_id)


async def add_packs(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]]) -> int:
    """Begin packs; columns as in the ``staged`` line of the statement."""
    return await tx.copy_into(_add_packs, rows)


async def add_prices(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]]) -> int:
    """Add prices to packs in the making."""
    return await tx.copy_into(_add_prices, rows)


async def add_rates(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]]) -> int:
    """Add rates to packs in the making."""
    return await tx.copy_into(_add_rates, rows)


async def supersede_pack(tx: DatabaseTransaction, pack_id: str, *, successor: str, reason: str, moment: datetime) -> None:
    """Mark ``pack_id`` as replaced by ``successor``."""
    await tx.execute(_supersede_pack, pack_id=pack_id, successor=successor, reason=reason, moment=moment)


async def complete_packs(tx: DatabaseTransaction, pack_ids: list[str], moment: datetime) -> int:
    """Seal packs."""
    return await tx.execute(_complete_packs, pack_ids=pack_ids, moment=moment)


async def add_failed_pack(
    tx: DatabaseTransaction, pack_id: str, *, day: date, policy: str, edition: int, revision: int, reason: str, moment: datetime
) -> None:
    """Record that the pack of ``day`` could not be completed."""
    await tx.execute(
        _add_failed_pack, pack_id=pack_id, day=day, policy=policy, edition=edition, revision=revision, reason=reason, moment=moment
    )


async def remove_unfinished(tx: DatabaseTransaction, policy: str, days: list[date]) -> int:
    """Clear away failed or pending packs of these dates."""
    return await tx.execute(_remove_unfinished, policy=policy, days=days)


async def lock_policy(tx: DatabaseTransaction, policy: str) -> PolicyRecord | None:
    """The policy, locked until the end of the transaction."""
    return await tx.fetch_one(_lock_policy, policy=policy)


async def find_policy(tx: DatabaseTransaction, policy: str) -> PolicyRecord | None:
    """The policy."""
    return await tx.fetch_one(_find_policy, policy=policy)


async def list_policies(tx: DatabaseTransaction) -> list[PolicyRecord]:
    """All policies."""
    return await tx.fetch_all(_list_policies)


async def put_policy(tx: DatabaseTransaction, policy: PolicyRecord) -> None:
    """Create or change a policy."""
    await tx.execute(
        _put_policy,
        policy=policy.policy,
        description=policy.description,
        price_sources=policy.price_sources,
        rate_sources=policy.rate_sources,
        dividend_adjusted=policy.dividend_adjusted,
    )


async def held_symbols(tx: DatabaseTransaction, policy: str) -> list[HeldSpan]:
    """What portfolios of the policy hold or held, over all portfolios the actor sees."""
    return await tx.fetch_all(_held_symbols, policy=policy)


async def currencies_in_use(tx: DatabaseTransaction, policy: str, sources: list[str]) -> list[str]:
    """Every currency a pack of the policy must be able to convert."""
    return await tx.fetch_all(_currencies_in_use, policy=policy, sources=sources)
