"""Compares two records of the same portfolio, and says of each difference what probably caused it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from dawsos.kernel.ledger import Transaction
from dawsos.kernel.money import QUOTIENT, ZERO

CENT: Final = Decimal("0.01")
BASIS_POINT: Final = Decimal("0.0001")
_RATIOS: Final = tuple(Decimal(n) for n in (2, 3, 4, 5, 7, 8, 10, 15, 20))


class DiscrepancyKind(StrEnum):
    """What differs."""

    MISSING_IN_DB = "MISSING_POSITION_IN_DB"
    MISSING_IN_LEDGER = "MISSING_POSITION_IN_LEDGER"
    QUANTITY = "QUANTITY_MISMATCH"
    COST = "COST_MISMATCH"
    CASH = "CASH_MISMATCH"
    VALUATION = "VALUATION_MISMATCH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One difference: ``ledger`` against ``database``, of a symbol, a currency or the NAV, and its probable cause."""

    kind: DiscrepancyKind
    subject: str
    ledger: Decimal | None
    database: Decimal | None
    probable_cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedPosition:
    """A position as one side has it. Costs are of what is held; ``cost_basis_base`` and ``market_value`` are None where a side has none."""

    symbol: str
    quantity: Decimal
    cost_basis: Decimal
    cost_basis_base: Decimal | None = None
    market_value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """One side: positions by symbol, cash by currency, and the net asset value if it has one."""

    positions: Mapping[str, BookedPosition]
    cash: Mapping[str, Decimal]
    nav: Decimal | None = None
    state: str = ""
    notes: tuple[str, ...] = field(default=())


def compare_books(ledger: Books, database: Books, entries: Sequence[Transaction]) -> list[Discrepancy]:
    """Every difference beyond tolerance: quantities exact, costs and cash ±0.01, values ±1 bp of the position or 1.00, NAV ±1 bp.

    ``entries`` are the ledger's; they are searched for the probable cause: a split, one entry missing or counted twice, a rate, a fee.
    Values are compared where both sides have one, and a position's only when its quantities agree: a wrong quantity explains the rest.
    """
    found: list[Discrepancy] = []
    for symbol in sorted(set(ledger.positions) | set(database.positions)):
        found += _position(symbol, ledger.positions.get(symbol), database.positions.get(symbol), entries)
    for currency in sorted(set(ledger.cash) | set(database.cash)):
        found += _cash(currency, ledger.cash.get(currency, ZERO), database.cash.get(currency, ZERO), entries)
    if ledger.nav is not None and database.nav is not None and error_bps(ledger.nav, database.nav) > 1:
        cause = "it follows from the differences above" if found else database.state or "the value was stored under another state"
        found.append(_differs(DiscrepancyKind.VALUATION, "NAV", ledger.nav, database.nav, cause))
    return found


def error_bps(ledger_nav: Decimal, database_nav: Decimal) -> Decimal:
    """|ledger − database| / |ledger| in basis points; 0 when both are 0, 10 000 when only the ledger's is."""
    difference = abs(ledger_nav - database_nav)
    if not difference:
        return ZERO
    return QUOTIENT.divide(difference, abs(ledger_nav)) / BASIS_POINT if ledger_nav else Decimal(10_000)


