"""Booking one transaction after another into lots, cash and results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.apportion import in_turn
from dawsos.compute.ledger.book import Book, BookedLot, Relief
from dawsos.compute.ledger.checks import brought_of, check, quantity_of, security_of, split_terms_of
from dawsos.compute.ledger.gains import split_gain
from dawsos.compute.ledger.naming import describe, refused
from dawsos.compute.ledger.records import (
    CarriedOut,
    Disposal,
    ExternalFlow,
    Income,
    LedgerState,
    LedgerWarning,
    Lot,
    Realized,
)
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod, Transaction, TransactionType
from dawsos.kernel.money import ZERO, multiply, round_money


@dataclass(frozen=True, slots=True)
class Holding:
    """What is open of a lot or pool."""

    quantity: Decimal
    cost: Decimal
    currency: str
    acquisition_date: date


class Builder:
    """A ledger state that grows: starts from ``start`` and books rows that are newer than everything in it."""

    def __init__(self, start: LedgerState) -> None:
        self._start = start
        self._lots: dict[UUID, Lot | BookedLot] = {lot.id: lot for lot in start.lots}
        self._ever_held = {lot.security_id for lot in start.lots}
        self._books: dict[UUID, Book] = {}
        self._cash = dict(start.cash)
        self._history = {code: list(days) for code, days in start.cash_history.items()}
        self._disposals = list(start.disposals)
        self._carried_out = list(start.carried_out)
        self._realized = list(start.realized)
        self._flows = list(start.external_flows)
        self._income = list(start.income)
        self._notes = list(start.notes)
        self._book_by_type: dict[TransactionType, Callable[[Transaction], None]] = {
            TransactionType.BUY: self._buy,
            TransactionType.SELL: self._sell,
            TransactionType.DIVIDEND: self._dividend,
            TransactionType.INTEREST: self._earn,
            TransactionType.FEE: self._earn,
            TransactionType.TAX: self._earn,
            TransactionType.SPLIT: self._split,
        }

    def book(self, transaction: Transaction, *, is_internal: bool) -> None:
        """Book one row; ``is_internal`` says that a transfer has its counterpart in the same ledger.

        Raises :class:`Invalid`, whose details hold the row's ``sequence``, when it cannot have happened as booked.
        """
        try:
            self._book(transaction, is_internal=is_internal)
        except Invalid as error:
            error.details.setdefault("sequence", transaction.sequence)
            error.details.setdefault("transaction_id", str(transaction.id))
            raise

    def _book(self, transaction: Transaction, *, is_internal: bool) -> None:
        check(transaction, self._start.base_currency)
        kind = transaction.transaction_type
        if kind in self._book_by_type:
            self._book_by_type[kind](transaction)
        else:
            self._move(transaction, is_internal=is_internal)
        if transaction.cash_effect:
            self._pay(transaction.currency, transaction.transaction_date, transaction.cash_effect)

    def held(self, security_id: UUID) -> dict[UUID, Holding]:
        """The open lots of one security by id, oldest first; with AVERAGE the pool as one lot, under the security's id."""
        book = self._opened(security_id)
        if self._start.method is LotMethod.AVERAGE:
            return {security_id: Holding(book.quantity, book.cost, lot.currency, lot.acquisition_date) for lot in book.lots[:1]}  # noqa: B035 - one or none
        return {lot.id: Holding(lot.qty_open, lot.cost_basis, lot.currency, lot.acquisition_date) for lot in book.lots}

    def state(self, transactions: tuple[Transaction, ...], through: date | None) -> LedgerState:
        """The state reached, with the rows it came from."""
        for book in self._books.values():
            book.settle()
        start = self._start
        return LedgerState(
            base_currency=start.base_currency,
            method=start.method,
            gain_split=start.gain_split,
            fees_in_cost=start.fees_in_cost,
            through=through,
            transactions=transactions,
            lots=tuple(lot.frozen() if isinstance(lot, BookedLot) else lot for lot in self._lots.values()),
            disposals=tuple(self._disposals),
            carried_out=tuple(self._carried_out),
            realized=tuple(self._realized),
            cash=self._cash,
            cash_history={code: tuple(days) for code, days in self._history.items()},
            external_flows=tuple(self._flows),
            income=tuple(self._income),
            notes=tuple(self._notes),
        )

    def _pay(self, currency: str, day: date, effect: Decimal) -> None:
        balance = self._cash.get(currency, ZERO) + effect
        self._cash[currency] = balance
        days = self._history.setdefault(currency, [])
        if days and days[-1][0] == day:
            days[-1] = (day, balance)
        else:
            days.append((day, balance))

    def _opened(self, security_id: UUID) -> Book:
        book = self._books.get(security_id)
        if book is None:
            lots = [_thawed(lot) for lot in self._start.lots if lot.security_id == security_id and lot.qty_open]
            self._lots.update((lot.id, lot) for lot in lots)
            book = self._books[security_id] = Book(self._start.method, lots)
        return book

    def _book_of(self, transaction: Transaction) -> Book:
        """The book of the security traded, in whose currency the trade must be."""
        book = self._opened(security_of(transaction))
        if book.currency not in {None, transaction.currency}:
            raise refused(
                transaction,
                f"it is in {transaction.currency}, the lots held are in {book.currency}.",
                f"Book it in {book.currency}, with a conversion (TRANSFER_OUT and TRANSFER_IN) for the cash.",
            )
        return book

    def _buy(self, transaction: Transaction) -> None:
        cost = -transaction.cash_effect if self._start.fees_in_cost else -transaction.amount
        self._expense_costs(transaction)
        self._open(transaction, cost, transaction.transaction_date)

    def _open(self, transaction: Transaction, cost: Decimal, acquired: date) -> None:
        book, quantity = self._book_of(transaction), quantity_of(transaction)
        lot = BookedLot(
            id=transaction.id,
            portfolio_id=transaction.portfolio_id,
            security_id=security_of(transaction),
            symbol=transaction.symbol,
            qty_open=quantity,
            qty_original=quantity,
            cost_basis=cost,
            cost_basis_base=round_money(multiply(cost, transaction.fx_rate)),
            acquisition_date=acquired,
            currency=transaction.currency,
            trade_fx_rate=transaction.fx_rate,
            open_transaction_id=transaction.id,
            open_sequence=transaction.sequence,
        )
        book.add(lot)
        self._lots[lot.id] = lot
        self._ever_held.add(lot.security_id)

    def _relieve(self, transaction: Transaction) -> list[Relief]:
        book = self._book_of(transaction)
        return book.relieve(quantity_of(transaction), transaction.lot_selection, transaction.transaction_date, describe(transaction))

    def _sell(self, transaction: Transaction) -> None:
        reliefs = self._relieve(transaction)
        proceeds = transaction.cash_effect if self._start.fees_in_cost else transaction.amount
        self._expense_costs(transaction)
        proceeds_base = round_money(multiply(proceeds, transaction.fx_rate))
        quantities = [relief.quantity for relief in reliefs]
        parts = zip(reliefs, in_turn(proceeds, quantities), in_turn(proceeds_base, quantities), strict=True)
        disposals = [self._disposal(transaction, *part) for part in parts]
        self._disposals += disposals
        self._realized.append(_realized(transaction, disposals, proceeds, proceeds_base))

    def _disposal(self, transaction: Transaction, relief: Relief, proceeds: Decimal, proceeds_base: Decimal) -> Disposal:
        lot = relief.lot
        gain = split_gain(
            proceeds=proceeds,
            proceeds_base=proceeds_base,
            cost=relief.cost,
            cost_base=relief.cost_base,
            exit_rate=transaction.fx_rate,
            entry_rate=lot.trade_fx_rate,
            convention=self._start.gain_split,
        )
        return Disposal(
            sell_transaction_id=transaction.id,
            lot_id=lot.id,
            security_id=lot.security_id,
            symbol=lot.symbol,
            quantity=relief.quantity,
            proceeds=proceeds,
            cost=relief.cost,
            proceeds_base=proceeds_base,
            cost_base=relief.cost_base,
            gain_price_base=gain.price,
            gain_fx_base=gain.fx,
            acquisition_date=lot.acquisition_date,
            disposal_date=transaction.transaction_date,
            holding_days=(transaction.transaction_date - lot.acquisition_date).days,
        )

    def _dividend(self, transaction: Transaction) -> None:
        if transaction.security_id not in self._ever_held:
            self._note("dividend_without_holding", transaction, "it pays on a security that was never held.")
        self._earn(transaction)

    def _earn(self, transaction: Transaction) -> None:
        self._income.append(_income(transaction, transaction.amount))

    def _expense_costs(self, transaction: Transaction) -> None:
        """Costs that are neither part of a lot's cost nor of proceeds are a charge of their own."""
        is_trade = transaction.transaction_type in {TransactionType.BUY, TransactionType.SELL}
        if (transaction.fee or transaction.withholding_tax) and not (is_trade and self._start.fees_in_cost):
            self._income.append(_income(transaction, ZERO))

    def _split(self, transaction: Transaction) -> None:
        book = self._opened(security_of(transaction))
        if book.lots:
            book.split(*split_terms_of(transaction), describe(transaction))
        else:
            self._note("split_without_holding", transaction, "nothing of it is held, so nothing changes.")

    def _move(self, transaction: Transaction, *, is_internal: bool) -> None:
        """DEPOSIT, WITHDRAWAL, TRANSFER_IN, TRANSFER_OUT."""
        self._expense_costs(transaction)
        if transaction.security_id is not None:
            self._move_in_kind(transaction)
        if not is_internal:
            self._flows.append(_external_flow(transaction))
            if transaction.transaction_type is TransactionType.TRANSFER_IN and transaction.parent_transaction_id:
                self._note("half_transfer", transaction, "its other half was reversed, so it counts as money from outside.")

    def _move_in_kind(self, transaction: Transaction) -> None:
        if transaction.transaction_type is TransactionType.TRANSFER_IN:
            self._open(transaction, *brought_of(transaction))
            return
        self._carried_out += [_carried_out(transaction, relief) for relief in self._relieve(transaction)]

    def _note(self, code: str, transaction: Transaction, what: str) -> None:
        day = transaction.transaction_date
        self._notes.append(
            LedgerWarning(
                code=code,
                message=f"{describe(transaction)}: {what}",
                start_date=day,
                end_date=day,
                currency=transaction.currency,
                security_id=transaction.security_id,
                transaction_id=transaction.id,
            )
        )


