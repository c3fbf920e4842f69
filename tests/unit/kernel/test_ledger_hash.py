"""The chain of hashes over a ledger: it changes exactly when a fact does."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest

from dawsos.kernel.ledger import EMPTY_LEDGER_HASH, LotSelection, Transaction, TransactionType, canonical_line, ledger_hash

BUY = Transaction(
    id=UUID(int=1), portfolio_id=UUID(int=2), sequence=1, transaction_type=TransactionType.BUY, transaction_date=date(2020, 1, 2),
    currency="USD", amount=D("-15000.00"), fx_rate=D("1.35"), security_id=UUID(int=3), symbol="AAPL", quantity=D(100), price=D("150.00"),
    fee=D("10"), external_ref="a-1", narration="first",
)  # fmt: skip


def test_r11_cash_effect_is_amount_less_fee_and_withholding_tax() -> None:
    assert BUY.cash_effect == D("-15010.00")
    assert replace(BUY, withholding_tax=D("1.50")).cash_effect == D("-15011.50")


def test_identifiers_of_one_machine_do_not_enter_the_hash() -> None:
    elsewhere = replace(BUY, id=UUID(int=9), portfolio_id=UUID(int=8), security_id=UUID(int=7))
    assert canonical_line(elsewhere) == canonical_line(BUY)


def test_numbers_are_hashed_by_value_not_by_spelling() -> None:
    assert canonical_line(replace(BUY, quantity=D("100.000"), amount=D("-15000"))) == canonical_line(BUY)


CHANGES = {
    "sequence": 2, "transaction_type": TransactionType.SELL, "transaction_date": date(2020, 1, 3), "currency": "EUR", "amount": D("-15000.01"),
    "fx_rate": D("1.36"), "symbol": "MSFT", "settlement_date": date(2020, 1, 4), "quantity": D(101), "price": D("150.01"), "fee": D("10.01"),
    "withholding_tax": D("0.01"), "ex_date": date(2020, 1, 2), "pay_date": date(2020, 1, 2), "cost_basis": D(1), "acquisition_date": date(2019, 1, 1),
    "split_from": D(1), "split_to": D(2), "is_reversal": True, "external_ref": "a-2", "narration": "second", "source": "file",
}  # fmt: skip
IDENTIFIERS = {"id", "portfolio_id", "security_id", "parent_transaction_id", "lot_selection"}


@pytest.mark.parametrize("field", [field.name for field in fields(Transaction) if field.name not in IDENTIFIERS])
def test_every_fact_enters_the_hash(field: str) -> None:
    assert canonical_line(replace(BUY, **{field: CHANGES[field]})) != canonical_line(BUY)


def test_the_parent_and_the_chosen_lots_enter_the_hash_by_their_numbers() -> None:
    chosen = replace(BUY, lot_selection=(LotSelection(UUID(int=5), D(3)),))
    lines = {
        canonical_line(BUY),
        canonical_line(BUY, parent_sequence=1),
        canonical_line(chosen, lot_sequences=(4,)),
        canonical_line(chosen, lot_sequences=(5,)),
    }
    assert len(lines) == 4


def test_text_cannot_imitate_a_field_boundary() -> None:
    one = replace(BUY, external_ref="a", narration="b\x1fc")
    two = replace(BUY, external_ref="a\x1fb", narration="c")
    assert canonical_line(one) != canonical_line(two)
    assert b"\n" not in canonical_line(replace(BUY, narration="two\nlines"))


def test_the_chain_depends_on_everything_before() -> None:
    line = canonical_line(BUY)
    first = ledger_hash(EMPTY_LEDGER_HASH, line)
    assert first == ledger_hash(EMPTY_LEDGER_HASH, line)
    assert len({EMPTY_LEDGER_HASH, first, ledger_hash(first, line)}) == 3
