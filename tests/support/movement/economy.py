"""The economy: indicators, regimes, cycles, what has shifted, and the charts and alerts made of them."""

from collections.abc import Mapping
from typing import Any, Final

from tests.support.movement.asks import OTHER_DATA, Ask, Asker, Row, said

#: A crisis, a boom whose windows of history are full, and a year in which many series were young.
_DAYS: Final = {
    "base": Ask(),
    "a crisis": said({"asof_date": "2009-04-15"}),
    "long ago": said({"asof_date": "1983-06-30"}),
    "before most series": said({"asof_date": "1951-06-30"}),
    "other series and levels": Ask(data=OTHER_DATA),
}
_PHASES: Final = ("early_expansion", "mid_expansion", "late_expansion", "early_contraction", "deep_contraction")
_BETAS: Final = ("real_rates", "inflation", "credit", "fx", "equity")


def _looks(*probabilities: tuple[float, ...], betas: tuple[tuple[float, ...], ...]) -> Ask:
    days = [f"2022-10-{10 + 7 * place:02}" for place in range(len(probabilities))]
    regimes = [_PHASES[look.index(max(look))].upper() for look in probabilities]
    history = {f"{phase}_probs": [look[place] for look in probabilities] for place, phase in enumerate(_PHASES)}
    exposures = {f"{factor}_betas": [look[place] for look in betas] for place, factor in enumerate(_BETAS)}
    return said({
        "regime_history": {"dates": days, "regimes": regimes, **history, "reasons": {}},
        "factor_history": {"dates": days, **exposures, "reasons": {}},
    })  # fmt: skip


def _trends(betas: Mapping[str, tuple[float, float]], chance: tuple[float, float]) -> Ask:
    factors = [
        {"factor": name, "label": name, "beta": beta, "wow_change": change, "trend": "falling"} for name, (beta, change) in betas.items()
    ]
    phase = {"phase": "LATE_EXPANSION", "label": "Late expansion", "probability": chance[0], "wow_change": chance[1], "trend": "rising"}
    shifts = [{"kind": "regime", "name": "LATE_EXPANSION", "label": "Late expansion"}]
    shifts += [{"kind": "factor", "name": name, "label": name} for name in betas]
    trends = {"shifts": shifts, "phases": [phase], "factors": factors, "regime_changed": False, "regime": "LATE_EXPANSION", "reasons": {}}
    return said({"trend_analysis": trends})


async def judged(ask: Asker) -> Mapping[str, Any]:
    """The economy of the pack's day as it was judged, for a chart."""
    regime, indicators = await ask("macro.detect_regime", asof_date=None), await ask("macro.get_indicators", asof_date=None)
    exposures, dar = await ask("risk.compute_factor_exposures"), await ask("macro.compute_dar")
    scores = [{name: one[name] for name in ("label", "probability")} for one in regime["regime_scores"]]
    shown = {
        code: {"label": one["label"], "zscore": one["zscore"], "reasons": one["reasons"]} for code, one in indicators["indicators"].items()
    }
    return {
        "regime": {"regime_scores": scores, **{name: regime[name] for name in ("regime_label", "confidence", "reasons")}},
        "indicators": {"indicators": shown},
        "factor_exposures": {"exposures": [{name: one[name] for name in ("label", "beta")} for one in exposures["exposures"]]},
        "dar": {
            "dar_pct": dar["dar_pct"],
            "contributions": [{name: one[name] for name in ("label", "dar_pct")} for one in dar["contributions"]],
            "reasons": dar["reasons"],
        },
    }


def _cycles(*standings: tuple[str, int, float]) -> Ask:
    names = ("stdc", "ltdc", "empire", "civil")
    return said({
        name: {
            "cycle_type": name.upper(), "phase": phase, "phase_label": phase, "phase_number": number, "date": "2022-10-31",
            "confidence": confidence, "reasons": {},
        }
        for name, (phase, number, confidence) in zip(names, standings, strict=True)
    })  # fmt: skip


