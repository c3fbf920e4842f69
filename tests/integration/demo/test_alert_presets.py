"""Alerts worth having: each is accepted as it is proposed, and is sized by what it would cost; one on news is kept when news is serious."""

import pytest

from dawsos.agents.alerts.alerts_create_if_threshold import (
    CreateIfThresholdRequest,
    SeenImpact,
    alerts_create_if_threshold,
)
from dawsos.agents.alerts.alerts_suggest_presets import PresetsRequest, SeenTrends, alerts_suggest_presets
from dawsos.kernel.errors import Forbidden
from dawsos.kernel.identity import Actor, Role
from dawsos.registry import unexplained_nulls
from dawsos.services.alerts.keeping import NewAlert, create_alert, list_alerts
from dawsos.services.opening import NEWEST
from tests.support.demo import Demo


def trends(betas: dict[str, float], shifted: tuple[str, ...], *, regime_moved: bool = False) -> SeenTrends:
    return SeenTrends.model_validate(
        {
            "shifts": [{"kind": "factor", "name": name, "label": name} for name in shifted]
            + ([{"kind": "regime", "name": "LATE_EXPANSION", "label": "Late expansion"}] if regime_moved else []),
            "phases": [{"phase": "LATE_EXPANSION", "label": "Late expansion", "probability": 0.62, "wow_change": 0.2, "trend": "rising"}],
            "factors": [
                {"factor": name, "label": name, "beta": beta, "wow_change": -0.2, "trend": "falling"} for name, beta in betas.items()
            ],
            "regime_changed": False,
            "regime": "LATE_EXPANSION",
            "reasons": {},
        }
    )


async def suggestions(demo: Demo, seen: SeenTrends):
    asked = PresetsRequest(trend_analysis=seen, portfolio_id=demo.portfolios["Household"].id)
    return await alerts_suggest_presets(await demo.context("Household"), asked)


async def test_r46_every_suggestion_is_accepted_as_it_is(own_demo: Demo) -> None:
    betas = {"real_rates": -4.0, "inflation": 3.0, "credit": -2.5, "fx": 0.4, "equity": 0.9}
    found = await suggestions(own_demo, trends(betas, tuple(betas), regime_moved=True))
    assert [one.alert_type for one in found.suggestions] == ["regime_shift", "macro", "macro", "macro", "macro", "volatility_spike"]
    assert unexplained_nulls(found) == []
    context = await own_demo.context("Household")
    for one in found.suggestions:
        payload = one.alert_payload
        wanted = NewAlert(
            alert_type=payload.alert_type, portfolio_id=payload.portfolio_id, condition=payload.condition.plain(), severity=payload.severity
        )
        kept = await create_alert(context.database, context.actor, wanted, moment=context.clock.now())
        assert kept.created and kept.watches == one.trigger_description
    assert len(await list_alerts(context.database, context.actor)) == 6


async def test_a_move_against_the_portfolio_that_costs_one_percent(demo: Demo) -> None:
    found = await suggestions(demo, trends({"real_rates": -4.0, "credit": 2.5, "fx": 0.4}, ("real_rates", "credit", "fx")))
    told = [(one.trigger_description, one.current_value, one.alert_payload.condition.value) for one in found.suggestions]
    # 1 %/4 = 0.25 percentage points up; 1 %/2.5 = 0.4 down; 1 %/0.4 = 2.5 % down
    assert told == [
        ("Real yield (10 years): change over 7 days at or above 0.25 percentage points", -4.0, 0.25),
        ("Credit spread of US companies: change over 7 days at or below -0.4 percentage points", 2.5, -0.4),
        ("US dollar index: change over 7 days at or below -2.5 %", 0.4, -0.025),
    ]


async def test_what_did_not_shift_or_hardly_matters_is_not_suggested(demo: Demo) -> None:
    for seen in (trends({"real_rates": -4.0}, ()), trends({"real_rates": -0.5}, ("real_rates",)), trends({"fx": 0.0}, ("fx",))):
        found = await suggestions(demo, seen)
        assert found.suggestions == () and "nothing shifted" in found.reasons["suggestions"]


def serious(demo: Demo, largest: float | None, threshold: float = 0.7) -> CreateIfThresholdRequest:
    seen = SeenImpact(largest_impact=largest, reasons={"largest_impact": "no article matters to a holding"} if largest is None else {})
    return CreateIfThresholdRequest(portfolio_id=demo.portfolios["Household"].id, news_impact=seen, threshold=threshold)


async def test_news_below_the_threshold_keeps_nothing(own_demo: Demo) -> None:
    context = await own_demo.context("Household")
    below = await alerts_create_if_threshold(context, serious(own_demo, 0.69))
    assert (below.alert_created, below.alert_id, below.reason) == (False, None, "The largest impact is 0.69, below 0.70.")
    none = await alerts_create_if_threshold(context, serious(own_demo, None))
    assert (none.alert_created, none.reason) == (False, "no article matters to a holding")
    assert await list_alerts(context.database, context.actor) == []


async def test_serious_news_keeps_one_alert_of_the_actor_once(own_demo: Demo) -> None:
    context = await own_demo.context("Household")
    first, again = [await alerts_create_if_threshold(context, serious(own_demo, 0.9)) for _ in range(2)]
    assert (first.alert_created, again.alert_created, again.alert_id) == (True, False, first.alert_id)
    (kept,) = await list_alerts(context.database, context.actor)
    assert (kept.alert.id, kept.alert.alert_type, kept.alert.portfolio_name) == (first.alert_id, "news_impact", "Household")
    other = await alerts_create_if_threshold(context, serious(own_demo, 0.9, threshold=0.8))
    assert other.alert_created and other.alert_id != first.alert_id


async def test_a_viewer_keeps_nothing(own_demo: Demo) -> None:
    context = await own_demo.application.contexts.open(
        Actor(own_demo.owner("Household").user_id, Role.VIEWER),
        trace_id="t",
        request_id="r",
        portfolio_id=own_demo.portfolios["Household"].id,
        pinning=NEWEST,
    )
    with pytest.raises(Forbidden):
        await alerts_create_if_threshold(context, serious(own_demo, 0.9))
