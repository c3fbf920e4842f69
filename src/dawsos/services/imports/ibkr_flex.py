"""Flex statements of Interactive Brokers, as rows of the transaction CSV; the XML is read by the package ibflex (MIT).

Read are the sections Trades and CashTransactions. A withholding tax is a TAX of its own day and security, as the broker books it. A trade
of a pair of currencies is a conversion: TRANSFER_OUT and TRANSFER_IN. Derivatives are problems of their line, not guesses.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import ZERO, round_money
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.foreign import ForeignRow, checked_rows

SOURCE: Final = "ibkr-flex"
_CASH: Final = {
    "DEPOSITWITHDRAW": None,
    "BROKERINTPAID": "INTEREST",
    "BROKERINTRCVD": "INTEREST",
    "BONDINTRCVD": "INTEREST",
    "BONDINTPAID": "INTEREST",
    "WHTAX": "TAX",
    "FEES": "FEE",
    "ADVISORFEES": "FEE",
    "COMMADJ": "FEE",
    "DIVIDEND": "DIVIDEND",
    "PAYMENTINLIEU": "DIVIDEND",
}
_WITH_SYMBOL: Final = {"DIVIDEND", "TAX"}
_HELD: Final = {"STOCK", "FUND", "BOND", "BILL", None}


def looks_like_flex(head: bytes) -> bool:
    """Whether a file that begins so is a Flex statement."""
    return b"<FlexQueryResponse" in head


def read_flex(content: bytes, *, latest: date) -> Iterator[TransactionDraft | RowProblem]:
    """Every transaction of the statement, checked; raises Invalid when it cannot be read as a whole."""
    return checked_rows(_rows(content), latest)


def _rows(content: bytes) -> Iterator[ForeignRow | RowProblem]:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Invalid("The statement declares entities, which no Flex statement does.", remedy="Download it again.", code="not_flex")
    from ibflex import parser  # noqa: PLC0415 - only those who import a statement pay for the package

    try:
        response = parser.parse(io.BytesIO(content))
    except Exception as error:  # the package lets out whatever its XML reader and its converters raise
        raise Invalid(f"The Flex statement cannot be read: {error}.", remedy="Download it again as XML.", code="not_flex") from error
    place = 0
    for statement in response.FlexStatements:
        for trade in statement.Trades or ():
            place += 1
            if _name(getattr(trade, "levelOfDetail", None)) in {None, "EXECUTION"}:
                yield from _trade(trade, place)
        for cash in statement.CashTransactions or ():
            place += 1
            if _name(cash.levelOfDetail) in {None, "DETAIL"}:
                yield _cash(cash, place)


def _trade(trade: Any, place: int) -> Iterator[ForeignRow | RowProblem]:
    kind, own = _name(trade.assetCategory), trade.transactionID or trade.tradeID
    missing = [name for name in ("tradeDate", "quantity", "tradePrice", "currency", "symbol") if getattr(trade, name) is None]
    if missing or not own:
        yield RowProblem(place, missing[0] if missing else "transactionID", "is missing from a trade; include it in the Flex query")
    elif kind == "CASH":
        yield from _conversion(trade, place, own)
    elif kind not in _HELD:
        yield RowProblem(place, "assetCategory", f"{trade.symbol} is of kind {kind}, which is not booked; enter it by hand")
    elif (trade.ibCommissionCurrency or trade.currency) != trade.currency:
        yield RowProblem(place, "ibCommissionCurrency", f"the commission is in {trade.ibCommissionCurrency}, the trade in {trade.currency}")
    else:
        quantity, fee = trade.quantity, -(trade.ibCommission or ZERO) - (trade.taxes or ZERO)
        columns = {
            "transaction_type": "BUY" if quantity > 0 else "SELL",
            "transaction_date": _iso(trade.tradeDate),
            "settlement_date": _iso(trade.settleDateTarget) if trade.settleDateTarget else "",
            "symbol": trade.symbol,
            "quantity": plain_decimal(abs(quantity)),
            "price": plain_decimal(trade.tradePrice),
            "currency": trade.currency,
            "fee": plain_decimal(round_money(fee)),
            "external_ref": f"ibkr:{own}",
            "narration": trade.description or "",
        }
        yield ForeignRow(place, columns)


def _conversion(trade: Any, place: int, own: str) -> Iterator[ForeignRow | RowProblem]:
    """EUR.USD bought: dollars go out, euros come in; sold, the other way round."""
    base = trade.symbol.partition(".")[0]
    amounts = {base: round_money(trade.quantity), trade.currency: round_money(-trade.quantity * trade.tradePrice)}
    day = {"transaction_date": _iso(trade.tradeDate), "narration": f"Conversion {trade.symbol}"}
    gone = next(code for code, amount in amounts.items() if amount < 0)
    come = next(code for code in amounts if code != gone)
    out, back = f"ibkr:{own}:out", f"ibkr:{own}:in"
    yield ForeignRow(place, _transfer(day, "TRANSFER_OUT", gone, amounts[gone], out))
    yield ForeignRow(place, _transfer(day, "TRANSFER_IN", come, amounts[come], back) | {"parent_ref": out})
    if trade.ibCommission:
        commission = {"transaction_type": "FEE", "currency": trade.ibCommissionCurrency or trade.currency}
        yield ForeignRow(
            place, day | commission | {"amount": plain_decimal(round_money(trade.ibCommission)), "external_ref": f"ibkr:{own}:fee"}
        )


def _transfer(day: dict[str, str], kind: str, currency: str, amount: Decimal, reference: str) -> dict[str, str]:
    return day | {"transaction_type": kind, "currency": currency, "amount": plain_decimal(amount), "external_ref": reference}


def _cash(cash: Any, place: int) -> ForeignRow | RowProblem:
    name = _name(cash.type)
    if name not in _CASH:
        return RowProblem(place, "type", f"'{name}' is a kind of cash transaction that is not read; book it by hand")
    moment = cash.settleDate or cash.dateTime or cash.reportDate
    if cash.amount is None or cash.currency is None or moment is None or not cash.transactionID:
        return RowProblem(place, "transactionID", "an amount, a currency, a date or the id is missing; include them in the Flex query")
    kind = _CASH[name] or ("DEPOSIT" if cash.amount > 0 else "WITHDRAWAL")
    columns = {
        "transaction_type": kind,
        "transaction_date": _iso(moment),
        "currency": cash.currency,
        "amount": plain_decimal(round_money(cash.amount)),
        "external_ref": f"ibkr:{cash.transactionID}",
        "narration": cash.description or "",
    }
    if kind in _WITH_SYMBOL and cash.symbol:
        columns["symbol"] = cash.symbol
    return ForeignRow(place, columns)


def _iso(value: date | datetime) -> str:
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def _name(value: Any) -> str | None:
    """The name of a member of one of the package's enumerations; text as it is."""
    if value is None:
        return None
    return str(getattr(value, "name", value))
