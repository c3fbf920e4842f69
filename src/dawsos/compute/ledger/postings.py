"""A transaction as balanced double-entry postings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.naming import refused
from dawsos.compute.ledger.records import CarriedOut, Disposal
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.kernel.money import ZERO

CASH: Final = "Assets:Cash"
SECURITIES: Final = "Assets:Securities"
DEPOSITS: Final = "Equity:Deposits"
TRANSFERS: Final = "Equity:Transfers"
CONVERSIONS: Final = "Equity:Conversions"
DIVIDENDS: Final = "Income:Dividends"
INTEREST: Final = "Income:Interest"
REALIZED: Final = "Income:Realized"
FEES: Final = "Expenses:Fees"
TAXES: Final = "Expenses:Taxes"
WITHHOLDING: Final = "Expenses:WithholdingTax"

ACCOUNTS: Final = (
    CASH,
    SECURITIES,
    DEPOSITS,
    TRANSFERS,
    CONVERSIONS,
    DIVIDENDS,
    INTEREST,
    REALIZED,
    FEES,
    TAXES,
    WITHHOLDING,
)

Relieved = Disposal | CarriedOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One leg of a transaction. Of money: ``quantity`` of currency ``commodity``. Of a security: signed ``quantity`` of the symbol, with
    its signed total ``cost`` in ``cost_commodity`` and the lot it belongs to. Legs balance per currency, securities at cost.
    """  # noqa: D205 - one thought

    account: str
    commodity: str
    quantity: Decimal
    price: Decimal | None = None
    price_commodity: str | None = None
    cost: Decimal | None = None
    cost_commodity: str | None = None
    lot_id: UUID | None = None


def postings(
    transaction: Transaction,
    *,
    relieved: Sequence[Relieved] = (),
    is_internal: bool = False,
    fees_in_cost: bool = True,
) -> tuple[Posting, ...]:
    """The balanced postings of ``transaction``; per currency, money and securities at cost add up to zero.

    ``relieved`` are the disposals of a SELL, or what a TRANSFER_OUT in kind carried out; their sum must be the quantity. ``is_internal``
    says that a transfer's counterpart is in the same ledger: it is booked against conversions instead of the investor. A SPLIT moves no
    value and has no postings. A reversal has those of the row it reverses, signs turned; give it that row's ``relieved``.
    """
    if transaction.is_reversal:
        original = replace(
            transaction,
            is_reversal=False,
            amount=-transaction.amount,
            fee=-transaction.fee,
            withholding_tax=-transaction.withholding_tax,
            quantity=None if transaction.quantity is None else -transaction.quantity,
        )
        mirrored = postings(original, relieved=relieved, is_internal=is_internal, fees_in_cost=fees_in_cost)
        return tuple(_turned(leg) for leg in mirrored)
    if transaction.transaction_type is TransactionType.SPLIT and not transaction.cash_effect:
        return ()
    legs = [_money(CASH, transaction, transaction.cash_effect), *_charges(transaction, fees_in_cost=fees_in_cost)]
    legs += _counterparts(transaction, relieved, is_internal=is_internal, fees_in_cost=fees_in_cost)
    return tuple(leg for leg in legs if leg.quantity)


def _turned(leg: Posting) -> Posting:
    return replace(leg, quantity=-leg.quantity, cost=None if leg.cost is None else -leg.cost)


def _money(account: str, transaction: Transaction, amount: Decimal) -> Posting:
    return Posting(account=account, commodity=transaction.currency, quantity=amount)


def _charges(transaction: Transaction, *, fees_in_cost: bool) -> list[Posting]:
    """Fees and withheld tax, unless they are part of a trade's cost or proceeds."""
    if transaction.transaction_type in {TransactionType.BUY, TransactionType.SELL} and fees_in_cost:
        return []
    return [_money(FEES, transaction, transaction.fee), _money(WITHHOLDING, transaction, transaction.withholding_tax)]


_COUNTER_ACCOUNTS: Final = {
    TransactionType.DIVIDEND: DIVIDENDS,
    TransactionType.INTEREST: INTEREST,
    TransactionType.FEE: FEES,
    TransactionType.TAX: TAXES,
    TransactionType.DEPOSIT: DEPOSITS,
    TransactionType.WITHDRAWAL: DEPOSITS,
}


def _counterparts(transaction: Transaction, relieved: Sequence[Relieved], *, is_internal: bool, fees_in_cost: bool) -> list[Posting]:
    kind = transaction.transaction_type
    if kind in _COUNTER_ACCOUNTS:
        return [_money(_COUNTER_ACCOUNTS[kind], transaction, -transaction.amount)]
    if kind is TransactionType.BUY:
        return [_lot(transaction, -(transaction.cash_effect if fees_in_cost else transaction.amount))]
    if kind is TransactionType.SELL:
        proceeds = transaction.cash_effect if fees_in_cost else transaction.amount
        legs = _relieved(transaction, relieved)
        return [*legs, _money(REALIZED, transaction, -proceeds - _total_cost(legs))]
    if kind is TransactionType.SPLIT:
        return []
    account = CONVERSIONS if is_internal else TRANSFERS
    if transaction.security_id is None:
        return [_money(account, transaction, -transaction.amount)]
    legs = [_lot(transaction, transaction.cost_basis or ZERO)] if kind is TransactionType.TRANSFER_IN else _relieved(transaction, relieved)
    return [*legs, _money(account, transaction, -_total_cost(legs))]


def _total_cost(legs: Sequence[Posting]) -> Decimal:
    return sum((leg.cost for leg in legs if leg.cost is not None), ZERO)


def _lot(transaction: Transaction, cost: Decimal) -> Posting:
    return Posting(
        account=SECURITIES,
        commodity=transaction.symbol or str(transaction.security_id),
        quantity=transaction.quantity or ZERO,
        price=transaction.price,
        price_commodity=transaction.currency if transaction.price is not None else None,
        cost=cost,
        cost_commodity=transaction.currency,
        lot_id=transaction.id,
    )


def _relieved(transaction: Transaction, relieved: Sequence[Relieved]) -> list[Posting]:
    given = sum((part.quantity for part in relieved), ZERO)
    if given != transaction.quantity:
        raise refused(
            transaction, f"the lots relieved hold {given}, not {transaction.quantity}.", "Give its disposals from the replayed state."
        )
    return [replace(_lot(transaction, -part.cost), quantity=-part.quantity, lot_id=part.lot_id) for part in relieved]
