"""A ledger as a Beancount file that other programs read, and that DawsOS can read back without loss.

The directives are for Beancount. Below them stand the entries themselves as comments, one line of the transaction CSV each, with a hash of
the directives above: a file whose directives were edited is refused, because its entries would no longer say the same.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.beancount import to_beancount
from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.standing import standing
from dawsos.kernel.canonical import plain_decimal, sha256_hex
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.foreign import ForeignRow, checked_rows
from dawsos.services.imports.line_checks import COLUMNS
from dawsos.services.ledger.booking import open_ledger, replay_of
from dawsos.store.database import Database

SOURCE: Final = "beancount"
_MARK: Final = "; dawsos ledger 1 sha256 "
_ROW: Final = "; dawsos entry "
_DIRECTIVE: Final = re.compile(rb'(option "|\d{4}-\d{2}-\d{2} (open|commodity|\*|txn|balance) )')
#: Their amount follows from other columns, or is nothing.
_WITHOUT_AMOUNT: Final = frozenset({TransactionType.BUY, TransactionType.SELL, TransactionType.SPLIT})
_PLAIN: Final = (
    "transaction_date", "symbol", "quantity", "price", "currency", "fee", "withholding_tax", "settlement_date", "ex_date", "pay_date",
    "split_from", "split_to", "cost_basis", "acquisition_date", "narration",
)  # fmt: skip


async def export_beancount(database: Database, actor: Actor, portfolio_id: UUID) -> str:
    """The portfolio's ledger as it stands; NotFound when the actor has no such portfolio."""
    async with database.transaction(actor) as tx:
        ledger = await open_ledger(tx, portfolio_id)
    return beancount_text(ledger.transactions, ledger.portfolio.name, replay_of(ledger.portfolio, ledger.transactions))


def beancount_text(transactions: tuple[Transaction, ...], title: str, state: LedgerState) -> str:
    """Directives and entries. What was reversed stands in neither."""
    directives = to_beancount(state, title=title)
    rows = standing(transactions).rows
    references = {row.id: row.external_ref or f"{SOURCE}:{row.sequence}" for row in rows}
    lines = [_MARK + sha256_hex(directives.encode()), _ROW + _csv_line(tuple(COLUMNS))]
    lines += [
        _ROW + _csv_line(tuple(columns.get(name, "") for name in COLUMNS))
        for columns in (_columns(row, references, state.base_currency) for row in rows)
    ]
    return directives + "\n" + "\n".join(lines) + "\n"


def looks_like_beancount(head: bytes) -> bool:
    """Whether a file begins as Beancount files do."""
    lines = (line for line in head.lstrip(b"\xef\xbb\xbf").splitlines() if line.strip() and not line.startswith((b";", b"*")))
    return _DIRECTIVE.match(next(lines, b"")) is not None


def read_beancount(content: bytes, *, latest: date) -> Iterator[TransactionDraft | RowProblem]:
    """The entries of an exported file. Invalid for a file DawsOS did not write, and for one whose directives were changed since."""
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    directives, mark, rest = text.partition("\n" + _MARK)
    if not mark:
        raise Invalid(
            "This Beancount file was not exported by DawsOS, so what its postings were booked as is not known.",
            remedy="Import the broker's file it was made from, or write its entries as a CSV of transactions.",
            code="foreign_beancount",
        )
    digest, *lines = rest.splitlines()
    if sha256_hex(directives.encode()) != digest.strip():
        raise Invalid(
            "The directives of this file were changed since DawsOS wrote it.",
            remedy="Import the file as it was exported, and book the changes as entries.",
            code="edited_beancount",
        )
    first = directives.count("\n") + 3
    rows = csv.reader(io.StringIO("\n".join(line.removeprefix(_ROW) for line in lines if line.startswith(_ROW))))
    header = next(rows, [])
    yield from checked_rows((ForeignRow(first + number, dict(zip(header, row, strict=False))) for number, row in enumerate(rows)), latest)


def _csv_line(cells: tuple[str, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def _columns(row: Transaction, references: Mapping[UUID, str], base_currency: str) -> dict[str, str]:
    columns = {name: _text(getattr(row, name)) for name in _PLAIN}
    columns |= {"transaction_type": row.transaction_type.value, "external_ref": references[row.id]}
    if row.transaction_type not in _WITHOUT_AMOUNT and not (row.quantity and row.transaction_type.value.startswith("TRANSFER")):
        columns["amount"] = _text(row.amount)
    if row.currency != base_currency:
        columns["fx_rate"] = _text(row.fx_rate)
    if row.parent_transaction_id is not None and row.parent_transaction_id in references:
        columns["parent_ref"] = references[row.parent_transaction_id]
    if row.lot_selection:
        columns["lots"] = ";".join(f"{references[chosen.lot_id]}:{plain_decimal(chosen.quantity)}" for chosen in row.lot_selection)
    return {name: text for name, text in columns.items() if text and not (name in {"fee", "withholding_tax"} and text == "0")}


def _text(value: object) -> str:
    if value is None:
        return ""
    return plain_decimal(value) if isinstance(value, Decimal) else " ".join(str(value).split())
