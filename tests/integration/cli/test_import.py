"""``dawsos import``: everything or nothing, with every reason, and safe to repeat."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import HISTORY, Home

Write = Callable[[str | bytes], Path]
HEADER = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,external_ref,narration\n"
BAD_LINES = {
    "an unknown security": ("2020-01-06,BUY,ABD,1,11.00,,CAD,x1,", ["2 │ symbol", "ABD"]),
    "a sale of more than is held": ("2020-01-06,SELL,ABC,101,12.00,,CAD,x1,", ["2 │", "101", "100"]),
    "a currency without a rate": ("2020-01-06,DEPOSIT,,,,100.00,TWD,x1,", ["2 │ fx_rate", "TWD"]),
    "a reference that stands there twice": (
        "2020-01-06,DEPOSIT,,,,1.00,CAD,x1,\n2020-01-06,DEPOSIT,,,,2.00,CAD,x1,",
        ["3 │ external_ref", "'x1' stands on line 2 already"],
    ),
    "a booked reference with other facts": ("2020-01-02,DEPOSIT,,,,10000.01,CAD,d1,", ["2 │ amount", "booked entries never change"]),
    "a negative quantity": ("2020-01-06,BUY,ABC,-5,11.00,,CAD,x1,", ["2 │ quantity", "must be greater than 0"]),
    "not a number": ("2020-01-06,BUY,ABC,NaN,11.00,,CAD,x1,", ["2 │ quantity", "'NaN' is not a plain decimal number"]),
    "infinity": ("2020-01-06,DEPOSIT,,,,Infinity,CAD,x1,", ["2 │ amount", "'Infinity' is not a plain decimal number"]),
    "a date in the future": ("2199-01-06,DEPOSIT,,,,1.00,CAD,x1,", ["2 │ transaction_date", "lies in the future"]),
    "two wrong fields of two lines": (
        "2020-01-06,BUZ,ABC,1,11.00,,CAD,x1,\n2020-13-06,DEPOSIT,,,,1.00,CAD,x2,",
        ["2 │ transaction_type", "did you mean BUY", "3 │ transaction_date"],
    ),
}
BAD_FILES = {
    "a wrong header": (b"date,type,amount\n2020-01-02,DEPOSIT,1\n", "column 'transaction_date' is missing"),
    "a misspelt column": (b"transaction_date,transaction_type,currency,ammount\n", "did you mean 'amount'?"),
    "nothing": (b"", "The file is empty"),
    "a header alone": (HEADER.encode(), "has a header but no transactions"),
    "a field of ten million bytes": (
        HEADER.encode() + b"2020-01-06,DEPOSIT,,,,1.00,CAD,x1," + b"n" * 10_000_000 + b"\n",
        "Line 2 is longer than 65,536 bytes",
    ),
    "a binary file": (b"\x7fELF\x02\x01\x01\x00\x00\x00" + bytes(range(256)) * 40, "holds a NUL byte"),
    "another encoding": (HEADER.encode() + "2020-01-06,DEPOSIT,,,,1.00,CAD,x1,Zürich\n".encode("latin-1"), "is not UTF-8"),
    "NUL bytes": (HEADER.encode() + b"2020-01-06,DEPOSIT,,,,1.00,CAD,\x00,\n", "holds a NUL byte"),
    "a quote that never ends": (HEADER.encode() + b'2020-01-06,DEPOSIT,,,,1.00,CAD,x1,"open\n', "cannot be read as CSV"),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_file_with_a_wrong_line_is_refused_whole_and_leaves_no_trace(case: str, home: Home, untouched: str, write: Write) -> None:
    lines, expected = BAD_LINES[case]
    # A line that is right stands behind the wrong ones: it must not be booked either.
    file = write(f"{HEADER}{lines}\n2020-01-08,DEPOSIT,,,,7.00,CAD,right,\n")
    before, state = home.rows(), home.ledger(untouched)
    said = home("import", file, "--portfolio", untouched)
    assert said.code == 2
    for words in [*expected, "Refused: nothing was written"]:
        assert words in said.out
    assert (home.rows(), home.ledger(untouched)) == (before, state)


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_cannot_be_read_is_one_sentence_and_leaves_no_trace(case: str, home: Home, untouched: str, write: Write) -> None:
    content, expected = BAD_FILES[case]
    before, state = home.rows(), home.ledger(untouched)
    said = home("import", write(content), "--portfolio", untouched)
    assert said.code == 2 and said.out == ""
    assert said.err.startswith("Error: ") and expected in said.err
    assert "Traceback" not in said.err
    assert (home.rows(), home.ledger(untouched)) == (before, state)


def test_an_import_books_every_line_and_names_the_state_before_and_after(home: Home, portfolio: str, write: Write) -> None:
    before = home.ledger(portfolio)
    said = home.ok("import", write(HISTORY), "--portfolio", portfolio, "--json")
    assert (said.json["rows"], said.json["booked"], said.json["duplicates"], said.json["is_accepted"]) == (3, 3, 0, True)
    assert said.json["ledger_commit_hash_before"] == before
    assert said.json["ledger_commit_hash"] == home.ledger(portfolio) != before
    assert said.json["positions"] == [{"quantity": "100", "symbol": "ABC"}, {"quantity": "10", "symbol": "USX"}]


def test_importing_a_file_again_changes_nothing(home: Home, untouched: str, write: Write) -> None:
    before, state = home.rows(), home.ledger(untouched)
    said = home.ok("import", write(HISTORY), "--portfolio", untouched)
    assert "Everything was there already; nothing was written." in said.out
    assert (home.rows(), home.ledger(untouched)) == (before, state)


def test_a_file_that_grew_books_only_what_is_new(home: Home, booked: str, write: Write) -> None:
    longer = HISTORY + "2020-01-06,SELL,ABC,40,12.00,480.00,CAD,5.00,s1\n"
    report = home.ok("import", write(longer), "--portfolio", booked, "--json").json
    assert (report["rows"], report["booked"], report["duplicates"]) == (4, 1, 3)
    assert report["positions"][0] == {"quantity": "60", "symbol": "ABC"}


def test_a_dry_run_shows_the_positions_and_writes_nothing(home: Home, portfolio: str, write: Write) -> None:
    before, state = home.rows(), home.ledger(portfolio)
    said = home.ok("import", write(HISTORY), "--portfolio", portfolio, "--dry-run")
    assert "Positions afterwards" in said.out and "Dry run: nothing was written." in said.out
    assert "│ ABC    │      100 │" in said.out
    assert (home.rows(), home.ledger(portfolio)) == (before, state)


def test_a_dry_run_finds_what_the_import_would_refuse(home: Home, portfolio: str, write: Write) -> None:
    said = home("import", write(f"{HEADER}2020-01-06,SELL,ABC,1,12.00,,CAD,x,\n"), "--portfolio", portfolio, "--dry-run", "--json")
    assert said.code == 2
    assert said.json["is_accepted"] is False and said.json["problems"][0]["line"] == 2


def test_a_file_that_is_not_there_is_not_found(home: Home, untouched: str, tmp_path: Path) -> None:
    said = home("import", tmp_path / "none.csv", "--portfolio", untouched)
    assert said.code == 5 and "There is no file" in said.err


def test_a_folder_is_no_file(home: Home, untouched: str, tmp_path: Path) -> None:
    assert home("import", tmp_path, "--portfolio", untouched).code == 5


def test_a_reversal_takes_an_entry_back_and_a_second_one_is_refused(home: Home, booked: str) -> None:
    before = home.ledger(booked)
    said = home.ok("reverse", "b2", "--portfolio", booked, "--reason", "never happened", "--json")
    assert said.json["reversal"]["quantity"] == "-10" and said.json["reversal"]["narration"] == "never happened"
    assert home.ledger(booked) == said.json["ledger_commit_hash"] != before
    again = home("reverse", "3", "--portfolio", booked, "--reason", "again")
    assert again.code == 6 and "reversed already" in again.err
    listed = home.ok("transactions", "--portfolio", booked, "--json").json
    newest = listed["items"][0]
    assert (newest["sequence"], newest["is_reversal"]) == (4, True)
    assert listed["total"] == 4


def test_an_entry_another_one_depends_on_cannot_be_reversed(home: Home, booked: str, write: Write) -> None:
    home.ok("import", write(f"{HEADER}2020-01-06,SELL,ABC,100,12.00,,CAD,s1,\n"), "--portfolio", booked)
    state = home.ledger(booked)
    said = home("reverse", "b1", "--portfolio", booked, "--reason", "a mistake")
    assert said.code == 6 and "cannot be reversed" in said.err
    assert home.ledger(booked) == state


def test_an_entry_that_is_not_there_cannot_be_reversed(home: Home, untouched: str) -> None:
    said = home("reverse", "99", "--portfolio", untouched, "--reason", "x")
    assert said.code == 5 and 'dawsos transactions --portfolio "Untouched"' in said.err
