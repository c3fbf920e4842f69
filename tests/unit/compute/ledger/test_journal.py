"""Reading a CSV of transactions as columns; the import's reader, line by line, says the same."""

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dawsos.demo_data
from dawsos.compute.ledger.batch import match_lots
from dawsos.compute.ledger.columns import ledger_columns, lot_books
from dawsos.compute.ledger.journal import COLUMNS, journal_columns, read_journal
from dawsos.compute.ledger.segments import FlowKind, calendar_day, day_number
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod
from dawsos.services.imports.drafts import RowProblem
from dawsos.services.imports.transaction_csv import read_transactions
from tests.unit.compute.ledger.making import PORTFOLIO, Ledger

HEADER = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,fx_rate,external_ref"
GOOD = "2024-01-15,BUY,CNR,200,155,-31000.00,CAD,10,,a-1"


def journal(*lines: str, header: str = HEADER, end: str = "\n"):
    return read_journal((end.join([header, *lines]) + end).encode())


def columns(read, **facts):
    securities = {symbol: named("security", symbol) for symbol in read.symbols}
    return journal_columns(read, portfolio_id=PORTFOLIO, base_currency="CAD", securities=securities, **facts)


def test_a_row_becomes_whole_numbers():
    read = journal(GOOD, "1969-12-31,SELL,CNR,1.5,2.25,,USD,0.07,1.35471234,")
    assert (read.doubtful, read.symbols, read.currencies) == ((), ("CNR",), ("CAD", "USD"))
    assert read.values["transaction_date"].tolist() == [day_number(date(2024, 1, 15)), -1]
    assert read.values["transaction_type"].tolist() == [FlowKind.BUY, FlowKind.SELL]
    assert (read.values["quantity"].tolist(), read.values["price"].tolist()) == ([200 * 10**8, 150_000_000], [155 * 10**8, 225_000_000])
    assert (read.values["amount"].tolist(), read.filled["amount"].tolist()) == ([-3_100_000, 0], [True, False])
    assert (read.values["fee"].tolist(), read.values["fx_rate"].tolist()) == ([1000, 7], [0, 135_471_234])
    assert (read.text("external_ref", 0), read.text("external_ref", 1)) == ("a-1", "")


def test_columns_stand_in_order_of_date_and_keep_the_numbers_of_the_file():
    ledger = columns(journal(GOOD, "2024-01-10,DEPOSIT,,,,50000.00,CAD,,,"), first_sequence=7)
    assert (ledger.sequence.tolist(), ledger.kind.tolist()) == ([8, 7], [FlowKind.DEPOSIT, FlowKind.BUY])
    assert (ledger.security.tolist(), ledger.securities[0].symbol) == ([-1, 0], "CNR")
    assert (ledger.cash_effect.tolist(), ledger.rate.tolist()) == ([5_000_000, -3_101_000], [10**8, 10**8])
    assert ledger.acquisition_day.tolist() == ledger.day.tolist()


def test_an_amount_left_out_is_quantity_times_price_half_to_even():
    ledger = columns(journal("2024-01-15,BUY,A,1,0.125,,CAD,,,", "2024-01-16,SELL,A,1,0.135,,CAD,,,"))
    assert ledger.amount.tolist() == [-12, 14]


def test_rates_come_from_the_file_or_from_the_caller_and_are_never_assumed():
    read = journal("2024-01-15,BUY,A,1,1,,USD,,1.3,", "2024-01-15,BUY,A,1,1,,USD,,,", "2024-01-15,DEPOSIT,,,,5,CAD,,1,")
    with pytest.raises(Invalid, match="Line 3: the rate of USD to CAD is missing"):
        columns(read)
    assert columns(read, rates=np.array([9, 140_000_000, 9], dtype=np.int64)).rate.tolist() == [130_000_000, 140_000_000, 10**8]
    with pytest.raises(Invalid, match="Line 2: the rate of CAD to CAD is not 1"):
        columns(journal("2024-01-15,DEPOSIT,,,,5,CAD,,1.1,"))


def test_an_unknown_symbol_is_refused():
    with pytest.raises(Invalid, match="Symbol CNR is not known"):
        journal_columns(journal(GOOD), portfolio_id=PORTFOLIO, base_currency="CAD", securities={})


def test_a_conversion_is_internal_on_both_sides():
    header = "transaction_date,transaction_type,amount,currency,external_ref,parent_ref,fx_rate"
    read = journal("2014-01-06,TRANSFER_OUT,-20000.00,CAD,out,,", "2014-01-06,TRANSFER_IN,18672.50,USD,in,out,1.07", header=header)
    assert (read.parent.tolist(), read.has_parent.tolist()) == ([-1, 0], [False, True])
    assert columns(read).is_internal.tolist() == [True, True]


