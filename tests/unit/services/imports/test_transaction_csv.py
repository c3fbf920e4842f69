"""The transaction CSV: what is read, and how each wrong line or file is named."""

from datetime import date
from decimal import Decimal as D

import pytest

from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import TransactionType
from dawsos.services.imports.drafts import ChosenLot, RowProblem, TransactionDraft
from dawsos.services.imports.transaction_csv import COLUMNS, LONGEST_LINE, read_transactions

LATEST = date(2024, 12, 31)
HEADER = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,external_ref"


def read(text: str | bytes, *, header: str = HEADER, chunk: int = 7) -> list[TransactionDraft | RowProblem]:
    data = text if isinstance(text, bytes) else f"{header}\n{text}".encode()
    return list(read_transactions((data[i : i + chunk] for i in range(0, len(data), chunk)), latest=LATEST))


def one_draft(text: str, **kwargs: str) -> TransactionDraft:
    (draft,) = read(text, **kwargs)  # type: ignore[arg-type]
    assert isinstance(draft, TransactionDraft), draft
    return draft


def problems(text: str, **kwargs: str) -> list[tuple[int, str, str]]:
    found = read(text, **kwargs)  # type: ignore[arg-type]
    assert all(isinstance(each, RowProblem) for each in found), found
    return [(each.line, each.field, each.reason) for each in found if isinstance(each, RowProblem)]


def test_a_purchase_is_read_with_its_amount_worked_out() -> None:
    draft = one_draft("2024-03-01,BUY,NKE,200,95.005,,USD,10,n-1")
    assert draft == TransactionDraft(
        line=2, transaction_type=TransactionType.BUY, transaction_date=date(2024, 3, 1), currency="USD", amount=D("-19001.00"),
        external_ref="n-1", symbol="NKE", quantity=D(200), price=D("95.005"), fee=D(10),
    )  # fmt: skip


def test_columns_may_stand_in_any_order_and_unneeded_ones_may_be_missing() -> None:
    draft = one_draft("CAD,DEPOSIT,1000.50,2024-01-02", header="currency,transaction_type,amount,transaction_date")
    assert (draft.transaction_type, draft.amount, draft.currency) == (TransactionType.DEPOSIT, D("1000.50"), "CAD")


def test_a_byte_order_mark_windows_line_ends_quotes_and_blank_lines_are_fine() -> None:
    data = ("\ufeff" + HEADER + ',narration\r\n\r\n2024-01-02,DEPOSIT,,,,10,CAD,,d-1,"said ""yes"", twice"\r\n').encode()
    (draft,) = read(data)
    assert isinstance(draft, TransactionDraft)
    assert (draft.line, draft.narration) == (3, 'said "yes", twice')


def test_equal_lines_without_a_reference_stay_two_and_are_recognised_next_time() -> None:
    text = "2024-01-02,DEPOSIT,,,,10,CAD,,\n2024-01-02,DEPOSIT,,,,10,CAD,,\n2024-01-02,DEPOSIT,,,,11,CAD,,"
    first, again = ([draft.external_ref for draft in read(text) if isinstance(draft, TransactionDraft)] for _ in range(2))
    assert first == again
    assert len(set(first)) == 3
    assert first[0].rsplit(":", 1)[0] == first[1].rsplit(":", 1)[0]


