"""Books an accepted proposal: shown first, entry by entry, then booked as one and exactly as shown, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.kernel.clock import today
from dawsos.kernel.errors import Conflict, Invalid
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import Transaction
from dawsos.kernel.money import ZERO, round_rate
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.drafts import TransactionDraft
from dawsos.services.ledger.booking import DEFAULT_RATE_SOURCES, Booking, OpenLedger, book, open_ledger, replay_of
from dawsos.services.rates import load_rates
from dawsos.services.suggestions.keeping import existing
from dawsos.services.suggestions.planning import AS_PROPOSED, Fills, digest_of, drafts_of, stated_rates
from dawsos.store import packs as packs_store
from dawsos.store import suggestions as store
from dawsos.store.database import Database
from dawsos.store.suggestions import SuggestionRecord
from dawsos.store.transaction import DatabaseTransaction

SOURCE: Final = "rebalancing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What executing came to, or would come to.

    ``entries`` in booking order; ``cash`` after everything booked, by currency; ``realized_pl`` of the sales in base currency.
    ``shown`` names exactly these entries: it is to be given back to have them booked. ``is_duplicate``: they had been booked before.
    """

    suggestion: SuggestionRecord
    entries: tuple[Transaction, ...]
    realized_pl: Decimal
    cash: Mapping[str, Decimal]
    base_currency: str
    shown: str
    ledger_commit_hash: str
    warnings: tuple[str, ...]
    is_duplicate: bool


async def show(
    database: Database, actor: Actor, portfolio_id: UUID, suggestion_id: UUID, fills: Fills = AS_PROPOSED, *, identifiers: Identifiers
) -> Execution:
    """What would be booked; nothing is written."""
    async with database.transaction(actor) as tx:
        return await _run(tx, portfolio_id, suggestion_id, fills, identifiers=identifiers, shown=None)


async def execute(
    database: Database,
    actor: Actor,
    portfolio_id: UUID,
    suggestion_id: UUID,
    fills: Fills = AS_PROPOSED,
    *,
    shown: str,
    identifiers: Identifiers,
    origin: Origin = NOWHERE,
) -> Execution:
    """Book what :func:`show` showed under ``shown``: all of it, or nothing. Done again with the same fills, nothing happens.

    Raises :class:`Conflict` when the proposal is not accepted, when the ledger or the pack in force is another than it was made from, when
    it was executed with other fills, and when what would be booked is not what was shown.
    """
    async with database.transaction(actor) as tx:
        done = await _run(tx, portfolio_id, suggestion_id, fills, identifiers=identifiers, shown=shown)
        if done.is_duplicate:
            return done
        moment = identifiers.clock.now()
        await store.execute_suggestion(tx, suggestion_id, moment)
        changes = {
            "portfolio_id": portfolio_id,
            "transaction_ids": [entry.id for entry in done.entries],
            "ledger_commit_hash": done.ledger_commit_hash,
        }
        await record(tx, actor, "execute", "suggestion", entity_id=suggestion_id, changes=changes, moment=moment, origin=origin)
        return replace(done, suggestion=await existing(tx, portfolio_id, suggestion_id))


async def _run(
    tx: DatabaseTransaction, portfolio_id: UUID, suggestion_id: UUID, fills: Fills, *, identifiers: Identifiers, shown: str | None
) -> Execution:
    ledger = await open_ledger(tx, portfolio_id)
    suggestion = await existing(tx, portfolio_id, suggestion_id)
    is_dry = shown is None
    if suggestion.status != "executed":
        await _refuse_moved(tx, ledger, suggestion)
        if not is_dry and suggestion.status != "accepted":
            raise Conflict(
                f"This proposal is {suggestion.status}, not accepted.", remedy="Accept it first.", code="suggestion_not_accepted"
            )
    drafts = await _drafts(tx, ledger, suggestion, fills, latest=today(identifiers.clock))
    digest = digest_of(drafts)
    if not is_dry and digest != shown:
        raise Conflict(
            "What would be booked is not what was shown.", remedy="Look at the entries again and confirm those.", code="not_as_shown"
        )
    moment = identifiers.clock.now()
    booking = await book(tx, ledger, drafts, source=SOURCE, new_id=identifiers.new, moment=moment, dry_run=is_dry)
    _refuse_problems(suggestion, booking)
    return _described(suggestion, ledger, booking, drafts, digest)


