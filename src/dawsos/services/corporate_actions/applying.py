"""Applies a corporate action to a portfolio: shown on its lots first, booked as a whole, taken back as a whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.records import Lot
from dawsos.kernel.errors import Conflict, Invalid, NotFound
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.kernel.money import ZERO
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.corporate_actions.entries import Holding, entries
from dawsos.services.corporate_actions.queue import existing, name_of
from dawsos.services.identifiers import Identifiers
from dawsos.services.ledger.booking import Booking, OpenLedger, book, open_ledger, replay_of
from dawsos.services.ledger.correction import reverse_together
from dawsos.store import corporate_actions as store
from dawsos.store.corporate_actions import ActionStatus, ActionType, CorporateActionRecord
from dawsos.store.database import Database
from dawsos.store.transaction import DatabaseTransaction

SOURCE: Final = "corporate-action"
_TRADES: Final = {TransactionType.BUY, TransactionType.SELL, TransactionType.TRANSFER_IN, TransactionType.TRANSFER_OUT}
_ALREADY: Final = {ActionType.DIVIDEND: TransactionType.DIVIDEND, ActionType.SPLIT: TransactionType.SPLIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What applying came to, or would come to: the entries, and the lots of the securities concerned before and after.

    ``realized_pl`` is what it realises in base currency. ``application_id`` is None for a preview.
    """

    action: CorporateActionRecord
    application_id: UUID | None
    quantity: Decimal
    entries: tuple[Transaction, ...]
    lots_before: tuple[Lot, ...]
    lots_after: tuple[Lot, ...]
    realized_pl: Decimal
    ledger_commit_hash: str


async def preview(database: Database, actor: Actor, portfolio_id: UUID, action_id: UUID, *, identifiers: Identifiers) -> Application:
    """What applying the action would do; nothing is written."""
    async with database.transaction(actor) as tx:
        return await _apply(tx, actor, portfolio_id, action_id, identifiers=identifiers, dry_run=True)


async def apply(
    database: Database, actor: Actor, portfolio_id: UUID, action_id: UUID, *, identifiers: Identifiers, origin: Origin = NOWHERE
) -> Application:
    """Book an approved action. Conflict when it is not approved, applied already, or booked by hand; Invalid when it cannot be booked."""
    async with database.transaction(actor) as tx:
        done = await _apply(tx, actor, portfolio_id, action_id, identifiers=identifiers, dry_run=False)
        changes = {"portfolio_id": portfolio_id, "application_id": done.application_id, "ledger_commit_hash": done.ledger_commit_hash}
        moment = identifiers.clock.now()
        await record(tx, actor, "apply", "corporate_action", entity_id=action_id, changes=changes, moment=moment, origin=origin)
        return done


async def take_back(
    database: Database,
    actor: Actor,
    portfolio_id: UUID,
    action_id: UUID,
    *,
    reason: str,
    identifiers: Identifiers,
    origin: Origin = NOWHERE,
) -> tuple[Transaction, ...]:
    """Reverse everything that applying the action booked; the reversals. It can be applied again afterwards."""
    async with database.transaction(actor) as tx:
        # The ledger first: a portfolio that is not the actor's answers like one that does not exist, whatever the action.
        ledger = await open_ledger(tx, portfolio_id)
        action = await existing(tx, action_id)
        applied = next((one for one in await store.list_applications(tx, portfolio_id) if one.corporate_action_id == action_id), None)
        if applied is None or applied.status != "applied":
            raise NotFound(f"{name_of(action)} is not applied to this portfolio.", code="application_not_found")
        moment = identifiers.clock.now()
        done = await reverse_together(tx, ledger, applied.transaction_ids, reason=reason, new_id=identifiers.new, moment=moment)
        await store.reverse_application(tx, applied.id, reason=reason, moment=moment, user_id=actor.user_id)
        changes = {"portfolio_id": portfolio_id, "application_id": applied.id, "reason": reason}
        await record(tx, actor, "reverse", "corporate_action", entity_id=action_id, changes=changes, moment=moment, origin=origin)
        return done


async def _apply(
    tx: DatabaseTransaction, actor: Actor, portfolio_id: UUID, action_id: UUID, *, identifiers: Identifiers, dry_run: bool
) -> Application:
    ledger = await open_ledger(tx, portfolio_id)
    action = await existing(tx, action_id)
    await _refuse_unready(tx, ledger, action, dry_run=dry_run)
    lots = lots_entitled(ledger, action)
    quantity = sum((lot.qty_open for lot in lots), ZERO)
    if not lots:
        raise Conflict(
            f"{name_of(action)} does not concern this portfolio: it held none of it then.",
            remedy="Nothing needs to be done.",
            code="nothing_held",
        )
    application_id, moment = identifiers.new(), identifiers.clock.now()
    drafts = entries(action, _holding(ledger, lots), f"corporate-action-{application_id}")
    booking = await book(tx, ledger, drafts, source=SOURCE, new_id=identifiers.new, moment=moment, dry_run=dry_run)
    if booking.problems or booking.state is None:
        raise Invalid(
            f"{name_of(action)} cannot be booked: " + "; ".join(problem.reason for problem in booking.problems),
            remedy="Correct what is named and apply it again.",
            code="action_not_bookable",
        )
    booked = tuple(entry.transaction for entry in booking.booked)
    if not dry_run:
        await store.add_application(
            tx,
            application_id=application_id,
            action_id=action_id,
            portfolio_id=portfolio_id,
            transaction_ids=[entry.id for entry in booked],
            quantity=quantity,
            moment=moment,
            user_id=actor.user_id,
        )
    return _described(action, None if dry_run else application_id, quantity, lots, booked, booking)


