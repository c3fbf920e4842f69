"""Charts draw what their inputs say, all of it, and nothing else; on the demo."""

import pytest

from dawsos.agents.charts.charts_macro_overview import (
    DrawdownSeen,
    ExposuresSeen,
    IndicatorsSeen,
    MacroOverviewRequest,
    RegimeSeen,
    charts_macro_overview,
)
from dawsos.agents.financial_analyst.charts_overview import (
    ChartsRequest,
    CurrencyParts,
    WeighedPositions,
    WindowReturns,
    charts_overview,
)
from dawsos.agents.financial_analyst.metrics_compute import MetricsRequest, metrics_compute
from dawsos.agents.macro_hound.macro_detect_regime import RegimeRequest, macro_detect_regime
from dawsos.agents.macro_hound.macro_get_indicators import IndicatorsRequest, macro_get_indicators
from tests.support.demo import Demo

PARTS = CurrencyParts(local_return=0.05, fx_return=None, interaction_return=0.001, reasons={"fx_return": "one currency only"})


async def test_the_overview_draws_what_was_valued(demo: Demo) -> None:
    context = await demo.context("Household")
    found = await metrics_compute(context, MetricsRequest(portfolio_id=demo.portfolios["Household"].id))
    request = ChartsRequest(
        valued_positions=WeighedPositions.model_validate(found.valuation),
        perf_metrics=WindowReturns.model_validate(found.performance),
        currency_attr=PARTS,
    )
    charts = {chart.id: chart for chart in (await charts_overview(context, request)).charts}
    assert list(charts) == ["allocation", "currency_attribution", "performance", "top_holdings"]
    assert sum(charts["allocation"].values) == pytest.approx(1.0)
    assert charts["top_holdings"].values == tuple(sorted(charts["allocation"].values, reverse=True)[:10])
    assert (charts["currency_attribution"].labels, charts["currency_attribution"].values) == (("Local", "Interaction"), (0.05, 0.001))
    assert charts["currency_attribution"].reasons == {"FX": "one currency only"}
    windows = dict(zip(charts["performance"].labels, charts["performance"].values, strict=True))
    assert windows["1 year"] == found.performance.twr_1y


async def test_the_economy_is_drawn_as_it_was_judged(demo: Demo) -> None:
    context = await demo.context("Household")
    regime = await macro_detect_regime(context, RegimeRequest())
    indicators = await macro_get_indicators(context, IndicatorsRequest())
    exposures = ExposuresSeen.model_validate({"exposures": [{"label": "Equity", "beta": 0.9}, {"label": "Real rates", "beta": -2.0}]})
    dar = DrawdownSeen.model_validate({"dar_pct": 0.12, "contributions": [{"label": "Equity", "dar_pct": 0.12}], "reasons": {}})
    request = MacroOverviewRequest(
        regime=RegimeSeen.model_validate(regime),
        indicators=IndicatorsSeen.model_validate(indicators),
        factor_exposures=exposures,
        dar=dar,
    )
    found = await charts_macro_overview(context, request)
    charts = {chart.id: chart for chart in found.charts}
    assert found.reasons == {} and list(charts) == ["regime", "indicators", "factors", "dar_gauge", "dar_waterfall"]
    assert sum(charts["regime"].values) == pytest.approx(1.0) and charts["regime"].title == f"Regime: {regime.regime_label}"
    zscores = [abs(one.zscore) for one in indicators.indicators.values() if one.zscore is not None]
    assert [abs(value) for value in charts["indicators"].values] == sorted(zscores, reverse=True)[:8]
    assert charts["factors"].values == (0.9, -2.0)
    assert [(zone.low, zone.high) for zone in charts["dar_gauge"].zones] == [(0.0, 0.1), (0.1, 0.2), (0.2, 0.5)]
    assert (charts["dar_waterfall"].labels, charts["dar_waterfall"].values) == (("Equity", "Total"), (0.12, 0.12))


async def test_what_is_not_known_is_not_drawn_and_says_why(demo: Demo) -> None:
    context = await demo.context("Household")
    unknown = RegimeSeen(regime_label=None, confidence=None, regime_scores=(), reasons={"regime_label": "nothing was known"})
    dar = DrawdownSeen(dar_pct=None, contributions=(), reasons={"dar_pct": "no factor was observed"})
    found = await charts_macro_overview(context, MacroOverviewRequest(regime=unknown, dar=dar))
    assert found.charts == ()
    assert found.reasons == {
        "regime": "nothing was known",
        "indicators": "it was not given",
        "factors": "it was not given",
        "dar_gauge": "no factor was observed",
        "dar_waterfall": "no factor was observed",
    }
