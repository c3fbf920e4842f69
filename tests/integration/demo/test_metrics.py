"""Money-weighted returns and Sharpe ratios of the demo: they agree with the overview and with themselves."""

from decimal import Decimal

import pytest

from dawsos.agents.financial_analyst.metrics_compute_mwr import MwrRequest, metrics_compute_mwr
from dawsos.agents.financial_analyst.metrics_compute_sharpe import SharpeRequest, metrics_compute_sharpe
from dawsos.registry import unexplained_nulls
from tests.support.demo import Demo

NAMES = ("Household", "Income")
#: Windows the overview has, and its field for each.
OVERVIEW = {"YTD": "mwr_ytd", "1Y": "mwr_1y", "3Y": "mwr_3y_ann", "ITD": "mwr_inception_ann"}


async def figures(demo: Demo, name: str) -> dict:
    return (await demo.overview(name)).plain()["data"]["perf_metrics"]


async def money_weighted(demo: Demo, name: str, window: str):
    return await metrics_compute_mwr(await demo.context(name), MwrRequest(portfolio_id=demo.portfolios[name].id, window=window))


@pytest.mark.parametrize("name", NAMES)
async def test_r9_the_money_weighted_return_is_the_overviews(demo: Demo, name: str) -> None:
    overview = await figures(demo, name)
    for window, field in OVERVIEW.items():
        found = await money_weighted(demo, name, window)
        assert unexplained_nulls(found) == []
        if overview[field] is not None:
            assert found.mwr == pytest.approx(overview[field], abs=1e-8), window


@pytest.mark.parametrize("name", NAMES)
async def test_flows_bridge_the_time_weighted_and_the_money_weighted_return(demo: Demo, name: str) -> None:
    found = await money_weighted(demo, name, "ITD")
    assert found.flows
    assert found.twr + found.timing_effect == pytest.approx(found.mwr, abs=2e-8)
    assert sum(flow.effect for flow in found.flows) == pytest.approx(found.timing_effect, abs=1e-8 * len(found.flows) + 1e-8)
    assert found.twr == pytest.approx((await figures(demo, name))["twr_inception_ann"], abs=1e-8)
    assert all(isinstance(flow.amount, Decimal) and flow.amount for flow in found.flows)
    short = await money_weighted(demo, name, "1M")
    assert (short.is_annual, short.currency) == (False, demo.portfolios[name].base_currency)


@pytest.mark.parametrize("name", NAMES)
async def test_r9_the_sharpe_ratio_is_made_of_its_parts(demo: Demo, name: str) -> None:
    request = SharpeRequest(portfolio_id=demo.portfolios[name].id)
    found = await metrics_compute_sharpe(await demo.context(name), request)
    overview = await figures(demo, name)
    assert unexplained_nulls(found) == []
    for field in ("sharpe_ratio", "sharpe_30d", "sharpe_60d", "sharpe_90d", "sharpe_1y", "volatility", "n_obs"):
        assert getattr(found, field) == overview[field]
    assert found.risk_free_used == overview["risk_free_rate"]
    assert (found.annual_return - found.risk_free_used) / found.volatility == pytest.approx(found.sharpe_ratio, abs=1e-6)
    shorter = await metrics_compute_sharpe(await demo.context(name), SharpeRequest(portfolio_id=request.portfolio_id, lookback_days=20))
    assert shorter.sharpe_ratio is None
    assert shorter.reasons["annual_return"] == shorter.reasons["sharpe_ratio"]
    assert unexplained_nulls(shorter) == []
