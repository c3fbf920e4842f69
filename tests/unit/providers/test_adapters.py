"""Each source's answers, written by hand in the form its documentation gives, read into records or refused by name."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal as D

import httpx2
import pytest

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Invalid, Unavailable
from dawsos.providers import ecb_refresh, fmp, fred, newsapi, polygon
from dawsos.providers.catalogue import PROVIDERS
from dawsos.providers.gateway import Gateway, Surroundings
from dawsos.providers.symbols import ticker_of
from dawsos.services.rights import Use, decide

FIRST, LAST = date(2022, 10, 3), date(2022, 10, 4)


def asking(name: str, body: object, asked: list[httpx2.Request] | None = None) -> Gateway:
    """A gateway whose source always answers ``body``."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        if asked is not None:
            asked.append(request)
        return httpx2.Response(200, content=body if isinstance(body, bytes) else json.dumps(body).encode())

    async def at_once(_seconds: float) -> None:
        pass

    around = Surroundings(FixedClock(datetime(2022, 11, 1, tzinfo=UTC)), lambda: 0.0, at_once, lambda: 0.5, httpx2.MockTransport(handle))
    return Gateway(PROVIDERS[name], "key", around)


async def test_a_series_has_its_newest_figure_and_the_day_the_first_one_appeared():
    observations = [
        {"realtime_start": "2022-07-28", "realtime_end": "2022-08-24", "date": "2022-04-01", "value": "19681.682"},
        {"realtime_start": "2022-08-25", "realtime_end": "9999-12-31", "date": "2022-04-01", "value": "19699.465"},
        {"realtime_start": "2022-10-27", "realtime_end": "9999-12-31", "date": "2022-07-01", "value": "20021.721"},
        {"realtime_start": "2022-10-27", "realtime_end": "9999-12-31", "date": "2022-10-01", "value": "."},
    ]
    asked: list[httpx2.Request] = []
    found = await fred.fetch_series(asking("FRED", {"observations": observations}, asked), "GDPC1", date(2022, 4, 1))
    assert [(one.period, one.value, one.release_date) for one in found.figures] == [
        (date(2022, 4, 1), D("19699.465"), date(2022, 7, 28)),
        (date(2022, 7, 1), D("20021.721"), date(2022, 10, 27)),
    ]
    assert asked[0].url.params["observation_start"] == "2022-04-01"


BAR = {"t": 1664769600000, "o": 138.21, "h": 143.07, "l": 137.685, "c": 142.45, "v": 114311663}


async def test_bars_of_polygon_are_as_quoted():
    asked: list[httpx2.Request] = []
    gateway = asking("POLYGON", {"adjusted": False, "results": [BAR]}, asked)
    (bar,) = await polygon.fetch_prices(gateway, "AAPL", "AAPL", "USD", FIRST, LAST)
    assert (bar.date, bar.low, bar.close, bar.volume, bar.currency, bar.source) == (
        FIRST,
        D("137.685"),
        D("142.45"),
        114311663,
        "USD",
        "POLYGON",
    )
    assert asked[0].url.path == "/v2/aggs/ticker/AAPL/range/1/day/2022-10-03/2022-10-04"
    assert asked[0].url.params["adjusted"] == "false"


async def test_splits_and_dividends_of_polygon():
    split = {"execution_date": "2020-08-31", "split_from": 1, "split_to": 4, "ticker": "AAPL"}
    (found,) = await polygon.fetch_splits(asking("POLYGON", {"results": [split]}), "AAPL", "AAPL")
    assert (found.ex_date, found.split_from, found.split_to) == (date(2020, 8, 31), D(1), D(4))
    dividend = {"cash_amount": 0.23, "currency": "USD", "ex_dividend_date": "2022-11-04", "pay_date": "2022-11-10"}
    (paid,) = await polygon.fetch_dividends(asking("POLYGON", {"results": [dividend]}), "AAPL", "AAPL")
    assert (paid.amount_per_share, paid.pay_date, paid.currency) == (D("0.23"), date(2022, 11, 10), "USD")


