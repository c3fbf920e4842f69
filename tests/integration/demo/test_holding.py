"""The deep dive into a holding of the demo: parts that sum, figures computed again by other means, and what each depends on."""

import asyncio
import random
from decimal import Decimal as D
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from dawsos.kernel.errors import NotFound
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry import unexplained_nulls
from dawsos.services.opening import NEWEST, Pinning
from dawsos.services.positions import attributed
from tests.support.demo import Demo

Z = NormalDist().inv_cdf(0.95)


async def call(demo: Demo, name: str, capability: str, *, pinning: Pinning = NEWEST, **request: Any) -> Any:
    body = {"portfolio_id": demo.portfolios[name].id, **request}
    return (await demo.application.registry.call(capability, await demo.context(name, pinning), body)).result


async def deep_dive(demo: Demo, name: str, security_id: object, **inputs: Any) -> Any:
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    asked = {"portfolio_id": str(demo.portfolios[name].id), "security_id": str(security_id), **inputs}
    return await orchestrator.run(demo.application.patterns["holding_deep_dive"], asked, await demo.context(name))


async def securities(demo: Demo, name: str) -> list[Any]:
    valued = await call(demo, name, "portfolio.get_valued_positions")
    return [position for position in valued.positions if position.security_id]


async def test_r68_every_holding_is_shown_in_full_and_the_same_twice(demo: Demo) -> None:
    for name in ("Household", "Income"):
        for place, position in enumerate(await securities(demo, name)):
            first = await deep_dive(demo, name, position.security_id)
            assert place > 1 or first.canonical == (await deep_dive(demo, name, position.security_id)).canonical
            assert [unexplained_nulls(output) for output in first.data.values()] == [[]] * len(first.data)
            statuses = {panel.id: panel.status for panel in first.panels}
            assert {status for panel, status in statuses.items() if panel != "comparables"} == {"ok"}, statuses
            assert first.data["position"].market_value == position.market_value
            assert first.data["position"].weight == position.weight


async def test_r3_what_all_positions_and_cash_contributed_is_the_return_of_the_portfolio(demo: Demo) -> None:
    for name in ("Household", "Income"):
        context = await demo.context(name)
        whole = await attributed(context, context.pinned(), 252)
        found = {
            one.security_id: await call(demo, name, "compute_portfolio_contribution", security_id=one.security_id)
            for one in whole.instruments
            if one.security_id
        }
        cash = sum(one.effect.total for one in whole.instruments if one.security_id is None)
        figures = await call(demo, name, "metrics.compute_twr")
        assert sum(one.total_contribution for one in found.values()) + cash == pytest.approx(figures.twr, abs=1e-6)
        for one in found.values():
            parts = one.local_contribution + one.fx_contribution + one.interaction_contribution
            assert parts == pytest.approx(one.total_contribution, abs=2e-8)
            assert one.pct_of_portfolio_return == pytest.approx(one.total_contribution / one.portfolio_return, abs=1e-7)


async def test_r16_a_position_nothing_was_booked_for_returned_what_its_value_did(demo: Demo) -> None:
    checked = 0
    for position in await securities(demo, "Household"):
        found = await call(demo, "Household", "compute_position_return", security_id=position.security_id, lookback_days=40)
        booked = await call(demo, "Household", "get_transaction_history", security_id=position.security_id, start_date=found.start_date)
        if booked.total or found.n_obs < 40:
            continue
        earlier = await call(
            demo, "Household", "get_position_details", security_id=position.security_id, pinning=Pinning(asof_date=found.start_date)
        )
        assert found.total_return == pytest.approx(float(position.market_value / earlier.market_value) - 1, abs=1e-5)
        attribution = await call(
            demo, "Household", "compute_position_currency_attribution", security_id=position.security_id, lookback_days=40
        )
        assert attribution.local_return == pytest.approx(float(position.price / earlier.current_price) - 1, abs=1e-5)
        assert attribution.fx_return == pytest.approx(float(position.fx_rate / earlier.fx_rate) - 1, abs=1e-5)
        checked += 1
    assert checked >= 3


