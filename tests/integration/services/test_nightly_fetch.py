"""What is fetched before a night: everything that is new, once; what fails is a letter, and what is not asked for has a reason."""

import io
import os
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal as D
from typing import Any

import httpx2
import psycopg
import pytest

from dawsos.bootstrap import fetch_of
from dawsos.jobs.queue import build_queue
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Invalid, NotFound, Unavailable
from dawsos.kernel.identity import SYSTEM
from dawsos.providers.catalogue import FMP
from dawsos.providers.gateway import Gateway, Surroundings
from dawsos.services.dead_letters import DeadLetters
from dawsos.services.feeds.overrides import list_overrides, put_override, remove_override
from dawsos.services.feeds.usage import MonthlyAllowance
from dawsos.services.identifiers import Identifiers
from dawsos.services.packs.policies import put_policy
from dawsos.services.telemetry import Meters
from dawsos.store import corporate_actions, indicators, observations, ratings, sources
from dawsos.store.database import Database
from dawsos.store.packs import PolicyRecord
from dawsos.store.securities import find_securities_by_symbol
from dawsos.store.sources import FetchRecord
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone, make_securities
from tests.support.sources import Recorded

DAY = date(2022, 12, 28)
CLOCK = FixedClock(datetime(2022, 12, 29, 5, 5, tzinfo=UTC))
ALL = frozenset({"ECB", "FMP", "POLYGON", "FRED", "NEWSAPI"})
MILLISECONDS = 1_672_203_600_000  # midnight of 28 December 2022 in New York
DAY_LATER = MILLISECONDS + 86_400_000
POLYGON_POLICY = PolicyRecord("CLOSE_USD", "Closes of Polygon", ["POLYGON"], ["ECB"], dividend_adjusted=False)


class ByPrefix(dict[str, Any]):
    """Answers by what a path begins with."""

    def get(self, path: str, default: Any = None) -> Any:
        return next((answer for prefix, answer in self.items() if path.startswith(prefix)), default)


def rates(last: str = "2022-12-28") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("eurofxref-hist.csv", f"Date,USD,CAD,\n{last},1.0640,1.4400,\n2022-12-27,1.0624,1.4389,\n")
    return packed.getvalue()


def bars(request: httpx2.Request) -> Any:
    ticker = request.url.path.split("/")[4]
    if ticker == "KO":
        return {"adjusted": False}  # it knows no such ticker
    bar = {"t": MILLISECONDS, "o": 10, "h": 12, "l": 9, "c": 11.5, "v": 1000}
    return {"adjusted": False, "results": [bar, bar | {"t": DAY_LATER}]}


def series(request: httpx2.Request) -> Any:
    figure = {"date": "2022-11-01", "value": "3.7", "realtime_start": "2022-12-02", "realtime_end": "9999-12-31"}
    return {"observations": [figure] if request.url.params["series_id"] == "UNRATE" else []}


def split(request: httpx2.Request) -> Any:
    old = {"execution_date": "2005-02-28", "split_from": 1, "split_to": 2}
    new = {"execution_date": "2022-12-27", "split_from": 1, "split_to": 7}
    return {"results": [old, new] if request.url.params["ticker"] == "AAPL" else []}


def statement(request: httpx2.Request) -> Any:
    if request.url.params["symbol"] != "AAPL":
        return []
    return [
        {"date": "2022-09-24", "filingDate": "2022-10-28", "reportedCurrency": "USD", "revenue": 394328000000, "netIncome": 99803000000}
    ]


TOLD = ByPrefix({
    "/stats/eurofxref/": rates(),
    "/v2/aggs/ticker/": bars,
    "/v3/reference/splits": split,
    "/v3/reference/dividends": {"results": []},
    "/fred/series/observations": series,
    "/stable/income-statement": statement,
    "/stable/": [],
})  # fmt: skip


def recorded(answers: dict[str, Any] = TOLD, configured: frozenset[str] = ALL) -> Recorded:
    return Recorded(CLOCK, answers, configured=configured)


def letters_of(demo: Demo) -> DeadLetters:
    letters = demo.application.letters
    return DeadLetters(letters.database, Identifiers(CLOCK, os.urandom), Meters())


async def fetched(demo: Demo, source: Recorded, letters: DeadLetters | None = None) -> dict[tuple[str, str], FetchRecord]:
    found = await fetch_of(source.sources(), letters or letters_of(demo)).run(DAY)
    return {(one.provider, one.subject): one for one in found}


