"""Results kept for reuse under the hash of everything they depend on."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("derived")


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A kept result and when it was computed."""

    payload: Any
    computed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedResult:
    """A result to keep; ``parameters`` and ``payload`` are canonical JSON."""

    derivation: str
    key_hash: str
    portfolio_id: UUID | None
    pricing_pack_id: str | None
    ledger_commit_hash: str | None
    parameters: str
    method_version: str
    payload: str
    computed_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class LedgerUnderPack:
    """A state of a portfolio: its ledger as far as the hash, under a pricing pack."""

    portfolio_id: UUID
    pricing_pack_id: str
    ledger_commit_hash: str


@dataclass(frozen=True, slots=True)
class KeptResults:
    """How many results of a kind are kept; the dates are None without any."""

    derivation: str
    kept: int | None
    oldest: datetime | None
    newest: datetime | None


KEPT_RESULTS = _statements.many("kept_results", KeptResults)
FIND_RESULT = _statements.optional("find_result", StoredResult)
KEEP_RESULT = _statements.none("keep_result")
LOCK_KEYS = _statements.none("lock_keys")
KEPT_KEYS = _statements.many("kept_keys", str)
KEEP_RESULTS = _statements.bulk("keep_results")
PRESENT_STATES = _statements.many("present_states", LedgerUnderPack)
LOCK_KEY = _statements.none("lock_key")


async def find_result(tx: DatabaseTransaction, derivation: str, key_hash: str, moment: datetime) -> StoredResult | None:
    """The result kept under the key, unless it has expired by ``moment``."""
    return await tx.fetch_one(FIND_RESULT, derivation=derivation, key_hash=key_hash, moment=moment)


async def keep_result(tx: DatabaseTransaction, result: DerivedResult) -> None:
    """Keep ``result``; an expired one under the same key is replaced."""
    await tx.execute(KEEP_RESULT, **asdict(result))


async def lock_keys(tx: DatabaseTransaction, keys: Iterable[int]) -> None:
    """Hold several keys as :func:`lock_key` holds one, in one order for everybody: nobody waits for one who waits for him."""
    await tx.execute(LOCK_KEYS, keys=sorted(keys))


async def kept_keys(tx: DatabaseTransaction, derivation: str, key_hashes: Sequence[str], moment: datetime) -> set[str]:
    """The keys among ``key_hashes`` that have a valid result."""
    return set(await tx.fetch_all(KEPT_KEYS, derivation=derivation, key_hashes=list(key_hashes), moment=moment))


async def keep_results(tx: DatabaseTransaction, results: Iterable[DerivedResult]) -> int:
    """Keep many results at once, as :func:`keep_result` keeps each."""
    return await tx.copy_into(KEEP_RESULTS, (astuple(one) for one in results))


async def lock_key(tx: DatabaseTransaction, key: int) -> None:
    """Wait until no other transaction computes under ``key`` (60 bits of a hash), and hold it until the end of this one."""
    await tx.execute(LOCK_KEY, key=key)


async def present_states(tx: DatabaseTransaction, states: Sequence[LedgerUnderPack]) -> set[LedgerUnderPack]:
    """Those of ``states`` that are the present one of their portfolio: figures of it are the official ones."""
    if not states:
        return set()
    found = await tx.fetch_all(
        PRESENT_STATES,
        portfolio_ids=[one.portfolio_id for one in states],
        pricing_pack_ids=[one.pricing_pack_id for one in states],
        ledger_commit_hashes=[one.ledger_commit_hash for one in states],
    )
    return set(found)


async def kept_results(tx: DatabaseTransaction) -> list[KeptResults]:
    """What is kept, by kind, over all portfolios the actor sees."""
    return await tx.fetch_all(KEPT_RESULTS)
