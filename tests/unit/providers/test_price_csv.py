"""The price CSV: every row is a price or a reason, and a file that cannot be trusted is refused as a whole."""

import gzip
import io
import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dawsos.kernel.errors import Invalid
from dawsos.providers.price_csv import MAX_LINE_BYTES, PriceCsv, read_price_csv
from dawsos.providers.protocol import PriceObservation, PriceSource, RowProblem

HEADER = "date,symbol,close,currency"
FULL_HEADER = "date,symbol,open,high,low,close,volume,currency"


def read(content: str | bytes) -> list[PriceObservation | RowProblem]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_price_csv(io.BytesIO(data), "prices.csv", "TEST"))


def problem(row: str, header: str = HEADER) -> tuple[int, str, str]:
    (found,) = read(f"{header}\n{row}\n")
    assert isinstance(found, RowProblem)
    return found.line, found.field, found.reason


def refusal(content: str | bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read(content)
    assert caught.value.remedy
    assert "prices.csv" in caught.value.message
    return caught.value.message


def test_a_full_row_becomes_an_observation_with_its_digits_as_written():
    assert read(f"{FULL_HEADER}\n2013-03-01,IBM,200.65,202.94,199.36,202.910,3308300,USD\n") == [
        PriceObservation(
            symbol="IBM", date=date(2013, 3, 1), open=Decimal("200.65"), high=Decimal("202.94"), low=Decimal("199.36"),
            close=Decimal("202.91"), volume=3308300, currency="USD", source="TEST",
        )
    ]  # fmt: skip


def test_what_a_source_does_not_know_is_none_and_not_zero():
    (price,) = read(f"{FULL_HEADER}\n2013-03-01,MSFT,,,,27.95,,USD\n")
    assert isinstance(price, PriceObservation)
    assert (price.open, price.high, price.low, price.volume) == (None, None, None, None)


def test_columns_may_come_in_any_order_and_optional_ones_may_be_missing():
    (price,) = read("currency,close,symbol,date\nCAD,1.5,RY.TO,2014-01-02\n")
    assert isinstance(price, PriceObservation)
    assert (price.symbol, price.close, price.currency, price.date) == ("RY.TO", Decimal("1.5"), "CAD", date(2014, 1, 2))


@pytest.mark.parametrize("content", [
    f"\ufeff{HEADER}\r\n2014-01-02, AAPL ,17.3,USD\r\n\r\n",
    f'{HEADER}\n"2014-01-02","AAPL","17.3","USD"',
    gzip.compress(f"{HEADER}\n2014-01-02,AAPL,17.3,USD\n".encode(), mtime=0),
    gzip.compress(f"{HEADER}\n".encode(), mtime=0) + gzip.compress(b"2014-01-02,AAPL,17.3,USD\n", mtime=0),
])  # fmt: skip
def test_byte_order_mark_windows_line_ends_quotes_spaces_blank_lines_and_gzip_are_all_read(content):
    (price,) = read(content)
    assert isinstance(price, PriceObservation)
    assert (price.symbol, price.close) == ("AAPL", Decimal("17.3"))


def test_a_price_with_more_than_eight_decimals_is_rounded_half_to_even_and_a_shorter_one_is_left_alone():
    prices = read(f"{HEADER}\n2014-01-02,A,1.000000005,USD\n2014-01-03,A,1.000000015,USD\n2014-01-06,A,1.5,USD\n")
    assert [str(price.close) for price in prices if isinstance(price, PriceObservation)] == ["1.00000000", "1.00000002", "1.5"]


@pytest.mark.parametrize(("row", "field", "reason"), [
    ("2014-01-02,A,NaN,USD", "close", "is not a plain decimal number"),
    ("2014-01-02,A,Infinity,USD", "close", "is not a plain decimal number"),
    ("2014-01-02,A,1e3,USD", "close", "is not a plain decimal number"),
    ("2014-01-02,A,1_000,USD", "close", "is not a plain decimal number"),
    ("2014-01-02,A,٣,USD", "close", "is not a plain decimal number"),
    ("2014-01-02,A,$5,USD", "close", "is not a plain decimal number"),
    ("2014-01-02,A,-5,USD", "close", "must be greater than zero"),
    ("2014-01-02,A,0,USD", "close", "must be greater than zero"),
    ("2014-01-02,A,0.000000001,USD", "close", "is zero when rounded to 8 decimal places"),
    ("2014-01-02,A,1234567890123,USD", "close", "has more than 12 digits before the point"),
    ("2014-01-02,A,,USD", "close", "is empty"),
    ("02/01/2014,A,5,USD", "date", "is not a date written YYYY-MM-DD"),
    ("20140102,A,5,USD", "date", "is not a date written YYYY-MM-DD"),
    ("2014-W01-4,A,5,USD", "date", "is not a date written YYYY-MM-DD"),
    ("2013-02-30,A,5,USD", "date", "is not a date written YYYY-MM-DD"),
    ("2014-01-02,A,5,XYZ", "currency", "is not an ISO 4217 currency code"),
    ("2014-01-02,A,5,usd", "currency", "is not an ISO 4217 currency code"),
    ("2014-01-02,,5,USD", "symbol", "is empty"),
    (f"2014-01-02,{'A' * 33},5,USD", "symbol", "is not a symbol of at most 32 printable characters without spaces"),
    ("2014-01-02,A B,5,USD", "symbol", "is not a symbol of at most 32 printable characters without spaces"),
    ("2014-01-02,A\0,5,USD", "symbol", "is not a symbol of at most 32 printable characters without spaces"),
    ("2014-01-02,A,5", "", "has 3 fields, the header has 4"),
    ("2014-01-02,A,5,USD,6", "", "has 5 fields, the header has 4"),
    ('2014-01-02,"A,5,USD', "", "has a quote that is not closed, or text after one"),
    ('2014-01-02,"A"x,5,USD', "", "has a quote that is not closed, or text after one"),
])  # fmt: skip
def test_a_bad_row_is_named_by_line_field_and_reason(row, field, reason):
    assert problem(row) == (2, field, reason)


@pytest.mark.parametrize(("bar", "field", "reason"), [
    ("9,8,8.5,8.2,1", "high", "is below the low"),
    ("9,10,8,7,1", "close", "is below the low"),
    ("9,10,8,11,1", "close", "is above the high"),
    ("7,10,8,9,1", "open", "is below the low"),
    ("0,10,8,9,1", "open", "must be greater than zero"),
    ("9,10,8,9,1.5", "volume", "is not a whole number of shares"),
    ("9,10,8,9,-1", "volume", "is not a whole number of shares"),
])  # fmt: skip
def test_a_bar_that_contradicts_itself_is_refused(bar, field, reason):
    assert problem(f"2014-01-02,A,{bar},USD", FULL_HEADER) == (2, field, reason)


def test_a_volume_written_as_a_float_is_whole_when_it_is():
    (price,) = read("date,symbol,close,currency,volume\n2014-01-02,A,5,USD,1200.0\n")
    assert isinstance(price, PriceObservation)
    assert price.volume == 1200


def test_a_second_price_for_the_same_symbol_and_day_is_reported_and_the_first_one_counts():
    first, other, again = read(f"{HEADER}\n2014-01-02,A,5,USD\n2014-01-02,B,6,USD\n2014-01-02,A,7,USD\n")
    assert isinstance(first, PriceObservation)
    assert first.close == 5
    assert isinstance(other, PriceObservation)
    assert again == RowProblem(4, "date", "is given a second time for this symbol")


def test_good_rows_around_bad_ones_are_kept_with_their_line_numbers():
    rows = read(f"{HEADER}\n2014-01-02,A,5,USD\n\n2014-01-03,A,x,USD\n2014-01-06,A,6,USD\n2014-01-07,A,y,USD\n")
    assert [row.line for row in rows if isinstance(row, RowProblem)] == [4, 6]
    assert [row.date.day for row in rows if isinstance(row, PriceObservation)] == [2, 6]


def test_a_field_of_ten_megabytes_is_one_problem_and_reading_goes_on():
    rows = read(f"{HEADER}\n2014-01-02,{'A' * 10_000_000},5,USD\n2014-01-03,A,6,USD\n")
    assert rows[0] == RowProblem(2, "", f"is longer than {MAX_LINE_BYTES} bytes")
    assert isinstance(rows[1], PriceObservation)
    assert rows[1].close == 6


def test_a_line_in_another_encoding_is_one_problem_and_reading_goes_on():
    rows = read(HEADER.encode() + b"\n2014-01-02,Nestl\xe9,5,USD\n2014-01-03,A,6,USD\n")
    assert rows[0] == RowProblem(2, "", "is not UTF-8 text")
    assert isinstance(rows[1], PriceObservation)


@pytest.mark.parametrize(("content", "why"), [
    (b"", "is empty"),
    (gzip.compress(b"", mtime=0), "is empty"),
    (b"PK\x03\x04\x14\x00\xff\xfe\x00", "has a first line that is not UTF-8 text"),
    ((HEADER + "\n").encode("utf-16"), "has a first line that is not UTF-8 text"),
    (b"x" * 100_000, "has a first line that is longer than 65536 bytes"),
    ("date,symbol,currency\n", "lacks the column 'close'"),
    ("date;symbol;close;currency\n", "lacks the column 'date', 'symbol', 'close', 'currency'"),
    (f"{HEADER},close\n", "has more than one column 'close'"),
    (f"{HEADER},adj_close\n", "has an unknown column 'adj_close'"),
    (f"{HEADER},\n", "has an unknown column ''"),
    ('date,symbol,close,"currency\n', "has a header with a quote that is not closed"),
])  # fmt: skip
def test_a_file_that_is_no_price_csv_is_refused_with_what_is_wrong(content, why):
    assert refusal(content) == f"The price file prices.csv {why}."


def test_a_gzip_file_that_ends_early_is_refused_and_says_after_which_line():
    rows = "".join(f"{date.fromordinal(735_000 + n)},A,{n + 1}.{n * 7919 % 1000:03},USD\n" for n in range(20_000))
    whole = gzip.compress(f"{HEADER}\n{rows}".encode(), mtime=0)
    seen: list[PriceObservation | RowProblem] = []
    with pytest.raises(Invalid) as caught:
        seen.extend(read_price_csv(io.BytesIO(whole[: len(whole) // 2]), "prices.csv.gz", "TEST"))
    assert 1_000 < len(seen) < 19_000
    assert caught.value.message.startswith(f"The price file prices.csv.gz is damaged or incomplete after line {len(seen) + 1}: ")
    assert "keep nothing" in caught.value.remedy


def test_a_gzip_file_with_a_flipped_byte_is_refused():
    whole = bytearray(gzip.compress(f"{HEADER}\n2014-01-02,A,5,USD\n".encode(), mtime=0))
    whole[-5] ^= 0xFF
    assert "is damaged or incomplete" in refusal(bytes(whole))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_damaged_file_is_refused_or_read_but_never_breaks(pack):
    whole, chance = pack(f"{FULL_HEADER}\n2013-03-01,IBM,200.65,202.94,199.36,202.91,3308300,USD\n".encode()), random.Random(7)
    good = read(whole)
    changed = 0
    for _ in range(2_000):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] = chance.randrange(256)
        try:
            changed += read(bytes(damaged)) != good
        except Invalid:
            changed += 1
    assert changed > 500


def test_a_file_on_disk_is_a_price_source_and_can_be_read_twice(tmp_path: Path):
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEADER}\n2014-01-02,A,5,USD\n", encoding="utf-8")
    source: PriceSource = PriceCsv(path, "MINE")
    first, second = list(source.observations()), list(source.observations())
    assert first == second
    assert isinstance(first[0], PriceObservation)
    assert first[0].source == source.name == "MINE"


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path):
    with pytest.raises(Invalid, match=r"price file absent\.csv cannot be opened: No such file"):
        next(PriceCsv(tmp_path / "absent.csv", "MINE").observations())


def test_rows_are_handed_out_before_the_rest_of_the_file_is_read():
    class Stream(io.BytesIO):
        bytes_read = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            line = super().readline(size)
            self.bytes_read += len(line)
            return line

    stream = Stream(f"{HEADER}\n".encode() + b"2014-01-02,A,5,USD\n" * 1000)
    next(read_price_csv(stream, "prices.csv", "TEST"))
    assert stream.bytes_read < 100


def test_a_problem_reads_as_a_sentence():
    assert str(RowProblem(7, "close", "is empty")) == "Line 7, close: is empty."
    assert str(RowProblem(7, "", "is not UTF-8 text")) == "Line 7: is not UTF-8 text."
