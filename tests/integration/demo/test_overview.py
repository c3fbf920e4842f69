"""The overview of the demo: the same bytes twice, the numbers of an old pack, parts that sum, and what one more entry changes."""

from datetime import date
from decimal import Decimal as D

import psycopg
import pytest

from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import Invalid, NotFound
from dawsos.registry import unexplained_nulls
from dawsos.services.imports.importer import import_transactions
from dawsos.services.opening import Pinning
from dawsos.store import history
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone

TOLERANCE_BPS = 0.1


def plain(result: object) -> dict:
    return result.plain()["data"]


async def test_the_same_question_has_the_same_bytes_stored_or_computed(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    with psycopg.connect(own_demo_clone.admin_dsn, autocommit=True) as connection:
        connection.execute("delete from app.derived_results")  # what the night kept
    first = await own_demo.overview("Household")
    second = await own_demo.overview("Household")
    origins = [
        {step.stored_or_computed for step in result.trace.steps if step.capability == "metrics.compute_twr"} for result in (first, second)
    ]
    assert origins == [{"computed"}, {"stored"}]
    assert canonical_bytes(plain(first)) == canonical_bytes(plain(second))
    assert first.canonical == second.canonical


async def test_r2_every_figure_is_there_or_says_why_not(demo: Demo) -> None:
    for name in ("Household", "Income"):
        result = await demo.overview(name)
        data = plain(result)
        figures = data["perf_metrics"]
        assert [unexplained_nulls(output) for output in result.data.values()] == [[]] * len(result.data)
        assert all(value is not None or field in figures["reasons"] for field, value in figures.items())
        assert figures["n_obs"] == 252
        assert data["valued_positions"]["coverage"] == 1.0
        assert all(panel["status"] == "ok" for panel in result.plain()["panels"])


async def test_the_table_adds_up_to_the_net_asset_value_to_the_cent(demo: Demo) -> None:
    for name in ("Household", "Income"):
        data = plain(await demo.overview(name))
        valued = data["valued_positions"]
        values = [D(position["market_value"]) for position in valued["positions"]]
        assert sum(values) == D(valued["nav"]) == D(valued["cash"]) + D(valued["securities_value"])
        assert D(data["historical_nav"]["end_value"]) == D(valued["nav"])
        for position in valued["positions"]:
            if position["security_id"]:
                assert sum(D(lot["market_value"]) for lot in position["lots"]) == D(position["market_value"])
                assert sum(D(lot["qty_open"]) for lot in position["lots"]) == D(position["quantity"])
                assert D(position["unrealized_pl_price"]) + D(position["unrealized_pl_fx"]) == D(position["unrealized_pl"])
        sectors = data["sector_allocation"]
        assert sum(D(sector["market_value"]) for sector in sectors["sectors"]) == D(sectors["total_value"]) == D(valued["securities_value"])
        change = data["historical_nav"]
        assert D(change["nav_change"]) == D(change["net_flows"]) + D(change["gain"])


@pytest.mark.parametrize("lookback", [21, 252, 1000, 10_000])
async def test_r4_the_parts_of_the_return_sum_to_the_return_computed_from_daily_values(demo: Demo, lookback: int) -> None:
    for name in ("Household", "Income"):
        data = plain(await demo.overview(name, lookback_days=lookback))
        parts, figures = data["currency_attr"], data["perf_metrics"]
        whole = parts["local_return"] + parts["fx_return"] + parts["interaction_return"]
        assert abs(whole - parts["total_return"]) < 2e-8
        assert abs(parts["total_return"] - figures["twr"]) * 1e4 < TOLERANCE_BPS
        assert parts["base_return_actual"] == figures["twr"]
        assert parts["error_bps"] < TOLERANCE_BPS
        by_currency = parts["attribution_by_currency"].values()
        assert abs(sum(effect["total"] for effect in by_currency) - parts["total_return"]) < 1e-7
        if name == "Household":
            assert set(parts["attribution_by_currency"]) == {"CAD", "EUR", "GBP", "USD"}
            assert abs(parts["fx_return"]) > 1e-4
            assert parts["attribution_by_currency"]["CAD"]["fx"] == 0.0
        else:
            assert parts["fx_return"] == parts["interaction_return"] == 0.0


async def test_an_old_pack_gives_the_numbers_of_its_day(demo: Demo) -> None:
    now, then = await demo.overview("Household"), await demo.overview("Household", pinning=Pinning(pack_id="PP_2018-06-29"))
    old = plain(then)
    assert then.trace.pricing_pack_id == "PP_2018-06-29"
    assert old["valued_positions"]["asof_date"] == old["perf_metrics"]["end_date"] == "2018-06-29"
    context = await demo.context("Household")
    async with context.database.transaction(context.actor) as tx:
        (row,) = await history.daily_values(tx, demo.portfolios["Household"].id, date(2018, 6, 29), date(2018, 6, 29))
    assert D(old["valued_positions"]["nav"]) == row.nav
    assert row.nav != D(plain(now)["valued_positions"]["nav"])
    by_date = await demo.overview("Household", pinning=Pinning(asof_date=date(2018, 7, 1)))
    assert canonical_bytes(plain(by_date)) == canonical_bytes(old)


async def test_cash_and_securities_add_up_on_every_day_of_every_year(demo: Demo) -> None:
    for name, days in (("Household", 2264), ("Income", 3270)):
        context = await demo.context(name)
        async with context.database.transaction(context.actor) as tx:
            rows = await history.daily_values(tx, demo.portfolios[name].id, date(1999, 1, 1), date(2023, 1, 1))
        assert len(rows) == days
        assert all(row.nav == row.cash + row.securities_value and row.securities_value >= 0 and row.cash >= 0 for row in rows)
        profit = D(0)
        for row in rows:
            profit += row.daily_pl
            assert row.total_pl == profit


async def test_one_more_entry_changes_the_hash_and_only_what_depends_on_it(own_demo: Demo) -> None:
    before, before_pins = await own_demo.overview("Household"), (await own_demo.context("Household")).ledger
    old_before = await own_demo.overview("Household", pinning=Pinning(pack_id="PP_2018-06-29"))
    line = b"transaction_date,transaction_type,amount,currency,external_ref\n2022-12-27,DEPOSIT,1000.00,CAD,one-more\n"
    app = own_demo.application
    report = await import_transactions(
        app.database,
        own_demo.owner("Household"),
        own_demo.portfolios["Household"].id,
        [line],
        file_name="one.csv",
        identifiers=app.identifiers,
    )
    assert (report.booked, report.problem_count) == (1, 0)
    after, after_pins = await own_demo.overview("Household"), (await own_demo.context("Household")).ledger
    assert after_pins.commit_hash == report.ledger_commit_hash != before_pins.commit_hash
    one, two = plain(before), plain(after)
    assert D(two["valued_positions"]["nav"]) - D(one["valued_positions"]["nav"]) == D(1000)
    securities = [[p for p in data["valued_positions"]["positions"] if p["security_id"]] for data in (one, two)]
    without_weight = [[{**p, "weight": None} for p in each] for each in securities]
    assert without_weight[0] == without_weight[1]
    assert one["sector_allocation"] == two["sector_allocation"]
    assert one["historical_nav"]["data"][:-2] == two["historical_nav"]["data"][:-2]
    assert two["historical_nav"]["data"][-2]["net_external_flow"] == "1000"
    old_after = await own_demo.overview("Household", pinning=Pinning(pack_id="PP_2018-06-29"))
    assert canonical_bytes(plain(old_after)) == canonical_bytes(plain(old_before))
    again = await own_demo.overview("Household", pinning=Pinning(ledger_commit_hash=before_pins.commit_hash))
    assert canonical_bytes(plain(again)) == canonical_bytes(one)


async def test_a_state_or_pack_that_never_was_is_named(demo: Demo) -> None:
    with pytest.raises(NotFound, match="never had the hash"):
        await demo.context("Household", Pinning(ledger_commit_hash="0" * 64))
    with pytest.raises(NotFound, match="PP_1999-01-01"):
        await demo.context("Household", Pinning(pack_id="PP_1999-01-01"))
    with pytest.raises(Invalid, match="is of policy RAW_CLOSE"):
        await demo.context("Household", Pinning(pack_id="PP_2010-06-30_RAW_CLOSE"))
    with pytest.raises(NotFound, match="on or before 2000-01-01"):
        await demo.context("Household", Pinning(asof_date=date(2000, 1, 1)))


async def test_the_portfolio_of_another_is_not_there(demo: Demo) -> None:
    stranger = demo.owner("Income")
    with pytest.raises(NotFound) as caught:
        await demo.application.contexts.open(stranger, trace_id="t", request_id="r", portfolio_id=demo.portfolios["Household"].id)
    assert caught.value.code == "portfolio_not_found"