async def test_without_keys_nobody_is_asked_and_every_source_says_what_to_set(own_demo: Demo) -> None:
    source = recorded(configured=frozenset())
    found = await fetched(own_demo, source)
    assert source.asked == []
    assert {one.status for one in found.values()} == {"not_configured"}
    assert found["POLYGON", "prices"].problem == "Massive (Polygon.io) is not configured. Set DAWSOS_POLYGON_API_KEY."
    assert found["ECB", "rates"].problem == "European Central Bank is not configured. Connect this machine to the network."
    async with own_demo.application.database.transaction(SYSTEM, read_only=True) as tx:
        assert {(one.provider, one.subject): one for one in await sources.list_fetches(tx, 100)} == found
    assert await own_demo.application.letters.waiting(SYSTEM) == []


async def test_r44_everything_new_is_fetched_once_and_what_is_not_needed_says_so(own_demo: Demo) -> None:
    database = own_demo.application.database
    await put_policy(database, SYSTEM, POLYGON_POLICY, clock=CLOCK)
    source = recorded()
    found = await fetched(own_demo, source)
    assert {key: one.status for key, one in found.items()} == {
        ("ECB", "rates"): "fetched",
        ("POLYGON", "prices"): "partly",
        ("FMP", "prices"): "not_needed",
        ("POLYGON", "corporate_actions"): "fetched",
        ("FRED", "series"): "fetched",
        ("FMP", "statements"): "partly",
        ("NEWSAPI", "headlines"): "not_needed",
    }
    assert (found["ECB", "rates"].told, found["FRED", "series"].told, found["FMP", "prices"].problem) == (
        4, 1, "no pricing policy takes prices from it",
    )  # fmt: skip
    assert found["POLYGON", "prices"].unknown_symbols == ["KO"]
    assert "AAPL" not in found["FMP", "statements"].unknown_symbols
    async with database.transaction(SYSTEM, read_only=True) as tx:
        (apple,) = await find_securities_by_symbol(tx, ["AAPL"])
        told = await observations.prices_between(tx, ["POLYGON"], DAY, date(2023, 1, 31))
        (split_of,) = await corporate_actions.between(tx, date(2022, 12, 1), DAY, [apple.id])
        (year, *_) = (await ratings.statements_known(tx, [apple.id], DAY))[apple.id]
        (unemployment,) = [one for one in await indicators.indicators_known(tx, ["UNEMPLOYMENT"], DAY) if one.date == date(2022, 11, 1)]
    assert {(one.date, one.close) for one in told} == {(DAY, D("11.5"))}  # nothing of a day that is not over
    assert found["POLYGON", "prices"].kept == len(told) > 5
    assert (split_of.status.value, split_of.split_to, split_of.source) == ("proposed", D(7), "POLYGON")  # the one of 2005 is not proposed
    assert (year.fiscal_date, unemployment.value, unemployment.known_from) == (date(2022, 9, 24), D("0.037"), date(2022, 12, 2))
    assert await own_demo.application.letters.waiting(SYSTEM) == []  # what a source does not know is nothing to ask again

    again = await fetched(own_demo, recorded())
    assert {key: one.kept for key, one in again.items() if one.kept and key != ("FMP", "statements")} == {}


async def test_r45_a_source_that_is_down_is_one_letter_until_it_answers_and_what_it_told_before_is_kept(own_demo: Demo) -> None:
    database = own_demo.application.database
    await put_policy(database, SYSTEM, POLYGON_POLICY, clock=CLOCK)
    letters = letters_of(own_demo)
    down = recorded(ByPrefix({"/v3/reference/": {"results": []}}), configured=frozenset({"POLYGON"}))
    for _ in range(2):
        found = await fetched(own_demo, down, letters)
        assert (found["POLYGON", "prices"].status, found["POLYGON", "prices"].kept) == ("failed", 0)
        assert "status 500" in (found["POLYGON", "prices"].problem or "") or "left alone" in (found["POLYGON", "prices"].problem or "")
    asked = [request for request in down.asked if request.url.path.startswith("/v2/aggs/")]
    assert len(asked) == 2 * 3 * 4  # each time three securities with their retries, then it is left alone
    waiting = {str(one.message["fetch"]): one for one in await letters.waiting(SYSTEM)}
    assert set(waiting) == {"prices", "corporate_actions"}
    letters.handlers["provider"] = fetch_of(recorded().sources(), letters).again
    replayed = await letters.replay(waiting["prices"].id)
    assert replayed.status == "pending" and "KO" in (replayed.error or "")
    assert (await letters.replay(waiting["corporate_actions"].id)).status == "resolved"
    with pytest.raises(Invalid, match="nothing it could say"):
        await letters.handlers["provider"]({"provider": "FMP", "fetch": "everything"})


