"""Ratings of the demo's companies: worked by hand from their annual reports, without look-ahead, and by the rubric that is stored."""

import asyncio
import json
import random
from datetime import date

import psycopg
import pytest

from dawsos.compute.ratings.documented import ACTIVE
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.identifiers import named
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry import unexplained_nulls
from dawsos.services.opening import NEWEST, Pinning
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone


async def checklist(demo: Demo, symbol: str, *, pinning: Pinning = NEWEST):
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    context = await demo.context("Household", pinning)
    result = await orchestrator.run(
        demo.application.patterns["buffett_checklist"], {"security_id": str(named("security", symbol))}, context
    )
    assert [unexplained_nulls(output) for output in result.data.values()] == [[]] * len(result.data)
    return result.plain()["data"]


async def test_apple_is_rated_as_its_annual_reports_say(demo: Demo) -> None:
    found = await checklist(demo, "AAPL")
    # payout .2065 → 10; coverage (122 151 − 10 708)/14 841 = 7.5 → 10; four rises → 5; net cash −96 bn → 4
    assert {each["name"]: each["score"] for each in found["dividend_safety"]["components"]} == {
        "payout": 10, "coverage": 10, "streak": 5, "net_cash": 4,
    }  # fmt: skip
    assert found["dividend_safety"]["overall_score"] == pytest.approx(8.1)
    # return on equity 110 % → 10; gross margin 39.9 % → 6; intangibles and switching costs are not known
    assert found["moat_strength"]["overall_score"] == pytest.approx((4.0 + 1.8) / 0.7)
    assert found["moat_strength"]["missing"] == ["intangible_assets_ratio", "switching_cost_score"]
    # debt 2.4 of equity → 3; interest covered 41 times → 10; current ratio .88 → 4; margins within 2.9 % → 8
    assert found["resilience"]["overall_score"] == pytest.approx(5.4)
    aggregate = found["aggregate"]
    assert aggregate["overall"] == pytest.approx(10 * (0.4 * 5.8 / 0.7 + 0.3 * 8.1 + 0.3 * 5.4))
    assert (aggregate["grade"], aggregate["covered"]) == ("C", 1.0)
    assert "Apple Inc., Form 10-K for the fiscal year ended 2022-09-24" in found["resilience"]["sources"]


async def test_a_report_counts_from_the_day_it_was_known(demo: Demo) -> None:
    earlier = await checklist(demo, "AAPL", pinning=Pinning(asof_date=date(2022, 12, 1)))
    assert len(earlier["resilience"]["sources"]) == 4
    coverage = next(each["value"] for each in earlier["resilience"]["components"] if each["name"] == "coverage")
    assert coverage == pytest.approx(108_949 / 2_645)


async def test_a_company_without_statements_is_not_rated_and_says_what_is_missing(demo: Demo) -> None:
    found = await checklist(demo, "KO")
    assert {found[name]["status"] for name in ("moat_strength", "dividend_safety", "resilience")} == {"not_rated"}
    assert found["aggregate"]["overall"] is None
    assert found["aggregate"]["reasons"]["overall"] == "the company is not rated"
    assert "debt_equity_ratio" in found["resilience"]["missing"]


async def test_r12_a_portfolio_is_rated_by_value_over_what_is_rated(demo: Demo) -> None:
    context = await demo.context("Household")
    positions = (await demo.overview("Household")).plain()["data"]["valued_positions"]["positions"]
    held = [{name: each[name] for name in ("security_id", "market_value", "base_currency")} for each in positions]
    capability = demo.application.registry.get("ratings.aggregate")
    found = (await capability.function(context, capability.request.model_validate({"positions": held}))).plain()
    values = {each["symbol"]: float(each["market_value"]) for each in positions if each["security_id"]}
    rated = {each["symbol"]: each["overall"] for each in found["companies"] if each["overall"] is not None}
    assert set(rated) == {"AAPL", "MSFT"} & set(values)
    if rated:
        total = sum(values[symbol] for symbol in rated)
        assert found["overall"] == pytest.approx(sum(values[symbol] * score for symbol, score in rated.items()) / total)
        assert found["covered"] == pytest.approx(total / sum(values.values()))


async def test_r12_the_stored_rubric_decides(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    before = await checklist(own_demo, "AAPL")
    with psycopg.connect(own_demo_clone.admin_dsn) as admin:
        admin.execute("select set_config('app.role', 'SYSTEM', true)")
        admin.execute(
            "update public.rating_rubrics set weights = %s where rating_type = 'RESILIENCE'",
            [json.dumps({"debt": 0.1, "coverage": 0.7, "liquidity": 0.1, "stability": 0.1})],
        )
    after = await checklist(own_demo, "AAPL")
    assert after["resilience"]["overall_score"] == pytest.approx(0.3 + 7.0 + 0.4 + 0.8)
    assert canonical_bytes(after["moat_strength"]) == canonical_bytes(before["moat_strength"])


async def test_r23_a_new_database_has_the_documented_rubrics(shared_demo_clone: DatabaseClone) -> None:
    with psycopg.connect(shared_demo_clone.admin_dsn) as admin:
        rows = admin.execute(
            "select rating_type, method_version, criteria, weights, is_active from public.rating_rubrics order by rating_type"
        ).fetchall()
    expected = [(each.rating_type, each.method_version, dict(each.criteria), dict(each.weights), True) for each in ACTIVE]
    assert rows == sorted(expected, key=lambda row: row[0])
