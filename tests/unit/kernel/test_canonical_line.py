"""The bytes of a transaction are what they always were: a ledger hashed yesterday has the same hash tomorrow."""

import random
from datetime import date, timedelta
from decimal import Decimal as D
from uuid import UUID

from dawsos.kernel.canonical import plain_decimal, sha256_hex
from dawsos.kernel.ledger import LotSelection, Transaction, TransactionType, canonical_line, ledger_hash

NUMBERS = [
    D(0), D("-0"), D("0.00"), D("-0.00"), D("1"), D("1.50"), D("100"), D("1E+3"), D("1.2E+5"), D("1E-7"), D("0.00000001"), D("-0.0000000100"),
    D("999999999999.99999999"), D("-15000.00"), D("1.35"), D("0E-8"), D("-0E+2"), D("12345678901234567890.12"),
]  # fmt: skip
TEXTS = [None, "", "AAPL", "a\\b", "a\x1fb", "two\nlines", "Überweisung · 株", "\\n", "\\\\x1f"]


def _spelled(t: Transaction, parent: int | None, lot_sequences: tuple[int, ...]) -> bytes:
    """The format as it was laid down, written out field by field."""

    def text(value: str | None) -> str:
        return (value or "").replace("\\", "\\\\").replace("\x1f", "\\x1f").replace("\n", "\\n")

    def number(value: D | None) -> str:
        return "" if value is None else plain_decimal(value)

    def day(value: date | None) -> str:
        return "" if value is None else value.isoformat()

    lots = ",".join(f"{n}:{plain_decimal(chosen.quantity)}" for n, chosen in zip(lot_sequences, t.lot_selection, strict=True))
    fields = [
        str(t.sequence), t.transaction_type.value, day(t.transaction_date), day(t.settlement_date), text(t.symbol), number(t.quantity),
        number(t.price), number(t.amount), t.currency, number(t.fee), number(t.withholding_tax), number(t.fx_rate), day(t.ex_date),
        day(t.pay_date), number(t.cost_basis), day(t.acquisition_date), number(t.split_from), number(t.split_to), lots,
        "reversal" if t.is_reversal else "", "" if parent is None else str(parent), text(t.external_ref), text(t.narration), text(t.source),
    ]  # fmt: skip
    return "\x1f".join(fields).encode()


def _any_transaction(chance: random.Random, sequence: int) -> Transaction:
    def number() -> D:
        return chance.choice([chance.choice(NUMBERS), D(chance.randrange(-(10**12), 10**12)).scaleb(-chance.randrange(9))])

    def perhaps_number() -> D | None:
        return chance.choice([None, number()])

    def perhaps_day() -> date | None:
        return chance.choice([None, date(2000, 1, 1) + timedelta(days=chance.randrange(9000))])

    return Transaction(
        id=UUID(int=sequence), portfolio_id=UUID(int=2), sequence=sequence, transaction_type=chance.choice(list(TransactionType)),
        transaction_date=date(2000, 1, 1) + timedelta(days=chance.randrange(9000)), currency=chance.choice(["USD", "CAD"]), amount=number(),
        fx_rate=number(), symbol=chance.choice(TEXTS), settlement_date=perhaps_day(), quantity=perhaps_number(), price=perhaps_number(),
        fee=number(), withholding_tax=number(), ex_date=perhaps_day(), pay_date=perhaps_day(), cost_basis=perhaps_number(),
        acquisition_date=perhaps_day(), split_from=perhaps_number(), split_to=perhaps_number(),
        lot_selection=tuple(LotSelection(UUID(int=9), number()) for _ in range(chance.choice([0, 0, 1, 3]))),
        is_reversal=chance.random() < 0.2, external_ref=chance.choice(TEXTS), narration=chance.choice(TEXTS), source=chance.choice(TEXTS),
    )  # fmt: skip


def test_the_bytes_of_any_transaction_are_those_of_the_format() -> None:
    chance = random.Random(7)
    for sequence in range(1, 4001):
        transaction = _any_transaction(chance, sequence)
        parent = chance.choice([None, 1, 77])
        lots = tuple(chance.randrange(1, 99) for _ in transaction.lot_selection)
        expected = _spelled(transaction, parent, lots)
        assert canonical_line(transaction, parent_sequence=parent, lot_sequences=lots) == expected


def test_the_hash_is_of_the_hash_before_a_line_break_and_the_bytes() -> None:
    assert ledger_hash("ab" * 32, b"line") == sha256_hex(b"ab" * 32, b"\n", b"line")


def test_a_known_line_has_its_known_bytes_and_hash() -> None:
    buy = Transaction(
        id=UUID(int=1), portfolio_id=UUID(int=2), sequence=1, transaction_type=TransactionType.BUY, transaction_date=date(2020, 1, 2),
        currency="USD", amount=D("-15000.00"), fx_rate=D("1.35"), symbol="AAPL", quantity=D(100), price=D("150.00"), fee=D("10"),
        external_ref="a-1",
    )  # fmt: skip
    line = canonical_line(buy)
    expected = "1|BUY|2020-01-02||AAPL|100|150|-15000|USD|10|0|1.35||||||||||a-1||"
    assert line.decode().replace("\x1f", "|") == expected
    assert ledger_hash("0" * 64, line) == "ad7d027b85c22b07472f2cc4c90f0ff67d674eefa117a948314fe7e2a7fcd931"
