"""A price 100 times off keeps its pack from being served until somebody decides, and is never used when quarantined."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from dawsos import demo_data
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Invalid, NotFound, Unavailable
from dawsos.kernel.identity import SYSTEM
from dawsos.services.packs.checking import decide, list_checks
from dawsos.store import observations, packs, securities
from tests.support.demo import Demo

POLICY = "ECB_CLOSE"
DAY = date(2022, 12, 28)
NOW = datetime(2023, 1, 3, tzinfo=UTC)
SOURCE = demo_data.SKFOLIO.id


async def observe(demo: Demo, close: D, source: str) -> None:
    async with demo.application.database.transaction(SYSTEM) as tx:
        (security,) = await securities.find_securities_by_symbol(tx, ["KO"])
        await observations.put_prices(tx, [(security.id, DAY, source, None, None, None, close, None, security.currency, NOW)])


async def close_of(demo: Demo, pack_id: str) -> D:
    async with demo.application.database.transaction(SYSTEM) as tx:
        return next(one.close for one in await packs.pack_prices(tx, pack_id) if one.symbol == "KO")


async def test_r27_a_price_in_pence_is_found_blocks_and_is_quarantined(own_demo: Demo) -> None:
    app, database = own_demo.application, own_demo.application.database
    right = await close_of(own_demo, "PP_2022-12-28")
    await observe(own_demo, right * 100, SOURCE)
    report = await app.nightly.run(POLICY, DAY, restate_because="late prices")
    assert (report.outcome, report.pack_id) == ("failed", "PP_2022-12-28_R1")
    assert report.problem is not None and "1 prices are doubtful: KO" in report.problem
    (doubt,) = await list_checks(database, SYSTEM, POLICY)
    assert (doubt.symbol, doubt.rule, doubt.source, doubt.status) == ("KO", "unit", SOURCE, "open")
    with pytest.raises(Unavailable, match="doubtful"):
        await own_demo.context("Household")
    clock = FixedClock(NOW)
    with pytest.raises(Invalid):
        await decide(database, SYSTEM, POLICY, "KO", DAY, SOURCE, "quarantined", note=" ", clock=clock)
    with pytest.raises(NotFound):
        await decide(database, SYSTEM, POLICY, "PEP", DAY, SOURCE, "quarantined", note="pence", clock=clock)
    await decide(database, SYSTEM, POLICY, "KO", DAY, SOURCE, "quarantined", note="in pence", clock=clock)
    again = await app.nightly.run(POLICY, DAY, restate_because="the price was in pence")
    assert (again.outcome, again.pack_id) == ("fresh", "PP_2022-12-28_R2")
    assert await close_of(own_demo, "PP_2022-12-28_R2") == await close_of(own_demo, "PP_2022-12-27")
    assert await close_of(own_demo, "PP_2022-12-28_R1") == right * 100
    assert (await own_demo.context("Household")).pinned().pack.id == "PP_2022-12-28_R2"


async def test_a_source_that_disagrees_is_shown_and_a_price_accepted_is_served(own_demo: Demo) -> None:
    app, database = own_demo.application, own_demo.application.database
    right = await close_of(own_demo, "PP_2022-12-28")
    await observe(own_demo, (right * D("1.02")).quantize(D("0.0001")), "SECOND")
    report = await app.nightly.run(POLICY, DAY)
    assert report.outcome == "failed"
    (doubt,) = await list_checks(database, SYSTEM, POLICY)
    assert (doubt.rule, doubt.compared_with) == ("disagreement", f"SECOND {DAY}")
    await decide(database, SYSTEM, POLICY, "KO", DAY, SOURCE, "accepted", note="the exchange says so", clock=FixedClock(NOW))
    assert (await app.nightly.run(POLICY, DAY)).outcome == "fresh"
    assert await list_checks(database, SYSTEM, POLICY) == []
    assert [one.status for one in await list_checks(database, SYSTEM, POLICY, open_only=False)] == ["accepted"]
