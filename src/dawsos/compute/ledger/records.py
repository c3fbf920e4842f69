"""What replaying a ledger yields: lots, disposals, cash, flows, income, realised results, and the state that holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.kernel.ledger import LotMethod, Transaction, TransactionType
from dawsos.kernel.money import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A parcel of a security with one acquisition date. ``cost_basis`` is the total remaining cost of ``qty_open`` in ``currency``,
    ``cost_basis_base`` the same in base currency at rates frozen when it was bought. ``open_sequence`` orders lots of one date.
    """  # noqa: D205 - one thought

    id: UUID
    portfolio_id: UUID
    security_id: UUID
    symbol: str | None
    qty_open: Decimal
    qty_original: Decimal
    cost_basis: Decimal
    cost_basis_base: Decimal
    acquisition_date: date
    currency: str
    trade_fx_rate: Decimal
    open_transaction_id: UUID
    open_sequence: int
    closed_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal:
    """The part of one lot that one sale closed. ``gain_price_base + gain_fx_base == proceeds_base − cost_base`` to the cent."""

    sell_transaction_id: UUID
    lot_id: UUID
    security_id: UUID
    symbol: str | None
    quantity: Decimal
    proceeds: Decimal
    cost: Decimal
    proceeds_base: Decimal
    cost_base: Decimal
    gain_price_base: Decimal
    gain_fx_base: Decimal
    acquisition_date: date
    disposal_date: date
    holding_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """The part of one lot that left in kind with a transfer: its basis goes with it and nothing is realised."""

    transfer_transaction_id: UUID
    lot_id: UUID
    security_id: UUID
    symbol: str | None
    quantity: Decimal
    cost: Decimal
    cost_base: Decimal
    acquisition_date: date
    transfer_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Realized:
    """The result of one sale. ``realized_pl`` is in base currency and is the sum of its price and currency parts."""

    transaction_id: UUID
    security_id: UUID
    symbol: str | None
    date: date
    currency: str
    quantity: Decimal
    proceeds: Decimal
    cost: Decimal
    proceeds_base: Decimal
    cost_base: Decimal
    realized_pl: Decimal
    realized_pl_price: Decimal
    realized_pl_fx: Decimal

    @property
    def realized_pl_local(self) -> Decimal:
        """The gain in the currency of the sale."""
        return self.proceeds - self.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalFlow:
    """What the investor put in (+) or took out (−), gross of fees. In kind: ``amount`` is None and ``quantity`` is signed."""

    transaction_id: UUID
    date: date
    currency: str
    amount: Decimal | None
    amount_base: Decimal | None
    security_id: UUID | None = None
    symbol: str | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """A dividend, interest, fee or tax, or the fee on a movement of money. ``net_base`` is the sum of its three rounded parts.

    ``net = amount − fee − withholding_tax`` and ``net_base = amount_base − fee_base − withholding_tax_base``.
    """

    transaction_id: UUID
    transaction_type: TransactionType
    date: date
    currency: str
    security_id: UUID | None
    symbol: str | None
    amount: Decimal
    fee: Decimal
    withholding_tax: Decimal
    net: Decimal
    amount_base: Decimal
    fee_base: Decimal
    withholding_tax_base: Decimal
    net_base: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The sum over the open lots of one security."""

    portfolio_id: UUID
    security_id: UUID
    symbol: str | None
    currency: str
    quantity: Decimal
    cost_basis: Decimal
    cost_basis_base: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerWarning:
    """Something that is allowed but probably not meant. ``end_date`` is the last day it holds; None when it still does."""

    code: str
    message: str
    start_date: date
    end_date: date | None
    currency: str | None = None
    security_id: UUID | None = None
    transaction_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerState:
    """A portfolio's ledger replayed: a pure function of its transactions and the conventions named here.

    ``transactions`` are all rows in replay order, reversed pairs included. ``lots`` are all lots, open and closed, in the order they were
    opened. ``cash_history`` holds, per currency, the balance at the end of every day on which it changed.
    """

    base_currency: str
    method: LotMethod
    gain_split: GainSplit
    fees_in_cost: bool
    through: date | None
    transactions: tuple[Transaction, ...]
    lots: tuple[Lot, ...]
    disposals: tuple[Disposal, ...]
    carried_out: tuple[CarriedOut, ...]
    realized: tuple[Realized, ...]
    cash: Mapping[str, Decimal]
    cash_history: Mapping[str, tuple[tuple[date, Decimal], ...]]
    external_flows: tuple[ExternalFlow, ...]
    income: tuple[Income, ...]
    notes: tuple[LedgerWarning, ...]

    @property
    def warnings(self) -> tuple[LedgerWarning, ...]:
        """What was noted on the way, and every stretch of days on which a currency's cash was below zero at the end of the day."""
        overdrafts = [each for code in sorted(self.cash_history) for each in _overdrafts(code, self.cash_history[code])]
        return self.notes + tuple(overdrafts)

    def open_lots(self, security_id: UUID | None = None) -> tuple[Lot, ...]:
        """The lots with something left, of one security or of all."""
        return tuple(lot for lot in self.lots if lot.qty_open and security_id in {None, lot.security_id})

    def positions(self) -> tuple[Position, ...]:
        """What is held, by symbol."""
        held: dict[UUID, list[Lot]] = {}
        for lot in self.open_lots():
            held.setdefault(lot.security_id, []).append(lot)
        return tuple(sorted(map(_position, held.values()), key=lambda one: (one.symbol or "", one.security_id)))


def _position(lots: list[Lot]) -> Position:
    first = lots[0]
    return Position(
        portfolio_id=first.portfolio_id,
        security_id=first.security_id,
        symbol=first.symbol,
        currency=first.currency,
        quantity=sum((lot.qty_open for lot in lots), ZERO),
        cost_basis=sum((lot.cost_basis for lot in lots), ZERO),
        cost_basis_base=sum((lot.cost_basis_base for lot in lots), ZERO),
    )


def _overdrafts(currency: str, history: tuple[tuple[date, Decimal], ...]) -> list[LedgerWarning]:
    found: list[LedgerWarning] = []
    start, lowest = None, ZERO
    for day, balance in history:
        if balance < 0:
            start, lowest = start or day, min(lowest, balance)
        elif start is not None:
            found.append(_overdraft(currency, start, day - timedelta(days=1), lowest))
            start, lowest = None, ZERO
    if start is not None:
        found.append(_overdraft(currency, start, None, lowest))
    return found


def _overdraft(currency: str, start: date, end: date | None, lowest: Decimal) -> LedgerWarning:
    until = f"to {end}" if end else "on"
    return LedgerWarning(
        code="negative_cash",
        message=f"Cash in {currency} is below zero from {start} {until}, down to {lowest}; a deposit or a conversion is missing.",
        start_date=start,
        end_date=end,
        currency=currency,
    )
