"""Pricing packs, their prices and rates, and the policies they are built by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("packs")


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


FIND_PACK = _statements.optional("find_pack", PackRecord)
PACK_IN_FORCE = _statements.optional("pack_in_force", PackRecord)
NEWEST_PACKS = _statements.many("newest_packs", str)
LIST_PACKS = _statements.many("list_packs", PackRecord)
PACKS_BETWEEN = _statements.many("packs_between", PackRecord)
PACK_FRONTIER = _statements.one("pack_frontier", PackFrontier)
PACK_PRICES = _statements.many("pack_prices", PackPriceRecord)
PACK_RATES = _statements.many("pack_rates", PackRateRecord)
ADD_PACKS = _statements.bulk("add_packs")
ADD_PRICES = _statements.bulk("add_prices")
ADD_RATES = _statements.bulk("add_rates")
SUPERSEDE_PACK = _statements.none("supersede_pack")
COMPLETE_PACKS = _statements.none("complete_packs")
RELEASE_PACKS = _statements.none("release_packs")
NOTE_RECONCILIATION = _statements.none("note_reconciliation")
WITHHOLD_PACK = _statements.none("withhold_pack")
WARMING_PACKS = _statements.many("warming_packs", str)
ADD_FAILED_PACK = _statements.none("add_failed_pack")
REMOVE_UNFINISHED = _statements.none("remove_unfinished")
LOCK_POLICY = _statements.optional("lock_policy", PolicyRecord)
FIND_POLICY = _statements.optional("find_policy", PolicyRecord)
LIST_POLICIES = _statements.many("list_policies", PolicyRecord)
PUT_POLICY = _statements.none("put_policy")
HELD_SYMBOLS = _statements.many("held_symbols", HeldSpan)
CURRENCIES_IN_USE = _statements.many("currencies_in_use", str)


async def find_pack(tx: DatabaseTransaction, pack_id: str) -> PackRecord | None:
    """The pack with this id."""
    return await tx.fetch_one(FIND_PACK, pack_id=pack_id)


async def pack_in_force(tx: DatabaseTransaction, policy: str, day: date | None = None) -> PackRecord | None:
    """The newest complete, not superseded pack of ``policy`` on or before ``day``."""
    return await tx.fetch_one(PACK_IN_FORCE, policy=policy, day=day)


async def newest_packs(tx: DatabaseTransaction, pack_ids: Iterable[str]) -> set[str]:
    """Those of ``pack_ids`` that are the newest in force of their policy."""
    return set(await tx.fetch_all(NEWEST_PACKS, pack_ids=list(pack_ids)))


async def list_packs(tx: DatabaseTransaction, *, policy: str | None, before: date | None, limit: int) -> list[PackRecord]:
    """Packs newest first."""
    return await tx.fetch_all(LIST_PACKS, policy=policy, before=before, limit=limit)


async def packs_between(tx: DatabaseTransaction, policy: str, first: date, last: date) -> list[PackRecord]:
    """Every pack of ``policy`` from ``first`` to ``last``, whatever its state."""
    return await tx.fetch_all(PACKS_BETWEEN, policy=policy, first=first, last=last)


async def pack_frontier(tx: DatabaseTransaction, policy: str) -> PackFrontier:
    """The newest date and edition of the policy's complete packs."""
    return await tx.fetch_one(PACK_FRONTIER, policy=policy)


async def pack_prices(tx: DatabaseTransaction, pack_id: str) -> list[PackPriceRecord]:
    """The prices of a pack by symbol."""
    return await tx.fetch_all(PACK_PRICES, pack_id=pack_id)


async def pack_rates(tx: DatabaseTransaction, pack_id: str) -> list[PackRateRecord]:
    """The rates of a pack by pair."""
    return await tx.fetch_all(PACK_RATES, pack_id=pack_id)


async def add_packs(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]]) -> int:
    """Begin packs; columns as in the ``staged`` line of the statement."""
    return await tx.copy_into(ADD_PACKS, rows)


async def add_prices(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]]) -> int:
    """Add prices to packs in the making."""
    return await tx.copy_into(ADD_PRICES, rows)