def lots_entitled(ledger: OpenLedger, action: CorporateActionRecord) -> tuple[Lot, ...]:
    """The open lots that take part: those held when the day before the ex-date ended."""
    held = replay_of(ledger.portfolio, ledger.transactions, through=action.ex_date - timedelta(days=1))
    return tuple(lot for lot in held.lots if lot.security_id == action.security_id and lot.qty_open)


def _holding(ledger: OpenLedger, lots: tuple[Lot, ...]) -> Holding:
    references = {entry.id: entry.external_ref for entry in ledger.transactions if entry.external_ref}
    return Holding(
        lots=lots, references=references, base_currency=ledger.portfolio.base_currency, method=ledger.portfolio.cost_basis_method
    )


async def _refuse_unready(tx: DatabaseTransaction, ledger: OpenLedger, action: CorporateActionRecord, *, dry_run: bool) -> None:
    if not dry_run and action.status is not ActionStatus.APPROVED:
        raise Conflict(
            f"{name_of(action)} is {action.status}, not approved.",
            remedy="Have an operator approve it first: 'dawsos corporate-actions approve'.",
            code="action_not_approved",
        )
    for one in await store.list_applications(tx, ledger.portfolio.id):
        if one.corporate_action_id == action.id and one.status == "applied":
            raise Conflict(
                f"{name_of(action)} is applied to this portfolio already.", remedy="Nothing needs to be done.", code="action_applied"
            )
    standing = _standing(ledger.transactions, action.security_id)
    if (twin := _booked_by_hand(standing, action)) is not None:
        raise Conflict(
            f"{name_of(action)} is booked already, as entry {twin.sequence} ({twin.external_ref or 'without a reference'}).",
            remedy="Reverse that entry first if this is to replace it.",
            code="action_booked_by_hand",
        )
    trades = [one for one in standing if one.transaction_date == action.ex_date and one.transaction_type in _TRADES]
    if trades and action.action_type is not ActionType.DIVIDEND:
        raise Conflict(
            f"Entry {trades[0].sequence} moves {action.symbol} on the ex-date itself, and it would be replayed before the action.",
            remedy="Reverse it, apply the action, and book it again: entries of one day are replayed in the order they were booked in.",
            code="trade_on_ex_date",
        )


def _standing(transactions: Sequence[Transaction], security_id: UUID) -> list[Transaction]:
    """The entries of a security that no reversal has undone."""
    undone = {one.parent_transaction_id for one in transactions if one.is_reversal}
    return [one for one in transactions if one.security_id == security_id and not one.is_reversal and one.id not in undone]


def _booked_by_hand(standing: Sequence[Transaction], action: CorporateActionRecord) -> Transaction | None:
    kind = _ALREADY.get(action.action_type)
    is_that_day: Callable[[Transaction], bool] = lambda one: (one.ex_date or one.transaction_date) == action.ex_date  # noqa: E731
    return next((one for one in standing if one.transaction_type is kind and is_that_day(one)), None)


def _described(
    action: CorporateActionRecord,
    application_id: UUID | None,
    quantity: Decimal,
    lots: tuple[Lot, ...],
    booked: tuple[Transaction, ...],
    booking: Booking,
) -> Application:
    concerned = {action.security_id, action.other_security_id}
    ids = {entry.id for entry in booked}
    state = booking.replayed
    after = () if state is None else tuple(lot for lot in state.lots if lot.security_id in concerned and lot.qty_open)
    realized = () if state is None else state.realized
    return Application(
        action=action,
        application_id=application_id,
        quantity=quantity,
        entries=booked,
        lots_before=lots,
        lots_after=after,
        realized_pl=sum((one.realized_pl for one in realized if one.transaction_id in ids), ZERO),
        ledger_commit_hash=booking.hash_after,
    )


def split_factor(actions: Sequence[CorporateActionRecord], after: date, through: date) -> Decimal:
    """How many shares of ``through`` one share of ``after`` has become: the product of the splits in (after, through].

    A price as quoted on ``after``, divided by it, compares with prices of ``through``. Observed prices stay as they were quoted.
    """
    factor = Decimal(1)
    for action in actions:
        is_split = action.action_type is ActionType.SPLIT and action.status is ActionStatus.APPROVED
        if is_split and action.split_from and action.split_to and after < action.ex_date <= through:
            factor = factor * action.split_to / action.split_from
    return factor
