"""What operators ask the database: whether it answers, and how ready the newest pricing pack is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("health")


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What the database is."""

    server_version: str
    name: str
    is_read_only: bool


@dataclass(frozen=True, slots=True)
class PackState:
    """How ready a pricing pack is."""

    id: str
    date: date
    status: str
    freshness: str
    is_fresh: bool
    prewarm_done: bool
    reconciliation_passed: bool | None
    error_message: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ChainPace:
    """When a chain began, and how long chains usually take."""

    started_at: datetime | None
    usual_seconds: float | None


CHAIN_PACE = _statements.one("chain_pace", ChainPace)
ASK_DATABASE = _statements.one("ask_database", DatabaseFacts)
NEWEST_PACK = _statements.optional("newest_pack", PackState)


async def ask_database(tx: DatabaseTransaction) -> DatabaseFacts:
    """A question only a database that works can answer."""
    return await tx.fetch_one(ASK_DATABASE)


async def newest_pack(tx: DatabaseTransaction, policy: str) -> PackState | None:
    """The newest pack of ``policy`` in force or in the making; None while there is none."""
    return await tx.fetch_one(NEWEST_PACK, policy=policy)


async def chain_pace(tx: DatabaseTransaction, policy: str, day: date) -> ChainPace:
    """How far the chain of ``day`` should be, going by the five before it."""
    return await tx.fetch_one(CHAIN_PACE, policy=policy, day=day)
