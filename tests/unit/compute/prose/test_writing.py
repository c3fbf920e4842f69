"""Texts by rule: what each kind of result is told by, and that whatever is told is in the data."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.agents.claude.facts import plain_of, topics_of
from dawsos.compute.prose.grounding import supplied, ungrounded
from dawsos.compute.prose.showing import listed, shown, words
from dawsos.compute.prose.topics import Figure
from dawsos.compute.prose.writing import write


def written(data):
    text = write(topics_of(data))
    labels = [f" {words(name)} " for name in _names(data)]
    assert ungrounded(text.text, supplied(plain_of(data), labels)) == ()
    return text


def _names(value):
    if isinstance(value, dict):
        return [*value, *(name for item in value.values() for name in _names(item))]
    return [name for item in value for name in _names(item)] if isinstance(value, list) else []


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure("twr", 0.07123, "fraction"), "7.1%"), (Figure("x", -0.00123, "fraction"), "-0.12%"), (Figure("weight", 0.5), "50.0%"),
        (Figure("nav", D("897123.4"), "money", "CAD"), "CAD 897,123.40"), (Figure("n", 4.0, "number"), "4"), (Figure("n", 0.00042), "0.00042"),
        (Figure("n", 12.346, "number"), "12.35"), (Figure("b", 12.5, "basis_points"), "12.50 basis points"), (Figure("y", 3, "years"), "3 years"),
        (Figure("d", date(2022, 12, 28)), "2022-12-28"), (Figure("ok", value=True), "yes"), (Figure("gone", None), "not known"),
        (Figure("return_count", 12), "12"),
    ],
)  # fmt: skip
def test_a_figure_is_shown_as_everywhere(figure, text):
    assert shown(figure) == text


def test_lists_and_names_read_as_english():
    assert (listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])) == ("", "a", "a and b", "a, b and c")
    assert (words("max_drawdown"), words("twr_1y")) == ("max drawdown", "time-weighted return (1y)")


RATING = {
    "rating_type": "RESILIENCE", "status": "rated", "overall_score": 5.4, "risk_flag": "medium", "completeness": 1.0,
    "components": [{"name": "debt", "score": 3, "value": 2.37}, {"name": "coverage", "score": 10, "value": 40.75}], "missing": ["current_ratio"],
}  # fmt: skip


def test_a_rating_names_its_best_and_its_weakest_criterion():
    text = written({"resilience": RATING})
    assert text.findings == (
        "Resilience scores 5.40, with 100.0% of the criteria judged.",
        "Its best criterion is coverage with 10.",
        "Its weakest is debt with 3.",
    )
    assert text.risks == ("The risk seen in resilience is medium.",)
    assert text.gaps == ("Resilience does without current ratio, which is not known.",)


def test_what_is_not_rated_is_a_gap_with_its_reason():
    unrated = RATING | {"overall_score": None, "reasons": {"overall_score": "only 40% of the criteria can be judged"}}
    text = written({"resilience": unrated})
    assert (text.findings, text.gaps) == ((), ("Resilience is not rated: only 40% of the criteria can be judged.",))


def test_a_portfolio_is_told_by_its_largest_positions_and_losses():
    rows = [{"symbol": name, "weight": weight, "unrealized_pl": pl, "currency": "CAD"}
            for name, weight, pl in (("A", 0.1, "5"), ("B", 0.5, "-40.5"), ("C", 0.2, "-1"), ("D", 0.2, "3"))]  # fmt: skip
    text = written({"valued": {"nav": "1000", "cash": "100.5", "asof_date": "2022-12-28", "currency": "CAD", "coverage": 1.0, "positions": rows,
                               "unrealized_pl": "-33.5", "unrealized_pl_pct": -0.04}})  # fmt: skip
    assert text.findings == (
        "The portfolio is worth CAD 1,000.00 on 2022-12-28, of which CAD 100.50 is cash.",
        "Its largest positions are B (50.0%), C (20.0%) and D (20.0%).",
        "The unrealised result is CAD -33.50, or -4.0% of cost.",
    )
    assert text.risks == ("The largest unrealised losses are in B (CAD -40.50) and C (CAD -1.00).",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"twr": 0.0712, "volatility": 0.148, "sharpe_ratio": 0.55, "max_drawdown": -0.231},
         ("The window shows a time-weighted return of 7.1%, a volatility of 14.8% and a Sharpe ratio of 0.55.\n\n"
          "The deepest fall from a peak was -23.1%.")),
        ({"local_return": 0.05, "fx_return": -0.02, "interaction_return": 0.001, "total_return": 0.031},
         ("Of a return of 3.1%, this came from local prices 5.0%, exchange rates -2.0% and both together 0.10%.\n\n"
          "Exchange rates took away from the return.")),
        ({"cycle_type": "STDC", "phase": "LATE", "phase_label": "Late expansion", "confidence": 0.61, "phases": [], "drivers": [{"indicator": "UNEMPLOYMENT"}]},
         "The cycle STDC stands in Late expansion, with a confidence of 61.0%. What counts most is unemployment."),
        ({"scenario_id": "rates_up", "scenario_name": "Rates rise", "total_delta_pl": "-1250.50", "return_delta": -0.05, "currency": "CAD",
          "losers": [{"symbol": "A", "delta_value": "-1300.00", "currency": "CAD"}], "winners": [],
          "factor_contributions": [{"label": "Real rates", "delta_value": "-1250.50", "currency": "CAD"}]},
         ("Rates rise would change the portfolio by CAD -1,250.50 and -5.0%. Most of the loss is in A (CAD -1,300.00). "
          "By cause it comes from Real rates (CAD -1,250.50).\n\nRates rise is a loss.")),
        ({"total_items": 4, "high_impact_count": 0, "news_with_impact": [], "overall_sentiment": "neutral"},
         "4 articles were looked through; the mood of those that matter is neutral. None of them matters to a holding."),
        ({"something": {"new": 3, "share": -0.25}, "rows": {"items": [{"name": "x", "score": 1.5}, {"name": "y", "score": 2.5}]}},
         "Something: new 3 and share -25.0%. Items: x (score 1.50) and y (score 2.50).\n\nShare is negative, at -25.0%."),
    ],
)  # fmt: skip
def test_every_kind_in_its_own_words_and_anything_else_by_its_labels(data, said):
    assert written(data).text == said


values = (
    st.none() | st.booleans() | st.integers(-(10**7), 10**7) | st.floats(-1e6, 1e6) | st.sampled_from(["12.50", "-3", "AAPL", "2022-12-28"])
)
names = st.sampled_from(["weight", "nav", "twr_1y", "total_pl", "currency", "symbol", "count", "overall_score", "components", "rating_type",
                         "scenario_id", "positions", "coverage", "reasons", "value", "regime", "drivers", "confidence"])  # fmt: skip
trees = st.recursive(values, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5), max_leaves=12)


@given(trees)
@settings(max_examples=25, deadline=None)
def test_whatever_the_data_is_its_text_states_nothing_else(data):
    written(data)
