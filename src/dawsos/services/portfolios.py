"""Portfolios and their ledgers as a surface asks for them: list, create, page, book one entry, reverse one."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from dawsos.kernel.clock import today
from dawsos.kernel.errors import Conflict, Invalid
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import LotMethod, Transaction, TransactionType
from dawsos.kernel.money import currency
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.transaction_csv import read_transactions
from dawsos.services.ledger.booking import Booking, book, open_ledger
from dawsos.services.ledger.correction import Reversal, reverse
from dawsos.services.opening import unknown_portfolio
from dawsos.store import ledger as ledger_store
from dawsos.store import portfolios as portfolios_store
from dawsos.store import securities as securities_store
from dawsos.store.database import Database
from dawsos.store.ledger import ListedTransaction, LotRecord
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.transaction import DatabaseTransaction

SOURCE: Final = "dawsos-api"
_WHOLE_LINE: Final = "(line)"
_ONE_NAME_PER_OWNER: Final = "portfolios_one_name_per_owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPortfolio:
    """A portfolio to be."""

    name: str
    base_currency: str
    pricing_policy: str
    cost_basis_method: LotMethod = LotMethod.FIFO
    description: str | None = None
    benchmark_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries of a ledger a page is made of; None leaves a choice open, both dates are included."""

    symbol: str | None = None
    transaction_type: TransactionType | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """Entries ``(page − 1) × page_size`` and on, newest first, of ``total`` in all."""

    portfolio: PortfolioRecord
    items: tuple[ListedTransaction, ...]
    total: int
    page: int
    page_size: int

    @property
    def has_more(self) -> bool:
        return self.page * self.page_size < self.total


