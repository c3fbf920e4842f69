"""The ledger of a portfolio: its entries and lots, booking, reversing, and importing a file."""

import tempfile
from collections.abc import Iterator
from datetime import date
from typing import IO, Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dawsos.api.call import Reader, Writer
from dawsos.api.envelope import answer_of
from dawsos.api.ledger_contracts import (
    Booked,
    EntryWanted,
    ImportReport,
    LedgerEntries,
    LedgerEntry,
    LineProblem,
    ListedEntry,
    Lot,
    Lots,
    ReversalWanted,
    Reversed,
    Symbol,
)
from dawsos.api.routing import subject_router
from dawsos.api.texts import Word
from dawsos.kernel.ledger import TransactionType
from dawsos.services import portfolios as service
from dawsos.services.imports.importer import ImportReport as Report
from dawsos.services.imports.importer import import_transactions
from dawsos.services.portfolios import EntryFilter

router = subject_router("ledger")

_IN_MEMORY: Final = 1_000_000
_CHUNK: Final = 1 << 16
_FILES: Final = frozenset(
    {"text/csv", "application/csv", "application/x-ofx", "application/vnd.intu.qfx", "application/xml", "text/xml", "text/plain"}
)
#: The body is read as a stream, which the framework cannot describe by itself.
_CSV_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The CSV of docs/reference/transaction-csv.md, OFX or QFX, IBKR Flex, a broker's CSV, an exported Beancount file.",
        "content": {one: {"schema": {"type": "string", "format": "binary"}} for one in sorted(_FILES)},
    }
}


@router.get("/v1/portfolios/{portfolio_id}/transactions", response_model=answer_of(LedgerEntries))
async def list_transactions(
    call: Reader,
    portfolio_id: UUID,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=1000)] = 100,
    symbol: Symbol | None = None,
    type: TransactionType | None = None,  # noqa: A002 (the name of the parameter is part of the API)
    from_date: Annotated[date | None, Query(alias="from")] = None,
    to: date | None = None,
) -> Response:
    """Entries of the ledger, newest first; ``from`` and ``to`` are included."""
    chosen = EntryFilter(symbol=symbol, transaction_type=type, first=from_date, last=to)
    found = await service.ledger_page(call.application.database, call.actor, portfolio_id, chosen, page=page, page_size=page_size)
    return call.success(
        LedgerEntries(
            items=tuple(ListedEntry.model_validate(item) for item in found.items),
            base_currency=found.portfolio.base_currency,
            total=found.total,
            page=page,
            page_size=page_size,
            has_more=found.has_more,
        )
    )


@router.get("/v1/portfolios/{portfolio_id}/lots", response_model=answer_of(Lots))
async def list_lots(call: Reader, portfolio_id: UUID, *, open_only: bool = True) -> Response:
    """The lots of the portfolio, by symbol and date of acquisition."""
    found = await service.list_lots(call.application.database, call.actor, portfolio_id, open_only=open_only)
    lots = tuple(Lot.model_validate(lot) for lot in found.lots)
    return call.success(Lots(lots=lots, base_currency=found.portfolio.base_currency))


@router.post("/v1/portfolios/{portfolio_id}/transactions", response_model=answer_of(Booked), status_code=201)
async def book_transaction(call: Writer, portfolio_id: UUID, wanted: EntryWanted, restate_because: Word | None = None) -> Response:
    """Book one entry, with everything that follows from it. Repeated under the same ``external_ref``, nothing happens."""
    done = await service.book_entry(
        call.application.database,
        call.actor,
        portfolio_id,
        wanted.columns(),
        identifiers=call.application.identifiers,
        origin=call.frame.origin,
        restate_because=restate_because,
    )
    booked = Booked(
        transaction=LedgerEntry.model_validate(done.transaction),
        ledger_commit_hash=done.ledger_commit_hash,
        is_duplicate=done.is_duplicate,
    )
    return call.success(booked, warnings=done.warnings, status_code=200 if done.is_duplicate else 201)


@router.post("/v1/portfolios/{portfolio_id}/transactions/{transaction_id}/reversal", response_model=answer_of(Reversed), status_code=201)
async def reverse_transaction(call: Writer, portfolio_id: UUID, transaction_id: UUID, wanted: ReversalWanted) -> Response:
    """Take an entry back: book the same facts with the signs negated, on the same date."""
    done = await service.reverse_entry(
        call.application.database,
        call.actor,
        portfolio_id,
        transaction_id,
        reason=wanted.reason,
        identifiers=call.application.identifiers,
        origin=call.frame.origin,
    )
    return call.success(
        Reversed(
            reversed=LedgerEntry.model_validate(done.reversed),
            reversal=LedgerEntry.model_validate(done.reversal),
            ledger_commit_hash=done.ledger_commit_hash,
        ),
        status_code=201,
    )


@router.post("/v1/portfolios/{portfolio_id}/imports", response_model=answer_of(ImportReport), openapi_extra=_CSV_BODY)
async def import_file(
    call: Writer,
    portfolio_id: UUID,
    request: Request,
    *,
    dry_run: bool = False,
    file_name: Word = "transactions.csv",
    restate_because: Word | None = None,
) -> Response:
    """Book every line of a file, or none and say what is wrong with each; ``is_accepted`` tells which. Can be repeated safely."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _FILES:
        raise HTTPException(415)
    await service.find_portfolio(call.application.database, call.actor, portfolio_id)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        async for chunk in request.stream():
            file.write(chunk)
        file.seek(0)
        report = await import_transactions(
            call.application.database,
            call.actor,
            portfolio_id,
            _chunks(file),
            file_name=file_name,
            identifiers=call.application.identifiers,
            dry_run=dry_run,
            restate_because=restate_because,
        )
    return call.success(_contract(report), warnings=report.warnings)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")


def _contract(report: Report) -> ImportReport:
    return ImportReport(
        is_accepted=report.is_accepted,
        dry_run=report.dry_run,
        file_name=report.file_name,
        portfolio_id=report.portfolio_id,
        portfolio_name=report.portfolio_name,
        rows=report.rows,
        booked=report.booked,
        duplicates=report.duplicates,
        problem_count=report.problem_count,
        problems=tuple(LineProblem.model_validate(problem) for problem in report.problems),
        positions=tuple({"symbol": symbol, "quantity": quantity} for symbol, quantity in report.positions),
        ledger_commit_hash_before=report.ledger_commit_hash_before,
        ledger_commit_hash=report.ledger_commit_hash,
    )