def test_the_currency_of_a_security_is_that_of_its_trades():
    header = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fx_rate"
    read = journal("2024-01-15,DIVIDEND,A,,,5,USD,1.3", "2024-01-16,BUY,A,1,2,,CAD,", "2024-01-16,DIVIDEND,B,,,5,USD,1.3", header=header)
    assert [(each.symbol, each.currency) for each in columns(read).securities] == [("A", "CAD"), ("B", "USD")]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\r\n{GOOD}\r\n",
        f"{HEADER}\n{GOOD}",
        f"\ufeff{HEADER}\n\n{GOOD}\n\r\n\n",
        f'{HEADER}\n"2024-01-15", BUY ,"CNR",200 , 155,-31000.00,CAD,10,,"a-1" \n',
    ],
)
def test_line_ends_blank_lines_spaces_and_quotes_make_no_difference(text):
    read = read_journal(text.encode())
    assert (read.doubtful, read.values["amount"].tolist(), read.text("external_ref", 0)) == ((), [-3_100_000], "a-1")


def test_a_quoted_text_may_hold_commas_and_line_ends_and_lines_are_still_counted():
    header = "transaction_date,transaction_type,amount,currency,narration"
    read = journal('2024-01-15,DEPOSIT,5,CAD,"one, two\nthree"', "2024-01-15,DEPOSIT,5,CAD,plain", header=header)
    assert (read.text("narration", 0), read.text("narration", 1), read.lines.tolist()) == ("one, two\nthree", "plain", [2, 4])


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("2024-01-15,BUY,CNR,200,155,-31000.00,CAD,10,", ""),
        ("2024-01-15,BUY,CNR,200,155,-31000.00,CAD,10,,a,b", ""),
        ("2024-02-30,BUY,CNR,200,155,,CAD,,,", "transaction_date"),
        ("2023-02-29,BUY,CNR,200,155,,CAD,,,", "transaction_date"),
        ("2024-13-01,BUY,CNR,200,155,,CAD,,,", "transaction_date"),
        ("2024-04-31,BUY,CNR,200,155,,CAD,,,", "transaction_date"),
        ("2024-1-15,BUY,CNR,200,155,,CAD,,,", "transaction_date"),
        ("2024/01/15,BUY,CNR,200,155,,CAD,,,", "transaction_date"),
        ("20x4-01-15,BUY,CNR,200,155,,CAD,,,", "transaction_date"),
        ("0000-01-15,BUY,CNR,200,155,,CAD,,,", "transaction_date"),
        (",BUY,CNR,200,155,,CAD,,,", "transaction_date"),
        ("2024-01-15,BOUGHT,CNR,200,155,,CAD,,,", "transaction_type"),
        ("2024-01-15,buy,CNR,200,155,,CAD,,,", "transaction_type"),
        ("2024-01-15,,CNR,200,155,,CAD,,,", "transaction_type"),
        ("2024-01-15,BUY,,200,155,,CAD,,,", "symbol"),
        ("2024-01-15,BUY,CNR,,155,,CAD,,,", "quantity"),
        ("2024-01-15,BUY,CNR,-200,155,,CAD,,,", "quantity"),
        ("2024-01-15,BUY,CNR,2.123456789,155,,CAD,,,", "quantity"),
        ("2024-01-15,BUY,CNR,12345678901,155,,CAD,,,", "quantity"),
        ("2024-01-15,BUY,CNR,1e3,155,,CAD,,,", "quantity"),
        ("2024-01-15,BUY,CNR,1.2.3,155,,CAD,,,", "quantity"),
        ("2024-01-15,BUY,CNR,.,155,,CAD,,,", "quantity"),
        ("2024-01-15,BUY,CNR,-,155,,CAD,,,", "quantity"),
        ("2024-01-15,BUY,CNR,200,0,,CAD,,,", "price"),
        ("2024-01-15,BUY,CNR,200,155,31000.00,CAD,10,,", "amount"),
        ("2024-01-15,BUY,CNR,200,155,-31000.02,CAD,10,,", "amount"),
        ("2024-01-15,BUY,CNR,200,155,-31000.001,CAD,10,,", "amount"),
        ("2024-01-15,BUY,CNR,9999999999,9999999999,,CAD,,,", "amount"),
        ("2024-01-15,BUY,CNR,200,155,,CA,,,", "currency"),
        ("2024-01-15,BUY,CNR,200,155,,XYZ,,,", "currency"),
        ("2024-01-15,BUY,CNR,200,155,,,,,", "currency"),
        ("2024-01-15,BUY,CNR,200,155,,CAD,-1,,", "fee"),
        ("2024-01-15,BUY,CNR,200,155,,CAD,1,-1,", "fx_rate"),
        ("2024-01-15,DEPOSIT,CNR,,,5,CAD,,,", "symbol"),
        ("2024-01-15,DEPOSIT,,,,,CAD,,,", "amount"),
        ("2024-01-15,DEPOSIT,,,,-5,CAD,,,", "amount"),
        ("2024-01-15,WITHDRAWAL,,,,5,CAD,,,", "amount"),
        ("2024-01-15,FEE,,,,0,CAD,,,", "amount"),
        ("2024-01-15,FEE,,,,-5,CAD,1,,", "fee"),
        ("2024-01-15,TRANSFER_OUT,CNR,1,,-5,CAD,,,", "amount"),
        ("2024-01-15,TRANSFER_IN,CNR,1,,,CAD,,,", "cost_basis"),
        ('2024-01-15,BUY,"C""NR",200,155,,CAD,,,', "symbol"),
        ('2024-01-15,BUY,C"NR,200,155,,CAD,,,', "symbol"),
        ('2024-01-15,BUY,"CNR"x,200,155,,CAD,,,', "symbol"),
    ],
)
def test_a_row_that_is_not_right_is_doubtful_in_its_first_wrong_column(line, column):
    read = journal(GOOD, line, "2024-01-16,DEPOSIT,,,,5,CAD,,,z")
    assert read.doubtful == ((3, column),)
    assert read.lines.tolist() == [2, 4]


