"""The open lots of one security, and what a purchase, a sale or a split does to them."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.apportion import in_turn, largest_remainder
from dawsos.compute.ledger.conventions import LotOrder
from dawsos.compute.ledger.naming import plain
from dawsos.compute.ledger.records import Lot
from dawsos.compute.ledger.selection import Part, Selection, consume, in_order, not_held, select_lots
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod, LotSelection
from dawsos.kernel.money import EXACT, QUANTITY_STEP, ZERO, round_quantity, share


@dataclass(slots=True, kw_only=True)
class BookedLot:
    """A lot while its ledger is being replayed: the fields of :class:`Lot`, changeable."""

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

    def frozen(self) -> Lot:
        return Lot(
            id=self.id,
            portfolio_id=self.portfolio_id,
            security_id=self.security_id,
            symbol=self.symbol,
            qty_open=self.qty_open,
            qty_original=self.qty_original,
            cost_basis=self.cost_basis,
            cost_basis_base=self.cost_basis_base,
            acquisition_date=self.acquisition_date,
            currency=self.currency,
            trade_fx_rate=self.trade_fx_rate,
            open_transaction_id=self.open_transaction_id,
            open_sequence=self.open_sequence,
            closed_date=self.closed_date,
        )


@dataclass(frozen=True, slots=True)
class Relief:
    """``quantity`` of ``lot`` that left, with the cost that left with it."""

    lot: BookedLot
    quantity: Decimal
    cost: Decimal
    cost_base: Decimal


def _age(lot: BookedLot) -> tuple[date, int]:
    return lot.acquisition_date, lot.open_sequence


class Book:
    """The open lots of one security, oldest first, and their totals.

    With AVERAGE the totals are the pool: a sale relieves pool cost in proportion to quantity, quantities leave the oldest lots first, and
    :meth:`settle` shares the pool over the lots that are left, so that lot costs always add up to the pool to the cent.
    """

    __slots__ = ("cost", "cost_base", "lots", "method", "quantity")

    def __init__(self, method: LotMethod, lots: Sequence[BookedLot] = ()) -> None:
        self.method = method
        self.lots = sorted(lots, key=_age)
        self.quantity = sum((lot.qty_open for lot in lots), ZERO)
        self.cost = sum((lot.cost_basis for lot in lots), ZERO)
        self.cost_base = sum((lot.cost_basis_base for lot in lots), ZERO)

    @property
    def currency(self) -> str | None:
        """The one currency all open lots are in; None when nothing is held."""
        return self.lots[0].currency if self.lots else None

    def add(self, lot: BookedLot) -> None:
        """Open ``lot``."""
        insort(self.lots, lot, key=_age)
        self.quantity += lot.qty_open
        self.cost += lot.cost_basis
        self.cost_base += lot.cost_basis_base

    def relieve(self, quantity: Decimal, selection: Sequence[LotSelection], day: date, what: str) -> list[Relief]:
        """Take ``quantity`` out by the book's method; raises :class:`Invalid`, starting with ``what``, if that cannot be done."""
        if quantity > self.quantity:
            raise not_held(what, quantity, self.quantity)
        parts = self._choose(quantity, selection, what).parts
        reliefs = self._from_pool(quantity, parts) if self.method is LotMethod.AVERAGE else self._from_lots(parts)
        for relief in reliefs:
            self._reduce(relief, day)
        if any(lot.closed_date for lot in (relief.lot for relief in reliefs)):
            self.lots = [lot for lot in self.lots if lot.qty_open]
        return reliefs

    def _choose(self, quantity: Decimal, selection: Sequence[LotSelection], what: str) -> Selection[BookedLot]:
        if self.method is LotMethod.SPECIFIC:
            return select_lots(self.lots, quantity, method=self.method, selection=selection, what=what)
        if self.method is LotMethod.HIFO:
            return consume(in_order(self.lots, LotOrder.HIFO), quantity)
        return consume(reversed(self.lots) if self.method is LotMethod.LIFO else self.lots, quantity)

    def _from_lots(self, parts: Sequence[Part[BookedLot]]) -> list[Relief]:
        return [
            Relief(
                part.lot,
                part.quantity,
                share(part.lot.cost_basis, part.quantity, part.lot.qty_open),
                share(part.lot.cost_basis_base, part.quantity, part.lot.qty_open),
            )
            for part in parts
        ]

    def _from_pool(self, quantity: Decimal, parts: Sequence[Part[BookedLot]]) -> list[Relief]:
        quantities = [part.quantity for part in parts]
        costs = in_turn(share(self.cost, quantity, self.quantity), quantities)
        costs_base = in_turn(share(self.cost_base, quantity, self.quantity), quantities)
        return [Relief(part.lot, part.quantity, cost, base) for part, cost, base in zip(parts, costs, costs_base, strict=True)]

    def _reduce(self, relief: Relief, day: date) -> None:
        lot = relief.lot
        lot.qty_open -= relief.quantity
        lot.cost_basis -= relief.cost
        lot.cost_basis_base -= relief.cost_base
        self.quantity -= relief.quantity
        self.cost -= relief.cost
        self.cost_base -= relief.cost_base
        if not lot.qty_open:
            # A pool's cost is not its lots' until it is settled; a closed lot carries none of it.
            lot.cost_basis = lot.cost_basis_base = ZERO
            lot.closed_date = day

    def split(self, split_from: Decimal, split_to: Decimal, what: str) -> None:
        """Quantities × to/from: the position is rounded to eight places and shared over the lots to the last step; costs stay.

        Raises :class:`Invalid`, starting with ``what``, if a lot would be left with a cost and no quantity.
        """
        whole = round_quantity(_scaled(self.quantity, split_from, split_to))
        after = largest_remainder(whole, [lot.qty_open for lot in self.lots], step=QUANTITY_STEP)
        if not all(after):
            raise Invalid(
                f"{what}: a lot of {plain(min(lot.qty_open for lot in self.lots))} would round to nothing.",
                remedy="Sell the fraction before the split, at the cash paid in lieu.",
            )
        for lot, qty_open in zip(self.lots, after, strict=True):
            sold = round_quantity(_scaled(lot.qty_original - lot.qty_open, split_from, split_to))
            lot.qty_original, lot.qty_open = qty_open + sold, qty_open
        self.quantity = whole

    def settle(self) -> None:
        """Write the pool back to the lots (AVERAGE); nothing to do for any other method."""
        if self.method is LotMethod.AVERAGE and self.lots:
            weights = [lot.qty_open for lot in self.lots]
            costs, costs_base = largest_remainder(self.cost, weights), largest_remainder(self.cost_base, weights)
            for lot, cost, cost_base in zip(self.lots, costs, costs_base, strict=True):
                lot.cost_basis, lot.cost_basis_base = cost, cost_base


def _scaled(quantity: Decimal, split_from: Decimal, split_to: Decimal) -> Decimal:
    return EXACT.divide(EXACT.multiply(quantity, split_to), split_from)
