"""What dividends and splits that are to come would bring to shares held now."""

from decimal import Decimal as D

from dawsos.compute.ledger.expected_actions import expected_dividend, quantity_after_split


def test_a_dividend_brings_its_gross_less_what_is_withheld_at_the_rate_given():
    cash = expected_dividend(D(100), D("0.24"), D("0.15"), D("1.36"))
    assert (cash.gross, cash.withholding_tax, cash.net, cash.net_base) == (D("24.00"), D("3.60"), D("20.40"), D("27.74"))


def test_without_a_rate_there_is_no_amount_in_base_currency_and_without_withholding_nothing_is_withheld():
    cash = expected_dividend(D("12.5"), D("1.037"), None, None)
    assert (cash.gross, cash.withholding_tax, cash.net, cash.net_base) == (D("12.96"), D(0), D("12.96"), None)


def test_a_split_changes_the_quantity_by_its_terms():
    assert quantity_after_split(D(100), D(1), D(2)) == D(200)
    assert quantity_after_split(D(100), D(8), D(1)) == D("12.5")
    assert quantity_after_split(D(10), D(3), D(1)) == D("3.33333333")