DATES = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,settlement_date,pay_date,cost_basis,acquisition_date"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("2024-01-15,BUY,A,1,1,,CAD,2024-01-14,,,", "settlement_date"),
        ("2024-01-15,DIVIDEND,A,,,5,CAD,,2024-01-16,,", "pay_date"),
        ("2024-01-15,TRANSFER_IN,A,1,,,CAD,,,5,2024-01-16", "acquisition_date"),
        ("2024-01-15,TRANSFER_IN,A,1,,,CAD,,,-5,2024-01-15", "cost_basis"),
        ("2024-01-15,DIVIDEND,A,2,2.5,5.02,CAD,,,,", "amount"),
    ],
)
def test_dates_and_figures_that_contradict_each_other_are_doubtful(line, column):
    assert journal(line, header=DATES).doubtful == ((2, column),)


def test_a_reference_used_twice_and_a_parent_that_is_not_there_are_doubtful():
    header = "transaction_date,transaction_type,amount,currency,external_ref,parent_ref,fx_rate"
    read = journal(
        "2014-01-06,TRANSFER_OUT,-5,CAD,out,,",
        "2014-01-06,TRANSFER_OUT,-5,CAD,out,,",
        "2014-01-06,TRANSFER_IN,5,USD,in,nowhere,1.07",
        "2014-01-06,TRANSFER_OUT,5,CAD,wrong-sign,,",
        "2014-01-06,TRANSFER_IN,5,USD,other,wrong-sign,1.07",
        header=header,
    )
    assert read.doubtful == ((3, "external_ref"), (4, "parent_ref"), (5, "amount"), (6, "parent_ref"))


@pytest.mark.parametrize(
    "header",
    [f"{HEADER},colour", HEADER.replace("currency,", ""), HEADER.replace("fee", "amount"), ""],
)
def test_a_wrong_header_is_refused(header):
    with pytest.raises(Invalid, match="The header of the file is wrong"):
        journal(GOOD, header=header)


def test_a_file_with_only_a_header_has_no_rows():
    read = read_journal(HEADER.encode())
    assert (read.lines.tolist(), read.symbols, read.doubtful) == ([], (), ())
    assert len(columns(read).day) == 0


@given(day=st.dates(min_value=date(1, 1, 1)))
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_every_date_is_read_as_the_calendar_has_it(day):
    read = journal(f"{day.isoformat()},DEPOSIT,,,,5,CAD,,,")
    assert calendar_day(int(read.values["transaction_date"][0])) == day


@given(whole=st.integers(0, 10**10 - 1), places=st.integers(0, 8), rest=st.integers(0, 10**8 - 1), point=st.booleans())
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_every_number_is_read_exactly(whole, places, rest, point):
    text = f"{whole}" + (f".{rest:08d}"[: places + 1] if point else "")
    read = journal(f"2024-01-15,DEPOSIT,,,,5,CAD,,{text},")
    if D(text) > 0:
        assert read.values["fx_rate"].tolist() == [int(D(text) * 10**8)]
    else:
        assert read.doubtful == ((2, "fx_rate"),)


