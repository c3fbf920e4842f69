"""What made a portfolio's value change over a period: the opening value taken as cost, and all since accounted for to the cent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.apportion import largest_remainder
from dawsos.compute.ledger.builder import Builder
from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.gains import split_gain
from dawsos.compute.ledger.records import LedgerState, Lot
from dawsos.compute.ledger.replay import empty_state, replay
from dawsos.compute.ledger.standing import standing
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod, Transaction, TransactionType
from dawsos.kernel.money import ONE, ZERO, multiply, round_money


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """Prices per security in its own currency, and rates to base currency, of one day. Base currency needs no rate."""

    prices: Mapping[UUID, Decimal]
    rates: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodResult:
    """Amounts in base currency;
    ``initial + realized_pl + unrealized_pl + earnings − fees − taxes + currency_gain + transfers + rounding == final`` to the cent.

    ``realized_pl`` and ``unrealized_pl`` are against the value at the start, or the cost of what was bought since, before fees and taxes;
    their ``_fx`` parts are what the exchange rate did to them. ``currency_gain`` is that of cash, conversions included. ``rounding`` is
    what rounding lot by lot to base currency made of the opening positions: about a cent per lot at most, 0 in one currency.
    """  # noqa: D205 - one thought

    initial: Decimal
    realized_pl: Decimal
    realized_pl_fx: Decimal
    unrealized_pl: Decimal
    unrealized_pl_fx: Decimal
    earnings: Decimal
    fees: Decimal
    taxes: Decimal
    currency_gain: Decimal
    transfers: Decimal
    rounding: Decimal
    final: Decimal


def period_result(
    transactions: Sequence[Transaction],
    *,
    start: date,
    end: date,
    opening: Quotes,
    closing: Quotes,
    method: LotMethod,
    base_currency: str,
    gain_split: GainSplit = GainSplit.COST_AT_EXIT_RATE,
) -> PeriodResult:
    """From the end of day ``start`` to the end of day ``end``: what is booked on ``start`` belongs to the opening value.

    Open lots are restated at the opening price and rate, keeping their dates; then the rows after ``start`` are replayed by ``method``.
    Fx parts follow ``gain_split``. Transfers in kind count with the cost they bring or take. Values are round(quantity × price × rate),
    once per position and currency of cash. Raises :class:`Invalid` for a price or rate that is missing, and for an end before the start.
    """
    if end < start:
        raise Invalid(f"A period from {start} to {end} has no days.", remedy="Give the earlier date first.")
    order = standing(transactions, through=end)
    before = replay(transactions, method=method, base_currency=base_currency, through=start)
    first, last = _Valuer(opening, base_currency, start), _Valuer(closing, base_currency, end)
    builder = Builder(empty_state(method=method, base_currency=base_currency, gain_split=gain_split, fees_in_cost=False))
    for row in _brought_forward(before, first):
        builder.book(row, is_internal=True)
    restated = sum((lot.cost_basis_base for lot in builder.state((), None).lots), ZERO)
    rows = [row for row in order.rows if row.transaction_date > start]
    for row in rows:
        builder.book(row, is_internal=row.id in order.internal)
    after = builder.state((), None)
    cash = {code: before.cash.get(code, ZERO) + after.cash.get(code, ZERO) for code in {*before.cash, *after.cash}}
    opened, closed = first.securities(before), last.securities(after)
    cash_before, cash_after = first.cash(before.cash), last.cash(cash)
    return PeriodResult(
        initial=cash_before + opened,
        realized_pl=sum((sale.realized_pl for sale in after.realized), ZERO),
        realized_pl_fx=sum((sale.realized_pl_fx for sale in after.realized), ZERO),
        unrealized_pl=closed - sum((lot.cost_basis_base for lot in after.open_lots()), ZERO),
        unrealized_pl_fx=_rate_part(after, last, gain_split),
        earnings=_earned(after, TransactionType.DIVIDEND) + _earned(after, TransactionType.INTEREST),
        fees=sum((each.fee_base for each in after.income), ZERO) - _earned(after, TransactionType.FEE),
        taxes=sum((each.withholding_tax_base for each in after.income), ZERO) - _earned(after, TransactionType.TAX),
        currency_gain=cash_after - cash_before - sum((_paid(row, is_internal=row.id in order.internal) for row in rows), ZERO),
        transfers=sum((flow.amount_base or ZERO for flow in after.external_flows), ZERO) + _in_kind(after, rows),
        rounding=restated - opened,
        final=cash_after + closed,
    )


@dataclass(frozen=True, slots=True)
class _Valuer:
    quotes: Quotes
    base_currency: str
    day: date

    def rate(self, currency: str) -> Decimal:
        if currency == self.base_currency:
            return ONE
        if currency not in self.quotes.rates:
            raise Invalid(f"There is no exchange rate from {currency} to {self.base_currency} on {self.day}.", remedy="Give the rate.")
        return self.quotes.rates[currency]

    def price(self, lot: Lot) -> Decimal:
        if lot.security_id not in self.quotes.prices:
            raise Invalid(f"{lot.symbol or lot.security_id} has no price on {self.day}.", remedy="Give the price.")
        return self.quotes.prices[lot.security_id]

    def cash(self, balances: Mapping[str, Decimal]) -> Decimal:
        return sum((round_money(multiply(balance, self.rate(code))) for code, balance in balances.items() if balance), ZERO)

    def local(self, lots: Sequence[Lot]) -> Decimal:
        """The value of a position in its own currency."""
        return round_money(multiply(sum((lot.qty_open for lot in lots), ZERO), self.price(lots[0])))

    def securities(self, state: LedgerState) -> Decimal:
        """The positions of ``state`` in base currency."""
        values = (
            round_money(multiply(sum((lot.qty_open for lot in lots), ZERO), self.price(lots[0]), self.rate(lots[0].currency)))
            for lots in _positions(state)
        )
        return sum(values, ZERO)


def _positions(state: LedgerState) -> Iterable[list[Lot]]:
    held: dict[UUID, list[Lot]] = {}
    for lot in state.open_lots():
        held.setdefault(lot.security_id, []).append(lot)
    return held.values()


def _brought_forward(before: LedgerState, first: _Valuer) -> Iterable[Transaction]:
    """A transfer in for each lot, under the lot's own number and at its share of the position's value."""
    for lots in _positions(before):
        for lot, value in zip(lots, largest_remainder(first.local(lots), [lot.qty_open for lot in lots]), strict=True):
            yield Transaction(
                id=lot.id,
                portfolio_id=lot.portfolio_id,
                sequence=lot.open_sequence,
                transaction_type=TransactionType.TRANSFER_IN,
                transaction_date=first.day,
                currency=lot.currency,
                amount=ZERO,
                fx_rate=first.rate(lot.currency),
                security_id=lot.security_id,
                symbol=lot.symbol,
                quantity=lot.qty_open,
                cost_basis=value,
                acquisition_date=lot.acquisition_date,
            )


def _earned(after: LedgerState, kind: TransactionType) -> Decimal:
    return sum((each.amount_base for each in after.income if each.transaction_type is kind), ZERO)


def _paid(row: Transaction, *, is_internal: bool) -> Decimal:
    """What ``row`` did to cash at its own rate, in the same rounded parts as everything else; a conversion's two sides cancel."""
    amount = ZERO if is_internal else round_money(multiply(row.amount, row.fx_rate))
    return amount - round_money(multiply(row.fee, row.fx_rate)) - round_money(multiply(row.withholding_tax, row.fx_rate))


def _in_kind(after: LedgerState, rows: Sequence[Transaction]) -> Decimal:
    """Base cost that came in kind less what left."""
    brought = (
        round_money(multiply(row.cost_basis, row.fx_rate))
        for row in rows
        if row.transaction_type is TransactionType.TRANSFER_IN and row.security_id is not None and row.cost_basis is not None
    )
    return sum(brought, ZERO) - sum((part.cost_base for part in after.carried_out), ZERO)


def _rate_part(after: LedgerState, last: _Valuer, convention: GainSplit) -> Decimal:
    """What the rate did to what is still held."""
    parts = [
        split_gain(
            proceeds=last.local(lots),
            cost=sum((lot.cost_basis for lot in lots), ZERO),
            cost_base=sum((lot.cost_basis_base for lot in lots), ZERO),
            exit_rate=last.rate(lots[0].currency),
            entry_rate=lots[0].trade_fx_rate,
            convention=convention,
        ).fx
        for lots in _positions(after)
    ]
    return sum(parts, ZERO)
