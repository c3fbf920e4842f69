"""Flex statements of Interactive Brokers."""

from datetime import date
from decimal import Decimal as D

import pytest

from dawsos.kernel.errors import Invalid
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.ibkr_flex import looks_like_flex, read_flex

HEAD = b"""<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="1">
<FlexStatement accountId="U1" fromDate="20220101" toDate="20221231" period="YearToDate" whenGenerated="20230101;120000">"""
TAIL = b"</FlexStatement></FlexStatements></FlexQueryResponse>"
STATEMENT = (
    HEAD
    + b"""<Trades>
<Trade accountId="U1" currency="USD" assetCategory="STK" symbol="AAPL" description="APPLE INC" transactionID="1" tradeDate="20220103" settleDateTarget="20220105"
 quantity="10" tradePrice="182.01" ibCommission="-1" ibCommissionCurrency="USD" taxes="0" buySell="BUY" levelOfDetail="EXECUTION"/>
<Trade accountId="U1" currency="USD" assetCategory="STK" symbol="AAPL" transactionID="2" tradeDate="20220601" settleDateTarget="20220603"
 quantity="-4" tradePrice="150" ibCommission="-1.02" ibCommissionCurrency="USD" taxes="0" buySell="SELL" levelOfDetail="EXECUTION"/>
<Trade accountId="U1" currency="USD" assetCategory="CASH" symbol="EUR.USD" transactionID="3" tradeDate="20220104"
 quantity="1000" tradePrice="1.1301" ibCommission="-2" ibCommissionCurrency="USD" buySell="BUY" levelOfDetail="EXECUTION"/>
<Trade accountId="U1" currency="USD" assetCategory="OPT" symbol="AAPL 220121C00180000" transactionID="4" tradeDate="20220104"
 quantity="1" tradePrice="5" ibCommission="-1" ibCommissionCurrency="USD" buySell="BUY" levelOfDetail="EXECUTION"/>
</Trades><CashTransactions>
<CashTransaction accountId="U1" currency="USD" symbol="AAPL" type="Dividends" amount="2.2" dateTime="20220210" settleDate="20220210" transactionID="5" levelOfDetail="DETAIL"/>
<CashTransaction accountId="U1" currency="USD" symbol="AAPL" type="Withholding Tax" amount="-0.33" dateTime="20220210" settleDate="20220210" transactionID="6" levelOfDetail="DETAIL"/>
<CashTransaction accountId="U1" currency="USD" type="Deposits &amp; Withdrawals" amount="5000" dateTime="20220102" settleDate="20220102" transactionID="7" levelOfDetail="DETAIL"/>
<CashTransaction accountId="U1" currency="USD" type="Broker Interest Paid" amount="-3.1" dateTime="20220202" settleDate="20220202" transactionID="8" levelOfDetail="DETAIL"/>
</CashTransactions>"""
    + TAIL
)


def test_trades_conversions_and_cash():
    found = list(read_flex(STATEMENT, latest=date(2024, 1, 1)))
    problems = [one for one in found if isinstance(one, RowProblem)]
    assert [(one.line, one.field) for one in problems] == [(4, "assetCategory")]
    drafts = {one.external_ref: one for one in found if isinstance(one, TransactionDraft)}
    bought, sold = drafts["ibkr:1"], drafts["ibkr:2"]
    assert (bought.transaction_type, bought.symbol, bought.quantity, bought.amount, bought.fee) == (
        "BUY",
        "AAPL",
        D(10),
        D("-1820.10"),
        D(1),
    )
    assert (sold.transaction_type, sold.amount, sold.fee, sold.settlement_date) == ("SELL", D(600), D("1.02"), date(2022, 6, 3))
    out, back = drafts["ibkr:3:out"], drafts["ibkr:3:in"]
    assert (out.currency, out.amount, back.currency, back.amount, back.parent_ref) == ("USD", D("-1130.10"), "EUR", D(1000), "ibkr:3:out")
    assert drafts["ibkr:3:fee"].amount == D(-2)
    kinds = {
        ref: (one.transaction_type, one.amount, one.symbol)
        for ref, one in drafts.items()
        if ref in {"ibkr:5", "ibkr:6", "ibkr:7", "ibkr:8"}
    }
    assert kinds == {
        "ibkr:5": ("DIVIDEND", D("2.20"), "AAPL"),
        "ibkr:6": ("TAX", D("-0.33"), "AAPL"),
        "ibkr:7": ("DEPOSIT", D(5000), None),
        "ibkr:8": ("INTEREST", D("-3.10"), None),
    }
    assert looks_like_flex(STATEMENT)


@pytest.mark.parametrize("content", [STATEMENT[:600], b"<FlexQueryResponse>", b'<!DOCTYPE x [<!ENTITY e "x">]>' + STATEMENT])
def test_what_is_no_whole_statement_is_refused(content: bytes):
    with pytest.raises(Invalid) as failure:
        list(read_flex(content, latest=date(2024, 1, 1)))
    assert failure.value.code == "not_flex"
