"""The ECB's rates: as published, the last one on or before the day, and never one that was not there."""

import io
import random
import time
import zipfile
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from dawsos.kernel.errors import InsufficientData, Invalid, NotFound
from dawsos.providers.ecb import EcbRates, load_ecb_rates, parse_ecb_zip
from dawsos.providers.protocol import RateObservation, RateSource

# Thursday 2014-04-17, then Easter to Tuesday 2014-04-22; ISK has a hole, LVL ends, newest day first as the ECB writes it.
TABLE = """Date,USD,ISK,LVL,CAD,
2014-04-23,1.3853,160.10,N/A,1.52700,
2014-04-22,1.3808,N/A,N/A,1.5235,
2014-04-17,1.3855,N/A,N/A,1.5225,
2014-04-16,1.3840,N/A,0.7028,1.5208,
2014-03-03,1.3768,155.00,0.7027,1.5262,
"""


def zipped(text: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("eurofxref-hist.csv", text)
    return out.getvalue()


@pytest.fixture
def rates() -> EcbRates:
    return parse_ecb_zip(zipped(TABLE))


def test_a_rate_is_units_of_the_quote_currency_for_one_euro_digit_for_digit(rates):
    found = rates.rate("CAD", date(2014, 4, 23))
    assert found == RateObservation("EUR", "CAD", date(2014, 4, 23), Decimal("1.527"), "ECB")
    assert str(found.rate) == "1.52700"


@pytest.mark.parametrize(("asked", "published"), [
    (date(2014, 4, 17), date(2014, 4, 17)),  # a day of its own
    (date(2014, 4, 18), date(2014, 4, 17)),  # Good Friday
    (date(2014, 4, 20), date(2014, 4, 17)),  # Easter Sunday
    (date(2014, 4, 21), date(2014, 4, 17)),  # Easter Monday
    (date(2014, 4, 22), date(2014, 4, 22)),
    (date(2014, 4, 30), date(2014, 4, 23)),  # a week after the last
])  # fmt: skip
def test_a_day_without_a_rate_gets_the_last_one_before_it_and_is_told_its_day(rates, asked, published):
    assert rates.rate("USD", asked).date == published


@pytest.mark.parametrize(("code", "asked", "last_before"), [
    ("USD", date(2014, 5, 1), "2014-04-23"),  # eight days after the end
    ("USD", date(2014, 3, 2), None),  # before the beginning
    ("ISK", date(2014, 4, 22), "2014-03-03"),  # in a gap of the one currency
    ("LVL", date(2014, 4, 24), "2014-04-16"),  # after the currency's end
])  # fmt: skip
def test_no_rate_is_carried_over_more_than_a_week(rates, code, asked, last_before):
    with pytest.raises(InsufficientData) as caught:
        rates.rate(code, asked)
    assert caught.value.code == "rate_not_found"
    assert caught.value.details == {"quote_ccy": code, "date": asked.isoformat(), "last_before": last_before}
    assert asked.isoformat() in caught.value.message


def test_how_old_a_rate_may_be_can_be_said(rates):
    assert rates.rate("ISK", date(2014, 4, 22), max_age_days=60).date == date(2014, 3, 3)
    with pytest.raises(InsufficientData):
        rates.rate("USD", date(2014, 4, 18), max_age_days=0)


def test_a_currency_the_ecb_does_not_publish_is_not_found(rates):
    with pytest.raises(NotFound, match="no rate for ARS"):
        rates.rate("ARS", date(2014, 4, 22))


def test_the_euro_has_no_rate_to_itself(rates):
    with pytest.raises(Invalid, match="EUR"):
        rates.rate("EUR", date(2014, 4, 22))


def test_published_rates_come_by_day_and_then_currency_with_nothing_filled_in(rates):
    found = [(one.date.day, one.quote_ccy, str(one.rate)) for one in rates.published(date(2014, 4, 16), date(2014, 4, 22), ["USD", "LVL"])]
    assert found == [(16, "LVL", "0.7028"), (16, "USD", "1.3840"), (17, "USD", "1.3855"), (22, "USD", "1.3808")]


def test_only_the_currencies_asked_for_are_kept_and_the_euro_may_be_among_them():
    assert parse_ecb_zip(zipped(TABLE), ["EUR", "CAD"]).currencies == {"CAD"}


def test_equal_files_have_equal_editions_and_others_do_not(rates):
    assert parse_ecb_zip(zipped(TABLE)).edition == rates.edition
    assert parse_ecb_zip(zipped(TABLE.replace("1.3853", "1.3854"))).edition != rates.edition


@pytest.mark.parametrize("content", [
    b"not a zip",
    zipped("Date,USD,\n2014-04-23,zero,\n"),
    zipped("Date,USD,\n2014-04-23,-1.2,\n"),
    zipped("Date,USD,\n2014-04-23,NaN,\n"),
    zipped("Date,USD,\n23.04.2014,1.2,\n"),
    zipped("Date,USD,\n2014-04-23,1.2,\n2014-04-22,1.2,1.3,\n"),
    zipped("Date,USD,\n2014-04-23,1.2,\n2014-04-23,1.3,\n"),
    zipped("Day,USD,\n2014-04-23,1.2,\n"),
    zipped("Date,U$D,\n2014-04-23,1.2,\n"),
    zipped("Date,USD,\n"),
    zipped(b"\xff\xfe\x00"),
    zipped(""),
])  # fmt: skip
def test_a_file_that_is_not_the_ecbs_is_refused(content):
    with pytest.raises(Invalid, match=r"ECB rates") as caught:
        parse_ecb_zip(content)
    assert caught.value.remedy


def test_a_damaged_file_is_refused_or_read_but_never_breaks():
    out, chance, refused = zipped(TABLE), random.Random(7), 0
    for _ in range(2_000):
        damaged = bytearray(out)
        damaged[chance.randrange(len(out))] = chance.randrange(256)
        try:
            parse_ecb_zip(bytes(damaged))
        except Invalid:
            refused += 1
    assert refused > 1_000


# --- the file that is really shipped ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> EcbRates:
    return load_ecb_rates()


def test_the_shipped_file_begins_in_1999_and_gives_the_rates_the_ecb_published(shipped):
    assert shipped.first_date == date(1999, 1, 4)
    assert shipped.last_date >= date(2022, 12, 30)
    assert shipped.rate("USD", date(1999, 1, 4)).rate == Decimal("1.1789")
    assert shipped.rate("CAD", date(2014, 1, 3)).rate == Decimal("1.4468")
    assert shipped.rate("USD", date(2015, 2, 12)).rate == Decimal("1.1328")


def test_the_shipped_file_has_a_gap_for_the_icelandic_crown_and_an_end_for_the_rouble(shipped):
    with pytest.raises(InsufficientData, match="2008-12-09"):
        shipped.rate("ISK", date(2010, 6, 1))
    assert shipped.rate("ISK", date(2018, 2, 1)).date == date(2018, 2, 1)
    with pytest.raises(InsufficientData, match="2022-03-01"):
        shipped.rate("RUB", date(2022, 6, 1))


def test_a_week_bridges_every_pause_the_ecb_has_made_with_the_dollar(shipped):
    days = [one.date for one in shipped.published(date(1999, 1, 1), date(2026, 12, 31), ["USD"])]
    assert max((later - earlier).days for earlier, later in pairwise(days)) == 5
    assert len(days) > 6_000


def test_twelve_currencies_over_all_years_take_less_than_a_second_of_the_processor():
    wanted = ["USD", "CAD", "GBP", "JPY", "CHF", "AUD", "SEK", "NOK", "DKK", "NZD", "HKD", "SGD"]
    started = time.process_time()
    loaded: RateSource = load_ecb_rates(wanted)
    assert time.process_time() - started < 1
    assert loaded.currencies == set(wanted)
