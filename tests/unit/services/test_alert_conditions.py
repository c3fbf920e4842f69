"""Conditions of alerts: defaults are filled in, nonsense is refused by name, and each reads as a sentence."""

from math import inf, nan

import pytest

from dawsos.kernel.errors import Invalid
from dawsos.services.alerts.conditions import KINDS, checked_condition, sentence_of

SOUND = {
    "macro": ({"entity": "VIX", "op": ">", "value": 30}, "Volatility index (VIX) above 30"),
    "metric": ({"metric": "max_drawdown", "op": "<", "value": -0.2}, "max drawdown below -0.2"),
    "rating": ({"symbol": "AAPL", "metric": "moat_strength", "op": "<", "value": 5}, "AAPL: moat strength below 5"),
    "price": ({"symbol": "AAPL", "op": ">=", "value": 150.5}, "AAPL: close at or above 150.5"),
    "news_sentiment": ({"symbol": "AAPL", "op": "<", "value": -0.3}, "AAPL: mean sentiment of the news of 7 days below -0.3"),
    "news_impact": ({"value": 0.7}, "An article of the last 24 hours with an impact of 0.7 or more"),
    "dar_breach": ({}, "Drawdown at risk over 30 days (95 %) above 15 %"),
    "drawdown_limit": ({}, "Drawdown deeper than 20 %"),
    "regime_shift": ({}, "Regime 2 phases or more from today's, at least 90 % sure"),
    "volatility_spike": ({"ratio": 1.5}, "Volatility 150 % above its usual level"),
}


def test_every_kind_is_tried():
    assert SOUND.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_condition_is_completed_and_reads_as_a_sentence(kind):
    given, sentence = SOUND[kind]
    condition = checked_condition(kind, given)
    assert set(condition) == set(KINDS[kind].parts)
    assert {name: condition[name] for name in given} == given
    assert sentence_of(kind, condition) == sentence
    assert checked_condition(kind, dict(condition)) == condition


def test_a_change_reads_as_one():
    moved = checked_condition("macro", {"entity": "DFII10", "metric": "change", "op": ">=", "value": 0.25, "window_days": 14})
    assert sentence_of("macro", moved) == "Real yield (10 years): change over 14 days at or above 0.25 percentage points"
    relative = checked_condition("macro", {"entity": "DTWEXBGS", "metric": "change_pct", "op": "<=", "value": -0.05})
    assert sentence_of("macro", relative) == "US dollar index: change over 7 days at or below -5 %"


@pytest.mark.parametrize(
    ("kind", "given", "wrong"),
    [
        ("macro", {"entity": "VIX; drop table alerts", "op": ">", "value": 1}, {"entity"}),
        ("macro", {"entity": "VIX", "op": "=>", "value": 1}, {"op"}),
        ("macro", {"entity": "VIX", "op": ">"}, {"value"}),
        ("macro", {"entity": "VIX", "op": ">", "value": True}, {"value"}),
        ("macro", {"entity": "VIX", "op": ">", "value": nan}, {"value"}),
        ("macro", {"entity": "VIX", "op": ">", "value": inf}, {"value"}),
        ("macro", {"entity": "VIX", "op": ">", "value": 1, "window_days": 1.5}, {"window_days"}),
        ("metric", {"metric": "password_hash", "op": ">", "value": 1}, {"metric"}),
        ("rating", {"symbol": " ", "metric": "moat_strength", "op": "<", "value": 11}, {"symbol", "value"}),
        ("dar_breach", {"threshold": 0.04}, {"threshold"}),
        ("dar_breach", {"threshold": 0.51}, {"threshold"}),
        ("drawdown_limit", {"threshold": 0.2, "depth": 3}, {"depth"}),
        ("regime_shift", {"confidence": 0.79, "distance": 5}, {"confidence", "distance"}),
        ("volatility_spike", {"ratio": 2.1}, {"ratio"}),
    ],
)
def test_what_is_wrong_is_named(kind, given, wrong):
    with pytest.raises(Invalid) as caught:
        checked_condition(kind, given)
    assert {one["field"] for one in caught.value.details["problems"]} == wrong


def test_an_unknown_kind_is_refused():
    with pytest.raises(Invalid, match="There is no kind of alert 'sunshine'"):
        checked_condition("sunshine", {})