def _thawed(lot: Lot) -> BookedLot:
    return BookedLot(**{name: getattr(lot, name) for name in Lot.__slots__})


def _realized(transaction: Transaction, disposals: Sequence[Disposal], proceeds: Decimal, proceeds_base: Decimal) -> Realized:
    cost_base = sum((each.cost_base for each in disposals), ZERO)
    return Realized(
        transaction_id=transaction.id,
        security_id=disposals[0].security_id,
        symbol=transaction.symbol,
        date=transaction.transaction_date,
        currency=transaction.currency,
        quantity=sum((each.quantity for each in disposals), ZERO),
        proceeds=proceeds,
        cost=sum((each.cost for each in disposals), ZERO),
        proceeds_base=proceeds_base,
        cost_base=cost_base,
        realized_pl=proceeds_base - cost_base,
        realized_pl_price=sum((each.gain_price_base for each in disposals), ZERO),
        realized_pl_fx=sum((each.gain_fx_base for each in disposals), ZERO),
    )


def _carried_out(transaction: Transaction, relief: Relief) -> CarriedOut:
    return CarriedOut(
        transfer_transaction_id=transaction.id,
        lot_id=relief.lot.id,
        security_id=relief.lot.security_id,
        symbol=relief.lot.symbol,
        quantity=relief.quantity,
        cost=relief.cost,
        cost_base=relief.cost_base,
        acquisition_date=relief.lot.acquisition_date,
        transfer_date=transaction.transaction_date,
    )