def _refuse_problems(suggestion: SuggestionRecord, booking: Booking) -> None:
    if not booking.problems:
        return
    if suggestion.status == "executed":
        raise Conflict(
            "The trades of this proposal are booked, with other fills than these.",
            remedy="Reverse the entries and book what is right.",
            code="suggestion_executed",
        )
    raise Invalid(
        "The trades cannot be booked: " + "; ".join(problem.reason for problem in booking.problems),
        remedy="Correct what is named, or propose again.",
        code="trades_not_bookable",
    )


async def _refuse_moved(tx: DatabaseTransaction, ledger: OpenLedger, suggestion: SuggestionRecord) -> None:
    if ledger.end.commit_hash != suggestion.ledger_commit_hash:
        raise Conflict(
            "The ledger has changed since this was proposed, so its trades fit what was held then.",
            remedy="Propose again from where the ledger stands now.",
            code="ledger_moved",
        )
    in_force = await packs_store.pack_in_force(tx, ledger.portfolio.pricing_policy)
    if in_force is None or in_force.id != suggestion.pricing_pack_id:
        raise Conflict(
            f"This was proposed at the prices of {suggestion.pricing_pack_id}; {in_force.id if in_force else 'no pack'} is in force now.",
            remedy="Propose again at today's prices.",
            code="pack_moved",
        )


async def _drafts(
    tx: DatabaseTransaction, ledger: OpenLedger, suggestion: SuggestionRecord, fills: Fills, *, latest: date
) -> tuple[TransactionDraft, ...]:
    pack = await packs_store.find_pack(tx, suggestion.pricing_pack_id)
    proposed_on = pack.date if pack else latest
    day = fills.trade_date or proposed_on
    if not proposed_on <= day <= max(latest, proposed_on):
        raise Invalid(
            f"The trades cannot have been made on {day}: they were proposed at the prices of {proposed_on}, and today is {latest}.",
            remedy="Give a trade date between the two.",
        )
    base = ledger.portfolio.base_currency
    currencies = {trade["currency"] for trade in suggestion.suggested_trades}
    rates = stated_rates(fills, currencies, base)
    if day == proposed_on:
        of_pack = {trade["currency"]: round_rate(Decimal(trade["fx_rate"])) for trade in suggestion.suggested_trades}
        rates = {**of_pack, **rates}
    if missing := currencies - set(rates):
        policy = await packs_store.find_policy(tx, ledger.portfolio.pricing_policy)
        published = await load_rates(tx, policy.rate_sources if policy else DEFAULT_RATE_SOURCES, {*missing, base}, day, day)
        rates |= {code: published.frozen(code, base, day) for code in sorted(missing)}
    return drafts_of(suggestion, ledger.portfolio, fills, trade_date=day, rates=rates, openings=ledger.end.by_id)


def _described(
    suggestion: SuggestionRecord, ledger: OpenLedger, booking: Booking, drafts: tuple[TransactionDraft, ...], digest: str
) -> Execution:
    is_duplicate = suggestion.status == "executed"
    entries = (
        tuple(ledger.end.by_reference[draft.external_ref] for draft in drafts)
        if is_duplicate
        else tuple(entry.transaction for entry in booking.booked)
    )
    state = replay_of(ledger.portfolio, ledger.transactions) if is_duplicate or booking.replayed is None else booking.replayed
    before = () if is_duplicate else replay_of(ledger.portfolio, ledger.transactions).warnings
    ids = {entry.id for entry in entries}
    return Execution(
        suggestion=suggestion,
        entries=entries,
        realized_pl=sum((one.realized_pl for one in state.realized if one.transaction_id in ids), ZERO),
        cash=dict(sorted(state.cash.items())),
        base_currency=ledger.portfolio.base_currency,
        shown=digest,
        ledger_commit_hash=booking.hash_after,
        warnings=() if is_duplicate else tuple(note.message for note in state.warnings if note not in before),
        is_duplicate=is_duplicate,
    )
