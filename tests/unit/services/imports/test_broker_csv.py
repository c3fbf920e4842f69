"""CSV files of brokers by their headers."""

from datetime import date
from decimal import Decimal as D

from dawsos.services.imports.broker_csv import BrokerMapping, mapping_for, read_mapped
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.formats import read_file

LATEST = date(2024, 1, 1)
SCHWAB = b"""\xef\xbb\xbf"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"01/03/2022","Buy","AAPL","APPLE INC","10","$182.01","$1.75","-$1,821.85"
"02/10/2022 as of 02/09/2022","Qualified Dividend","AAPL","APPLE INC","","","","$2.20"
"06/01/2022","Sell","AAPL","APPLE INC","4","$150.00","","$600.04"
"01/02/2022","MoneyLink Deposit","","Tfr","","","","$5,000.00"
"03/01/2022","Service Fee","","Custody","","","","($12.00)"
"03/01/2022","Service Fee","","Custody","","","","($12.00)"
"03/02/2022","Journal","","?","","","","$1.00"
"xx","Buy","AAPL","","1","1","","-1"
"""


def test_a_brokers_file_is_known_by_its_header_and_every_line_read_or_named():
    found = read_file([SCHWAB], latest=LATEST)
    assert found.source == "csv:schwab"
    outcomes = list(found.lines)
    drafts = [one for one in outcomes if isinstance(one, TransactionDraft)]
    assert [(one.line, one.transaction_type, one.amount) for one in drafts] == [
        (2, "BUY", D("-1820.10")), (3, "DIVIDEND", D("2.20")), (4, "SELL", D("600.04")), (5, "DEPOSIT", D(5000)), (6, "FEE", D(-12)), (7, "FEE", D(-12))
    ]  # fmt: skip
    assert (drafts[0].fee, drafts[0].currency, drafts[2].price) == (D("1.75"), "USD", D("150.01"))
    problems = [one for one in outcomes if isinstance(one, RowProblem)]
    assert [(one.line, one.field) for one in problems] == [(8, "Action"), (9, "Date")]


def test_equal_lines_are_two_entries_and_the_same_file_gives_the_same_references():
    first, second = (
        [one.external_ref for one in read_file([SCHWAB], latest=LATEST).lines if isinstance(one, TransactionDraft)] for _ in range(2)
    )
    assert first == second
    assert len(set(first)) == 6


def test_a_mapping_of_ones_own_with_decimal_commas():
    mapping = BrokerMapping(
        name="mine",
        columns={
            "transaction_date": "Datum",
            "transaction_type": "Typ",
            "symbol": "Wertpapier",
            "quantity": "Stück",
            "price": "Kurs",
            "currency": "Währung",
        },
        types={"kauf": "BUY", "verkauf": "SELL", "notiz": None},
        date_format="%d.%m.%Y",
        delimiter=";",
        decimal_comma=True,
    )
    content = "Datum;Typ;Wertpapier;Stück;Kurs;Währung\n03.01.2022;Kauf;SAP;1.000;125,40;EUR\n04.01.2022;Notiz;;;;\n".encode()
    assert mapping_for(content, own=(mapping,)) is mapping
    (draft,) = list(read_mapped([content], mapping, latest=LATEST))
    assert isinstance(draft, TransactionDraft)
    assert (draft.quantity, draft.price, draft.amount, draft.transaction_date) == (D(1000), D("125.40"), D(-125400), date(2022, 1, 3))


def test_what_nobody_knows_is_read_as_our_own_csv():
    own = b"transaction_date,transaction_type,currency,amount,external_ref\n2022-01-03,DEPOSIT,CAD,1,a\n"
    found = read_file([own], latest=LATEST)
    assert (found.source, len(list(found.lines))) == ("dawsos-csv", 1)
