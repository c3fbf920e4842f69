"""Results kept for reuse under the hash of everything they depend on."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_sql: Final = load("derived")


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


_find_result = _sql.optional("find_result", StoredResult)
_keep_result = _sql.none("keep_result")
_lock_key = _sql.none("lock_key")


async def find_result(tx: DatabaseTransaction, derivation: str, key_hash: str, moment: datetime) -> StoredResult | None:
    """The result kept under the key, unless it has expired by ``moment``."""
    return await tx.fetch_one(_find_result, derivation=derivation, key_hash=key_hash, moment=moment)


async def keep_result(tx: DatabaseTransaction, result: DerivedResult) -> None:
    """Keep ``result``; an expired one under the same key is replaced."""
    await tx.execute(_keep_result, **asdict(result))


async def lock_key(tx: DatabaseTransaction, key: int) -> None:
    """Wait until no other transaction computes under ``key`` (60 bits of a hash), and hold it until the end of this one."""
    await tx.execute(_lock_key, key=key)
