"""Reads DawsOS's own CSV of transactions as a stream of checked drafts and problems (format: docs/reference/transaction-csv.md)."""

import csv
import difflib
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import TransactionType
from dawsos.kernel.money import ZERO, multiply, round_money
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.fields import FieldError, chosen_lots, currency_code, day, decimal, plain_text, shown

COLUMNS: Final = (
    "transaction_date", "transaction_type", "symbol", "quantity", "price", "amount", "currency", "fee", "withholding_tax", "fx_rate",
    "settlement_date", "ex_date", "pay_date", "split_from", "split_to", "cost_basis", "acquisition_date", "lots", "parent_ref",
    "external_ref", "narration",
)  # fmt: skip
REQUIRED: Final = ("transaction_date", "transaction_type", "currency")
LONGEST_LINE: Final = 65_536
_CENT: Final = Decimal("0.01")
_LAST_PLACE: Final = Decimal("0.00000001")

_TYPES: Final = {kind.value: kind for kind in TransactionType}


def _kind(text: str) -> TransactionType:
    try:
        return _TYPES[text]
    except KeyError:
        near = difflib.get_close_matches(text.upper(), _TYPES, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; the types are {', '.join(_TYPES)}"
        raise FieldError(f"'{shown(text)}' is not a transaction type{hint}") from None


def _places(count: int) -> Callable[[str], Decimal]:
    return lambda text: decimal(text, places=count)


def _words(longest: int) -> Callable[[str], str]:
    return lambda text: plain_text(text, longest=longest)


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "transaction_date": day, "transaction_type": _kind, "symbol": _words(32), "quantity": _places(8), "price": _places(8),
    "amount": _places(2), "currency": currency_code, "fee": _places(2), "withholding_tax": _places(2), "fx_rate": _places(8),
    "settlement_date": day, "ex_date": day, "pay_date": day, "split_from": _places(8), "split_to": _places(8), "cost_basis": _places(2),
    "acquisition_date": day, "lots": chosen_lots, "parent_ref": _words(200), "external_ref": _words(200), "narration": _words(2000),
}  # fmt: skip

_TRADES: Final = {TransactionType.BUY, TransactionType.SELL}
_TRANSFERS: Final = {TransactionType.TRANSFER_IN, TransactionType.TRANSFER_OUT}
_POSITIVE_AMOUNT: Final = {TransactionType.DIVIDEND, TransactionType.DEPOSIT}


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns a kind of line needs, and which others it may have beside those every line may have."""

    needs: frozenset[str]
    allows: frozenset[str]


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


def decoded_lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The text lines of a file read in chunks. Bytes that are not UTF-8, and lines without end, are :class:`Invalid` with their place."""
    rest, number = b"", 0
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            number += 1
            yield _decoded(line, number) + "\n"
        if len(rest) > LONGEST_LINE:
            raise _too_long(number + 1)
    if rest:
        yield _decoded(rest, number + 1)


def _decoded(line: bytes, number: int) -> str:
    if len(line) > LONGEST_LINE:
        raise _too_long(number)
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(
            f"Line {number} is not text: byte {error.start + 1} is not UTF-8.",
            remedy="Save the file as CSV in UTF-8; a spreadsheet or a compressed file cannot be read.",
            code="not_text",
        ) from error
    if "\x00" in text:
        raise Invalid(f"Line {number} holds a NUL byte, so this is not a text file.", remedy="Save it as CSV in UTF-8.", code="not_text")
    return text


def _too_long(number: int) -> Invalid:
    return Invalid(
        f"Line {number} is longer than {LONGEST_LINE:,} bytes.",
        remedy="A quote may be missing, or this is not a CSV file of transactions.",
        code="line_too_long",
    )


def _header(row: list[str]) -> list[str]:
    names = [name.strip() for name in row]
    problems = [f"column '{name}' stands there {count} times" for name, count in Counter(names).items() if count > 1]
    for name in dict.fromkeys(names):
        if name not in COLUMNS:
            near = difflib.get_close_matches(name.lower(), COLUMNS, n=1)
            problems.append(f"column '{shown(name)}' is unknown" + (f" (did you mean '{near[0]}'?)" if near else ""))
    problems += [f"column '{name}' is missing" for name in REQUIRED if name not in names]
    if problems:
        raise Invalid(
            f"The header of the file is wrong: {'; '.join(problems)}.",
            remedy=f"The first line names the columns: {', '.join(COLUMNS)}; only {', '.join(REQUIRED)} must be there.",
            code="wrong_header",
            details={"problems": problems},
        )
    return names


def read_transactions(chunks: Iterable[bytes], *, latest: date) -> Iterator[TransactionDraft | RowProblem]:
    """Every line of the file, as a draft or as its problems.

    ``latest`` is the last date a transaction may have. A line without ``external_ref`` gets one from its content and how often that
    content occurred before in the file, so that importing the file again books nothing twice and equal lines stay two.
    Raises :class:`Invalid` for what makes the whole file unreadable: a wrong header, bytes that are not text, broken quoting.
    """
    rows = csv.reader(decoded_lines(chunks), strict=True)
    seen: Counter[bytes] = Counter()
    try:
        first = next(rows, None)
        if first is None:
            raise Invalid("The file is empty.", remedy="The first line names the columns.", code="wrong_header")
        names = _header(first)
        for row in rows:
            if row:
                yield from _read_row(names, row, rows.line_num, latest, seen)
    except csv.Error as error:
        raise Invalid(f"Line {rows.line_num} cannot be read as CSV: {error}.", remedy="Check the quotes.", code="broken_csv") from error


