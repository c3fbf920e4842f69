"""What was judged of the economy day by day, and how often the figures it was judged from have changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("judgements")

#: Key, day, quadrant, phase, confidence, then JSON: indicators, z-scores, scores, drivers; method version, moment.
RegimeValues = tuple[UUID, date, str, str, Decimal, str, str, str, str, str, datetime]
#: Key, cycle, day, phase, score, confidence, then JSON: indicators, drivers; method version, moment.
CycleValues = tuple[UUID, str, date, str, Decimal, Decimal, str, str, str, datetime]


@dataclass(frozen=True, slots=True)
class ReferenceRevision:
    """How often a table has changed."""

    subject: str
    revision: int


@dataclass(frozen=True, slots=True)
class HeldRevision:
    """How often a table has changed, and whether the actor may write what is judged from it."""

    revision: int
    may_keep: bool


@dataclass(frozen=True, slots=True)
class RegimeRow:
    """The regime of a day: ``regime`` is the quadrant, the JSON columns hold the rest."""

    date: date
    phase: str | None
    regime: str
    indicators_json: Any
    regime_scores_json: Any
    drivers_json: Any
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CycleRow:
    """The phase of a cycle on a day."""

    date: date
    phase: str
    indicators: Any
    drivers: Any
    created_at: datetime


LIST_REVISIONS = _statements.many("list_revisions", ReferenceRevision)
HOLD_REVISION = _statements.one("hold_revision", HeldRevision)
REGIMES_ON = _statements.many("regimes_on", RegimeRow)
PUT_REGIMES = _statements.bulk("put_regimes")
CYCLE_ON = _statements.optional("cycle_on", CycleRow)
PUT_CYCLES = _statements.bulk("put_cycles")


async def revisions(tx: DatabaseTransaction) -> dict[str, int]:
    """How often each table that shared results rest on has changed, by its name."""
    return {one.subject: one.revision for one in await tx.fetch_all(LIST_REVISIONS)}


async def hold_revision(tx: DatabaseTransaction, subject: str) -> HeldRevision:
    """The revision of a table, which nobody changes until the transaction ends."""
    return await tx.fetch_one(HOLD_REVISION, subject=subject)


async def regimes_on(tx: DatabaseTransaction, method_version: str, days: Sequence[date]) -> dict[date, RegimeRow]:
    """The regimes kept of some days."""
    return {row.date: row for row in await tx.fetch_all(REGIMES_ON, method_version=method_version, days=list(days))}


async def put_regimes(tx: DatabaseTransaction, rows: Iterable[RegimeValues]) -> int:
    """Keep regimes; only operators may."""
    return await tx.copy_into(PUT_REGIMES, rows)


async def cycle_on(tx: DatabaseTransaction, method_version: str, cycle_type: str, day: date) -> CycleRow | None:
    """The phase kept of a cycle and day."""
    return await tx.fetch_one(CYCLE_ON, method_version=method_version, cycle_type=cycle_type, day=day)


async def put_cycles(tx: DatabaseTransaction, rows: Iterable[CycleValues]) -> int:
    """Keep phases of cycles; only operators may."""
    return await tx.copy_into(PUT_CYCLES, rows)
