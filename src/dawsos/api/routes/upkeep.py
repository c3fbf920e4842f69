"""The upkeep of a portfolio: imports taken back, statements compared, periods settled and opened, its own facts changed."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dawsos.api.call import Call, Reader, Writer
from dawsos.api.envelope import answer_of
from dawsos.api.ledger_contracts import ReversalWanted
from dawsos.api.routes.evidence import LedgerDiscrepancy
from dawsos.api.routes.portfolios import Portfolio
from dawsos.api.routing import subject_router
from dawsos.api.texts import Name, Sentences, Word
from dawsos.kernel.canonical import plain_decimal
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services import portfolios as service
from dawsos.services.imports import mappings
from dawsos.services.imports.undo import list_imports, undo_import
from dawsos.services.ledger.periods import lock_period, open_period
from dawsos.services.reconciliation.statements import compare_statement, read_statement
from dawsos.store import periods as periods_store

router = subject_router("upkeep")

_STATEMENT: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A CSV with the columns kind (POSITION or CASH), name (symbol or currency), amount.",
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ImportedFile(Contract):
    """An import; ``standing`` of its entries no reversal has undone."""

    id: UUID
    file_name: str
    format: str
    rows_total: Annotated[int, Count]
    rows_booked: Annotated[int, Count]
    rows_duplicate: Annotated[int, Count]
    created_at: datetime
    standing: Annotated[int, Count]


class UndoneImport(Contract):
    """How many entries were reversed."""

    id: UUID
    reversed: Annotated[int, Count]


class Statement(Contract):
    """A broker's statement and how it compared: in ``differences``, ``ledger`` is what it says and ``database`` what is booked."""

    id: UUID
    asof_date: date
    source: str
    ledger_commit_hash: str
    agrees: bool
    differences: tuple[LedgerDiscrepancy, ...]
    created_at: datetime | None


class LateEntry(Contract):
    """An entry that was booked inside a settled period, and why."""

    transaction_id: UUID
    sequence: Annotated[int, Count]
    transaction_date: date
    locked_through: date
    reason: str
    created_at: datetime


class PeriodLock(Contract):
    """Up to which day the ledger is settled, null when it is not, and what was booked into settled periods."""

    locked_through: date | None
    reason: str | None
    locked_at: datetime | None
    late_entries: tuple[LateEntry, ...]


class MappingTerms(Contract):
    """How a broker writes its CSV: ``columns`` names the broker's for each of the transaction CSV, ``types`` what its words mean.

    A word that means null books nothing; ``constants`` stand for columns the broker lacks; ``date_format`` is written as in %d.%m.%Y.
    """

    columns: dict[Word, Word]
    types: dict[Word, Word | None]
    date_format: Word
    delimiter: Word = ","
    decimal_comma: bool = False
    constants: dict[Word, Word] = Field(default_factory=dict)


class ImportMapping(Contract):
    """A mapping that is kept: used for every file whose header has the columns it needs."""

    name: str
    terms: MappingTerms
    saved_at: datetime


class LockWanted(Contract):
    """The last settled day, and why."""

    through: date
    reason: Sentences


class PortfolioChanges(Contract):
    """What is to be another: null leaves it as it is. Base currency and lot method are those of the entries and do not change."""

    name: Name | None = None
    description: Sentences | None = None
    benchmark_id: Word | None = None
    benchmark_hedged: bool | None = None


@router.patch("/v1/portfolios/{portfolio_id}", response_model=answer_of(Portfolio))
async def change_portfolio(call: Writer, portfolio_id: UUID, wanted: PortfolioChanges) -> Response:
    """Change a portfolio's name, description or benchmark."""
    parts = call.application
    changed = await service.change_portfolio(
        parts.database, call.actor, portfolio_id, dict(wanted), identifiers=parts.identifiers, origin=call.frame.origin
    )
    return call.success(Portfolio.model_validate(changed))


@router.get("/v1/portfolios/{portfolio_id}/imports", response_model=answer_of(list[ImportedFile]))
async def list_imported_files(call: Reader, portfolio_id: UUID) -> Response:
    """What was imported into the portfolio, the newest first."""
    await service.find_portfolio(call.application.database, call.actor, portfolio_id)
    found = await list_imports(call.application.database, call.actor, portfolio_id)
    return call.success([ImportedFile.model_validate(one) for one in found])


@router.post("/v1/portfolios/{portfolio_id}/imports/{import_id}/undo", response_model=answer_of(UndoneImport))
async def undo_imported_file(call: Writer, portfolio_id: UUID, import_id: UUID, wanted: ReversalWanted) -> Response:
    """Take an import back as a whole: every entry it booked that still stands is reversed, or none."""
    parts = call.application
    done = await undo_import(
        parts.database, call.actor, portfolio_id, import_id, reason=wanted.reason, identifiers=parts.identifiers, origin=call.frame.origin
    )
    return call.success(UndoneImport(id=import_id, reversed=len(done)))


@router.get("/v1/import-mappings", response_model=answer_of(list[ImportMapping]))
async def list_import_mappings(call: Reader) -> Response:
    """The caller's mappings of brokers' CSV files, the newest first."""
    return call.success([_mapping(one) for one in await mappings.list_mappings(call.application.database, call.actor)])


