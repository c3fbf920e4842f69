"""OFX statements: SGML and XML alike, mixed encodings, files that break off, and what is not guessed."""

import re
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.kernel.errors import DawsosError, Invalid
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.ofx import read_ofx
from dawsos.services.imports.ofx_tree import looks_like_ofx, parse_ofx

LATEST = date(2024, 1, 1)
SGML_HEADER = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n\n"
BODY = """<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><CURDEF>USD<INVACCTFROM><BROKERID>b<ACCTID>U1</INVACCTFROM>
<INVTRANLIST><DTSTART>20220101<DTEND>20221231
<BUYSTOCK><INVBUY><INVTRAN><FITID>t1<DTTRADE>20220103120000[-5:EST]<DTSETTLE>20220105<MEMO>Bought &amp; held</INVTRAN>
<SECID><UNIQUEID>037833100<UNIQUEIDTYPE>CUSIP</SECID><UNITS>10<UNITPRICE>182.01<COMMISSION>1.50<FEES>0.25<TOTAL>-1821.85<SUBACCTSEC>CASH</INVBUY><BUYTYPE>BUY</BUYSTOCK>
<SELLSTOCK><INVSELL><INVTRAN><FITID>t2<DTTRADE>20220601</INVTRAN><SECID><UNIQUEID>037833100<UNIQUEIDTYPE>CUSIP</SECID>
<UNITS>-4<UNITPRICE>150<COMMISSION>1<TOTAL>599<SUBACCTSEC>CASH</INVSELL><SELLTYPE>SELL</SELLSTOCK>
<INCOME><INVTRAN><FITID>t3<DTTRADE>20220210</INVTRAN><SECID><UNIQUEID>037833100<UNIQUEIDTYPE>CUSIP</SECID><INCOMETYPE>DIV<TOTAL>1.87<WITHHOLDING>0.33</INCOME>
<REINVEST><INVTRAN><FITID>t4<DTTRADE>20220512</INVTRAN><SECID><UNIQUEID>037833100<UNIQUEIDTYPE>CUSIP</SECID><INCOMETYPE>DIV<TOTAL>-2.30<UNITS>0.0157<UNITPRICE>146.5</REINVEST>
<SPLIT><INVTRAN><FITID>t5<DTTRADE>20220831</INVTRAN><SECID><UNIQUEID>037833100<UNIQUEIDTYPE>CUSIP</SECID><OLDUNITS>6<NEWUNITS>24<NUMERATOR>4<DENOMINATOR>1</SPLIT>
<TRANSFER><INVTRAN><FITID>t6<DTTRADE>20220901</INVTRAN><SECID><UNIQUEID>X<UNIQUEIDTYPE>CUSIP</SECID><UNITS>5<TFERACTION>IN<AVGCOSTBASIS>20<DTPURCHASE>20200105</TRANSFER>
<TRANSFER><INVTRAN><FITID>t7<DTTRADE>20220901</INVTRAN><SECID><UNIQUEID>X<UNIQUEIDTYPE>CUSIP</SECID><UNITS>5<TFERACTION>IN</TRANSFER>
<INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20220102<TRNAMT>5000.00<FITID>c1<NAME>Transfer<MEMO></STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>
<INVBANKTRAN><STMTTRN><TRNTYPE>FEE<DTPOSTED>20220301<TRNAMT>-12.00<FITID>c2<NAME>Custody</STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>
<BUYOPT><INVBUY><INVTRAN><FITID>t8<DTTRADE>20220103</INVTRAN><UNITS>1<UNITPRICE>2</INVBUY><OPTBUYTYPE>BUYTOOPEN</BUYOPT>
</INVTRANLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>
<SECLISTMSGSRSV1><SECLIST><STOCKINFO><SECINFO><SECID><UNIQUEID>037833100<UNIQUEIDTYPE>CUSIP</SECID><SECNAME>Apple<TICKER>AAPL</SECINFO></STOCKINFO></SECLIST></SECLISTMSGSRSV1>
</OFX>
"""


def as_xml(body: str) -> bytes:
    """The same statement as OFX 2: every value closed."""
    closed = re.sub(r"<([A-Z0-9.]+)>([^<\n]+)", lambda m: f"<{m[1]}>{m[2]}</{m[1]}>", body).replace("<MEMO></STMTTRN>", "<MEMO/></STMTTRN>")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n' + closed.encode()


def sorted_out(content: bytes) -> tuple[dict[str, TransactionDraft], list[RowProblem]]:
    found = list(read_ofx(content, latest=LATEST))
    return {one.external_ref: one for one in found if isinstance(one, TransactionDraft)}, [
        one for one in found if isinstance(one, RowProblem)
    ]


