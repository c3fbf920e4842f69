"""CSV files of brokers, read by a mapping: which column means what, how numbers and dates are written, what their words for types are.

A mapping is found by the columns it needs all standing in the header. One line of the broker becomes one line of the transaction CSV; a
line whose type the mapping does not know is a problem, never a guess.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.money import QUOTIENT, round_money, round_quantity
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.foreign import ForeignRow, checked_rows
from dawsos.services.imports.transaction_csv import decoded_lines

_NUMBERS: Final = frozenset({"quantity", "price", "amount", "fee", "withholding_tax", "fx_rate", "cost_basis", "split_from", "split_to"})
_DATES: Final = frozenset({"transaction_date", "settlement_date", "ex_date", "pay_date", "acquisition_date"})
#: Columns whose sign the type decides.
_UNSIGNED: Final = frozenset({"quantity", "price", "fee", "withholding_tax"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerMapping:
    """``columns``: column of the transaction CSV → column of the broker; ``constants`` stand for those the broker does not have.

    ``types``: the broker's word (lower case) → transaction type, or None for lines that book nothing. ``types_without_amount`` derive
    their amount from quantity and price.
    """

    name: str
    columns: Mapping[str, str]
    types: Mapping[str, str | None]
    date_format: str
    delimiter: str = ","
    decimal_comma: bool = False
    constants: Mapping[str, str] = field(default_factory=dict)
    types_without_amount: frozenset[str] = frozenset({"BUY", "SELL", "SPLIT"})

    @property
    def source(self) -> str:
        """What its entries carry as their source."""
        return f"csv:{self.name}"

    def fits(self, header: list[str]) -> bool:
        """Whether every column it needs stands in ``header``."""
        return set(self.columns.values()) <= {one.strip() for one in header}


_TRADES: Final = {"buy": "BUY", "sell": "SELL"}
_MAPPINGS: Final = (
    BrokerMapping(
        name="schwab",
        columns={
            "transaction_date": "Date",
            "transaction_type": "Action",
            "symbol": "Symbol",
            "narration": "Description",
            "quantity": "Quantity",
            "price": "Price",
            "fee": "Fees & Comm",
            "amount": "Amount",
        },
        types=_TRADES
        | {
            "cash dividend": "DIVIDEND",
            "qualified dividend": "DIVIDEND",
            "non-qualified div": "DIVIDEND",
            "bank interest": "INTEREST",
            "credit interest": "INTEREST",
            "wire received": "DEPOSIT",
            "moneylink deposit": "DEPOSIT",
            "wire sent": "WITHDRAWAL",
            "service fee": "FEE",
            "nra tax adj": "TAX",
            "foreign tax paid": "TAX",
            "reinvest shares": "BUY",
            "reinvest dividend": "DIVIDEND",
            "qual div reinvest": "DIVIDEND",
        },
        date_format="%m/%d/%Y",
        constants={"currency": "USD"},
    ),
    BrokerMapping(
        name="fidelity",
        columns={
            "transaction_date": "Run Date",
            "transaction_type": "Action",
            "symbol": "Symbol",
            "narration": "Description",
            "quantity": "Quantity",
            "price": "Price ($)",
            "fee": "Fees ($)",
            "amount": "Amount ($)",
        },
        types={
            "you bought": "BUY",
            "you sold": "SELL",
            "dividend received": "DIVIDEND",
            "reinvestment": "BUY",
            "interest earned": "INTEREST",
            "electronic funds transfer received": "DEPOSIT",
            "electronic funds transfer paid": "WITHDRAWAL",
            "foreign tax paid": "TAX",
        },
        date_format="%m/%d/%Y",
        constants={"currency": "USD"},
    ),
    BrokerMapping(
        name="trading212",
        columns={
            "transaction_date": "Time",
            "transaction_type": "Action",
            "symbol": "Ticker",
            "narration": "Name",
            "quantity": "No. of shares",
            "price": "Price / share",
            "currency": "Currency (Price / share)",
            "external_ref": "ID",
        },
        types={"market buy": "BUY", "limit buy": "BUY", "market sell": "SELL", "limit sell": "SELL"},
        date_format="%Y-%m-%d",
    ),
    BrokerMapping(
        name="questrade",
        columns={
            "transaction_date": "Transaction Date",
            "settlement_date": "Settlement Date",
            "transaction_type": "Action",
            "symbol": "Symbol",
            "narration": "Description",
            "quantity": "Quantity",
            "price": "Price",
            "fee": "Commission",
            "amount": "Net Amount",
            "currency": "Currency",
        },
        types=_TRADES | {"div": "DIVIDEND", "dep": "DEPOSIT", "con": "DEPOSIT", "eft": "WITHDRAWAL", "int": "INTEREST", "fch": "FEE"},
        date_format="%Y-%m-%d",
    ),
)


def mapping_for(head: bytes, own: tuple[BrokerMapping, ...] = ()) -> BrokerMapping | None:
    """The mapping whose columns stand in the first line of the file; the reader's own before those that come with DawsOS."""
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    for mapping in (*own, *_MAPPINGS):
        if first and mapping.fits(next(csv.reader([first], delimiter=mapping.delimiter), [])):
            return mapping
    return None