async def test_prices_quotes_and_profiles_of_fmp():
    rows = [
        {"symbol": "AAPL", "date": "2022-10-04", "open": 145.03, "high": 146.22, "low": 144.26, "close": 146.1, "volume": 87830064},
        {"symbol": "AAPL", "date": "2022-10-03", "open": 138.21, "high": 143.07, "low": 137.69, "close": 142.45, "volume": 114311663},
    ]
    bars = await fmp.fetch_prices(asking("FMP", rows), "AAPL", "AAPL", "USD", FIRST, LAST)
    assert [(bar.date, bar.close) for bar in bars] == [(FIRST, D("142.45")), (LAST, D("146.1"))]
    said = {"symbol": "AAPL", "price": 146.1, "changePercentage": 2.56, "volume": 87830064, "timestamp": 1664913600}
    (quote,) = (await fmp.fetch_quotes(asking("FMP", [said]), ["AAPL"])).records
    assert (quote.price, quote.change, quote.change_pct) == (D("146.1"), None, D("0.0256"))
    assert quote.quoted_at == datetime(2022, 10, 4, 20, tzinfo=UTC)
    profile = await fmp.fetch_profile(
        asking("FMP", [{"symbol": "AAPL", "companyName": "Apple Inc.", "currency": "USD", "sector": ""}]), "AAPL"
    )
    assert profile is not None and (profile.name, profile.sector) == ("Apple Inc.", None)
    assert await fmp.fetch_profile(asking("FMP", []), "NOSUCH") is None
    with pytest.raises(Invalid, match="101 tickers"):
        await fmp.fetch_quotes(asking("FMP", []), ["A"] * 101)


async def test_the_rates_of_the_ecb_as_they_are_published_today():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("eurofxref-hist.csv", "Date,USD,CAD,\n2022-10-04,0.9891,1.3441,\n2022-10-03,0.9764,1.3425,\n")
    rates, is_stale = await ecb_refresh.fetch_rates(asking("ECB", packed.getvalue()))
    assert [(one.date, one.rate) for one in rates.published(FIRST, LAST, ["CAD"])] == [(FIRST, D("1.3425")), (LAST, D("1.3441"))]
    assert not is_stale
    with pytest.raises(Unavailable, match="makes no sense"):
        await ecb_refresh.fetch_rates(asking("ECB", packed.getvalue()[:60]))


async def test_of_an_article_only_the_headline_is_kept():
    article = {"source": {"id": None, "name": "Example"}, "title": "Rates rise", "url": "https://example.org/1",
               "publishedAt": "2022-10-03T14:00:00Z", "content": "not to be kept", "description": "nor this"}  # fmt: skip
    (found,) = (await newsapi.fetch_headlines(asking("NEWSAPI", {"status": "ok", "articles": [article]}), "rates", FIRST, LAST)).records
    assert (found.title, found.publisher, found.published_at) == ("Rates rise", "Example", datetime(2022, 10, 3, 14, tzinfo=UTC))
    assert not hasattr(found, "content")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"adjusted": True, "results": [BAR]}, "adjusted"),
        ({"results": [BAR | {"c": -1}]}, "c is -1"),
        ({"results": [BAR | {"c": 0}]}, "not above zero"),
        ({"results": [BAR | {"c": "x"}]}, "no number"),
        ({"results": [BAR | {"t": None}]}, "t is None"),
        ({"results": {"c": 1}}, "no list"),
        ([BAR], "no object"),
        (b"<html>maintenance</html>", "makes no sense"),
        (b'{"results": [{"c": NaN}]}', "NaN is no number"),
    ],
)
async def test_nonsense_is_named_and_nothing_of_it_is_kept(body: object, reason: str):
    with pytest.raises(Unavailable, match=reason):
        await polygon.fetch_prices(asking("POLYGON", body), "AAPL", "AAPL", "USD", FIRST, LAST)


@pytest.mark.parametrize(
    ("symbol", "provider", "ticker"),
    [("BRK.B", "FMP", "BRK-B"), ("BRK.B", "POLYGON", "BRK.B"), ("RY.TO", "FMP", "RY.TO"), ("AAPL", "FMP", "AAPL"), ("OLD", "FMP", "NEW")],
)
def test_a_symbol_by_the_rule_of_its_source_or_by_an_override(symbol: str, provider: str, ticker: str):
    assert ticker_of(symbol, provider, {("FMP", "OLD"): "NEW"}) == ticker


def test_news_is_shown_and_never_exported():
    assert decide(Use.DISPLAY, ["NEWSAPI"]).is_allowed
    refused = decide(Use.PDF, ["NEWSAPI", "FRED"])
    assert (refused.is_allowed, list(refused.refused)) == (False, ["NEWSAPI"])


def test_what_needs_a_licence_is_exported_with_it_and_says_whose_it_is():
    assert not decide(Use.PDF, ["FMP"]).is_allowed
    allowed = decide(Use.PDF, ["FMP", "FRED"], licensed=["FMP"])
    assert allowed.is_allowed
    assert len(allowed.attributions) == 2
    assert not decide(Use.REDISTRIBUTE, ["FMP"], licensed=["FMP"]).is_allowed


def test_a_source_nobody_knows_is_not_exported_and_ones_own_data_is():
    assert decide(Use.TABLE, ["UNHEARD_OF"]).refused == {"UNHEARD_OF": "its terms are not known"}
    assert decide(Use.REDISTRIBUTE, ["manual", "calculated"]).is_allowed
