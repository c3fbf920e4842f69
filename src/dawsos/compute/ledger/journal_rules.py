"""What the fields of a row must satisfy together, for all rows of a file at once."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.segments import FlowKind

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

#: A cent is this many 1e-16, the step of a product of a quantity and a price.
_CENT: Final = 10**14
_ALWAYS: Final = "transaction_date transaction_type currency fx_rate settlement_date external_ref narration"
_CASH: Final = {
    FlowKind.BUY: ("symbol quantity price", "amount fee"),
    FlowKind.SELL: ("symbol quantity price", "amount fee lots"),
    FlowKind.DIVIDEND: ("symbol amount", "quantity price ex_date pay_date fee withholding_tax"),
    FlowKind.INTEREST: ("amount", "symbol fee withholding_tax"),
    FlowKind.FEE: ("amount", "symbol"),
    FlowKind.TAX: ("amount", "symbol"),
    FlowKind.DEPOSIT: ("amount", "fee"),
    FlowKind.WITHDRAWAL: ("amount", "fee"),
    FlowKind.TRANSFER_IN: ("amount", "fee parent_ref"),
    FlowKind.TRANSFER_OUT: ("amount", "fee"),
    FlowKind.SPLIT: ("symbol split_from split_to", "amount ex_date"),
}
_IN_KIND: Final = {
    FlowKind.TRANSFER_IN: ("symbol quantity cost_basis acquisition_date", "amount fee"),
    FlowKind.TRANSFER_OUT: ("symbol quantity", "amount fee lots"),
}
_POSITIVE: Final = ("quantity", "price", "fx_rate", "split_from", "split_to")
_NOT_NEGATIVE: Final = ("fee", "withholding_tax", "cost_basis")


def doubtful_columns(
    values: Mapping[str, Int64],
    filled: Mapping[str, Bool],
    unread: Int64,
    bits: Int64,
    has_unknown_parent: Bool,
    columns: Sequence[str],
) -> Int64:
    """The first column found wrong in each row, −1 where there is none; rows with an ``unread`` column keep it.

    ``bits`` has one bit per filled column, ``columns`` the order of bits.
    """
    wrong = unread.copy()

    def note(name: str, where: Bool) -> None:
        wrong[(wrong < 0) & where] = columns.index(name)

    for name in ("transaction_date", "transaction_type", "currency"):
        note(name, ~filled[name])
    missing, strange = _misplaced(values["transaction_type"], filled["symbol"], bits, columns)
    for index, name in enumerate(columns):
        note(name, ((missing | strange) >> index & 1).astype(np.bool_))
    for name in _POSITIVE:
        note(name, filled[name] & (values[name] <= 0))
    for name in _NOT_NEGATIVE:
        note(name, values[name] < 0)
    day = values["transaction_date"]
    note("settlement_date", filled["settlement_date"] & (values["settlement_date"] < day))
    note("pay_date", filled["pay_date"] & (values["pay_date"] != day))
    note("acquisition_date", filled["acquisition_date"] & (values["acquisition_date"] > day))
    note("parent_ref", has_unknown_parent)
    note("amount", _is_wrong_amount(values, filled))
    return wrong


def _misplaced(kind: Int64, has_symbol: Bool, bits: Int64, columns: Sequence[str]) -> tuple[Int64, Int64]:
    """Per row the bits of columns its type needs and lacks, and of columns that mean nothing for it."""

    def mask(names: str) -> int:
        return sum(1 << columns.index(name) for name in names.split())

    needs, allows = np.zeros((2, max(FlowKind) + 1), dtype=np.int64), np.zeros((2, max(FlowKind) + 1), dtype=np.int64)
    for number, shapes in enumerate((_CASH, {**_CASH, **_IN_KIND})):
        for each, (needed, allowed) in shapes.items():
            needs[number, each], allows[number, each] = mask(needed), mask(f"{needed} {allowed} {_ALWAYS}")
    side = has_symbol.astype(np.int64)
    return needs[side, kind] & ~bits, np.where(kind > 0, bits & ~allows[side, kind], 0)


def gross_amounts(values: Mapping[str, Int64], is_given: Bool) -> Int64:
    """Amounts in cents; where none is given ±round(quantity × price), half to even, or no cash at all."""
    return np.where(is_given, values["amount"], _products(values))


def _sizes(values: Mapping[str, Int64]) -> Int64:
    """round(quantity × price) in cents without a sign; −1 where it does not fit."""
    # The compiler takes a second to import.
    from dawsos.compute.ledger.integers import rounded_products  # noqa: PLC0415

    sizes: Int64 = rounded_products(np.abs(values["quantity"]), np.abs(values["price"]), _CENT)
    return sizes


def _products(values: Mapping[str, Int64]) -> Int64:
    sizes = _sizes(values)
    return np.where(values["transaction_type"] == FlowKind.BUY, -sizes, sizes)


def _is_wrong_amount(values: Mapping[str, Int64], filled: Mapping[str, Bool]) -> Bool:
    kind, amount, given = values["transaction_type"], values["amount"], filled["amount"]
    moves_securities = (kind == FlowKind.SPLIT) | (np.isin(kind, (FlowKind.TRANSFER_IN, FlowKind.TRANSFER_OUT)) & filled["symbol"])
    comes_in = np.isin(kind, (FlowKind.DIVIDEND, FlowKind.DEPOSIT, FlowKind.TRANSFER_IN))
    goes_out = np.isin(kind, (FlowKind.WITHDRAWAL, FlowKind.TRANSFER_OUT))
    is_trade = np.isin(kind, (FlowKind.BUY, FlowKind.SELL))
    by_sign = np.where(comes_in, amount <= 0, np.where(goes_out, amount >= 0, (amount == 0) & ~is_trade))
    has_product = filled["quantity"] & filled["price"] & (is_trade | (kind == FlowKind.DIVIDEND))
    # One cent for the rounding of the statement, and the eighth decimal place of the price for every share.
    is_off = np.abs(amount - _products(values)) - 1 > np.abs(values["quantity"]) // _CENT
    is_wrong: Bool = (given & (np.where(moves_securities, amount != 0, by_sign) | (has_product & is_off))) | (_sizes(values) < 0)
    return is_wrong