async def add_rates(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]]) -> int:
    """Add rates to packs in the making."""
    return await tx.copy_into(ADD_RATES, rows)


async def supersede_pack(tx: DatabaseTransaction, pack_id: str, *, successor: str, reason: str, moment: datetime) -> None:
    """Mark ``pack_id`` as replaced by ``successor``."""
    await tx.execute(SUPERSEDE_PACK, pack_id=pack_id, successor=successor, reason=reason, moment=moment)


async def complete_packs(tx: DatabaseTransaction, pack_ids: list[str], moment: datetime) -> int:
    """Seal packs; they are warming until :func:`release_packs`."""
    return await tx.execute(COMPLETE_PACKS, pack_ids=pack_ids, moment=moment)


async def release_packs(tx: DatabaseTransaction, pack_ids: list[str], *, prewarm_done: bool, moment: datetime) -> int:
    """Let complete packs be served; how many were not before."""
    return await tx.execute(RELEASE_PACKS, pack_ids=pack_ids, prewarm_done=prewarm_done, moment=moment)


async def note_reconciliation(tx: DatabaseTransaction, pack_id: str, *, passed: bool, error_bps: Decimal | None, moment: datetime) -> None:
    """Note on a pack how the ledgers compared under it."""
    await tx.execute(NOTE_RECONCILIATION, pack_id=pack_id, passed=passed, error_bps=error_bps, moment=moment)


async def withhold_pack(tx: DatabaseTransaction, pack_id: str, reason: str, moment: datetime) -> None:
    """Keep a complete pack from being served, and say why."""
    await tx.execute(WITHHOLD_PACK, pack_id=pack_id, reason=reason, moment=moment)


async def warming_packs(tx: DatabaseTransaction, policy: str, day: date) -> list[str]:
    """Packs in force up to ``day`` that wait for their release."""
    return await tx.fetch_all(WARMING_PACKS, policy=policy, day=day)


async def add_failed_pack(
    tx: DatabaseTransaction, pack_id: str, *, day: date, policy: str, edition: int, revision: int, reason: str, moment: datetime
) -> None:
    """Record that the pack of ``day`` could not be completed."""
    await tx.execute(
        ADD_FAILED_PACK, pack_id=pack_id, day=day, policy=policy, edition=edition, revision=revision, reason=reason, moment=moment
    )


async def remove_unfinished(tx: DatabaseTransaction, policy: str, days: list[date]) -> int:
    """Clear away failed or pending packs of these dates."""
    return await tx.execute(REMOVE_UNFINISHED, policy=policy, days=days)


async def lock_policy(tx: DatabaseTransaction, policy: str) -> PolicyRecord | None:
    """The policy, locked until the end of the transaction."""
    return await tx.fetch_one(LOCK_POLICY, policy=policy)


async def find_policy(tx: DatabaseTransaction, policy: str) -> PolicyRecord | None:
    """The policy."""
    return await tx.fetch_one(FIND_POLICY, policy=policy)


async def list_policies(tx: DatabaseTransaction) -> list[PolicyRecord]:
    """All policies."""
    return await tx.fetch_all(LIST_POLICIES)


async def put_policy(tx: DatabaseTransaction, policy: PolicyRecord) -> None:
    """Create or change a policy."""
    await tx.execute(
        PUT_POLICY,
        policy=policy.policy,
        description=policy.description,
        price_sources=policy.price_sources,
        rate_sources=policy.rate_sources,
        dividend_adjusted=policy.dividend_adjusted,
    )


async def held_symbols(tx: DatabaseTransaction, policy: str) -> list[HeldSpan]:
    """What portfolios of the policy hold or held, over all portfolios the actor sees."""
    return await tx.fetch_all(HELD_SYMBOLS, policy=policy)


async def currencies_in_use(tx: DatabaseTransaction, policy: str, sources: list[str]) -> list[str]:
    """Every currency a pack of the policy must be able to convert."""
    return await tx.fetch_all(CURRENCIES_IN_USE, policy=policy, sources=sources)