def _position(symbol: str, ours: BookedPosition | None, theirs: BookedPosition | None, entries: Sequence[Transaction]) -> list[Discrepancy]:
    own = [entry for entry in entries if entry.symbol == symbol]
    if theirs is None and ours is not None:
        cause = _entry_like(own, ours.quantity, "was not derived into lots") or "its lots are not in the database"
        return [_differs(DiscrepancyKind.MISSING_IN_DB, symbol, ours.quantity, None, cause)]
    if ours is None and theirs is not None:
        cause = "no entry of the ledger concerns it" if not own else "the ledger closed it; lots were kept open or added outside of booking"
        return [_differs(DiscrepancyKind.MISSING_IN_LEDGER, symbol, None, theirs.quantity, cause)]
    if ours is None or theirs is None:
        return []
    if ours.quantity != theirs.quantity:
        return [
            _differs(DiscrepancyKind.QUANTITY, symbol, ours.quantity, theirs.quantity, _quantity_cause(own, ours.quantity, theirs.quantity))
        ]
    found = []
    if abs(ours.cost_basis - theirs.cost_basis) > CENT:
        cause = _cost_cause(own, theirs.cost_basis - ours.cost_basis)
        found.append(_differs(DiscrepancyKind.COST, symbol, ours.cost_basis, theirs.cost_basis, cause))
    elif (
        ours.cost_basis_base is not None
        and theirs.cost_basis_base is not None
        and abs(ours.cost_basis_base - theirs.cost_basis_base) > CENT
    ):
        rates = [QUOTIENT.divide(one, ours.cost_basis) for one in (ours.cost_basis_base, theirs.cost_basis_base)] if ours.cost_basis else []
        said = f" ({rates[1]:.6f} instead of {rates[0]:.6f})" if rates else ""
        cause = f"the exchange rate of a purchase is another one{said}; the cost in its own currency agrees"
        found.append(_differs(DiscrepancyKind.COST, symbol, ours.cost_basis_base, theirs.cost_basis_base, cause))
    if ours.market_value is not None and theirs.market_value is not None and _is_off(ours.market_value, theirs.market_value):
        ratio = QUOTIENT.divide(theirs.market_value, ours.market_value) if ours.market_value else None
        cause = f"valued {ratio:.6f} times as high: another price or exchange rate" if ratio else "valued although it is worth nothing"
        found.append(_differs(DiscrepancyKind.VALUATION, symbol, ours.market_value, theirs.market_value, cause))
    return found


def _is_off(ours: Decimal, theirs: Decimal) -> bool:
    return abs(ours - theirs) > max(CENT, BASIS_POINT * max(abs(ours), Decimal(1)))


def _quantity_cause(entries: Sequence[Transaction], ours: Decimal, theirs: Decimal) -> str:
    splits = [entry for entry in entries if entry.split_from and entry.split_to]
    for entry in splits:
        factor = QUOTIENT.divide(entry.split_to or ZERO, entry.split_from or ZERO)
        if theirs * factor == ours:
            return f"the split of {entry.transaction_date} ({entry.split_from}:{entry.split_to}) is missing"
        if ours * factor == theirs:
            return f"the split of {entry.transaction_date} ({entry.split_from}:{entry.split_to}) was applied twice"
    for ratio in _RATIOS:
        if theirs == ours * ratio or ours == theirs * ratio:
            return f"a split of 1:{ratio} that the other side does not have"
    return _entry_like(entries, ours - theirs, "is missing or was counted twice") or "lots were changed outside of booking"


def _entry_like(entries: Iterable[Transaction], quantity: Decimal, what: str) -> str | None:
    for entry in entries:
        if entry.quantity is not None and abs(entry.quantity) == abs(quantity) and quantity:
            return f"entry {entry.sequence} ({entry.transaction_type.value} of {entry.transaction_date}) {what}"
    return None


def _cost_cause(entries: Iterable[Transaction], difference: Decimal) -> str:
    for entry in entries:
        if entry.fee and abs(entry.fee) == abs(difference):
            return f"the fee of entry {entry.sequence} ({entry.fee} {entry.currency}) is in the cost on one side only"
    return "a purchase price is another one, or a sale relieved other lots"


def _cash(currency: str, ours: Decimal, theirs: Decimal, entries: Iterable[Transaction]) -> list[Discrepancy]:
    if abs(ours - theirs) <= CENT:
        return []
    difference = abs(ours - theirs)
    cause = "an amount is another one, or an entry is missing on one side"
    for entry in entries:
        if entry.currency == currency and abs(entry.amount - entry.fee - entry.withholding_tax) == difference:
            cause = f"entry {entry.sequence} ({entry.transaction_type.value} of {entry.transaction_date}) is on one side only"
            break
        if entry.currency == currency and difference in {abs(entry.fee), abs(entry.withholding_tax)}:
            cause = (
                f"the fee or tax of entry {entry.sequence} ({entry.transaction_type.value} of {entry.transaction_date}) is on one side only"
            )
            break
    return [_differs(DiscrepancyKind.CASH, currency, ours, theirs, cause)]


def _differs(kind: DiscrepancyKind, subject: str, ours: Decimal | None, theirs: Decimal | None, cause: str) -> Discrepancy:
    return Discrepancy(kind=kind, subject=subject, ledger=ours, database=theirs, probable_cause=cause)