def read_mapped(content: list[bytes], mapping: BrokerMapping, *, latest: date) -> Iterator[TransactionDraft | RowProblem]:
    """Every line of the broker's file, checked. Lines without a reference are told apart by their content and how often it came before."""
    return checked_rows(_rows(content, mapping), latest)


def _rows(content: list[bytes], mapping: BrokerMapping) -> Iterator[ForeignRow | RowProblem]:
    text = io.StringIO("".join(decoded_lines(content)), newline="")
    reader = csv.DictReader(text, delimiter=mapping.delimiter)
    reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
    seen: Counter[str] = Counter()
    for row in reader:
        line = reader.line_num
        given = {name: (row.get(column) or "").strip() for name, column in mapping.columns.items()}
        if not any(given.values()):
            continue
        outcome = _converted(given, mapping, line)
        if isinstance(outcome, RowProblem):
            yield outcome
        elif outcome is not None:
            if not outcome.get("external_ref"):
                content_of = "\x1f".join(f"{name}={value}" for name, value in sorted(outcome.items()))
                seen[content_of] += 1
                digest = hashlib.sha256(f"{content_of}\x1f{seen[content_of]}".encode()).hexdigest()[:24]
                outcome["external_ref"] = f"{mapping.source}:{digest}"
            yield ForeignRow(line, outcome)


def _converted(given: dict[str, str], mapping: BrokerMapping, line: int) -> dict[str, str] | RowProblem | None:
    word = given["transaction_type"].lower()
    known = next((one for one in sorted(mapping.types, key=len, reverse=True) if word == one or word.startswith(one + " ")), None)
    if known is None:
        reason = f"'{given['transaction_type'][:60]}' is a kind of line this mapping does not know; book it by hand or extend the mapping"
        return RowProblem(line, mapping.columns["transaction_type"], reason)
    kind = mapping.types[known]
    if kind is None:
        return None
    columns = dict(mapping.constants)
    for name, text in given.items():
        if not text or name == "transaction_type":
            continue
        try:
            columns[name] = _value(name, text, mapping)
        except ValueError:
            return RowProblem(line, mapping.columns[name], f"'{text[:60]}' cannot be read as {name}")
    columns["transaction_type"] = kind
    if kind in {"BUY", "SELL"}:
        _make_price_fit(columns, sign=1 if kind == "SELL" else -1)
    if kind in mapping.types_without_amount:
        columns.pop("amount", None)
    else:
        for name in ("quantity", "price"):
            columns.pop(name, None)
    if kind in {"DEPOSIT", "WITHDRAWAL", "INTEREST"}:
        columns.pop("symbol", None)
    return columns


def _make_price_fit(columns: dict[str, str], *, sign: int) -> None:
    """Where quantity × price is not what the net amount and the fee say, the price was rounded: take the one that makes it so."""
    if not {"amount", "quantity", "price"} <= columns.keys() or not Decimal(columns["quantity"]):
        return
    quantity = Decimal(columns["quantity"])
    gross = abs(Decimal(columns["amount"])) + sign * Decimal(columns.get("fee", "0"))
    if gross > 0 and round_money(quantity * Decimal(columns["price"])) != gross:
        columns["price"] = plain_decimal(round_quantity(QUOTIENT.divide(gross, quantity)))


def _value(name: str, text: str, mapping: BrokerMapping) -> str:
    if name in _DATES:
        first = text.partition(" ")[0].partition("T")[0]  # without a time, or what Schwab says about another day
        return datetime.strptime(first, mapping.date_format).date().isoformat()  # noqa: DTZ007
    if name in _NUMBERS:
        found = _number(text, decimal_comma=mapping.decimal_comma)
        return plain_decimal(abs(found) if name in _UNSIGNED else found)
    return text


def _number(text: str, *, decimal_comma: bool) -> Decimal:
    bare = text.replace("$", "").replace("\u00a0", "").replace(" ", "")
    is_negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()")
    bare = bare.replace(".", "").replace(",", ".") if decimal_comma else bare.replace(",", "")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite():
        raise ValueError(text)
    return -value if is_negative else value