def _read_row(names: list[str], row: list[str], line: int, latest: date, seen: Counter[bytes]) -> Iterator[TransactionDraft | RowProblem]:
    if len(row) != len(names):
        yield RowProblem(line, "(line)", f"has {len(row)} fields where the header has {len(names)}")
        return
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for name, text in zip(names, row, strict=True):
        stripped = text.strip()
        if stripped:
            try:
                values[name] = _READERS[name](stripped)
            except FieldError as error:
                problems.append(RowProblem(line, name, str(error)))
    if not problems:
        problems = [RowProblem(line, field, reason) for field, reason in _contradictions(values, latest)]
    if problems:
        yield from problems
        return
    if "external_ref" not in values:
        values["external_ref"] = _content_reference(names, row, seen)
    if "amount" not in values:
        values["amount"] = _amount(values)
    yield TransactionDraft(line=line, **values)


def _content_reference(names: list[str], row: list[str], seen: Counter[bytes]) -> str:
    content = sorted((name, text.strip()) for name, text in zip(names, row, strict=True) if text.strip())
    digest = hashlib.sha256("\x1f".join(f"{name}={text}" for name, text in content).encode()).digest()
    seen[digest] += 1
    return f"sha256:{digest.hex()[:40]}:{seen[digest]}"


def _amount(values: dict[str, Any]) -> Decimal:
    """The amount a line without one stands for: quantity × price with its sign, or no cash at all."""
    if "quantity" not in values or "price" not in values:
        return ZERO
    gross = round_money(multiply(values["quantity"], values["price"]))
    return -gross if values["transaction_type"] is TransactionType.BUY else gross


def _contradictions(values: dict[str, Any], latest: date) -> Iterator[tuple[str, str]]:
    empty = [name for name in REQUIRED if name not in values]
    if empty:
        yield from ((name, "is empty") for name in empty)
        return
    kind = values["transaction_type"]
    yield from _wrong_columns(values, kind)
    yield from _wrong_dates(values, latest)
    yield from _wrong_numbers(values)
    yield from _wrong_amount(values, kind)


def _wrong_columns(values: dict[str, Any], kind: TransactionType) -> Iterator[tuple[str, str]]:
    is_in_kind = kind in _TRANSFERS and "symbol" in values
    shape = _IN_KIND[kind] if is_in_kind else _SHAPES[kind]
    what = f"a {kind} of {'securities' if is_in_kind else 'cash'}" if kind in _TRANSFERS else kind.value
    for name in COLUMNS:
        if name in shape.needs and name not in values:
            yield name, f"is empty; {what} needs it"
        elif name in values and name not in shape.needs | shape.allows | _ALWAYS:
            yield name, f"has no meaning for {what}; leave it empty"


def _wrong_dates(values: dict[str, Any], latest: date) -> Iterator[tuple[str, str]]:
    day = values["transaction_date"]
    if day > latest:
        yield "transaction_date", f"{day} lies in the future"
    if values.get("settlement_date", day) < day:
        yield "settlement_date", "lies before transaction_date"
    if values.get("pay_date", day) != day:
        yield "pay_date", "is not transaction_date, which for a DIVIDEND is the day the cash arrives"
    if values.get("acquisition_date", day) > day:
        yield "acquisition_date", "lies after transaction_date"


def _wrong_numbers(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("quantity", "price", "fx_rate", "split_from", "split_to"):
        if name in values and values[name] <= 0:
            yield (
                name,
                f"is {values[name]}; it must be greater than 0" + (" (the direction is in transaction_type)" if name == "quantity" else ""),
            )
    for name in ("fee", "withholding_tax", "cost_basis"):
        if name in values and values[name] < 0:
            yield name, f"is {values[name]}; it cannot be negative"
    if "lots" in values:
        chosen = sum((lot.quantity for lot in values["lots"]), ZERO)
        if chosen != values.get("quantity"):
            yield "lots", f"add up to {chosen}, but quantity is {values.get('quantity')}"


def _wrong_amount(values: dict[str, Any], kind: TransactionType) -> Iterator[tuple[str, str]]:
    amount = values.get("amount")
    if amount is None:
        return
    is_in_kind = kind in _TRANSFERS and "symbol" in values
    if "quantity" in values and "price" in values and kind in {*_TRADES, TransactionType.DIVIDEND}:
        yield from _unlike_product(values, amount)
    if kind is TransactionType.SPLIT or is_in_kind:
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


def _unlike_product(values: dict[str, Any], amount: Decimal) -> Iterator[tuple[str, str]]:
    expected = _amount(values)
    tolerance = _CENT + values["quantity"] * _LAST_PLACE
    if abs(amount - expected) > tolerance:
        yield "amount", f"is {amount}, but quantity × price is {expected} ({'out' if expected < 0 else 'in'}, before fees)"
