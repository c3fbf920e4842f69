"""Statements of banks and brokers in OFX or QFX, as rows of the transaction CSV.

Amounts keep their sign; commissions, fees, loads and taxes of a trade are its fee. An entry is known by account and FITID, so a statement
that overlaps the one before books nothing twice. What is not booked from it (options, returns of capital) is a problem of its line.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.money import QUOTIENT, ZERO, round_money, round_quantity
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.foreign import ForeignRow, checked_rows
from dawsos.services.imports.ofx_tree import Element, parse_ofx

SOURCE: Final = "ofx"
_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CHARGES: Final = ("COMMISSION", "FEES", "LOAD", "TAXES")
_CASH_TYPES: Final = {"INT": "INTEREST", "DIV": "INTEREST", "FEE": "FEE", "SRVCHG": "FEE"}
_TRADES: Final = {
    **dict.fromkeys(("BUYSTOCK", "BUYMF", "BUYDEBT", "BUYOTHER"), "INVBUY"),
    **dict.fromkeys(("SELLSTOCK", "SELLMF", "SELLDEBT", "SELLOTHER"), "INVSELL"),
}


class _Unreadable(Exception):
    """A field is not what it should be."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def read_ofx(content: bytes, *, latest: date) -> Iterator[TransactionDraft | RowProblem]:
    """Every transaction of the file, checked; raises Invalid when it cannot be read as a whole."""
    return checked_rows(_rows(parse_ofx(content)), latest)


def _rows(root: Element) -> Iterator[ForeignRow | RowProblem]:
    tickers = _tickers(root)
    for statement in root.every("INVSTMTRS"):
        account, currency = statement.value("INVACCTFROM", "ACCTID") or "", statement.value("CURDEF") or ""
        entries = statement.child("INVTRANLIST")
        for entry in entries.children if entries is not None else []:
            if entry.children:
                yield from _guarded(entry, lambda one: _investment(one, account, currency, tickers))  # noqa: B023 - called at once
    for kind, source in (("STMTRS", "BANKACCTFROM"), ("CCSTMTRS", "CCACCTFROM")):
        for statement in root.every(kind):
            account, currency = statement.value(source, "ACCTID") or "", statement.value("CURDEF") or ""
            entries = statement.child("BANKTRANLIST")
            for entry in entries.children if entries is not None else []:
                if entry.name == "STMTTRN":
                    yield from _guarded(entry, lambda one: [_cash(one, one, account, currency)])  # noqa: B023 - called at once


def _guarded(entry: Element, read: Callable[[Element], list[ForeignRow]]) -> Iterator[ForeignRow | RowProblem]:
    try:
        yield from read(entry)
    except _Unreadable as problem:
        yield RowProblem(entry.line, problem.field, str(problem))


def _tickers(root: Element) -> dict[str, str]:
    """Symbols by the id the statement uses for a security: its ticker, or the id itself where there is none."""
    found = {}
    for info in root.every("SECINFO"):
        unique = info.value("SECID", "UNIQUEID")
        if unique:
            found[unique] = info.value("TICKER") or unique
    return found


def _investment(entry: Element, account: str, currency: str, tickers: dict[str, str]) -> list[ForeignRow]:
    if entry.name == "INVBANKTRAN":
        statement = entry.child("STMTTRN")
        if statement is None:
            raise _Unreadable("STMTTRN", "is missing")
        return [_cash(entry, statement, account, currency)]
    if entry.name in _TRADES:
        inner = entry.child(_TRADES[entry.name])
        if inner is None:
            raise _Unreadable(_TRADES[entry.name], "is missing")
        return [_trade(entry, inner, account, currency, tickers)]
    if entry.name == "REINVEST":
        return _reinvested(entry, account, currency, tickers)
    read = {"INCOME": _income, "INVEXPENSE": _expense, "SPLIT": _split, "TRANSFER": _transfer}.get(entry.name)
    if read is None:
        raise _Unreadable(entry.name, "is a kind of transaction that is not read from OFX; book it by hand")
    return [ForeignRow(entry.line, read(entry, _base(entry, account, currency, tickers)))]


def _base(entry: Element, account: str, currency: str, tickers: dict[str, str], *, suffix: str = "") -> dict[str, str]:
    traded = entry.child("INVTRAN")
    if traded is None:
        raise _Unreadable("INVTRAN", "is missing")
    columns = {
        "transaction_date": _day(traded, "DTTRADE"),
        "currency": _currency(entry, currency),
        "external_ref": _reference(account, traded.value("FITID"), suffix),
        "narration": traded.value("MEMO") or "",
    }
    if settled := traded.value("DTSETTLE"):
        columns["settlement_date"] = _iso(settled, "DTSETTLE")
    if unique := entry.value("SECID", "UNIQUEID"):
        columns["symbol"] = tickers.get(unique, unique)
    return columns


def _currency(entry: Element, usual: str) -> str:
    return entry.value("CURRENCY", "CURSYM") or usual


def _trade(entry: Element, inner: Element, account: str, currency: str, tickers: dict[str, str]) -> ForeignRow:
    columns = _base(inner, account, currency, tickers)
    is_sale = inner.name == "INVSELL"
    columns |= {"transaction_type": "SELL" if is_sale else "BUY", **_priced(inner, sign=1 if is_sale else -1)}
    return ForeignRow(entry.line, columns)


