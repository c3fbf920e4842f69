"""What the fields of a line must satisfy together: columns that fit the type, dates in order, signs, and an amount that agrees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from dawsos.kernel.ledger import TransactionType
from dawsos.kernel.money import ZERO, multiply, round_money

COLUMNS: Final = (
    "transaction_date", "transaction_type", "symbol", "quantity", "price", "amount", "currency", "fee", "withholding_tax", "fx_rate",
    "settlement_date", "ex_date", "pay_date", "split_from", "split_to", "cost_basis", "acquisition_date", "lots", "parent_ref",
    "external_ref", "narration",
)  # fmt: skip
REQUIRED: Final = ("transaction_date", "transaction_type", "currency")
_CENT: Final = Decimal("0.01")
_LAST_PLACE: Final = Decimal("0.00000001")

Problem = tuple[str, str]
_TRADES: Final = {TransactionType.BUY, TransactionType.SELL}
_PRICED: Final = {*_TRADES, TransactionType.DIVIDEND}
_TRANSFERS: Final = {TransactionType.TRANSFER_IN, TransactionType.TRANSFER_OUT}
_POSITIVE_AMOUNT: Final = {TransactionType.DIVIDEND, TransactionType.DEPOSIT}


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns a kind of line needs, and which others it may have beside those every line may have."""

    needs: frozenset[str]
    allows: frozenset[str]


_POSITIVE: Final = ("quantity", "price", "fx_rate", "split_from", "split_to")
_NOT_NEGATIVE: Final = ("fee", "withholding_tax", "cost_basis")
_LATER_DATES: Final = frozenset({"settlement_date", "pay_date", "acquisition_date"})
_ALWAYS: Final = frozenset({*REQUIRED, "fx_rate", "settlement_date", "external_ref", "narration"})


def _shape(needs: str, allows: str = "") -> Shape:
    return Shape(frozenset(needs.split()), frozenset(allows.split()))


_SHAPES: Final = {
    TransactionType.BUY: _shape("symbol quantity price", "amount fee"),
    TransactionType.SELL: _shape("symbol quantity price", "amount fee lots"),
    TransactionType.DIVIDEND: _shape("symbol amount", "quantity price ex_date pay_date fee withholding_tax"),
    TransactionType.INTEREST: _shape("amount", "symbol fee withholding_tax"),
    TransactionType.FEE: _shape("amount", "symbol"),
    TransactionType.TAX: _shape("amount", "symbol"),
    TransactionType.DEPOSIT: _shape("amount", "fee"),
    TransactionType.WITHDRAWAL: _shape("amount", "fee"),
    TransactionType.TRANSFER_IN: _shape("amount", "fee parent_ref"),
    TransactionType.TRANSFER_OUT: _shape("amount", "fee"),
    TransactionType.SPLIT: _shape("symbol split_from split_to", "amount ex_date"),
}
_IN_KIND: Final = {
    TransactionType.TRANSFER_IN: _shape("symbol quantity cost_basis acquisition_date", "amount fee"),
    TransactionType.TRANSFER_OUT: _shape("symbol quantity", "amount fee lots"),
}


@dataclass(frozen=True, slots=True)
class Expectations:
    """What lines of one type with the same fields filled have in common, found out once for all of them."""

    wrong_columns: tuple[Problem, ...]
    positive: tuple[str, ...]
    not_negative: tuple[str, ...]
    has_later_dates: bool
    has_lots: bool
    is_in_kind: bool
    has_product: bool


@lru_cache(maxsize=4096)
def expectations(kind: TransactionType, names: tuple[str, ...]) -> Expectations:
    """The expectations of a line of type ``kind`` in which the fields ``names`` are filled."""
    is_in_kind = kind in _TRANSFERS and "symbol" in names
    return Expectations(
        wrong_columns=tuple(_wrong_columns(frozenset(names), kind, is_in_kind=is_in_kind)),
        positive=tuple(name for name in _POSITIVE if name in names),
        not_negative=tuple(name for name in _NOT_NEGATIVE if name in names),
        has_later_dates=not _LATER_DATES.isdisjoint(names),
        has_lots="lots" in names,
        is_in_kind=is_in_kind,
        has_product="quantity" in names and "price" in names and kind in _PRICED,
    )