async def test_r16_figures_of_a_position_agree_with_numpy(demo: Demo) -> None:
    position = (await securities(demo, "Household"))[0]
    found = await call(demo, "Household", "compute_position_return", security_id=position.security_id)
    pairs = [(one.position, one.portfolio) for one in found.daily_returns if one.position is not None]
    own, whole = np.array(pairs).T
    assert found.total_return == pytest.approx(np.prod(1 + own) - 1, abs=1e-6)
    assert found.volatility == pytest.approx(np.std(own, ddof=1) * np.sqrt(252), abs=1e-7)
    assert found.beta_to_portfolio == pytest.approx(np.cov(own, whole)[0, 1] / np.var(whole, ddof=1), abs=1e-6)
    wealth = np.concatenate([[1.0], np.cumprod(1 + own)])
    assert found.max_drawdown == pytest.approx(np.min(wealth / np.maximum.accumulate(wealth)) - 1, abs=1e-6)
    assert found.daily_returns[-1].cumulative_position == pytest.approx(found.total_return, abs=1e-8)


async def test_the_risks_of_all_positions_are_the_risk_of_the_portfolio(demo: Demo) -> None:
    held = await securities(demo, "Income")
    found = [await call(demo, "Income", "compute_position_risk", security_id=one.security_id) for one in held]
    counted = [(one, risk) for one, risk in zip(held, found, strict=True) if risk.component_var is not None]
    assert counted
    returns = {}
    for position, risk in counted:
        daily = await call(demo, "Income", "compute_position_return", security_id=position.security_id)
        returns[position.symbol] = np.array([np.nan if one.position is None else one.position for one in daily.daily_returns])
        assert risk.n_obs >= 30
    block, weights = np.stack([*returns.values()]), np.array([position.weight for position, _ in counted])
    complete = ~np.isnan(block).any(axis=0)
    if complete.sum() == counted[0][1].n_obs:  # foreign cash, which also moves, is not among the positions
        sigma = float(np.sqrt(weights @ np.cov(block[:, complete]) @ weights))
        assert float(counted[0][1].portfolio_var_1d) == pytest.approx(
            Z * sigma * float(sum(D(one.market_value) for one in held) / D(str(sum(one.weight for one in held)))), rel=0.02
        )
    assert sum(risk.pct_portfolio_risk for _, risk in counted) == pytest.approx(1.0, abs=0.02)
    assert {risk.portfolio_var_1d for _, risk in counted} == {counted[0][1].portfolio_var_1d}


async def test_more_confidence_means_more_at_risk(demo: Demo) -> None:
    position = (await securities(demo, "Household"))[0]
    usual, high = [
        await call(demo, "Household", "compute_position_risk", security_id=position.security_id, confidence=level) for level in (0.95, 0.99)
    ]
    assert usual.var_1d < usual.cvar_1d
    assert usual.var_1d < high.var_1d
    assert usual.pct_portfolio_risk == high.pct_portfolio_risk


async def test_entries_are_those_of_the_pinned_ledger_up_to_the_date(demo: Demo) -> None:
    whole = await call(demo, "Household", "get_transaction_history", limit=1000)
    assert list(whole.transactions) == sorted(whole.transactions, key=lambda one: one.transaction_date, reverse=True)
    middle = whole.transactions[len(whole.transactions) // 2].transaction_date
    earlier = await call(demo, "Household", "get_transaction_history", limit=1000, pinning=Pinning(asof_date=middle))
    assert 0 < earlier.total < whole.total
    assert all(one.transaction_date <= middle for one in earlier.transactions)
    sales = [one for one in whole.transactions if one.transaction_type == "SELL" and not one.is_reversal]
    assert all(one.realized_pl is not None for one in sales)
    assert all(one.reasons["realized_pl"] for one in whole.transactions if one.realized_pl is None)


async def test_r3_comparables_are_of_the_same_sector_and_type(demo: Demo) -> None:
    held = await securities(demo, "Household")
    for position in held[:4]:
        found = await call(demo, "Household", "get_comparable_positions", security_id=position.security_id, limit=50)
        assert found.sector == position.sector
        assert position.security_id not in {one.security_id for one in found.comparables}
        assert {one.security_type for one in found.comparables} <= {position.security_type}
        weights = {one.security_id: one.weight for one in held}
        assert all(one.weight == weights.get(one.security_id) for one in found.comparables)
        assert found.own_return_1y is not None


async def test_what_is_not_held_is_said_to_be(demo: Demo) -> None:
    with pytest.raises(NotFound, match="holds no security"):
        await call(demo, "Household", "get_position_details", security_id=demo.portfolios["Household"].id)
