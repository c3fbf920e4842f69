"""The figures of the checklist, worked by hand, and the marks they are held against."""

from datetime import date

import pytest

from dawsos.compute.ratings.checklist import MARKS, checked, quality_figures
from dawsos.compute.ratings.inputs import rating_inputs
from dawsos.compute.ratings.statements import AnnualStatement


def year(number: int, **figures: float) -> AnnualStatement:
    return AnnualStatement(fiscal_date=date(number, 12, 31), currency="USD", **figures)


FULL = year(
    2022, revenue=1000.0, operating_income=250.0, net_income=180.0, shareholders_equity=900.0, operating_cash_flow=220.0,
    capital_expenditure=-70.0, dividends_paid=90.0, dividends_per_share=1.8, cash_and_equivalents=120.0, total_assets=2000.0,
    interest_expense=25.0, total_debt=450.0, current_assets=300.0, current_liabilities=150.0,
)  # fmt: skip


def test_every_figure_by_hand():
    # revenue 1000, 800, 500: growth 25 % and 60 %; mean .425, sample deviation .35/√2
    found = quality_figures([FULL, year(2021, revenue=800.0), year(2020, revenue=500.0)])
    assert found.values == {
        "roe": 0.2,
        "operating_margin": 0.25,
        "fcf_to_revenue": 0.15,
        "payout_ratio": 0.5,
        "cash_pct_assets": 0.06,
        "revenue_growth_cv": pytest.approx(0.35 / 2**0.5 / 0.425),
    }
    assert found.notes == {}


def test_what_is_not_known_is_none_and_says_why():
    found = quality_figures([year(2022, revenue=10.0, net_income=-1.0, dividends_paid=1.0, shareholders_equity=-5.0)])
    assert set(found.values.values()) == {None}
    assert found.notes["payout_ratio"] == "dividends are not known, or there is no profit"
    assert found.notes["roe"].endswith("equity is not positive")
    assert set(quality_figures([]).notes.values()) == {"there are no statements"}


def test_growth_is_counted_only_over_years_in_a_row():
    gap = [year(2022, revenue=121.0), year(2021, revenue=110.0), year(2020), year(2019, revenue=100.0)]
    assert quality_figures(gap).values["revenue_growth_cv"] is None


def test_marks_are_met_missed_or_unknown():
    statements = [FULL]
    marks = {one.mark.figure: one for one in checked(quality_figures(statements), rating_inputs(statements))}
    assert [one.figure for one in MARKS] == list(marks)
    assert {name for name, one in marks.items() if one.is_met} == {
        "roe", "operating_margin", "fcf_to_revenue", "payout_ratio", "fcf_dividend_coverage", "debt_equity_ratio", "interest_coverage",
        "current_ratio",
    }  # fmt: skip
    assert marks["cash_pct_assets"].is_met is False
    assert marks["dividend_growth_streak_years"].is_met is None
    assert marks["dividend_growth_streak_years"].note == "dividends per share of two years in a row are not known"


def test_an_input_no_number_expresses_passes_or_fails_by_its_side():
    no_interest = [year(2022, operating_income=5.0, interest_expense=0.0, shareholders_equity=-1.0, total_debt=9.0)]
    marks = {one.mark.figure: one for one in checked(quality_figures(no_interest), rating_inputs(no_interest))}
    assert (marks["interest_coverage"].is_met, marks["debt_equity_ratio"].is_met) == (True, False)
