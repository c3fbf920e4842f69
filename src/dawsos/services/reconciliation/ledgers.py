"""Reconciles ledgers with the database under a pack: every portfolio of a block at once, each with a result that is kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.compute.ledger.reconciliation import (
    BookedPosition,
    Books,
    Discrepancy,
    DiscrepancyKind,
    compare_books,
    error_bps,
)
from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.valuation.inputs import OpenLot
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.records import ValuedPortfolio
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import DawsosError
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import Transaction
from dawsos.kernel.money import ONE, ZERO
from dawsos.services.context import Pins
from dawsos.services.holdings import PackMarket, lot_of
from dawsos.services.ledger.booking import replay_of
from dawsos.services.reconciliation.independent import Beancount, independent_books
from dawsos.store import history as history_store
from dawsos.store import ledger as ledger_store
from dawsos.store import reconciliation as store
from dawsos.store import securities as securities_store
from dawsos.store.ledger import LotRecord
from dawsos.store.securities import SecurityRecord
from dawsos.store.transaction import DatabaseTransaction

TOLERANCE_BPS: Final = ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """How one portfolio's ledger compares with the database; ``checked_with`` says what replayed it."""

    pins: Pins
    checked_with: str
    ledger_nav: Decimal | None
    db_nav: Decimal | None
    ledger_position_count: int
    db_position_count: int
    discrepancies: tuple[Discrepancy, ...]

    @property
    def passed(self) -> bool:
        return not self.discrepancies

    @property
    def error_bps(self) -> Decimal | None:
        return None if self.ledger_nav is None or self.db_nav is None else error_bps(self.ledger_nav, self.db_nav)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database holds of one portfolio."""

    ledger: Sequence[Transaction]
    lots: Sequence[LotRecord]
    cash: Mapping[str, Decimal]
    value: history_store.ValueOnDay | None


async def reconcile_block(
    tx: DatabaseTransaction, market: PackMarket, block: Sequence[Pins], *, beancount: Beancount | None, moment: datetime
) -> list[Reconciliation]:
    """Compare every portfolio of ``block`` and keep the results.

    The ledger's side is a replay of the transactions, by Beancount where it is given and by DawsOS otherwise. The database's side are its
    lots, the sum of its cash effects and, once it is computed, its stored value of the day. Lots are what they are after everything booked,
    so they are compared with the replay of everything; positions and cash are valued, and Beancount is asked, at the pack's date.
    """
    ids = [pins.portfolio.id for pins in block]
    ledgers = await ledger_store.booked_ledgers(tx, ids)
    lots: defaultdict[UUID, list[LotRecord]] = defaultdict(list)
    for lot in await ledger_store.lots_of(tx, ids):
        lots[lot.portfolio_id].append(lot)
    cash: defaultdict[UUID, dict[str, Decimal]] = defaultdict(dict)
    for one in await ledger_store.cash_of(tx, ids, market.day):
        cash[one.portfolio_id][one.currency] = one.amount
    values = await history_store.values_on(tx, ids, market.day)
    wanted = {entry.security_id for ledger in ledgers.values() for entry in ledger if entry.security_id}
    wanted |= {lot.security_id for own in lots.values() for lot in own}
    facts = {one.id: one for one in await securities_store.find_securities(tx, sorted(wanted))} if wanted else {}
    found = [
        await _reconciled(
            pins,
            _Stored(ledgers[pins.portfolio.id], lots[pins.portfolio.id], cash[pins.portfolio.id], values.get(pins.portfolio.id)),
            market,
            facts,
            beancount,
        )
        for pins in block
    ]
    await store.put_reconciliations(tx, [_row(one, moment) for one in found])
    return found


async def _reconciled(
    pins: Pins, stored: _Stored, market: PackMarket, facts: Mapping[UUID, SecurityRecord], beancount: Beancount | None
) -> Reconciliation:
    name = "beancount" if beancount else "dawsos"
    try:
        whole = replay_of(pins.portfolio, stored.ledger)
        is_present = all(entry.transaction_date <= market.day for entry in stored.ledger)
        state = whole if is_present else replay_of(pins.portfolio, stored.ledger, through=market.day)
        found = compare_books(_of_state(whole, None), _of_lots(stored.lots, whole.cash, None), whole.transactions)
        ledger = await _ledger_books(pins, whole, state, market, facts, beancount)
    except DawsosError as error:
        return _unreadable(pins, name, error)
    database = _database_books(pins, stored, state, market, facts, is_present=is_present)
    seen = {(one.kind, one.subject) for one in found}
    found += [one for one in compare_books(ledger, database, state.transactions) if (one.kind, one.subject) not in seen]
    return Reconciliation(
        pins=pins,
        checked_with=name,
        ledger_nav=ledger.nav,
        db_nav=database.nav,
        ledger_position_count=len(ledger.positions),
        db_position_count=len(database.positions),
        discrepancies=tuple(found),
    )


def _unreadable(pins: Pins, checked_with: str, error: DawsosError) -> Reconciliation:
    broken = Discrepancy(
        kind=DiscrepancyKind.VALUATION,
        subject="ledger",
        ledger=None,
        database=None,
        probable_cause=f"it cannot be replayed: {error.message}",
    )
    return Reconciliation(
        pins=pins,
        checked_with=checked_with,
        ledger_nav=None,
        db_nav=None,
        ledger_position_count=0,
        db_position_count=0,
        discrepancies=(broken,),
    )


async def _ledger_books(
    pins: Pins,
    whole: LedgerState,
    state: LedgerState,
    market: PackMarket,
    facts: Mapping[UUID, SecurityRecord],
    beancount: Beancount | None,
) -> Books:
    """The ledger's side on the pack's date, valued."""
    books = _of_state(state, _valued(pins, state.open_lots(), state.cash, market, facts))
    if beancount is None:
        return books
    theirs = await independent_books(beancount, whole, market.day)
    positions = {
        symbol: BookedPosition(symbol=symbol, quantity=quantity, cost_basis=cost) for symbol, (quantity, cost) in theirs.positions.items()
    }
    return replace(books, positions=_with_values(positions, books.positions), cash=theirs.cash)


def _with_values(theirs: Mapping[str, BookedPosition], ours: Mapping[str, BookedPosition]) -> dict[str, BookedPosition]:
    """Beancount knows no prices: a position it agrees on has the value the pack gives it."""
    return {
        symbol: replace(one, market_value=ours[symbol].market_value) if symbol in ours and ours[symbol].quantity == one.quantity else one
        for symbol, one in theirs.items()
    }


def _database_books(
    pins: Pins, stored: _Stored, state: LedgerState, market: PackMarket, facts: Mapping[UUID, SecurityRecord], *, is_present: bool
) -> Books:
    """The database's side on the pack's date: its lots when nothing was booked later, else what its transactions replay to."""
    if is_present:
        lots = [lot_of(lot) for lot in stored.lots if lot.qty_open]
        valued = _valued(pins, lots, stored.cash, market, facts)
        books = _of_lots(stored.lots, stored.cash, valued)
    else:
        valued = _valued(pins, state.open_lots(), stored.cash, market, facts)
        books = replace(_of_state(state, valued), cash={code: amount for code, amount in stored.cash.items() if amount})
    value = stored.value
    is_of_this_state = value is not None and (value.ledger_commit_hash, value.pricing_pack_id) == (
        pins.ledger.commit_hash,
        pins.pack.id,
    )
    if value is not None and is_of_this_state:
        return replace(
            books, nav=value.nav, state=f"the stored value of {market.day} is not what the ledger and {value.pricing_pack_id} give"
        )
    return books


def _valued(
    pins: Pins, lots: Sequence[OpenLot], cash: Mapping[str, Decimal], market: PackMarket, facts: Mapping[UUID, SecurityRecord]
) -> ValuedPortfolio:
    return value_positions(
        lots,
        cash,
        as_of=market.day,
        prices=market.prices,
        rates=market.rates,
        base_currency=pins.portfolio.base_currency,
        securities=facts,
    )


def _of_state(state: LedgerState, valued: ValuedPortfolio | None) -> Books:
    values = _values(valued)
    positions = {
        _name(one.symbol, one.security_id): BookedPosition(
            symbol=_name(one.symbol, one.security_id),
            quantity=one.quantity,
            cost_basis=one.cost_basis,
            cost_basis_base=one.cost_basis_base,
            market_value=values.get(one.security_id),
        )
        for one in state.positions()
    }
    return Books(positions=positions, cash={code: amount for code, amount in state.cash.items() if amount}, nav=_whole_nav(valued))


def _of_lots(lots: Sequence[LotRecord], cash: Mapping[str, Decimal], valued: ValuedPortfolio | None) -> Books:
    values = _values(valued)
    held: defaultdict[UUID, list[LotRecord]] = defaultdict(list)
    for lot in lots:
        if lot.qty_open:
            held[lot.security_id].append(lot)
    positions = {}
    for security_id, own in held.items():
        name = _name(own[0].symbol, security_id)
        positions[name] = BookedPosition(
            symbol=name,
            quantity=sum((lot.qty_open for lot in own), ZERO),
            cost_basis=sum((lot.cost_basis for lot in own), ZERO),
            cost_basis_base=sum((lot.cost_basis_base or ZERO for lot in own), ZERO),
            market_value=values.get(security_id),
        )
    return Books(positions=positions, cash={code: amount for code, amount in cash.items() if amount}, nav=_whole_nav(valued))


def _values(valued: ValuedPortfolio | None) -> dict[UUID | None, Decimal]:
    if valued is None:
        return {}
    return {one.security_id: one.market_value for one in valued.positions if one.security_id and one.market_value is not None}


def _whole_nav(valued: ValuedPortfolio | None) -> Decimal | None:
    """The NAV, when everything in it has a value."""
    return valued.nav if valued is not None and valued.coverage == 1.0 else None


def _name(symbol: str | None, security_id: UUID) -> str:
    return symbol or str(security_id)


def _row(one: Reconciliation, moment: datetime) -> tuple[Any, ...]:
    pins = one.pins
    by_kind: defaultdict[str, list[Discrepancy]] = defaultdict(list)
    for each in one.discrepancies:
        by_kind[each.kind].append(each)

    def of(*kinds: DiscrepancyKind) -> str:
        return canonical_bytes([each for kind in kinds for each in by_kind[kind]]).decode()

    return (
        named("reconciliation", pins.portfolio.id, pins.pack.id, pins.ledger.commit_hash), pins.portfolio.id, pins.pack.id,
        pins.ledger.commit_hash, pins.pack.date, one.ledger_nav, one.db_nav, one.error_bps, TOLERANCE_BPS, one.passed,
        one.ledger_position_count, one.db_position_count, of(DiscrepancyKind.MISSING_IN_DB), of(DiscrepancyKind.MISSING_IN_LEDGER),
        of(DiscrepancyKind.QUANTITY), of(DiscrepancyKind.COST, DiscrepancyKind.CASH), of(DiscrepancyKind.VALUATION), one.checked_with,
        canonical_bytes(one.discrepancies).decode(), moment,
    )  # fmt: skip