def test_chosen_lots_are_read_and_must_add_up() -> None:
    header = HEADER + ",lots"
    draft = one_draft("2024-01-02,SELL,MSFT,5,10,,USD,,s-1,b:1:2;b-2:3", header=header)
    assert draft.lots == (ChosenLot("b:1", D(2)), ChosenLot("b-2", D(3)))
    assert draft.amount == D("50.00")
    assert problems("2024-01-02,SELL,MSFT,6,10,,USD,,s-1,b-1:2;b-2:3", header=header) == [(2, "lots", "add up to 5, but quantity is 6")]
    assert problems("2024-01-02,SELL,MSFT,6,10,,USD,,s-1,b-1", header=header)[0][1] == "lots"


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("2024-13-01,DEPOSIT,,,,10,CAD,,x", "transaction_date", "'2024-13-01' is not a date written YYYY-MM-DD"),
        ("20240101,DEPOSIT,,,,10,CAD,,x", "transaction_date", "'20240101' is not a date"),
        ("2025-01-01,DEPOSIT,,,,10,CAD,,x", "transaction_date", "lies in the future"),
        ("2024-01-02,BYU,A,1,1,,CAD,,x", "transaction_type", "did you mean BUY?"),
        ("2024-01-02,BUY,A,-1,1,,CAD,,x", "quantity", "is -1; it must be greater than 0"),
        ("2024-01-02,BUY,A,0,1,,CAD,,x", "quantity", "must be greater than 0"),
        ("2024-01-02,BUY,A,NaN,1,,CAD,,x", "quantity", "'NaN' is not a plain decimal number"),
        ("2024-01-02,BUY,A,Infinity,1,,CAD,,x", "quantity", "is not a plain decimal number"),
        ("2024-01-02,BUY,A,1e3,1,,CAD,,x", "quantity", "is not a plain decimal number"),
        ('2024-01-02,BUY,A,"1,000",1,,CAD,,x', "quantity", "without thousands separators"),
        ("2024-01-02,BUY,A,1.123456789,1,,CAD,,x", "quantity", "more than 8 decimal places"),
        ("2024-01-02,BUY,A,1234567890123,1,,CAD,,x", "quantity", "larger than DawsOS can hold"),
        ("2024-01-02,BUY,A,1,0,,CAD,,x", "price", "must be greater than 0"),
        ("2024-01-02,BUY,A,1,1,,cad,,x", "currency", "'cad' is not an ISO 4217 currency code"),
        ("2024-01-02,BUY,A,1,1,,,,x", "currency", "is empty"),
        ("2024-01-02,BUY,A,1,1,,CAD,-1,x", "fee", "cannot be negative"),
        ("2024-01-02,BUY,,1,1,,CAD,,x", "symbol", "is empty; BUY needs it"),
        ("2024-01-02,BUY,A,1,10,10,CAD,,x", "amount", "is 10, but quantity × price is -10.00 (out, before fees)"),
        ("2024-01-02,SELL,A,1,10,10.02,CAD,,x", "amount", "is 10.02, but quantity × price is 10.00"),
        ("2024-01-02,DEPOSIT,,,,-10,CAD,,x", "amount", "DEPOSIT brings cash in"),
        ("2024-01-02,WITHDRAWAL,,,,10,CAD,,x", "amount", "WITHDRAWAL takes cash out"),
        ("2024-01-02,FEE,,,,0,CAD,,x", "amount", "a FEE of nothing"),
        ("2024-01-02,DEPOSIT,,,,10.001,CAD,,x", "amount", "more than 2 decimal places"),
        ("2024-01-02,DEPOSIT,A,,,10,CAD,,x", "symbol", "has no meaning for DEPOSIT"),
        ("2024-01-02,FEE,,,,-1,CAD,1,x", "fee", "has no meaning for FEE"),
        ("2024-01-02,TRANSFER_OUT,A,,,,CAD,,x", "quantity", "a TRANSFER_OUT of securities needs it"),
        ("2024-01-02,TRANSFER_IN,A,1,,,CAD,,x", "cost_basis", "a TRANSFER_IN of securities needs it"),
        ("2024-01-02,TRANSFER_IN,,,,-5,CAD,,x", "amount", "brings cash in"),
        ("2024-01-02,SPLIT,A,,,,CAD,,x", "split_from", "SPLIT needs it"),
        ("2024-01-02,DEPOSIT,,,,10,CAD,", "(line)", "has 8 fields where the header has 9"),
    ],
)
def test_a_wrong_line_is_named_with_its_field_and_the_reason(line: str, field: str, reason: str) -> None:
    found = problems(line)
    assert all(number == 2 for number, _, _ in found)
    assert any(name == field and reason in text for _, name, text in found), found


def test_every_problem_of_every_line_is_reported_and_good_lines_are_still_read() -> None:
    found = read("2024-01-02,BUY,A,x,y,,CAD,,1\n2024-01-02,DEPOSIT,,,,1,CAD,,2\n2024-01-02,BUY,A,1,-1,,USD,,3")
    assert [(each.line, getattr(each, "field", None)) for each in found] == [(2, "quantity"), (2, "price"), (3, None), (4, "price")]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("date,type,currency", "column 'date' is unknown"),
        ("transaction_date,transaction_type,currency,curency", "did you mean 'currency'?"),
        ("transaction_date,transaction_type", "column 'currency' is missing"),
        ("transaction_date,transaction_type,currency,currency", "stands there 2 times"),
        ("", "column 'transaction_date' is missing"),
    ],
)
def test_a_wrong_header_names_every_column_at_fault_and_the_right_ones(header: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        read("2024-01-02,DEPOSIT,CAD,x", header=header)
    assert caught.value.code == "wrong_header"
    assert says in caught.value.message
    assert all(name in caught.value.remedy for name in COLUMNS)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid, match="The file is empty"):
        read(b"")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"transaction_date,\xff\xfe\n", b"PK\x03\x04\x14\x00\x00\x00"])
def test_a_file_that_is_not_text_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read(data)
    assert caught.value.code in {"not_text", "wrong_header"}


def test_bytes_that_are_not_utf8_are_named_by_line() -> None:
    with pytest.raises(Invalid, match="Line 2 is not text: byte 31 is not UTF-8"):
        read(HEADER.encode() + b"\n2024-01-02,DEPOSIT,,,,10,CAD,,\xe9t\xe9\n")


def test_a_ten_megabyte_field_is_refused_before_it_is_read_into_memory() -> None:
    read_bytes = 0

    def chunks() -> object:
        nonlocal read_bytes
        yield f"{HEADER}\n2024-01-02,DEPOSIT,,,,10,CAD,,".encode()
        for _ in range(160):
            read_bytes += 65_536
            yield b"x" * 65_536

    with pytest.raises(Invalid) as caught:
        list(read_transactions(chunks(), latest=LATEST))  # type: ignore[arg-type]
    assert caught.value.code == "line_too_long"
    assert "Line 2" in caught.value.message
    assert read_bytes <= 3 * LONGEST_LINE


def test_an_open_quote_is_refused_with_its_line() -> None:
    with pytest.raises(Invalid) as caught:
        read('2024-01-02,DEPOSIT,,,,10,CAD,,"x\n2024-01-03,DEPOSIT,,,,10,CAD,,y')
    assert caught.value.code == "broken_csv"