_OTHER_DAY: Final = {"levels of another day": Ask(data=OTHER_DATA, body={"asof_date": "2015-06-30"})}
_FULL: Final = "its window of history is full on all of these days"
_STATED: Final = "the short-term debt cycle rests on nothing that is entered"


def _full(cycle: str, *indicators: str) -> dict[str, str]:
    return {f"{cycle}.indicators[{name}].observations": _FULL for name in indicators}


ROWS: Final[Mapping[str, Row]] = {
    "alerts.suggest_presets": Row(
        {
            "base": _trends({"real_rates": (-4.0, -0.3), "fx": (0.4, 0.1)}, (0.7, 0.2)),
            "other trends": _trends({"real_rates": (-3.0, -0.4), "fx": (0.5, 0.2)}, (0.6, 0.3)),
        },
        {
            ".suggestions[].alert_payload.condition.window_days": "a change is looked at over a week",
            ".suggestions[].alert_payload.condition.lookback_hours": "the condition of alerts on news, which trends suggest none of",
            ".suggestions[].alert_payload.condition.confidence": "how sure a regime must be to count as changed is a constant",
            ".suggestions[].alert_payload.condition.distance": "a change of regime is one phase or more",
            ".suggestions[].alert_payload.condition.ratio": "how far above usual a volatility stands out is a constant",
        },
    ),
    "charts.macro_overview": Row(
        {"base": Ask(body=judged), "other holdings": Ask(portfolio="Income", body=judged)},
        {".charts[].zones[].*": "the zones of the gauge: green to 10 %, orange to 20 %, red to the end of the scale"},
    ),
    "cycles.aggregate_overview": Row({
        "base": _cycles(("LATE_EXPANSION", 3, 0.6), ("TOP", 3, 0.5), ("DECLINE", 3, 0.4), ("CRISIS", 4, 0.7)),
        "other phases": _cycles(("DEEP_RECESSION", 5, 0.8), ("DEPRESSION", 5, 0.7), ("RISE", 1, 0.6), ("HARMONY", 1, 0.9)),
    }),
    "cycles.compute_civil": Row({"base": Ask(), "levels": Ask(data=OTHER_DATA), **_OTHER_DAY}),
    "cycles.compute_empire": Row(_DAYS | _OTHER_DAY),
    "cycles.compute_long_term": Row(_DAYS | _OTHER_DAY),
    "cycles.compute_short_term": Row(_DAYS, {".stated[].value": _STATED, **_full("", "gdp_growth", "payroll_growth", "production_growth")}),
    "macro.compute_cycles": Row(_DAYS | _OTHER_DAY, {".stdc.stated[].value": _STATED, **_full(".stdc", "gdp_growth", "payroll_growth", "production_growth")}),
    "macro.detect_regime": Row(
        {**_DAYS, "long ago too": said({"asof_date": "1958-06-30"})}, _full("", "INDPRO_GROWTH", "PAYROLL_GROWTH")
    ).following(a_crisis=(".confidence", ".margin", ".regime_scores[*].*", ".indicators[*].value", ".quadrant_scores[*].probability")),
    "macro.detect_trend_shifts": Row({
        "base": _looks((0.05, 0.5, 0.4, 0.04, 0.01), (0.07, 0.2, 0.7, 0.02, 0.01), betas=((-4.0, 3.0, -2.5, 0.4, 0.9), (-4.4, 3.2, -2.2, 0.5, 0.8))),
        "other histories": _looks((0.1, 0.6, 0.2, 0.05, 0.05), (0.0, 0.1, 0.3, 0.5, 0.1), betas=((-3.0, 2.0, -1.5, 0.3, 0.8), (-3.5, 2.6, -1.0, 0.1, 0.4))),
    }),
    "macro.get_indicators": Row(_DAYS),
    "macro.get_regime_history": Row({name: ask for name, ask in _DAYS.items() if ask.data != OTHER_DATA}),
}  # fmt: skip
