"""Removing any source, key or table of data touches only the panels that need it, each says why, and nothing is invented in its place.

The table below says which panels need which part. Each part is taken away by itself, in a transaction that is rolled back, and the patterns
it concerns are run again; and every pattern is run once without all the parts it is not said to need.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest

from dawsos.kernel.errors import DawsosError
from dawsos.patterns.answer import PatternResult
from dawsos.patterns.values import json_bytes
from tests.support.answers import SAID, Answers, Asking, asking
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone
from tests.support.removing import without

#: Everything computed is kept in these, and made again when it is gone.
KEPT: Final = (
    "derived_results", "portfolio_daily_values", "portfolio_metrics", "portfolio_cash_flows", "portfolio_nav_series",
    "currency_attribution", "factor_exposures", "position_factor_betas", "scenario_results", "dar_history", "holdings",
)  # fmt: skip
JUDGED: Final = ("regime_history", "cycle_phases")
SOURCES: Final = frozenset({"FMP", "POLYGON", "FRED", "NEWSAPI"})
NOT_VALUED: Final = "Nothing that is held has a value in pricing pack PP_2022-12-28"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something that can be missing: ``rows`` removed as anybody would, ``kept`` by force, ``sources`` without their key, or all of them ``silent``.

    ``panels`` are those that need it, by pattern, and ``says`` what one of the reasons or warnings of each must contain; ``fails`` are
    patterns that are about nothing else, with what their error says and what it tells to do. ``zeros`` are figures that are rightly zero without it.
    """

    rows: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    silent: bool = False
    panels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fails: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    zeros: frozenset[str] = frozenset()


def _each(says: str, *panels: str) -> dict[str, str]:
    return dict.fromkeys(panels, says)


_UNVALUED: Final = {
    **dict.fromkeys(
        ("cycle_deleveraging_scenarios", "portfolio_cycle_risk", "portfolio_scenario_analysis", "tax_harvesting_opportunities"),
        (NOT_VALUED, "build the pack anew"),
    ),
    "policy_rebalance": ("Nothing with a price is held", "choose a later pack"),
}


def _of_value(what: str, day: str, **of_holding: str) -> dict[str, dict[str, str]]:
    """The panels that rest on what the holdings are worth; ``what`` is said of today, ``day`` of the days before."""
    return {
        "portfolio_overview": {
            **_each(what, "performance_strip", "holdings", "allocation"),
            "sector_allocation": "none of the securities held has a value in the pricing pack",
            **_each(day, "historical_nav", "currency_attribution"),
        },
        "holding_deep_dive": {
            **_each(what, "position_summary", "lots"),
            **_each(day, "performance", "contribution_waterfall", "contribution", "risk_analysis"),
            "comparables": "it is not held, or has no value",
            **of_holding,
        },
        "macro_trend_monitor": {
            "factor_trends": NOT_VALUED,
            **_each("factor_history is unavailable", "trend_summary", "shifts", "alert_suggestions"),
        },
        "news_impact_analysis": _each("No holding has a value", "impact_summary", "news_items", "entity_mentions"),
        "portfolio_macro_overview": _each(NOT_VALUED, "factor_exposures", "dar_widget"),
        "portfolio_tax_report": _each("no price or rate in the pack", "tax_lots"),
        "export_portfolio_report": _each(what, "report_status", "attributions"),
    }


