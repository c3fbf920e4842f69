"""Every number of a text occurs in its data, however it is written; and one that does not is found, however it is hidden."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.prose.grounding import figures_known, supplied, ungrounded

DATA = {
    "nav": "897123.45", "twr": -0.1234567, "weight": 0.0731, "sharpe": 1.0499, "years": 4.7, "spread": 0.0125, "asof": "2022-12-28",
    "name": "S&P 500 Index", "pack": "PP_2022-12-28", "report": "Form 10-K for the fiscal year ended 2022-09-24",
    "positions": [{"symbol": "AAPL"}, {"symbol": "MSFT"}, {"symbol": "KO"}], "loss": D("-1500"), "rate": {"unit": "percent", "value": 3.7},
    "note": "a fee of 14.20 was paid",
}  # fmt: skip
KNOWN = supplied(DATA)


@pytest.mark.parametrize(
    "text",
    [
        "It is worth CAD 897,123.45.", "It is worth 897 thousand, or 0.9 million, or $897k.", "It returned −12.35 %, or -12.3%.",
        "It fell by 12 percent.", "The weight is 7.3%.", "The weight is 0.0731.", "A spread of 125 basis points, or 125bps.",
        "A Sharpe ratio of 1.05.", "It lasted 4.7 years.", "On 28 December 2022, or December 28, 2022, or 2022-12-28.", "In 2022.",
        "The S&P 500 stood still.", "Under PP_2022-12-28.", "See Form 10-K.", "There are three holdings; 3 in all.", "A loss of 1,500.",
        "A loss of 1\u202f500.", "Unemployment is 3.7 %.", "A fee of 14.20.", "1. It stands.\n2. It falls.\n(3) It ends.",
        "No number at all, not one.", "It lost (12.3%).", "897'123.45",
    ],
)  # fmt: skip
def test_a_number_of_the_data_is_grounded_however_it_is_written(text):
    assert ungrounded(text, KNOWN) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is worth 897,124.45.", ("897,124.45",)), ("It returned 12.36 %.", ("12.36 %",)), ("It returned +12.35%.", ("+12.35%",)),
        ("5 years", ("5",)), ("The S&P 501 stood still.", ("501",)), ("There are four holdings.", ("four",)), ("In 2023.", ("2023",)),
        ("On 29 December 2022.", ("29 December 2022",)), ("On 2022-12-29.", ("2022-12-29",)), ("USD5 more", ("5",)), ("about .5 of it", (".5",)),
        ("½ of it", ("½",)), ("٤ of them", ("٤",)), ("1.05e3", ("1.05e3",)), ("3.7", ()), ("37%", ("37%",)), ("Q4 was good", ("4",)),
        ("0% of it", ("0%",)), ("a 1,2345", ("1", "2345")), ("12-13%", ("12", "13%")), ("PP_2022-12-29", ("12", "29")), ("a dozen", ("dozen",)),
        ("127bps", ("127bps",)), ("0.898 million", ("0.898 million",)), ("-1,500.00 and +1500", ("+1500",)),
    ],
)  # fmt: skip
def test_a_number_that_is_not_in_the_data_is_found(text, found):
    assert ungrounded(text, KNOWN) == found


def test_nothing_is_known_of_nothing():
    assert ungrounded("It is 0.", supplied({})) == ("0",)
    assert ungrounded("It is true.", supplied({"is_it": True})) == ()
    assert ungrounded("It is 1.", supplied({"is_it": True})) == ("1",)


def test_dates_and_decimals_as_such_count_as_well():
    known = supplied({"day": date(2024, 2, 29), "price": D("1.50")}, "What if rates rise by 100 basis points?")
    assert ungrounded("On 29 February 2024 it cost 1.5; with 100 basis points more, or 1%, …", known) == ()


amounts = st.decimals(min_value="0.01", max_value="99999999", places=2)
fractions = st.floats(min_value=-2, max_value=2).filter(lambda value: abs(value) > 1e-3)


@given(amounts, fractions, st.integers(0, 2), st.integers(2, 4))
@settings(max_examples=30, deadline=None)
def test_whatever_is_formatted_from_the_data_is_grounded(amount, fraction, percent_places, places):
    known = supplied({"a": str(amount), "rows": [{"b": fraction}]})
    shown = [f"{amount:,}", f"{amount:,.2f}", f"{fraction:.{places}f}", f"{fraction * 100:.{places}f}%", f"{abs(fraction) * 1e4:,.1f} bps"]
    text = f"From {shown[0]} to {shown[1]}: {shown[2]} or {shown[3]}; {shown[4]}."
    assert ungrounded(text, known) == ()


@given(amounts, st.decimals(min_value="0.02", max_value="1000", places=2), st.sampled_from(["{:,}", "{}", "CAD {:,.2f}", "−{}", "({})"]))
@settings(max_examples=30, deadline=None)
def test_a_figure_that_is_off_by_more_than_its_last_place_is_refused(amount, off, form):
    known = supplied({"a": str(amount)})
    other = amount + off
    years = {D(2), D(1)}
    if other not in years:
        assert ungrounded(f"It is {form.format(other)}.", known) != ()


@given(
    st.text(max_size=80),
    st.recursive(
        st.none() | st.booleans() | fractions | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
)
@settings(max_examples=25, deadline=None)
def test_any_text_and_any_data_are_judged(text, data):
    found = ungrounded(text, supplied(data))
    assert all(one in text for one in found)


def test_known_and_missing_figures_are_counted():
    assert figures_known([{"a": 1, "b": None, "c": [D(2), "3.5", "x", True]}, None]) == (3, 2)
