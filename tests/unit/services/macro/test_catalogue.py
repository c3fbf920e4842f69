"""The catalogue of economic series: complete in itself, and its release dates."""

import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from dawsos import demo_data
from dawsos.kernel.errors import NotFound
from dawsos.services.macro.catalogue import Transform, indicator_catalogue, series_catalogue, series_definition


def test_every_indicator_is_made_of_series_of_the_catalogue():
    assert {id_ for way in indicator_catalogue() for id_ in way.source_series} <= set(series_catalogue())


def test_an_indicator_and_a_series_never_share_a_name():
    assert not {way.indicator_name for way in indicator_catalogue()} & set(series_catalogue())


def test_percent_is_scaled_and_nothing_else_is():
    for way in indicator_catalogue():
        is_percent = "percent" in series_definition(way.series_id).unit
        assert (way.transform in {Transform.FRACTION, Transform.FRACTION_DIFFERENCE}) is is_percent, way


def test_two_inputs_exactly_where_the_transform_takes_two():
    for way in indicator_catalogue():
        assert (way.other_series_id is not None) is (way.transform in {Transform.RATIO, Transform.FRACTION_DIFFERENCE})


def test_every_series_of_the_demo_is_in_the_catalogue():
    assert {one.series_id for one in demo_data.load_economic_series()} <= set(series_catalogue())


@pytest.mark.parametrize(
    ("series_id", "period", "released"),
    [
        ("CPIAUCSL", date(2022, 9, 1), date(2022, 10, 15)),
        ("GS10", date(2022, 12, 1), date(2023, 1, 1)),
        ("GDPC1", date(2022, 7, 1), date(2022, 10, 30)),
        ("GDPC1", date(2022, 10, 1), date(2023, 1, 30)),
        ("FYFSD", date(2022, 9, 30), date(2022, 10, 20)),
        ("DGS10", date(2022, 12, 28), date(2022, 12, 29)),
        ("USHOWN", date(2021, 1, 1), date(2022, 3, 31)),
        ("ICSA", date(2022, 12, 24), date(2022, 12, 29)),
    ],
)
def test_an_observation_is_published_after_its_period_has_ended(series_id: str, period: date, released: date):
    assert series_definition(series_id).release_date(period) == released


def test_a_series_that_is_not_there_is_named():
    with pytest.raises(NotFound, match="'NOSUCH'"):
        series_definition("NOSUCH")


def test_the_federal_fiscal_year_is_dated_by_its_last_day():
    dates = [one.period for one in demo_data.load_economic_series() if one.series_id == "FYFSD"]
    assert (dates[0], dates[75], dates[76], dates[-1]) == (date(1901, 6, 30), date(1976, 6, 30), date(1977, 9, 30), date(2022, 9, 30))
    assert len(dates) == 122


def test_the_demo_holds_every_figure_of_the_source():
    source = Path(__file__).parents[5] / "shared" / "data" / "macro_fred.csv.gz"
    if not source.exists():
        pytest.skip("the published data sets are not at hand")
    with gzip.open(source, "rt") as file:
        published = [(row["series_id"], row["value"]) for row in csv.DictReader(file)]
    assert sorted(published) == sorted((one.series_id, f"{one.value}") for one in demo_data.load_economic_series())