async def test_r26_a_ticker_that_is_set_is_what_a_source_is_asked_for(database: Database) -> None:
    await make_securities(database, "BRK.B", currency="USD")
    await put_override(database, SYSTEM, "POLYGON", "BRK.B", "BRK/B", note="as it writes share classes", clock=CLOCK)
    await put_override(database, SYSTEM, "POLYGON", "BRK.B", "BRKB", note=None, clock=CLOCK)
    assert [(one.provider, one.symbol, one.ticker, one.note) for one in await list_overrides(database, SYSTEM)] == [
        ("POLYGON", "BRK.B", "BRKB", None)
    ]
    await put_policy(database, SYSTEM, POLYGON_POLICY, clock=CLOCK)
    source = recorded(configured=frozenset({"POLYGON"}))
    letters = DeadLetters(database, Identifiers(CLOCK, bytes), Meters())
    await fetch_of(source.sources(), letters).run(DAY)
    assert [request.url.path.split("/")[4] for request in source.asked] == ["BRKB"]
    with pytest.raises(NotFound, match="not a known security"):
        await put_override(database, SYSTEM, "FMP", "NOSUCH", "X", note=None, clock=CLOCK)
    with pytest.raises(Invalid, match="no source 'YAHOO'"):
        await put_override(database, SYSTEM, "YAHOO", "BRK.B", "X", note=None, clock=CLOCK)
    await remove_override(database, SYSTEM, "POLYGON", "BRK.B", clock=CLOCK)
    with pytest.raises(NotFound, match="Nothing is set"):
        await remove_override(database, SYSTEM, "POLYGON", "BRK.B", clock=CLOCK)


async def test_near_its_allowance_a_source_is_answered_from_what_it_said_last(database: Database) -> None:
    meters = Meters()
    allowance = MonthlyAllowance("FMP", 1, database, CLOCK, meters)
    answers = {"size": 10}

    async def at_once(_seconds: float) -> None:
        pass

    def handle(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=b"[" + b" " * (answers["size"] - 2) + b"]")

    around = Surroundings(CLOCK, lambda: 0.0, at_once, lambda: 0.5, httpx2.MockTransport(handle), allowance)
    gateway = Gateway(FMP, "0123456789abcdef", around)
    shares = []
    for size in (10, 699_990, 150_000, 100_000):
        answers["size"] = size
        assert not (await gateway.get("/stable/profile", {"symbol": "AAPL"})).is_stale
        shares.append(meters.registry.get_sample_value("dawsos_source_allowance_used", {"source": "FMP"}))
    assert shares == [0.00001, 0.7, 0.85, 0.95]
    assert (await gateway.get("/stable/profile", {"symbol": "AAPL"})).is_stale
    with pytest.raises(Unavailable, match="95% of this month's allowance of 1 MB is used"):
        await gateway.get("/stable/profile", {"symbol": "MSFT"})
    async with database.transaction(SYSTEM, read_only=True) as tx:
        used = (await sources.usage_of_month(tx, date(2022, 12, 1)))["FMP"]
    assert (used.requests, used.bytes) == (4, 950_000)


async def test_r44_the_worker_asks_the_sources_before_the_night(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    app = own_demo.application
    app = replace(app, sources=recorded(configured=ALL - {"ECB"}).sources())  # other rates would change a pack that is complete
    async with build_queue(app, own_demo_clone.app_dsn).open_async() as queue:
        await queue.configure_task("fetch_sources", queue="nightly", lock="nightly").defer_async(day=DAY.isoformat())
        await queue.configure_task("nightly", queue="nightly", lock="nightly").defer_async(policy="ECB_CLOSE", day=DAY.isoformat())
        for _ in range(2):  # a worker with a free hand leaves the night alone while its lock is held
            await queue.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False, queues=["nightly"], concurrency=2)
    with psycopg.connect(own_demo_clone.admin_dsn, options="-c search_path=app,public") as connection:
        done = connection.execute("select status::text from procrastinate.procrastinate_jobs where queue_name = 'nightly'").fetchall()
        order = connection.execute(
            "select (select max(finished_at) from source_fetches)"
            " <= (select min(started_at) from job_runs where asof_date = %s and policy = 'ECB_CLOSE')",
            [DAY],
        ).fetchone()
    assert {status for (status,) in done} == {"succeeded"}
    assert order == (True,)
