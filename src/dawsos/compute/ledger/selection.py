"""Which lots a sale closes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Generic, Protocol, TypeVar
from uuid import UUID

from dawsos.compute.ledger.conventions import LotOrder, Shortfall, Unnamed
from dawsos.compute.ledger.naming import plain
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod, LotSelection
from dawsos.kernel.money import EXACT, ZERO


class OpenLot(Protocol):
    """What choosing a lot needs to know of it."""

    @property
    def id(self) -> UUID: ...
    @property
    def qty_open(self) -> Decimal: ...
    @property
    def cost_basis(self) -> Decimal: ...
    @property
    def acquisition_date(self) -> date: ...
    @property
    def open_sequence(self) -> int: ...


AnyLot = TypeVar("AnyLot", bound=OpenLot)


@dataclass(frozen=True, slots=True)
class Part(Generic[AnyLot]):
    """``quantity`` of ``lot``."""

    lot: AnyLot
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Selection(Generic[AnyLot]):
    """The parts a sale closes, in the order they are consumed, and how much of the quantity asked no lot covers."""

    parts: tuple[Part[AnyLot], ...]
    missing: Decimal = ZERO


_ORDERS: Final = {
    LotMethod.FIFO: LotOrder.FIFO,
    LotMethod.LIFO: LotOrder.LIFO,
    LotMethod.HIFO: LotOrder.HIFO,
    LotMethod.AVERAGE: LotOrder.FIFO,
}


def select_lots(
    lots: Sequence[AnyLot],
    quantity: Decimal,
    *,
    method: LotMethod | LotOrder,
    selection: Sequence[LotSelection] = (),
    shortfall: Shortfall = Shortfall.REFUSE,
    unnamed: Unnamed = Unnamed.REFUSE,
    what: str = "The sale",
) -> Selection[AnyLot]:
    """The parts of ``lots`` that a sale of ``quantity`` closes.

    FIFO and LIFO go by acquisition date (ties by booking order: earlier first for FIFO, later first for LIFO); HIFO by highest and LOFO by
    lowest cost per open unit (ties: earlier date, then earlier booking). AVERAGE takes quantities as FIFO does. SPECIFIC takes
    ``selection``, which must name open lots, each once, and add up to ``quantity``; ``selection`` is ignored by every other method.
    Lots may come in any order. Raises :class:`Invalid`, starting with ``what``, for a shortfall or a wrong selection.
    """
    if quantity < 0:
        raise Invalid(f"{what}: a quantity of {plain(quantity)} cannot be sold.", remedy="Give the quantity as a positive number.")
    if method is LotMethod.SPECIFIC:
        return _specific(lots, quantity, selection, unnamed, shortfall, what)
    order = method if isinstance(method, LotOrder) else _ORDERS[method]
    return consume(in_order(lots, order), quantity, shortfall=shortfall, what=what)


def in_order(lots: Iterable[AnyLot], order: LotOrder) -> list[AnyLot]:
    """``lots`` in the order a sale consumes them."""
    if order is LotOrder.FIFO:
        return sorted(lots, key=_age)
    if order is LotOrder.LIFO:
        return sorted(lots, key=_age, reverse=True)
    sign = -1 if order is LotOrder.HIFO else 1
    # 64 digits tell any two ratios of ledger amounts apart, so equal keys are equal costs.
    return sorted(lots, key=lambda lot: (sign * EXACT.divide(lot.cost_basis, lot.qty_open), *_age(lot)))


def _age(lot: OpenLot) -> tuple[date, int]:
    return lot.acquisition_date, lot.open_sequence


def consume(
    lots: Iterable[AnyLot], quantity: Decimal, *, shortfall: Shortfall = Shortfall.REFUSE, what: str = "The sale"
) -> Selection[AnyLot]:
    """Take ``quantity`` from ``lots`` one after another, each as far as it goes."""
    parts: list[Part[AnyLot]] = []
    left = quantity
    for lot in lots:
        if not left:
            break
        taken = min(left, lot.qty_open)
        parts.append(Part(lot, taken))
        left -= taken
    if left and shortfall is Shortfall.REFUSE:
        raise not_held(what, quantity, quantity - left)
    return Selection(tuple(parts), left)


def not_held(what: str, asked: Decimal, held: Decimal) -> Invalid:
    """The error of asking for more than there is."""
    return Invalid(
        f"{what}: {plain(asked)} asked, {plain(held)} held on that date.",
        remedy="Correct the quantity, or book the purchase, transfer or split that is missing before it.",
        code="more_than_held",
        details={"asked": plain(asked), "held": plain(held)},
    )


def _specific(
    lots: Sequence[AnyLot],
    quantity: Decimal,
    selection: Sequence[LotSelection],
    unnamed: Unnamed,
    shortfall: Shortfall,
    what: str,
) -> Selection[AnyLot]:
    if not selection:
        return _without_names(lots, quantity, unnamed, shortfall, what)
    by_id = {lot.id: lot for lot in lots}
    parts = []
    for chosen in selection:
        lot = by_id.pop(chosen.lot_id, None)
        if lot is None:
            raise _wrong_lots(what, f"lot {chosen.lot_id} is not open on that date, or is named twice")
        if not 0 < chosen.quantity <= lot.qty_open:
            raise _wrong_lots(what, f"{plain(chosen.quantity)} asked of lot {lot.id}, {plain(lot.qty_open)} open in it")
        parts.append(Part(lot, chosen.quantity))
    named = sum((part.quantity for part in parts), ZERO)
    if named != quantity:
        raise _wrong_lots(what, f"the lots named add up to {plain(named)}, the quantity is {plain(quantity)}")
    return Selection(tuple(parts))


def _without_names(lots: Sequence[AnyLot], quantity: Decimal, unnamed: Unnamed, shortfall: Shortfall, what: str) -> Selection[AnyLot]:
    oldest_first = in_order(lots, LotOrder.FIFO)
    held = sum((lot.qty_open for lot in lots), ZERO)
    if unnamed is Unnamed.REFUSE:
        raise _wrong_lots(what, "it names no lots, and the method is SPECIFIC")
    if len(lots) <= 1 or quantity >= held:
        return consume(oldest_first, quantity, shortfall=shortfall, what=what)
    exact = [lot for lot in oldest_first if lot.qty_open == quantity] if unnamed is Unnamed.EXACT_SIZE else []
    if not exact:
        raise _wrong_lots(what, f"it names no lots and {len(lots)} lots are open")
    return Selection((Part(exact[0], quantity),))


def _wrong_lots(what: str, problem: str) -> Invalid:
    return Invalid(f"{what}: {problem}.", remedy="Name open lots with quantities that add up to the quantity.", code="wrong_lots")
