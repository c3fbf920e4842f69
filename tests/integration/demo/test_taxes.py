"""Taxes of the demo: the year's gains against the lots closed in the database, wash sales, harvesting, other rules, other methods."""

import asyncio
import random
from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from dawsos.kernel.canonical import canonical_bytes
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.services.holdings import pinned_ledger
from tests.support.demo import Demo


async def years_of_sales(demo: Demo, name: str) -> list[int]:
    context = await demo.context(name)
    state = await pinned_ledger(context, context.pinned())
    return sorted({each.disposal_date.year for each in state.disposals})


async def run(demo: Demo, name: str, pattern: str, **inputs) -> dict:
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    asked = {"portfolio_id": str(demo.portfolios[name].id), **inputs}
    result = await orchestrator.run(demo.application.patterns[pattern], asked, await demo.context(name))
    assert all(panel["status"] in {"ok", "empty"} for panel in result.plain()["panels"])
    return result.plain()["data"]


async def report(demo: Demo, name: str, year: int, **inputs) -> dict:
    return await run(demo, name, "portfolio_tax_report", tax_year=year, **inputs)


@pytest.mark.parametrize("name", ["Household", "Income"])
async def test_the_gains_of_all_years_are_those_of_the_lots_closed(demo: Demo, name: str) -> None:
    context = await demo.context(name)
    state = await pinned_ledger(context, context.pinned())
    years = await years_of_sales(demo, name)
    assert years
    for year in [*years, years[0] - 1]:
        found = await report(demo, name, year)
        closed = [each for each in state.disposals if each.disposal_date.year == year]
        gains, summary = found["realized_gains"], found["tax_summary"]
        assert gains["num_lots"] == len(closed) == summary["short_term"]["count"] + summary["long_term"]["count"]
        assert D(gains["total_gain"]) == sum((each.proceeds_base - each.cost_base for each in closed), D(0))
        long = [each for each in closed if each.holding_days > 365]
        assert D(summary["long_term"]["proceeds"]) == sum((each.proceeds_base for each in long), D(0))
        assert D(summary["net"]) == D(gains["total_gain"]) + D(found["wash_sales"]["total_disallowed"]) == D(gains["total_taxable_gain"])
        assert D(summary["short_term"]["net"]) + D(summary["long_term"]["net"]) == D(summary["net"])


async def test_wash_sales_have_a_loss_and_a_purchase_within_thirty_days(demo: Demo) -> None:
    bought: dict[str, set[date]] = {}
    for name in ("Household", "Income"):
        context = await demo.context(name)
        for entry in (await pinned_ledger(context, context.pinned())).transactions:
            if entry.transaction_type.value == "BUY":
                bought.setdefault(entry.symbol, set()).add(entry.transaction_date)
    for name in ("Household", "Income"):
        for year in await years_of_sales(demo, name):
            found = await report(demo, name, year)
            losing = {lot["closing_id"]: lot for lot in found["realized_gains"]["lots"] if D(lot["gain"]) < 0}
            for sale in found["wash_sales"]["wash_sales"]:
                assert 0 < D(sale["disallowed"]) <= -D(losing[sale["closing_id"]]["gain"])
                sold = date.fromisoformat(sale["disposal_date"])
                assert any(abs(day - sold) <= timedelta(days=30) for day in bought[sale["symbol"]])
            for closing_id, lot in losing.items():
                sold = date.fromisoformat(lot["disposal_date"])
                near = [day for day in bought[lot["symbol"]] if abs(day - sold) <= timedelta(days=30)]
                washed = {sale["closing_id"] for sale in found["wash_sales"]["wash_sales"]}
                assert near or closing_id not in washed


async def test_open_lots_add_up_to_the_positions(demo: Demo) -> None:
    found = (await report(demo, "Household", 2022))["tax_lots"]
    positions = (await demo.overview("Household")).plain()["data"]["valued_positions"]
    held = [position for position in positions["positions"] if position["security_id"]]
    assert (
        sum(D(lot["market_value"]) for lot in found["lots"])
        == sum(D(each["market_value"]) for each in held)
        == D(positions["securities_value"])
    )
    assert sum(D(lot["unrealized_pl"]) for lot in found["lots"]) == D(positions["unrealized_pl"])
    asof = date.fromisoformat(positions["asof_date"])
    for lot in found["lots"]:
        days = (asof - date.fromisoformat(lot["acquisition_date"])).days
        assert (lot["holding_days"], lot["term"]) == (days, "long" if days > 365 else "short")


async def test_losses_are_those_of_the_open_lots_and_the_rate_scales_the_benefit(demo: Demo) -> None:
    lots = (await report(demo, "Household", 2022))["tax_lots"]["lots"]
    losing: dict[str, D] = {}
    for lot in lots:
        if D(lot["unrealized_pl"]) < 0:
            losing[lot["symbol"]] = losing.get(lot["symbol"], D(0)) - D(lot["unrealized_pl"])
    found = (await run(demo, "Household", "tax_harvesting_opportunities", min_loss_threshold="1"))["harvest"]
    listed = {each["symbol"]: D(each["loss"]) for each in (*found["opportunities"], *found["blocked"])}
    assert listed == {symbol: loss for symbol, loss in losing.items() if loss >= 1}
    assert listed
    benefits = [D(each["benefit"]) for each in found["opportunities"]]
    assert benefits == sorted(benefits, reverse=True)
    assert all(D(each["benefit"]) == (D(each["loss"]) * D("0.32")).quantize(D("0.01")) for each in found["opportunities"])
    halved = (await run(demo, "Household", "tax_harvesting_opportunities", min_loss_threshold="1", tax_rate="0.16"))["harvest"]
    assert abs(2 * D(halved["total_benefit"]) - D(found["total_benefit"])) <= D("0.02") * len(benefits)
    none = (await run(demo, "Household", "tax_harvesting_opportunities", min_loss_threshold="100000000"))["harvest"]
    assert (none["num_opportunities"], none["num_too_small"]) == (0, len(losing))


async def test_rules_and_methods_change_what_they_should(demo: Demo) -> None:
    differing = 0
    for year in (await years_of_sales(demo, "Household"))[:4]:
        own, canada, highest = [
            await report(demo, "Household", year, **more) for more in ({}, {"tax_system": "CA"}, {"lot_selection_method": "HIFO"})
        ]
        net = D(canada["tax_summary"]["net"])
        assert abs(2 * D(canada["tax_summary"]["included"]) - net) <= D("0.01")
        assert D(own["tax_summary"]["included"]) == D(own["tax_summary"]["net"])
        proceeds = [sum(D(lot["proceeds"]) for lot in each["realized_gains"]["lots"]) for each in (own, highest)]
        assert abs(proceeds[0] - proceeds[1]) <= D("0.05")  # the same sales, other lots
        differing += own["realized_gains"]["total_gain"] != highest["realized_gains"]["total_gain"]
    assert differing > 0


async def test_the_same_question_has_the_same_bytes(demo: Demo) -> None:
    for pattern, inputs in (("portfolio_tax_report", {"tax_year": 2018}), ("tax_harvesting_opportunities", {})):
        first, second = [await run(demo, "Household", pattern, **inputs) for _ in range(2)]
        assert canonical_bytes(first) == canonical_bytes(second)
