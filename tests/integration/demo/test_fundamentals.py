"""Fundamentals against the price of the pack, and every family of figures in one call; on the demo."""

import json
from uuid import UUID

import psycopg
import pytest

from dawsos.agents.financial_analyst.get_security_fundamentals import FundamentalsRequest, get_security_fundamentals
from dawsos.agents.financial_analyst.metrics_compute import MetricsRequest, metrics_compute
from dawsos.agents.financial_analyst.metrics_compute_mwr import MwrRequest, metrics_compute_mwr
from dawsos.agents.financial_analyst.metrics_compute_twr import TwrRequest, metrics_compute_twr
from dawsos.kernel.identifiers import named
from dawsos.registry import unexplained_nulls
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone


def security(symbol: str) -> UUID:
    return named("security", symbol)


async def fundamentals(demo: Demo, symbol: str):
    return await get_security_fundamentals(await demo.context("Household"), FundamentalsRequest(security_id=security(symbol)))


async def test_r2_what_the_reports_do_not_say_is_missing_and_not_invented(demo: Demo) -> None:
    found = await fundamentals(demo, "AAPL")
    assert unexplained_nulls(found) == []
    assert (found.symbol, found.currency, found.market_cap, found.pe_ratio) == ("AAPL", "USD", None, None)
    assert found.missing == ("eps", "market_cap", "pb", "pe_ratio")
    assert found.reasons["market_cap"] == "the number of shares is not known"
    assert str(found.fiscal_date) == "2022-09-24" and found.source.startswith("Apple Inc., Form 10-K")
    # the report: 0.90 dollars a share in the year to September 2022
    assert (float(found.dividends_per_share), found.dividends_of) == (0.9, "the fiscal year to 2022-09-24")
    assert found.dividend_yield == pytest.approx(0.9 / float(found.price))


async def test_a_security_without_a_report_says_so(demo: Demo) -> None:
    found = await fundamentals(demo, "KO")
    assert unexplained_nulls(found) == []
    assert found.fiscal_date is None and found.reasons["eps"] == "no annual statement was known"


async def test_with_the_number_of_shares_the_multiples_are_there(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    with psycopg.connect(own_demo_clone.admin_dsn) as admin:
        admin.execute("select set_config('app.role', 'SYSTEM', true)")
        admin.execute(
            "update app.fundamentals_snapshots set figures = figures || %s where security_id = %s and fiscal_date = '2022-09-24'",
            [json.dumps({"shares_outstanding": 16_000_000_000}), security("AAPL")],
        )
    found = await fundamentals(own_demo, "AAPL")
    price = float(found.price)
    assert found.missing == ()
    assert float(found.market_cap) == pytest.approx(price * 16e9)
    earnings, equity = 99_803e6 / 16e9, 50_672e6 / 16e9
    assert (found.eps, found.pe_ratio, found.pb) == (
        pytest.approx(earnings), pytest.approx(price / earnings), pytest.approx(price / equity),
    )  # fmt: skip


async def test_every_family_is_what_its_own_capability_gives(demo: Demo) -> None:
    portfolio_id = demo.portfolios["Household"].id
    found = await metrics_compute(await demo.context("Household"), MetricsRequest(portfolio_id=portfolio_id, lookback_days=63, window="1Y"))
    assert unexplained_nulls(found) == []
    alone = await metrics_compute_twr(await demo.context("Household"), TwrRequest(portfolio_id=portfolio_id, lookback_days=63))
    assert found.performance == alone and found.performance.n_obs == 63
    assert found.reward.sharpe_ratio == found.performance.sharpe_ratio
    assert found.money_weighted == await metrics_compute_mwr(
        await demo.context("Household"), MwrRequest(portfolio_id=portfolio_id, window="1Y")
    )
    assert found.valuation.nav == sum(one.market_value for one in found.valuation.positions if one.market_value is not None)
    longer = await metrics_compute(await demo.context("Household"), MetricsRequest(portfolio_id=portfolio_id, lookback_days=252))
    assert longer.performance.volatility != found.performance.volatility