def amount_of(values: Mapping[str, Any]) -> Decimal:
    """The amount a line without one stands for: quantity × price with its sign, or no cash at all."""
    if "quantity" not in values or "price" not in values:
        return ZERO
    gross = round_money(multiply(values["quantity"], values["price"]))
    return -gross if values["transaction_type"] is TransactionType.BUY else gross


def contradictions(values: Mapping[str, Any], latest: date) -> list[Problem]:
    """Everything the filled fields of a line do not agree in, as (field, reason); ``latest`` is the last date a transaction may have."""
    if any(name not in values for name in REQUIRED):
        return [(name, "is empty") for name in REQUIRED if name not in values]
    kind = values["transaction_type"]
    expected = expectations(kind, tuple(values))
    problems = list(expected.wrong_columns)
    if expected.has_later_dates or values["transaction_date"] > latest:
        problems += _wrong_dates(values, latest)
    problems += _wrong_numbers(values, expected)
    if "amount" in values:
        problems += _wrong_amount(values, values["amount"], kind, expected)
    return problems


def _wrong_columns(names: frozenset[str], kind: TransactionType, *, is_in_kind: bool) -> Iterator[Problem]:
    shape = _IN_KIND[kind] if is_in_kind else _SHAPES[kind]
    what = f"a {kind} of {'securities' if is_in_kind else 'cash'}" if kind in _TRANSFERS else kind.value
    for name in COLUMNS:
        if name in shape.needs and name not in names:
            yield name, f"is empty; {what} needs it"
        elif name in names and name not in shape.needs | shape.allows | _ALWAYS:
            yield name, f"has no meaning for {what}; leave it empty"


def _wrong_dates(values: Mapping[str, Any], latest: date) -> Iterator[Problem]:
    day = values["transaction_date"]
    if day > latest:
        yield "transaction_date", f"{day} lies in the future"
    if values.get("settlement_date", day) < day:
        yield "settlement_date", "lies before transaction_date"
    if values.get("pay_date", day) != day:
        yield "pay_date", "is not transaction_date, which for a DIVIDEND is the day the cash arrives"
    if values.get("acquisition_date", day) > day:
        yield "acquisition_date", "lies after transaction_date"


def _wrong_numbers(values: Mapping[str, Any], expected: Expectations) -> Iterator[Problem]:
    for name in expected.positive:
        if values[name] <= 0:
            direction = " (the direction is in transaction_type)" if name == "quantity" else ""
            yield name, f"is {values[name]}; it must be greater than 0{direction}"
    for name in expected.not_negative:
        if values[name] < 0:
            yield name, f"is {values[name]}; it cannot be negative"
    if expected.has_lots:
        chosen = sum((lot.quantity for lot in values["lots"]), ZERO)
        if chosen != values.get("quantity"):
            yield "lots", f"add up to {chosen}, but quantity is {values.get('quantity')}"


def _wrong_amount(values: Mapping[str, Any], amount: Decimal, kind: TransactionType, expected: Expectations) -> Iterator[Problem]:
    if expected.has_product:
        yield from _unlike_product(values, amount)
    if kind is TransactionType.SPLIT or expected.is_in_kind:
        if amount:
            yield "amount", f"is {amount}, but a {kind} of securities moves no cash; leave it empty"
    elif kind in _POSITIVE_AMOUNT or kind is TransactionType.TRANSFER_IN:
        if amount <= 0:
            yield "amount", f"is {amount}; {kind} brings cash in, so it must be greater than 0"
    elif kind in {TransactionType.WITHDRAWAL, TransactionType.TRANSFER_OUT}:
        if amount >= 0:
            yield "amount", f"is {amount}; {kind} takes cash out, so it must be less than 0"
    elif amount == 0 and kind not in _TRADES:
        yield "amount", f"is 0; a {kind} of nothing is not booked"


def _unlike_product(values: Mapping[str, Any], amount: Decimal) -> Iterator[Problem]:
    expected = amount_of(values)
    tolerance = _CENT + values["quantity"] * _LAST_PLACE
    if abs(amount - expected) > tolerance:
        yield "amount", f"is {amount}, but quantity × price is {expected} ({'out' if expected < 0 else 'in'}, before fees)"