def _priced(inner: Element, *, sign: int) -> dict[str, str]:
    """Quantity, price and fee. Where quantity × price is not what the total says, the price is the one that makes it so."""
    quantity, price = abs(_number(inner, "UNITS")), _number(inner, "UNITPRICE")
    fee = sum((_number(inner, name) for name in _CHARGES if inner.value(name)), ZERO)
    total = inner.value("TOTAL")
    if total is not None and quantity:
        gross = abs(_number(inner, "TOTAL")) + sign * fee
        if round_money(quantity * price) != gross:
            price = round_quantity(QUOTIENT.divide(gross, quantity))
    return {"quantity": plain_decimal(quantity), "price": plain_decimal(price), "fee": plain_decimal(fee)}


def _reinvested(entry: Element, account: str, currency: str, tickers: dict[str, str]) -> list[ForeignRow]:
    income = _base(entry, account, currency, tickers, suffix=":income")
    bought = _base(entry, account, currency, tickers, suffix=":bought")
    priced = _priced(entry, sign=-1)
    income.pop("settlement_date", None)
    amount = round_money(Decimal(priced["quantity"]) * Decimal(priced["price"])) + Decimal(priced["fee"])
    return [
        ForeignRow(entry.line, income | {"transaction_type": "DIVIDEND", "amount": plain_decimal(amount)}),
        ForeignRow(entry.line, bought | {"transaction_type": "BUY", **priced}),
    ]


def _income(entry: Element, columns: dict[str, str]) -> dict[str, str]:
    is_interest = entry.value("INCOMETYPE") == "INTEREST"
    tax = abs(_number(entry, "WITHHOLDING")) if entry.value("WITHHOLDING") else ZERO
    amount = _number(entry, "TOTAL") + tax  # the total is what arrived
    kind = "INTEREST" if is_interest else "DIVIDEND"
    columns.pop("settlement_date", None)
    return columns | {"transaction_type": kind, "amount": plain_decimal(amount), "withholding_tax": plain_decimal(tax) if tax else ""}


def _expense(entry: Element, columns: dict[str, str]) -> dict[str, str]:
    columns.pop("settlement_date", None)
    return columns | {"transaction_type": "FEE", "amount": plain_decimal(-abs(_number(entry, "TOTAL")))}


def _split(entry: Element, columns: dict[str, str]) -> dict[str, str]:
    columns.pop("settlement_date", None)
    after, before = _number(entry, "NUMERATOR"), _number(entry, "DENOMINATOR")
    return columns | {"transaction_type": "SPLIT", "split_from": plain_decimal(before), "split_to": plain_decimal(after)}


def _transfer(entry: Element, columns: dict[str, str]) -> dict[str, str]:
    columns.pop("settlement_date", None)
    quantity = _number(entry, "UNITS")
    if entry.value("TFERACTION") == "OUT" or quantity < 0:
        return columns | {"transaction_type": "TRANSFER_OUT", "quantity": plain_decimal(abs(quantity))}
    if not entry.value("AVGCOSTBASIS") or not entry.value("DTPURCHASE"):
        raise _Unreadable("AVGCOSTBASIS", "the cost or the day of purchase of what came in is missing; book it by hand with both")
    cost = round_money(quantity * _number(entry, "AVGCOSTBASIS"))
    acquired = _iso(entry.value("DTPURCHASE") or "", "DTPURCHASE")
    came = {"transaction_type": "TRANSFER_IN", "quantity": plain_decimal(quantity)}
    return columns | came | {"cost_basis": plain_decimal(cost), "acquisition_date": acquired}


def _cash(entry: Element, statement: Element, account: str, currency: str) -> ForeignRow:
    amount = _number(statement, "TRNAMT")
    kind = _CASH_TYPES.get(statement.value("TRNTYPE") or "") or ("DEPOSIT" if amount > 0 else "WITHDRAWAL")
    words = " · ".join(text for text in (statement.value("NAME"), statement.value("MEMO")) if text)
    return ForeignRow(
        entry.line,
        {
            "transaction_type": kind,
            "transaction_date": _day(statement, "DTPOSTED"),
            "currency": _currency(statement, currency),
            "amount": plain_decimal(amount),
            "external_ref": _reference(account, statement.value("FITID"), ""),
            "narration": words,
        },
    )


def _reference(account: str, fitid: str | None, suffix: str) -> str:
    if not fitid:
        raise _Unreadable("FITID", "is missing, so the entry could not be told from another")
    return f"ofx:{account}:{fitid}{suffix}"


def _day(element: Element, name: str) -> str:
    return _iso(element.value(name) or "", name)


def _iso(text: str, name: str) -> str:
    found = _DAY.match(text)
    if found is None:
        raise _Unreadable(name, f"'{text[:40]}' is not a date")
    return "-".join(found.groups())


def _number(element: Element, name: str) -> Decimal:
    text = (element.value(name) or "").replace(",", ".")
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise _Unreadable(name, f"'{text[:40]}' is not a number" if text else "is missing")
    return value
