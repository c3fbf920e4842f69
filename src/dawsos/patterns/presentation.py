"""The panels of an answer: what each shows, how old its data is, and where that came from."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from dawsos.patterns.checker import Pattern
from dawsos.patterns.panels import PanelProvenance, PanelResult, PanelSpec
from dawsos.patterns.panels.filling import NOTHING, Filling
from dawsos.patterns.run import Outcome, Run
from dawsos.registry.provenance import Provenance


def _provenance(outcomes: list[tuple[Outcome, Provenance]]) -> PanelProvenance:
    return PanelProvenance(
        capabilities=tuple(dict.fromkeys(outcome.step.capability for outcome, _ in outcomes)),
        sources=tuple(sorted({source for _, one in outcomes for source in one.sources})),
        method_versions=tuple(sorted({one.method_version for _, one in outcomes if one.method_version})),
        warnings=tuple(dict.fromkeys(warning for _, one in outcomes for warning in one.warnings)),
    )


def _oldest(outcomes: Iterable[tuple[Outcome, Provenance]], otherwise: date | None) -> date | None:
    return min((one.asof for _, one in outcomes if one.asof is not None), default=otherwise)


def _is_stale(asof: date | None, today: date | None, allowed: int) -> bool:
    return asof is not None and today is not None and asof < today - timedelta(days=allowed)


def _data(panel: PanelSpec, run: Run, read: frozenset[str]) -> dict[str, Any]:
    missing = run.values.missing
    if read and all(name in missing for name in read):
        reasons = dict.fromkeys(missing[name] for name in run.pattern.needs if name in read)
        return {"data": None, "status": "unavailable", "reason": f"unavailable: {'; '.join(reasons)}", "actions": ()}
    filling = Filling(run.pattern.scope, run.values, panel.currency, panel=panel.id, empty=panel.empty or NOTHING)
    data = panel.fill(filling)
    return {"data": data, "status": filling.status, "reason": filling.reason, "actions": panel.fill_actions(filling)}


def show(panel: PanelSpec, pattern: Pattern, run: Run) -> PanelResult:
    """The panel with its data. It is unavailable, with the reason, when no step it reads delivered."""
    read = pattern.panel_steps([reference for _, reference in panel.references()])
    behind = pattern.sources_of(read)
    outcomes = [(one, one.provenance) for name, one in run.outcomes.items() if name in behind and one.provenance is not None]
    today = run.context.asof_date
    asof = _oldest(outcomes, today)
    return panel.result.model_validate(
        {
            "id": panel.id,
            "title": panel.title,
            "description": panel.description,
            "type": getattr(panel, "type"),  # noqa: B009 (every kind has one, the head they share does not)
            "refresh_ttl": panel.refresh_ttl,
            "asof": asof,
            "stale": _is_stale(asof, today, panel.stale_after_days),
            "provenance": _provenance(outcomes),
            **_data(panel, run, read),
        }
    )