def imported(content: bytes):
    drafts, problems = {}, set()
    for outcome in read_transactions([content], latest=date(9999, 12, 31)):
        if isinstance(outcome, RowProblem):
            problems.add(outcome.line)
        else:
            drafts[outcome.line] = outcome
    return drafts, problems


def agrees(read, drafts) -> None:
    amounts = columns(read, rates=np.full(len(read.lines), 10**8)).amount
    order = np.argsort(read.values["transaction_date"], kind="stable")
    for place, row in enumerate(order):
        draft = drafts[int(read.lines[row])]
        assert draft.transaction_date == calendar_day(int(read.values["transaction_date"][row]))
        assert draft.transaction_type.value == FlowKind(read.values["transaction_type"][row]).name
        assert draft.amount == D(int(amounts[place])).scaleb(-2)
        assert draft.symbol == (read.symbols[read.symbol[row]] if read.symbol[row] >= 0 else None)
        assert draft.currency == read.currencies[read.currency[row]]
        assert (draft.quantity or 0) == D(int(read.values["quantity"][row])).scaleb(-8)
        assert draft.fee == D(int(read.values["fee"][row])).scaleb(-2)
        assert (draft.narration or "") == read.text("narration", row)


@pytest.mark.parametrize("name", ["household_transactions.csv", "income_transactions.csv"])
def test_the_demonstration_ledgers_are_read_as_the_import_reads_them(name):
    content = Path(dawsos.demo_data.__file__).with_name(name).read_bytes()
    read = read_journal(content)
    drafts, problems = imported(content)
    assert (read.doubtful, problems, len(read.lines)) == ((), set(), len(drafts))
    base = {"income_transactions.csv": "USD"}.get(name, "CAD")
    if base == "CAD":
        agrees(read, drafts)


FIELDS = st.fixed_dictionaries(
    {
        "transaction_date": st.sampled_from(["2024-01-15", "2024-02-29", "2024-02-30"]),
        "transaction_type": st.sampled_from([kind.name for kind in FlowKind]),
        "symbol": st.sampled_from(["", "", "AAA", "BRK.B"]),
        "quantity": st.sampled_from(["", "", "10", "2.5", "0", "x"]),
        "price": st.sampled_from(["", "", "3", "0.1"]),
        "amount": st.sampled_from(["", "", "30.00", "-30", "0", "-7.5", "7.51"]),
        "currency": st.sampled_from(["CAD", "CAD", "USD"]),
        "fee": st.sampled_from(["", "", "", "1.25"]),
        "withholding_tax": st.sampled_from(["", "", "", "", "0.5"]),
        "settlement_date": st.sampled_from(["", "", "", "2024-03-01", "2023-01-01"]),
        "pay_date": st.sampled_from(["", "", "", "", "2024-01-15"]),
        "split_from": st.sampled_from(["", "", "1"]),
        "split_to": st.sampled_from(["", "", "2"]),
        "cost_basis": st.sampled_from(["", "", "5", "-5"]),
        "acquisition_date": st.sampled_from(["", "", "2020-01-01", "2025-01-01"]),
        "narration": st.sampled_from(["", "so, so", "plain"]),
    }
)


@given(rows=st.lists(FIELDS, min_size=1, max_size=30))
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_both_readers_accept_the_same_lines(rows):
    names = list(rows[0])
    lines = [",".join(names)] + [",".join(f'"{row[name]}"' if "," in row[name] else row[name] for name in names) for row in rows]
    content = ("\n".join(lines) + "\n").encode()
    read = read_journal(content)
    drafts, problems = imported(content)
    assert {line for line, _ in read.doubtful} == problems
    agrees(read, drafts)


def test_a_journal_matches_as_the_ledger_it_describes():
    ledger = Ledger()
    ledger.buy("2024-01-25", "PYPL", 300, 55, 10, currency="USD", rate="1.35")
    ledger.sell("2024-08-20", "PYPL", 100, 65, 10, currency="USD", rate="1.37")
    read = journal("2024-01-25,BUY,PYPL,300,55,,USD,10,1.35,", "2024-08-20,SELL,PYPL,100,65,,USD,10,1.37,")
    one, other = (
        match_lots(lot_books(each)[0], method=LotMethod.FIFO).disposals for each in (columns(read), ledger_columns([ledger.rows]))
    )
    assert one.cost_base.tolist() == other.cost_base.tolist() == [742950]
    assert one.gain_fx_base.tolist() == other.gain_fx_base.tolist() == [12979]


def test_every_column_of_the_format_is_known():
    content = (",".join(COLUMNS) + "\n2024-01-15,DEPOSIT,,,,5,CAD" + "," * 14 + "\n").encode()
    assert read_journal(content).doubtful == ()