_ASSUMED: Final = "The history of the factors is not known"
_PARTS: Final[Mapping[str, Part]] = {
    "key of NewsAPI.org": Part(
        sources=frozenset({"NEWSAPI"}),
        panels={
            "news_impact_analysis": _each(
                "NewsAPI.org is not configured. Set DAWSOS_NEWS_API_KEY.", "impact_summary", "news_items", "entity_mentions"
            )
        },
    ),
    "answers of every source": Part(
        silent=True,
        panels={"news_impact_analysis": _each("NewsAPI.org gave no answer: it refused (status 500)", "impact_summary", "news_items", "entity_mentions")},
    ),
    "keys of the other sources": Part(sources=SOURCES - {"NEWSAPI"}),
    "published series": Part(
        rows=("macro_indicators",),
        kept=KEPT,
        panels={
            "macro_cycles_overview": {
                "overview": "phases of the debt cycles: needs 2, has 0",
                **{name: f"phases of {name.upper()} that can be judged" for name in ("stdc", "ltdc", "empire")},
            },
            "macro_trend_monitor": {
                **_each("fewer than two days could be judged", "trend_summary"),
                "regime_trend": "no day could be judged: indicators of EARLY_EXPANSION",
                "factor_trends": "",
                **_each("the phase could be judged on fewer than two days", "shifts", "alert_suggestions"),
            },
            "portfolio_macro_overview": {
                "regime_card": "indicators of EARLY_EXPANSION",
                "indicators": "nothing was known by 2022-12-28",
                "factor_exposures": "the betas are assumed",
                "dar_widget": "Betas and covariances are assumed",
            },
            "portfolio_cycle_risk": {
                **_each("phases of STDC that can be judged", "risk_summary", "amplified_factors"),
                "risk_map": _ASSUMED,
                "factor_exposures": "the betas are assumed",
                "dar": _ASSUMED,
            },
            "portfolio_scenario_analysis": _each(_ASSUMED, "causes", "delta_table", "winners_losers", "scenario_summary"),
            "cycle_deleveraging_scenarios": _each(_ASSUMED, "scenario_comparison", "scenario_details", "hedge_suggestions"),
            "holding_deep_dive": {"performance": "a risk-free rate"},
            "portfolio_overview": {"performance_strip": "a risk-free rate"},
            "export_portfolio_report": _each("", "report_status", "attributions"),  # fewer figures, and of fewer sources
        },
        #: No position loses under the assumed betas; what the factors leave of the portfolio's own variance is nothing.
        zeros=frozenset({"Greatest loss of a position", "Own risk"}),
    ),
    "rubrics": Part(
        rows=("rating_rubrics",),
        panels={
            "buffett_checklist": {
                **_each("There is no rubric of type", "quality", "moat", "dividend", "resilience"),
                "explanation": "is unavailable: There is no rubric of type MOAT in use.",
            },
            "policy_rebalance": _each("nothing held is rated", "proposal_summary", "impact_analysis", "household_impact"),
        },
    ),
    "statements of companies": Part(
        rows=("fundamentals_snapshots",),
        panels={
            "buffett_checklist": {
                "quality_scorecard": "there are no statements",
                **_each("only 0% of the criteria can be judged", "quality", "moat", "dividend", "resilience"),
                "explanation": "",
            },
            "holding_deep_dive": {"fundamentals": "no annual statement was known"},
            "policy_rebalance": _each("nothing held is rated", "proposal_summary", "impact_analysis", "household_impact"),
        },
        zeros=frozenset({"Judged"}),
    ),
    "prices": Part(
        kept=(*KEPT, "prices"),
        panels={
            **_of_value("AAPL has no price in the pack of 2022-12-28", "AAPL has no price", fundamentals="the pricing pack has no price of it"),
            "buffett_checklist": {"explanation": ""},  # no dividend yield to speak of
        },
        #: Of the first two days, before anything was bought.
        zeros=frozenset({"Interaction", "Portfolio"}),
        fails=_UNVALUED,
    ),
    "exchange rates": Part(
        kept=(*KEPT, "fx_rates"),
        panels=_of_value("There is no exchange rate from USD to CAD", "the portfolio has no valued day up to this date"),
        fails=_UNVALUED,
    ),
    "kept results": Part(kept=(*KEPT, *JUDGED)),
    "tables no page shows": Part(
        kept=(
            "price_observations", "rate_observations", "price_checks", "scenario_shocks", "scenario_definitions", "rebalance_suggestions",
            "alerts", "notifications", "reconciliation_results", "broker_statements", "period_locks", "late_entries", "source_fetches",
            "symbol_overrides", "import_batches", "ledger_transactions", "ledger_snapshots", "job_runs", "dlq", "audit_log",
        )
    ),
}  # fmt: skip


