"""Quality ratings: the rubrics they are judged by, and the annual statements they rest on."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from dawsos.kernel.canonical import canonical_bytes
from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True)
class RubricRecord:
    """What one type of rating is judged by."""

    id: UUID
    rating_type: str
    criteria: dict[str, Any]
    weights: dict[str, Any]
    method_version: str
    research_basis: str | None


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """One year's figures of a company by name, in whole units of ``currency``."""

    security_id: UUID
    fiscal_date: date
    source: str
    currency: str
    known_from: date
    figures: dict[str, Any]


_statements = load("ratings")
ACTIVE_RUBRICS = _statements.many("active_rubrics", RubricRecord)
RETIRE_RUBRICS = _statements.none("retire_rubrics")
ADD_RUBRIC = _statements.none("add_rubric")
STATEMENTS_KNOWN = _statements.many("statements_known", StatementRecord)
PUT_STATEMENTS = _statements.bulk("put_statements")


async def active_rubrics(tx: DatabaseTransaction) -> list[RubricRecord]:
    """The rubrics in use."""
    return await tx.fetch_all(ACTIVE_RUBRICS)


async def put_rubric(tx: DatabaseTransaction, rubric: RubricRecord) -> None:
    """Put a new version of a rubric into use, in place of the one of its type; only operators may. None is ever edited."""
    texts = {name: canonical_bytes(getattr(rubric, name)).decode() for name in ("criteria", "weights")}
    await tx.execute(RETIRE_RUBRICS, rating_type=rubric.rating_type)
    await tx.execute(ADD_RUBRIC, **asdict(rubric) | texts)


async def statements_known(tx: DatabaseTransaction, security_ids: Collection[UUID], known_by: date) -> dict[UUID, list[StatementRecord]]:
    """The annual statements of companies that were public by ``known_by``, newest first; an empty list where there are none."""
    found: dict[UUID, list[StatementRecord]] = {one: [] for one in security_ids}
    for record in await tx.fetch_all(STATEMENTS_KNOWN, security_ids=list(security_ids), known_by=known_by):
        found[record.security_id].append(record)
    return found


async def put_statements(tx: DatabaseTransaction, records: Iterable[StatementRecord]) -> int:
    """Keep annual statements; only operators may. How many rows were written."""
    rows = [(r.security_id, r.fiscal_date, r.source, r.currency, r.known_from, canonical_bytes(r.figures).decode()) for r in records]
    return await tx.copy_into(PUT_STATEMENTS, rows)
