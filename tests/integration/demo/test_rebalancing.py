"""Proposals for the demo: every limit kept or named, cash and costs to the cent, inputs that matter."""

import asyncio
import random
from decimal import Decimal as D

import pytest

from dawsos.kernel.canonical import canonical_bytes
from dawsos.patterns.orchestrator import Orchestrator
from tests.support.demo import Demo


async def proposed(demo: Demo, **inputs) -> dict:
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    asked = {"portfolio_id": str(demo.portfolios["Household"].id), **inputs}
    result = await orchestrator.run(demo.application.patterns["policy_rebalance"], asked, await demo.context("Household"))
    return result.plain()["data"]["proposal"]


async def test_a_proposal_adds_up_and_keeps_its_limits(demo: Demo) -> None:
    positions = (await demo.overview("Household")).plain()["data"]["valued_positions"]
    held = {each["symbol"]: each for each in positions["positions"] if each["security_id"]}
    found = await proposed(demo, max_single_position=0.08, max_turnover=0.2, method="risk_parity")
    assert found["verdict"] == "solved"
    assert found["trades"]
    assert D(found["nav"]) == D(positions["nav"])
    relaxed = {each["limit"] for each in found["relaxed"]}
    after = {symbol: D(each["quantity"]) for symbol, each in held.items()}
    for trade in found["trades"]:
        unit = D(held[trade["symbol"]]["price"]) * D(held[trade["symbol"]]["fx_rate"])
        assert D(trade["value"]) == (D(trade["quantity"]) * unit).quantize(D("0.01"))
        assert D(trade["estimated_cost"]) == (5 + abs(D(trade["value"])) * D("0.0015")).quantize(D("0.01"))
        assert D(trade["quantity"]) == D(trade["quantity"]).to_integral_value()
        after[trade["symbol"]] += D(trade["quantity"])
        assert after[trade["symbol"]] >= 0
        if D(trade["quantity"]) > 0:
            assert float(after[trade["symbol"]] * unit / D(found["nav"])) <= trade["target_weight"] + 1e-7
    assert D(found["estimated_costs"]) == sum(D(trade["estimated_cost"]) for trade in found["trades"])
    spent = sum(D(trade["value"]) + D(trade["estimated_cost"]) for trade in found["trades"])
    assert D(found["cash_after"]) == D(positions["cash"]) - spent
    assert spent <= 0  # the purchases and all costs are paid by the sales
    if "turnover" not in relaxed:
        assert found["turnover_pct"] <= 0.2 + 1e-3  # whole shares may take a share more to sell
    assert "max_single_position" not in relaxed
    assert all(trade["target_weight"] <= 0.08 + 1e-7 for trade in found["trades"])


async def test_holdings_below_the_wanted_quality_are_sold(demo: Demo) -> None:
    kept = await proposed(demo, min_quality_score=7.0, max_single_position=1.0)
    strict = await proposed(demo, min_quality_score=7.5, max_single_position=1.0)
    assert not any(trade["symbol"] == "AAPL" and trade["target_weight"] == 0 for trade in kept["trades"])
    apple = next(trade for trade in strict["trades"] if trade["symbol"] == "AAPL")  # 7.36 of 10
    assert (apple["action"], apple["target_weight"], apple["reason"]) == ("sell", 0.0, "its quality is below the policy's")
    assert any("not rated" in warning for warning in strict["warnings"])


@pytest.mark.parametrize("inputs", [{}, {"template": "conservative_income"}])
async def test_the_same_question_has_the_same_bytes(demo: Demo, inputs: dict) -> None:
    assert canonical_bytes(await proposed(demo, **inputs)) == canonical_bytes(await proposed(demo, **inputs))
