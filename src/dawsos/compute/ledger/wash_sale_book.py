"""A whole ledger under the wash-sale rule: every loss that is disallowed, and the cost and holding period it moves to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.records import CarriedOut, Disposal, LedgerState, Lot
from dawsos.compute.ledger.standing import standing
from dawsos.compute.ledger.wash_sales import WINDOW_DAYS
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod, Transaction, TransactionType
from dawsos.kernel.money import EXACT, ZERO, round_money, round_quantity

_WHOLE: Final = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WashSale:
    """``quantity`` shares (counted as on the day of the sale) sold from ``lot_id`` and replaced by shares of ``replacement_lot_id``."""

    sell_transaction_id: UUID
    lot_id: UUID
    replacement_lot_id: UUID
    quantity: Decimal
    disallowed: Decimal
    holding_period_start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxDisposal:
    """Part of a disposal whose shares share a holding period. ``gain == proceeds − cost + disallowed``, in base currency.

    ``cost`` holds what earlier wash sales added to it.
    """

    sell_transaction_id: UUID
    lot_id: UUID
    quantity: Decimal
    proceeds: Decimal
    cost: Decimal
    disallowed: Decimal
    holding_period_start: date
    disposal_date: date

    @property
    def gain(self) -> Decimal:
        return self.proceeds - self.cost + self.disallowed


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLot:
    """Open shares of a lot that share a holding period; ``cost`` in base currency with the disallowed losses in it."""

    lot_id: UUID
    quantity: Decimal
    cost: Decimal
    holding_period_start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WashSaleBook:
    """The wash sales in order of the sales, all disposals as they count for tax, and the open lots with their tax cost.

    Σ cost of disposals and lots, and of what was carried out, is the cost put in plus Σ disallowed, to the cent.
    """

    wash_sales: tuple[WashSale, ...]
    disposals: tuple[TaxDisposal, ...]
    lots: tuple[TaxLot, ...]


@dataclass(slots=True)
class _Slice:
    """Shares of one lot, counted as they stand after all splits."""

    shares: Fraction
    added: Decimal
    start: date
    is_replacement: bool = False


@dataclass(slots=True)
class _Loss:
    """Part of a sale that lost, before the rule is applied to it."""

    place: int
    lot: Lot
    shares: Fraction
    loss: Decimal
    start: date


@dataclass(slots=True)
class _Books:
    lots: dict[UUID, Lot]
    bought: dict[UUID, date]
    slices: dict[UUID, list[_Slice]]
    window: timedelta
    found: list[WashSale] = field(default_factory=list)
    disposals: list[TaxDisposal] = field(default_factory=list)


def wash_sale_book(state: LedgerState, *, window_days: int = WINDOW_DAYS) -> WashSaleBook:
    """Apply 26 USC 1091 to every loss of a replayed ledger, in base currency.

    Sales in replay order, the parts of a sale in the order they were closed. A share bought (BUY) within ``window_days`` days before or
    after the sale, both ends included, replaces one share sold at a loss, once, in order of acquisition; what is left of the lot sold and
    what went with the same sale are no replacement (Rev. Rul. 56-602). Its part of the loss, to the cent, is added to the cost of the
    shares bought (1091(d)), whose holding period begins earlier by the days the sold ones were held (1223(3)); a later sale of them counts
    with both. Shares with the earliest holding period leave a lot first. Splits in between are taken into account.

    Raises :class:`Invalid` for AVERAGE, whose shares have no cost of their own.
    """
    if state.method is LotMethod.AVERAGE:
        raise Invalid("A pool at average cost has no lots to replace.", remedy="Use a book kept by FIFO, LIFO, HIFO or SPECIFIC.")
    rows = standing(state.transactions, through=state.through).rows
    scale = _scales(rows)
    books = _opened(state, rows, scale, timedelta(days=window_days))
    sold: dict[UUID, list[Disposal]] = {}
    for disposal in state.disposals:
        sold.setdefault(disposal.sell_transaction_id, []).append(disposal)
    carried: dict[UUID, list[CarriedOut]] = {}
    for part in state.carried_out:
        carried.setdefault(part.transfer_transaction_id, []).append(part)
    for row in rows:
        for part in carried.get(row.id, ()):
            _take(books.slices[part.lot_id], Fraction(part.quantity) * scale[row.id])
        if row.id in sold:
            _sell(books, row, sold[row.id], scale[row.id])
    return WashSaleBook(wash_sales=tuple(books.found), disposals=tuple(books.disposals), lots=tuple(_left(books)))


def _scales(rows: Sequence[Transaction]) -> dict[UUID, Fraction]:
    """Shares after all splits per share at each row."""
    factors: dict[UUID | None, Fraction] = {}
    scale = {}
    for row in reversed(rows):
        scale[row.id] = factors.get(row.security_id, _WHOLE)
        if row.transaction_type is TransactionType.SPLIT and row.split_from and row.split_to:
            factors[row.security_id] = scale[row.id] * Fraction(row.split_to) / Fraction(row.split_from)
    return scale


def _opened(state: LedgerState, rows: Sequence[Transaction], scale: dict[UUID, Fraction], window: timedelta) -> _Books:
    # What left a lot and what is left of it are all of it, whatever a split has rounded.
    shares = {lot.id: Fraction(lot.qty_open) for lot in state.lots}
    for disposal in state.disposals:
        shares[disposal.lot_id] += Fraction(disposal.quantity) * scale[disposal.sell_transaction_id]
    for carried in state.carried_out:
        shares[carried.lot_id] += Fraction(carried.quantity) * scale[carried.transfer_transaction_id]
    return _Books(
        lots={lot.id: lot for lot in state.lots},
        bought={row.id: row.transaction_date for row in rows if row.transaction_type is TransactionType.BUY},
        slices={lot.id: [_Slice(shares[lot.id], ZERO, lot.acquisition_date)] for lot in state.lots},
        window=window,
    )


def _take(slices: list[_Slice], shares: Fraction) -> list[_Slice]:
    """Remove ``shares``, those with the earliest holding period first."""
    taken = []
    slices.sort(key=lambda each: each.start)
    while shares:
        first = slices[0]
        part = min(first.shares, shares)
        taken.append(replace(first, shares=part, added=_portion(first.added, part, first.shares)))
        first.added -= taken[-1].added
        first.shares -= part
        shares -= part
        if not first.shares:
            slices.pop(0)
    return taken


def _portion(total: Decimal, part: Fraction, whole: Fraction) -> Decimal:
    if part == whole or not total:
        return total
    ratio = part / whole
    return round_money(EXACT.divide(EXACT.multiply(total, Decimal(ratio.numerator)), Decimal(ratio.denominator)))


def _sell(books: _Books, row: Transaction, parts: Sequence[Disposal], scale: Fraction) -> None:
    """Close the parts of one sale, then look for what replaced those that lost."""
    losses = []
    for part in parts:
        proceeds, cost, left = part.proceeds_base, part.cost_base, Fraction(part.quantity) * scale
        for taken in _take(books.slices[part.lot_id], left):
            received, paid = _portion(proceeds, taken.shares, left), _portion(cost, taken.shares, left)
            proceeds, cost, left = proceeds - received, cost - paid, left - taken.shares
            disposal = TaxDisposal(
                sell_transaction_id=row.id,
                lot_id=part.lot_id,
                quantity=_counted(taken.shares / scale),
                proceeds=received,
                cost=paid + taken.added,
                disallowed=ZERO,
                holding_period_start=taken.start,
                disposal_date=row.transaction_date,
            )
            if disposal.gain < 0:
                losses.append(_Loss(len(books.disposals), books.lots[part.lot_id], taken.shares, -disposal.gain, taken.start))
            books.disposals.append(disposal)
    for loss in losses:
        _disallow(books, row, loss, scale)


def _disallow(books: _Books, row: Transaction, loss: _Loss, scale: Fraction) -> None:
    disallowed = ZERO
    for lot, candidate in _candidates(books, row, loss.lot):
        if not loss.shares:
            break
        shares = min(candidate.shares, loss.shares)
        moved = _portion(loss.loss, shares, loss.shares)
        loss.shares, loss.loss, disallowed = loss.shares - shares, loss.loss - moved, disallowed + moved
        start = books.bought[lot.id] - (row.transaction_date - loss.start)
        candidate.shares -= shares
        books.slices[lot.id].append(_Slice(shares, moved, start, is_replacement=True))
        books.slices[lot.id] = [each for each in books.slices[lot.id] if each.shares]
        books.found.append(
            WashSale(
                sell_transaction_id=row.id,
                lot_id=loss.lot.id,
                replacement_lot_id=lot.id,
                quantity=_counted(shares / scale),
                disallowed=moved,
                holding_period_start=start,
            )
        )
    books.disposals[loss.place] = replace(books.disposals[loss.place], disallowed=disallowed)


def _candidates(books: _Books, row: Transaction, sold: Lot) -> Iterator[tuple[Lot, _Slice]]:
    """Shares that may replace those sold from ``sold``, in order of acquisition."""
    lots = [
        lot
        for lot in books.lots.values()
        if lot.security_id == sold.security_id
        and lot.id != sold.id
        and lot.id in books.bought
        and abs(books.bought[lot.id] - row.transaction_date) <= books.window
    ]
    for lot in sorted(lots, key=lambda each: (books.bought[each.id], each.open_sequence)):
        for candidate in tuple(books.slices[lot.id]):
            if not candidate.is_replacement:
                yield lot, candidate


def _left(books: _Books) -> Iterator[TaxLot]:
    for lot in books.lots.values():
        cost, left = lot.cost_basis_base, Fraction(lot.qty_open)
        for each in sorted(books.slices[lot.id], key=lambda each: each.start):
            paid = _portion(cost, each.shares, left)
            cost, left = cost - paid, left - each.shares
            yield TaxLot(lot_id=lot.id, quantity=_counted(each.shares), cost=paid + each.added, holding_period_start=each.start)


def _counted(shares: Fraction) -> Decimal:
    return round_quantity(EXACT.divide(Decimal(shares.numerator), Decimal(shares.denominator)))