def _income(transaction: Transaction, amount: Decimal) -> Income:
    rate = transaction.fx_rate
    amount_base = round_money(multiply(amount, rate))
    fee_base = round_money(multiply(transaction.fee, rate))
    withheld_base = round_money(multiply(transaction.withholding_tax, rate))
    return Income(
        transaction_id=transaction.id,
        transaction_type=transaction.transaction_type,
        date=transaction.transaction_date,
        currency=transaction.currency,
        security_id=transaction.security_id,
        symbol=transaction.symbol,
        amount=amount,
        fee=transaction.fee,
        withholding_tax=transaction.withholding_tax,
        net=amount - transaction.fee - transaction.withholding_tax,
        amount_base=amount_base,
        fee_base=fee_base,
        withholding_tax_base=withheld_base,
        net_base=amount_base - fee_base - withheld_base,
    )


def _external_flow(transaction: Transaction) -> ExternalFlow:
    in_kind = transaction.security_id is not None
    quantity = quantity_of(transaction) if in_kind else None
    if quantity is not None and transaction.transaction_type is TransactionType.TRANSFER_OUT:
        quantity = -quantity
    return ExternalFlow(
        transaction_id=transaction.id,
        date=transaction.transaction_date,
        currency=transaction.currency,
        amount=None if in_kind else transaction.amount,
        amount_base=None if in_kind else round_money(multiply(transaction.amount, transaction.fx_rate)),
        security_id=transaction.security_id,
        symbol=transaction.symbol,
        quantity=quantity,
    )