@router.put("/v1/import-mappings/{name}", response_model=answer_of(ImportMapping))
async def save_import_mapping(call: Writer, name: Word, wanted: MappingTerms) -> Response:
    """Keep a mapping; one of the same name is replaced. 422 for one no file could be read by."""
    parts = call.application
    terms = mappings.MappingTerms(**dict(wanted))
    return call.success(
        _mapping(await mappings.save_mapping(parts.database, call.actor, name, terms, clock=parts.clock, origin=call.frame.origin))
    )


@router.delete("/v1/import-mappings/{name}", response_model=answer_of(list[ImportMapping]))
async def remove_import_mapping(call: Writer, name: Word) -> Response:
    """Forget a mapping; those that are left. What was imported by it stays."""
    parts = call.application
    await mappings.remove_mapping(parts.database, call.actor, name, clock=parts.clock, origin=call.frame.origin)
    return await list_import_mappings(call)


def _mapping(one: mappings.SavedMapping) -> ImportMapping:
    return ImportMapping(name=one.name, terms=MappingTerms.model_validate(one.terms), saved_at=one.saved_at)


@router.get("/v1/portfolios/{portfolio_id}/statements", response_model=answer_of(list[Statement]))
async def list_statements(call: Reader, portfolio_id: UUID, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Response:
    """The statements that were compared with the ledger, the newest first."""
    await service.find_portfolio(call.application.database, call.actor, portfolio_id)
    async with call.application.database.transaction(call.actor, read_only=True) as tx:
        found = await periods_store.list_statements(tx, portfolio_id, limit)
    return call.success([_statement(one) for one in found])


@router.post("/v1/portfolios/{portfolio_id}/statements", response_model=answer_of(Statement), status_code=201, openapi_extra=_STATEMENT)
async def compare_broker_statement(
    call: Writer,
    portfolio_id: UUID,
    request: Request,
    day: Annotated[date, Query(alias="date", description="The date of the statement.")],
    *,
    source: Word = "broker",
    lock: bool = False,
) -> Response:
    """Compare a statement's quantities and cash with the ledger; with ``lock`` settle the period when nothing differs."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in {"text/csv", "application/csv"}:
        raise HTTPException(415)
    await service.find_portfolio(call.application.database, call.actor, portfolio_id)
    statement = read_statement(await request.body(), source)
    parts = call.application
    found = await compare_statement(parts.database, call.actor, portfolio_id, statement, day, identifiers=parts.identifiers, lock=lock)
    return call.success(_statement(found), status_code=201)


@router.get("/v1/portfolios/{portfolio_id}/period-lock", response_model=answer_of(PeriodLock))
async def read_period_lock(call: Reader, portfolio_id: UUID) -> Response:
    """Up to which day the ledger is settled, and what was booked into settled periods all the same."""
    await service.find_portfolio(call.application.database, call.actor, portfolio_id)
    return call.success(await _lock(call, portfolio_id))


@router.put("/v1/portfolios/{portfolio_id}/period-lock", response_model=answer_of(PeriodLock))
async def settle_period(call: Writer, portfolio_id: UUID, wanted: LockWanted) -> Response:
    """Settle the ledger through a day: entries on or before it need a reason from then on. 409 for an earlier day than the present one."""
    await service.find_portfolio(call.application.database, call.actor, portfolio_id)
    moment = call.application.clock.now()
    async with call.application.database.transaction(call.actor) as tx:
        await lock_period(tx, call.actor, portfolio_id, wanted.through, reason=wanted.reason, moment=moment)
    return call.success(await _lock(call, portfolio_id))


@router.post("/v1/portfolios/{portfolio_id}/period-lock/opening", response_model=answer_of(PeriodLock))
async def open_settled_period(call: Writer, portfolio_id: UUID, wanted: ReversalWanted) -> Response:
    """Open the settled period again, with a reason."""
    await service.find_portfolio(call.application.database, call.actor, portfolio_id)
    moment = call.application.clock.now()
    async with call.application.database.transaction(call.actor) as tx:
        await open_period(tx, call.actor, portfolio_id, reason=wanted.reason, moment=moment)
    return call.success(await _lock(call, portfolio_id))


async def _lock(call: Call, portfolio_id: UUID) -> PeriodLock:
    async with call.application.database.transaction(call.actor, read_only=True) as tx:
        lock = await periods_store.find_lock(tx, portfolio_id)
        late = await periods_store.list_late_entries(tx, portfolio_id)
    return PeriodLock(
        locked_through=lock.locked_through if lock else None,
        reason=lock.reason if lock else None,
        locked_at=lock.locked_at if lock else None,
        late_entries=tuple(LateEntry.model_validate(one) for one in late),
    )


def _statement(found: Any) -> Statement:
    return Statement(
        id=found.id,
        asof_date=found.asof_date,
        source=found.source,
        ledger_commit_hash=found.ledger_commit_hash,
        agrees=found.agrees,
        differences=tuple(LedgerDiscrepancy.model_validate(one if isinstance(one, dict) else _told(one)) for one in found.differences),
        created_at=getattr(found, "created_at", None),
    )


def _told(one: Any) -> dict[str, Any]:
    """A difference just found, as the kept ones are told."""
    return {
        "kind": str(one.kind),
        "subject": one.subject,
        "ledger": None if one.ledger is None else plain_decimal(one.ledger),
        "database": None if one.database is None else plain_decimal(one.database),
        "probable_cause": one.probable_cause,
    }