def _figures(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value shown, under the labels that lead to it."""
    if isinstance(tree, dict):
        if isinstance(tree.get("label"), str):
            path = (*path, tree["label"])
        shown = {
            name: one for name, one in tree.items() if name not in {"columns", "reasons", "units", "currencies", "reason", "threshold"}
        }
        for name, one in shown.items():
            yield from _figures(one, (*path, name))
    elif isinstance(tree, list):
        for place, one in enumerate(tree):
            values = one.get("values") if isinstance(one, dict) else None
            title = "|".join(str(value) for value in values.values() if isinstance(value, str)) if isinstance(values, dict) else str(place)
            yield from _figures(one, (*path, title))
    else:
        yield path, tree


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _invented(before: Any, after: Any) -> list[tuple[str, ...]]:
    """Figures that were null and are numbers now, or were another number and are zero."""
    known = dict(_figures(before))
    found = []
    for path, value in _figures(after):
        number, was = _number(value), known.get(path, "")
        if number is not None and (was is None or (number == 0.0 and _number(was) not in {None, 0.0})):
            found.append(path)
    return found


def _content(panel: Any) -> bytes:
    return json_bytes({name: panel[name] for name in ("status", "reason", "data")})


def _told(answer: PatternResult, panel: Any) -> str:
    return " ".join([panel["reason"] or "", *panel["provenance"]["warnings"], *answer.warnings, json_bytes(panel["data"]).decode()])


async def _asked(asked: Asking, clone: DatabaseClone, pattern: str, *parts: Part) -> PatternResult:
    missing = frozenset[str]().union(*(part.sources for part in parts))
    said: Mapping[str, Any] = {} if any(part.silent for part in parts) else SAID
    context = await asked.context(configured=SOURCES - missing, said=said)
    rows = [name for part in parts for name in part.rows]
    kept = dict.fromkeys(name for part in parts for name in part.kept)
    async with without(clone, rows=rows, kept=kept) as remainder:
        return await asked.pattern(pattern, replace(context, database=remainder))


def _faults(answer: PatternResult, before: PatternResult, part: Part, needing: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the panels of a pattern without a part of which ``needing`` says which need it."""
    known = {panel.id: panel.plain() for panel in before.panels}
    assert set(needing) <= set(known)
    for panel in (one.plain() for one in answer.panels):
        was, name = known[panel["id"]], panel["id"]
        changed = _content(panel) != _content(was)
        if changed != (name in needing):
            yield f"{name}: {'changed, and is not said to need it' if changed else 'did not change'}"
        elif changed:
            if needing[name] not in (told := _told(answer, panel)):
                yield f"{name}: does not say '{needing[name]}' but {told[:300]}"
            yield from (f"{name}: {path} is invented" for path in _invented(was["data"], panel["data"]) if part.zeros.isdisjoint(path))


@pytest.mark.parametrize("name", sorted(name for name, part in _PARTS.items() if part.panels))
async def test_a_missing_part_touches_only_the_panels_that_need_it_and_they_say_so(
    answers: Answers, demo: Demo, shared_demo_clone: DatabaseClone, name: str
) -> None:
    part, asked = _PARTS[name], await asking(demo)
    faults = []
    for pattern, needing in part.panels.items():
        answer = await _asked(asked, shared_demo_clone, pattern, part)
        faults += [f"{pattern}.{fault}" for fault in _faults(answer, answers.patterns[pattern][1], part, needing)]
    for pattern, (says, remedy) in part.fails.items():
        with pytest.raises(DawsosError) as failed:
            await _asked(asked, shared_demo_clone, pattern, part)
        if says not in failed.value.message or remedy not in failed.value.remedy:
            faults.append(f"{pattern} fails with '{failed.value}'")
    assert faults == []


async def test_a_pattern_needs_nothing_else(answers: Answers, demo: Demo, shared_demo_clone: DatabaseClone) -> None:
    asked, faults = await asking(demo), []
    for pattern in demo.application.patterns:
        unneeded = [part for part in _PARTS.values() if pattern not in part.panels and pattern not in part.fails]
        answer = await _asked(asked, shared_demo_clone, pattern, *unneeded)
        faults += [f"{pattern}.{fault}" for fault in _faults(answer, answers.patterns[pattern][1], Part(), {})]
    assert faults == []


async def test_without_corporate_actions_their_page_says_that_none_are_known(demo: Demo, shared_demo_clone: DatabaseClone) -> None:
    asked = await asking(demo)
    context = await asked.context("Income")
    whole = {panel.id: panel.plain() for panel in (await asked.pattern("corporate_actions_upcoming", context)).panels}
    async with without(shared_demo_clone, kept=["corporate_actions"]) as remainder:
        answer = await asked.pattern("corporate_actions_upcoming", replace(context, database=remainder))
    changed = {panel["id"]: panel for panel in (one.plain() for one in answer.panels) if _content(panel) != _content(whole[panel["id"]])}
    assert whole["dividends"]["status"] == "ok"
    assert "dividends" in changed
    assert {(panel["status"], bool(panel["reason"])) for panel in changed.values()} == {("empty", True)}
