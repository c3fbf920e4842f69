"""The transforms of published series: worked figures, partners, and what is left out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.indicators import transforms
from dawsos.compute.indicators.observations import Observation, Series, a_year_earlier


def series(values: dict[str, str], lag: int = 15) -> Series:
    return Series(
        [
            Observation(date.fromisoformat(day), date.fromisoformat(day) + timedelta(days=lag), Decimal(value))
            for day, value in values.items()
        ]
    )


def figures(observations: list[Observation]) -> dict[str, Decimal]:
    return {one.period.isoformat(): one.value for one in observations}


def test_percent_is_divided_by_a_hundred_once():
    assert figures(transforms.fraction(series({"2022-01-01": "4.25"}))) == {"2022-01-01": Decimal("0.0425")}


def test_growth_over_a_year_is_of_the_index_not_of_the_figure():
    # 296.761 / 274.214 − 1: inflation of September 2022, 8.2 %
    found = transforms.change_over_year(series({"2021-09-01": "274.214", "2022-09-01": "296.761"}))
    assert figures(found) == {"2022-09-01": Decimal("0.08222410")}


@pytest.mark.parametrize(("partner", "counts"), [("2021-03-03", False), ("2021-03-04", True), ("2021-03-18", True), ("2021-03-19", False)])
def test_the_partner_of_a_year_ago_lies_within_a_week(partner: str, counts: bool):
    found = transforms.change_over_year(series({partner: "100", "2022-03-11": "110"}))
    assert figures(found) == ({"2022-03-11": Decimal("0.1")} if counts else {})


def test_of_two_partners_equally_near_the_later_one_counts():
    found = transforms.change_over_year(series({"2021-03-10": "100", "2021-03-12": "50", "2022-03-11": "100"}))
    assert figures(found)["2022-03-11"] == Decimal(1)


def test_the_partner_of_a_leap_day_is_the_28th():
    assert a_year_earlier(date(2024, 2, 29)) == date(2023, 2, 28)


@pytest.mark.parametrize("base", ["0", "-5"])
def test_there_is_no_growth_over_nothing_or_over_a_loss(base: str):
    assert transforms.change_over_year(series({"2021-01-01": base, "2022-01-01": "10"})) == []


def test_a_quarter_at_an_annual_rate():
    # 1.01⁴ − 1, and a quarter whose predecessor is missing has none
    found = transforms.annualised_change(series({"2021-10-01": "100", "2022-01-01": "101", "2022-07-01": "103"}))
    assert figures(found) == {"2022-01-01": Decimal("0.04060401")}


def test_a_difference_takes_the_other_series_of_the_same_month():
    found = transforms.fraction_difference(series({"2022-09-01": "3.52", "2022-10-01": "4"}), series({"2022-09-01": "3.86"}))
    assert figures(found) == {"2022-09-01": Decimal("-0.0034"), "2022-10-01": Decimal("0.0014")}


def test_a_share_of_the_economy_uses_the_product_that_was_published_by_then():
    deficit = transforms.in_units(series({"2022-09-30": "-1375390"}, lag=20), Decimal(10) ** 6)
    product = transforms.in_units(series({"2022-04-01": "25248.5", "2022-07-01": "25663.3"}, lag=121), Decimal(10) ** 9)
    # On 20 October the third quarter was not known: −1.37539 / 25.2485
    assert figures(transforms.ratio(deficit, product)) == {"2022-09-30": Decimal("-0.05447413")}


def test_a_figure_is_known_when_its_last_input_is():
    (found,) = transforms.change_over_year(series({"2021-01-01": "1", "2022-01-01": "2"}))
    assert found.known_from == date(2022, 1, 16)


def test_a_series_has_one_observation_a_period():
    one = Observation(date(2022, 1, 1), date(2022, 1, 2), Decimal(1))
    with pytest.raises(ValueError, match="one observation a period"):
        Series([one, one])


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 90), st.decimals("0.01", "1000", places=2)),
        min_size=2,
        max_size=40,
        unique_by=lambda one: one[0],
    ),
    st.integers(0, 60),
)
def test_what_is_published_later_never_changes_what_was_known(rows: list[tuple[int, int, Decimal]], cut: int):
    first = date(2015, 1, 1)
    full = [Observation(first + timedelta(days=91 * place), first + timedelta(days=91 * place + lag), value) for place, lag, value in rows]
    day = first + timedelta(days=91 * cut)
    known = Series([one for one in full if one.known_from <= day])
    for transform in (transforms.level, transforms.fraction, transforms.change_over_year):
        assert transform(known) == [one for one in transform(Series(full)) if one.known_from <= day]