@dataclass(frozen=True, slots=True)
class PortfolioLots:
    """The lots of a portfolio."""

    portfolio: PortfolioRecord
    lots: tuple[LotRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedEntry:
    """The entry a draft became, and the hash of the ledger; ``is_duplicate`` when it had been booked before and nothing was written."""

    transaction: Transaction
    ledger_commit_hash: str
    is_duplicate: bool
    warnings: tuple[str, ...]


async def list_portfolios(database: Database, actor: Actor) -> list[PortfolioRecord]:
    """The actor's portfolios in use, by name."""
    async with database.transaction(actor, read_only=True) as tx:
        return await portfolios_store.list_portfolios(tx)


async def find_portfolio(database: Database, actor: Actor, portfolio_id: UUID) -> PortfolioRecord:
    """The portfolio; :class:`NotFound` when the actor has no such portfolio, whether or not there is one."""
    async with database.transaction(actor, read_only=True) as tx:
        return await _visible(tx, portfolio_id)


async def _visible(tx: DatabaseTransaction, portfolio_id: UUID) -> PortfolioRecord:
    found = await portfolios_store.find_portfolio(tx, portfolio_id)
    if found is None:
        raise unknown_portfolio(portfolio_id)
    return found


async def create_portfolio(
    database: Database, actor: Actor, wanted: NewPortfolio, *, identifiers: Identifiers, origin: Origin = NOWHERE
) -> PortfolioRecord:
    """A new, empty portfolio of the actor's own.

    Raises :class:`Invalid` for an unknown currency or a benchmark that is no known security, and :class:`Conflict` when the actor has a
    portfolio of that name already.
    """
    if actor.user_id is None:
        raise Invalid("A portfolio belongs to a user.", remedy="Log in as its owner.")
    currency(wanted.base_currency)
    portfolio_id = identifiers.new()
    try:
        async with database.transaction(actor) as tx:
            await _check_benchmark(tx, wanted.benchmark_id)
            made = await portfolios_store.add_portfolio(
                tx,
                portfolio_id=portfolio_id,
                name=wanted.name,
                base_currency=wanted.base_currency,
                owner_id=actor.user_id,
                cost_basis_method=wanted.cost_basis_method,
                description=wanted.description,
                pricing_policy=wanted.pricing_policy,
                benchmark_id=wanted.benchmark_id,
            )
            changes = {"name": wanted.name, "base_currency": wanted.base_currency, "benchmark_id": wanted.benchmark_id}
            moment = identifiers.clock.now()
            await record(tx, actor, "create", "portfolio", entity_id=portfolio_id, changes=changes, moment=moment, origin=origin)
            return made
    except Conflict as error:
        if error.details.get("constraint") != _ONE_NAME_PER_OWNER:
            raise
        raise Conflict(f"You have a portfolio '{wanted.name}' already.", remedy="Choose another name.", code="portfolio_exists") from error


async def change_portfolio(
    database: Database,
    actor: Actor,
    portfolio_id: UUID,
    changes: Mapping[str, Any],
    *,
    identifiers: Identifiers,
    origin: Origin = NOWHERE,
) -> PortfolioRecord:
    """Change name, description, ``benchmark_id`` or ``benchmark_hedged``; None leaves a fact as it is.

    Raises :class:`NotFound` when the actor has no such portfolio, :class:`Invalid` for an unknown benchmark, and :class:`Conflict` for a
    name the actor has given another portfolio.
    """
    wanted = {name: value for name, value in changes.items() if value is not None}
    moment = identifiers.clock.now()
    try:
        async with database.transaction(actor) as tx:
            await _visible(tx, portfolio_id)
            await _check_benchmark(tx, wanted.get("benchmark_id"))
            changed = await portfolios_store.change_portfolio(tx, portfolio_id, moment, **wanted)
            if changed is None:
                raise unknown_portfolio(portfolio_id)
            await record(tx, actor, "change", "portfolio", entity_id=portfolio_id, changes=wanted, moment=moment, origin=origin)
            return changed
    except Conflict as error:
        if error.details.get("constraint") != _ONE_NAME_PER_OWNER:
            raise
        raise Conflict(
            f"You have a portfolio '{wanted.get('name')}' already.", remedy="Choose another name.", code="portfolio_exists"
        ) from error


async def _check_benchmark(tx: DatabaseTransaction, symbol: str | None) -> None:
    if symbol is not None and not await securities_store.find_securities_by_symbol(tx, [symbol]):
        raise Invalid(
            f"The benchmark '{symbol}' is not a known security.",
            remedy="Import it with 'dawsos securities import' first, or name one that 'dawsos securities list' shows.",
            code="unknown_benchmark",
        )


async def ledger_page(
    database: Database, actor: Actor, portfolio_id: UUID, chosen: EntryFilter, *, page: int, page_size: int
) -> LedgerPage:
    """One page of the portfolio's entries, newest first; NotFound when the actor has no such portfolio."""
    async with database.transaction(actor, read_only=True) as tx:
        portfolio = await _visible(tx, portfolio_id)
        items, total = await ledger_store.page_of_transactions(
            tx,
            portfolio_id,
            symbol=chosen.symbol,
            transaction_type=chosen.transaction_type.value if chosen.transaction_type else None,
            first=chosen.first,
            last=chosen.last,
            limit=page_size,
            offset=(page - 1) * page_size,
        )
    return LedgerPage(portfolio=portfolio, items=tuple(items), total=total, page=page, page_size=page_size)


async def list_lots(database: Database, actor: Actor, portfolio_id: UUID, *, open_only: bool) -> PortfolioLots:
    """The portfolio's lots by symbol and date of acquisition; NotFound when the actor has no such portfolio."""
    async with database.transaction(actor, read_only=True) as tx:
        portfolio = await _visible(tx, portfolio_id)
        return PortfolioLots(portfolio, tuple(await ledger_store.list_lots(tx, portfolio_id, open_only=open_only)))


async def book_entry(
    database: Database,
    actor: Actor,
    portfolio_id: UUID,
    columns: Mapping[str, str],
    *,
    identifiers: Identifiers,
    origin: Origin = NOWHERE,
    restate_because: str | None = None,
) -> BookedEntry:
    """Book one entry, by the rules of a line of the transaction CSV: ``columns`` are its columns and what they hold.

    With an ``external_ref`` it can be repeated: the second time it is a duplicate and nothing happens. Without one every call books
    another entry. An entry inside a settled period needs ``restate_because``.

    Raises :class:`Invalid`, naming each field that is wrong, and :class:`NotFound` when the actor has no such portfolio.
    """
    reference = columns.get("external_ref") or f"api:{identifiers.new()}"
    async with database.transaction(actor) as tx:
        ledger = await open_ledger(tx, portfolio_id)
        draft = _draft({**columns, "external_ref": reference}, latest=today(identifiers.clock))
        moment = identifiers.clock.now()
        booking = await book(tx, ledger, [draft], source=SOURCE, new_id=identifiers.new, moment=moment, restate_because=restate_because)
        _refuse(booking.problems)
        if booking.booked:
            await _record_booking(tx, actor, booking, identifiers, origin)
    is_duplicate = not booking.booked
    return BookedEntry(
        transaction=ledger.end.by_reference[reference] if is_duplicate else booking.booked[0].transaction,
        ledger_commit_hash=booking.hash_after,
        is_duplicate=is_duplicate,
        warnings=tuple(note.message for note in booking.state.warnings) if booking.state else (),
    )


def _draft(columns: Mapping[str, str], *, latest: date) -> TransactionDraft:
    """The draft one line of CSV with these columns would be."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerow(columns.values())
    lines = list(read_transactions([text.getvalue().encode()], latest=latest))
    _refuse(tuple(line for line in lines if isinstance(line, RowProblem)))
    (draft,) = (line for line in lines if isinstance(line, TransactionDraft))
    return draft


def _refuse(problems: tuple[RowProblem, ...]) -> None:
    """Raise what is wrong, field by field, if anything is; it rolls the booking back."""
    if not problems:
        return
    fields = ["entry" if problem.field == _WHOLE_LINE else problem.field for problem in problems]
    listed = [{"field": field, "message": problem.reason} for field, problem in zip(fields, problems, strict=True)]
    named = "; ".join(f"{one['field']} {one['message']}" for one in listed)
    raise Invalid(
        f"The entry was not booked: {named}.",
        remedy="Correct the named fields.",
        code="entry_refused",
        details={"problems": listed},
    )


async def _record_booking(tx: DatabaseTransaction, actor: Actor, booking: Booking, identifiers: Identifiers, origin: Origin) -> None:
    entry = booking.booked[0].transaction
    changes = {"transaction_id": entry.id, "transaction_type": entry.transaction_type, "ledger_commit_hash": booking.hash_after}
    moment = identifiers.clock.now()
    await record(tx, actor, "book", "portfolio", entity_id=booking.portfolio.id, changes=changes, moment=moment, origin=origin)


async def reverse_entry(
    database: Database,
    actor: Actor,
    portfolio_id: UUID,
    transaction_id: UUID,
    *,
    reason: str,
    identifiers: Identifiers,
    origin: Origin = NOWHERE,
) -> Reversal:
    """Book the reversal of an entry.

    Raises :class:`NotFound` for an unknown portfolio or entry, and :class:`Conflict` for an entry that cannot be reversed (any more).
    """
    async with database.transaction(actor) as tx:
        ledger = await open_ledger(tx, portfolio_id)
        moment = identifiers.clock.now()
        done = await reverse(tx, ledger, transaction_id, reason=reason, new_id=identifiers.new, moment=moment)
        changes = {"transaction_id": transaction_id, "reason": reason, "ledger_commit_hash": done.ledger_commit_hash}
        await record(tx, actor, "reverse", "portfolio", entity_id=portfolio_id, changes=changes, moment=moment, origin=origin)
        return done