@pytest.mark.parametrize("content", [(SGML_HEADER + BODY).encode(), as_xml(BODY)], ids=["SGML", "XML"])
def test_a_brokers_statement(content: bytes):
    drafts, problems = sorted_out(content)
    bought = drafts["ofx:U1:t1"]
    assert (bought.transaction_type, bought.symbol, bought.quantity, bought.price, bought.fee, bought.amount, bought.settlement_date) == (
        "BUY", "AAPL", D(10), D("182.01"), D("1.75"), D("-1820.10"), date(2022, 1, 5)
    )  # fmt: skip
    assert (bought.transaction_date, bought.narration) == (date(2022, 1, 3), "Bought & held")
    sold = drafts["ofx:U1:t2"]
    assert (sold.transaction_type, sold.quantity, sold.amount, sold.fee) == ("SELL", D(4), D("600"), D(1))
    paid = drafts["ofx:U1:t3"]
    assert (paid.transaction_type, paid.amount, paid.withholding_tax) == ("DIVIDEND", D("2.20"), D("0.33"))
    income, again = drafts["ofx:U1:t4:income"], drafts["ofx:U1:t4:bought"]
    assert (income.amount, again.amount, again.quantity) == (D("2.30"), D("-2.30"), D("0.0157"))
    split = drafts["ofx:U1:t5"]
    assert (split.split_from, split.split_to) == (D(1), D(4))
    came = drafts["ofx:U1:t6"]
    assert (came.symbol, came.cost_basis, came.acquisition_date) == ("X", D(100), date(2020, 1, 5))
    assert (drafts["ofx:U1:c1"].transaction_type, drafts["ofx:U1:c1"].amount) == ("DEPOSIT", D(5000))
    assert (drafts["ofx:U1:c2"].transaction_type, drafts["ofx:U1:c2"].amount) == ("FEE", D(-12))
    assert sorted(problem.field for problem in problems) == ["AVGCOSTBASIS", "BUYOPT"]
    assert all(problem.line > 1 for problem in problems)
    assert len(drafts) == 9


def test_a_price_that_was_rounded_gives_way_to_the_total():
    body = BODY.replace(
        "<UNITPRICE>182.01<COMMISSION>1.50<FEES>0.25<TOTAL>-1821.85", "<UNITPRICE>182.01<COMMISSION>1.50<FEES>0.25<TOTAL>-1821.89"
    )
    drafts, _ = sorted_out((SGML_HEADER + body).encode())
    assert (drafts["ofx:U1:t1"].price, drafts["ofx:U1:t1"].amount) == (D("182.014"), D("-1820.14"))


BANK = """<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>CAD<BANKACCTFROM><BANKID>1<ACCTID>9</BANKACCTFROM><BANKTRANLIST>
<STMTTRN><TRNTYPE>INT<DTPOSTED>20220131<TRNAMT>1,25<FITID>a<NAME>Int\u00e9r\u00eats</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20220201<TRNAMT>-40.00<FITID>b<MEMO>Caf\u00e9</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>2022<TRNAMT>-1<FITID>d</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20220201<TRNAMT>much<FITID>e</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20220201<TRNAMT>-1</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""


def test_mixed_encodings_are_read_line_by_line():
    lines = BANK.split("\n")
    mixed = b"\n".join(line.encode("cp1252" if "Int" in line else "utf-8") for line in lines)
    drafts, problems = sorted_out(SGML_HEADER.encode() + mixed)
    assert (drafts["ofx:9:a"].amount, drafts["ofx:9:a"].narration) == (D("1.25"), "Intérêts")
    assert (drafts["ofx:9:b"].transaction_type, drafts["ofx:9:b"].narration) == ("WITHDRAWAL", "Café")
    assert [problem.field for problem in problems] == ["DTPOSTED", "TRNAMT", "FITID"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ((SGML_HEADER + BODY)[:900].encode(), "file_truncated"),
        (b"OFXHEADER:100\nnothing", "not_ofx"),
        (SGML_HEADER.encode() + b"<OFX>\x81\xff</OFX>", "not_text"),
        (SGML_HEADER.encode() + b"<OFX>\x00</OFX>", "not_text"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole(content: bytes, code: str):
    with pytest.raises(Invalid) as failure:
        list(read_ofx(content, latest=LATEST))
    assert failure.value.code == code


def test_an_empty_value_that_is_never_closed_takes_nothing_of_its_parent():
    root = parse_ofx(b"<OFX><A><B><C>1<D></A><E>2</OFX>")
    assert [(one.name, one.text) for one in root.child("A").children] == [("B", ""), ("C", "1"), ("D", "")]
    assert root.value("E") == "2"


def test_entities_are_never_fetched_from_anywhere():
    root = parse_ofx(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><OFX><A>&e;&lt;b&gt;</A></OFX>')
    assert root.value("A") == "&e;<b>"


@pytest.mark.parametrize(
    ("head", "is_ofx"), [(b"OFXHEADER:100", True), (b"\xef\xbb\xbf<?xml?><?OFX ?>", True), (b"transaction_date,a", False)]
)
def test_ofx_is_known_by_how_it_begins(head: bytes, is_ofx: bool):
    assert looks_like_ofx(head) is is_ofx


@given(st.binary(max_size=400))
def test_no_bytes_end_in_anything_but_a_refusal_or_a_reading(noise: bytes):
    try:
        for outcome in read_ofx(b"<OFX>" + noise + b"</OFX>", latest=LATEST):
            assert isinstance(outcome, TransactionDraft | RowProblem)
    except DawsosError:
        pass
