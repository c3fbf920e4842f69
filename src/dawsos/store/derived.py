"""Results kept for reuse under the hash of everything they depend on."""

from dataclasses import asdict, dataclass
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


FIND_RESULT = _statements.optional("find_result", StoredResult)
KEEP_RESULT = _statements.none("keep_result")
LOCK_KEY = _statements.none("lock_key")


async def find_result(tx: DatabaseTransaction, derivation: str, key_hash: str, moment: datetime) -> StoredResult | None:
    """The result kept under the key, unless it has expired by ``moment``."""
    return await tx.fetch_one(FIND_RESULT, derivation=derivation, key_hash=key_hash, moment=moment)


async def keep_result(tx: DatabaseTransaction, result: DerivedResult) -> None:
    """Keep ``result``; an expired one under the same key is replaced."""
    await tx.execute(KEEP_RESULT, **asdict(result))


async def lock_key(tx: DatabaseTransaction, key: int) -> None:
    """Wait until no other transaction computes under ``key`` (60 bits of a hash), and hold it until the end of this one."""
    await tx.execute(LOCK_KEY, key=key)
