"""A CSV of transactions as columns, read and checked at the speed of the disk (format: docs/reference/transaction-csv.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.columns import LedgerColumns
from dawsos.compute.ledger.journal_rules import doubtful_columns, gross_amounts
from dawsos.compute.ledger.segments import QUANTITY_STEPS, FlowKind, Instrument
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import CURRENCIES

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]

COLUMNS: Final = (
    "transaction_date", "transaction_type", "symbol", "quantity", "price", "amount", "currency", "fee", "withholding_tax", "fx_rate",
    "settlement_date", "ex_date", "pay_date", "split_from", "split_to", "cost_basis", "acquisition_date", "lots", "parent_ref",
    "external_ref", "narration",
)  # fmt: skip
REQUIRED: Final = ("transaction_date", "transaction_type", "currency")
_HOW: Final = {"transaction_type": 1, "currency": 2, "symbol": 3, "external_ref": 4, "lots": 5, "parent_ref": 5, "narration": 5}
_TEXTS: Final = ("symbol", "lots", "parent_ref", "external_ref", "narration")
_MOST_CURRENCIES: Final = 64
_MONEY: Final = ("amount", "fee", "withholding_tax", "cost_basis")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, eq=False)
class Journal:
    """The rows of a file in its order: ``values[name]`` in whole numbers (days, cents, 1e-8; 0 where empty), and where their text stands.

    ``doubtful`` are the (line, column) of rows this reader does not accept; they are in none of the columns. The column is empty for a
    line with a wrong number of fields.
    """

    content: bytes
    lines: Int64
    values: Mapping[str, Int64]
    filled: Mapping[str, npt.NDArray[np.bool_]]
    symbols: tuple[str, ...]
    symbol: Int32
    currencies: tuple[str, ...]
    currency: Int32
    parent: Int64
    has_parent: npt.NDArray[np.bool_]
    texts: Mapping[str, tuple[Int64, Int64]]
    doubtful: tuple[tuple[int, str], ...]

    def text(self, name: str, row: int) -> str:
        """What stands in column ``name`` of ``row``, spaces around it left out."""
        starts, ends = self.texts[name]
        return self.content[starts[row] : ends[row]].decode()


def read_journal(content: bytes) -> Journal:
    """Read and check a whole file; one pass over its bytes.

    A row is accepted when every field can be read, its columns fit its type, its signs are right, its dates are in order, its amount
    agrees with quantity × price, its ``external_ref`` is the first of that name, and its parent stands in the file. Everything else goes
    to ``doubtful``, quoted fields with doubled quotes among it: whoever wants to know why, or to look further, reads those lines one by
    one. Raises :class:`Invalid` for a header that is wrong.
    """
    # The compiler takes a second to import.
    from dawsos.compute.ledger import journal_kernel  # noqa: PLC0415

    start, columns = _header(content)
    data = np.frombuffer(content, dtype=np.uint8)
    room = content.count(b"\n", start) + 1
    names, lengths = _type_names()
    values, (starts, ends) = np.zeros((len(COLUMNS), room), dtype=np.int64), np.zeros((2, len(_TEXTS), room), dtype=np.int64)
    filled, lines, wrong, symbol_rows = np.zeros((4, room), dtype=np.int64)
    codes = np.zeros(_MOST_CURRENCIES, dtype=np.int64)
    symbols, references = np.full((2, 1 << (2 * room).bit_length()), -1, dtype=np.int64)
    how = np.array([_how(name) for name in COLUMNS], dtype=np.int64)
    text = np.array([_TEXTS.index(name) if name in _TEXTS else -1 for name in COLUMNS], dtype=np.int64)
    rows, n_symbols, n_codes = journal_kernel.scan(
        data, start, 2, columns, how, names, lengths, values, filled, starts, ends, text, lines, wrong, symbol_rows, codes, symbols,
        references,
    )  # fmt: skip
    named = {name: values[index, :rows] for index, name in enumerate(COLUMNS)}
    is_filled = {name: (filled[:rows] >> index & 1).astype(np.bool_) for index, name in enumerate(COLUMNS)}
    texts = {name: (starts[index, :rows], ends[index, :rows]) for index, name in enumerate(_TEXTS)}
    parent = np.full(rows, -1, dtype=np.int64)
    if is_filled["parent_ref"].any():
        journal_kernel.parents(data, parent, *texts["parent_ref"], *texts["external_ref"], references)
    wrong = doubtful_columns(named, is_filled, wrong[:rows], filled[:rows], is_filled["parent_ref"] & (parent < 0), COLUMNS)
    written = [int(code).to_bytes(3, "big").decode(errors="replace") for code in codes[:n_codes]]
    is_unknown = np.array([code not in CURRENCIES for code in written] or [False], dtype=np.bool_)
    wrong[(wrong < 0) & is_unknown[np.minimum(named["currency"], max(n_codes - 1, 0))]] = COLUMNS.index("currency")
    found = [content[starts[0, row] : ends[0, row]].decode(errors="replace") for row in symbol_rows[:n_symbols]]
    return _accepted(_Read(content, lines[:rows], named, is_filled, texts, found, written), parent, wrong)


def _how(name: str) -> int:
    if name.endswith("_date"):
        return 0
    return _HOW.get(name, 6 if name in _MONEY else 7)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """All rows of a file, right or wrong."""

    content: bytes
    lines: Int64
    values: dict[str, Int64]
    filled: dict[str, npt.NDArray[np.bool_]]
    texts: dict[str, tuple[Int64, Int64]]
    symbols: list[str]
    currencies: list[str]


def _accepted(read: _Read, parent: Int64, wrong: Int64) -> Journal:
    """The rows in which nothing is wrong, their parents among them."""
    while (orphaned := (wrong < 0) & (parent >= 0) & (wrong[parent] >= 0)).any():
        wrong[orphaned] = COLUMNS.index("parent_ref")
    is_good = wrong < 0
    good = slice(None) if is_good.all() else is_good
    place = np.cumsum(is_good) - 1
    symbol, symbols = _used(np.where(read.filled["symbol"], read.values["symbol"], -1)[good], read.symbols)
    currency, currencies = _used(read.values["currency"][good], read.currencies)
    parents = parent[good]
    return Journal(
        content=read.content,
        lines=read.lines[good],
        values={name: column[good] for name, column in read.values.items()},
        filled={name: column[good] for name, column in read.filled.items()},
        symbols=symbols,
        symbol=symbol,
        currencies=currencies,
        currency=currency,
        parent=np.where(parents >= 0, place[parents], -1) if len(parents) else parents,
        has_parent=parents >= 0,
        texts={name: (starts[good], ends[good]) for name, (starts, ends) in read.texts.items()},
        doubtful=tuple(
            (int(read.lines[row]), COLUMNS[wrong[row]] if wrong[row] < len(COLUMNS) else "") for row in np.flatnonzero(~is_good)
        ),
    )


def _used(number: Int64, names: Sequence[str]) -> tuple[Int32, tuple[str, ...]]:
    """``number`` counted anew over those of ``names`` that occur in it; negative numbers stay."""
    occurs = np.zeros(len(names) + 1, dtype=np.bool_)
    occurs[number] = True  # −1 marks the last place, which belongs to no name
    anew = np.append(np.cumsum(occurs[:-1]) - 1, -1)
    return anew[number].astype(np.int32), tuple(name for name, is_used in zip(names, occurs, strict=False) if is_used)


def _header(content: bytes) -> tuple[int, npt.NDArray[np.int64]]:
    begin = len(_BYTE_ORDER_MARK) if content.startswith(_BYTE_ORDER_MARK) else 0
    end = content.find(b"\n", begin)
    end = len(content) if end < 0 else end
    names = [name.strip().strip('"') for name in content[begin:end].decode(errors="replace").split(",")]
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in names]
    if unknown or missing or len(set(names)) < len(names):
        raise Invalid(
            f"The header of the file is wrong: unknown {unknown}, missing {missing}, or a column stands there twice.",
            remedy=f"The first line names the columns: {', '.join(COLUMNS)}.",
            code="wrong_header",
        )
    return min(end + 1, len(content)), np.array([COLUMNS.index(name) for name in names], dtype=np.int64)


def _type_names() -> tuple[npt.NDArray[np.uint8], Int64]:
    longest = max(len(kind.name) for kind in FlowKind)
    names, lengths = np.zeros((max(FlowKind) + 1, longest), dtype=np.uint8), np.zeros(max(FlowKind) + 1, dtype=np.int64)
    for kind in FlowKind:
        names[kind, : len(kind.name)] = np.frombuffer(kind.name.encode(), dtype=np.uint8)
        lengths[kind] = len(kind.name)
    return names, lengths


def journal_columns(
    journal: Journal,
    *,
    portfolio_id: UUID,
    base_currency: str,
    securities: Mapping[str, UUID],
    first_sequence: int = 1,
    rates: Int64 | None = None,
) -> LedgerColumns:
    """The ledger of one portfolio that consists of ``journal``, booked in the order of the file from number ``first_sequence``.

    ``securities`` gives every symbol its id. Amounts left out are ±round(quantity × price). Rows in base currency have rate 1; rows of
    other currencies the ``fx_rate`` of the file, or else their entry in ``rates`` (1e-8, in the order of the file, 0 for none). A missing
    rate raises :class:`Invalid`, as do another rate than 1 for base currency and an unknown symbol.
    """
    unknown = [symbol for symbol in journal.symbols if symbol not in securities]
    if unknown:
        raise Invalid(
            f"Symbol {unknown[0]} is not known.", remedy="Create the security first, or correct the symbol.", code="unknown_symbol"
        )
    values = journal.values
    order = np.argsort(values["transaction_date"], kind="stable")
    day = values["transaction_date"][order].astype(np.int32)
    is_internal = journal.has_parent.copy()
    is_internal[journal.parent[journal.has_parent]] = True
    return LedgerColumns(
        portfolio_ids=(portfolio_id,),
        securities=_instruments(journal, securities),
        currencies=journal.currencies,
        portfolio=np.zeros(len(order), dtype=np.int32),
        day=day,
        sequence=order + first_sequence,
        kind=values["transaction_type"][order].astype(np.int8),
        security=journal.symbol[order],
        currency=journal.currency[order],
        quantity=values["quantity"][order],
        amount=gross_amounts(values, journal.filled["amount"])[order],
        fee=values["fee"][order],
        withholding_tax=values["withholding_tax"][order],
        rate=_rates(journal, base_currency, rates)[order],
        cost_basis=values["cost_basis"][order],
        acquisition_day=np.where(journal.filled["acquisition_date"][order], values["acquisition_date"][order], day).astype(np.int32),
        split_from=values["split_from"][order],
        split_to=values["split_to"][order],
        is_internal=is_internal[order],
    )


def _rates(journal: Journal, base_currency: str, found: Int64 | None) -> Int64:
    is_base = np.array([code == base_currency for code in journal.currencies], dtype=np.bool_)[journal.currency]
    given = journal.filled["fx_rate"]
    rates = np.where(given, journal.values["fx_rate"], 0 if found is None else found)
    bad = np.flatnonzero(np.where(is_base, given & (rates != QUANTITY_STEPS), rates <= 0))
    if len(bad):
        raise Invalid(
            f"Line {journal.lines[bad[0]]}: the rate of {journal.currencies[journal.currency[bad[0]]]} to {base_currency} is "
            f"{'not 1' if is_base[bad[0]] else 'missing'}.",
            remedy="Give fx_rate in every row of another currency, and none in base currency.",
            code="missing_rate",
        )
    return np.where(is_base, QUANTITY_STEPS, rates)


def _instruments(journal: Journal, securities: Mapping[str, UUID]) -> tuple[Instrument, ...]:
    """Each symbol with the currency of its first trade, or else of its first row."""
    traded = np.isin(journal.values["transaction_type"], (FlowKind.BUY, FlowKind.SELL, FlowKind.TRANSFER_IN, FlowKind.TRANSFER_OUT))
    currency = np.zeros(len(journal.symbols), dtype=np.int32)
    for rows in (np.flatnonzero(journal.symbol >= 0)[::-1], np.flatnonzero((journal.symbol >= 0) & traded)[::-1]):
        currency[journal.symbol[rows]] = journal.currency[rows]
    return tuple(
        Instrument(securities[symbol], symbol, journal.currencies[code]) for symbol, code in zip(journal.symbols, currency, strict=True)
    )
