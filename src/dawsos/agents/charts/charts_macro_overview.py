"""The economy and a portfolio's exposure to it as charts: probabilities, indicators, betas, and the drawdown at risk."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Number, UnitOf
from dawsos.services.context import RequestContext

#: So many indicators are drawn: those furthest from what is usual.
_MOST: Final = 8
#: Up to where the drawdown at risk is green, amber and red.
_ZONES: Final = (("green", 0.0, 0.10), ("amber", 0.10, 0.20), ("red", 0.20, 0.50))
_NOT_GIVEN: Final = "it was not given"

Kind = Literal["bars", "gauge", "waterfall"]


class PhaseChance(Contract):
    """A phase and its probability."""

    label: str
    probability: Annotated[float, Fraction]


class RegimeSeen(Contract):
    """The regime as ``macro.detect_regime`` gives it."""

    regime_label: str | None
    confidence: Annotated[float | None, Fraction]
    regime_scores: tuple[PhaseChance, ...]
    reasons: dict[str, str]


class IndicatorSeen(Contract):
    """An indicator and how far from usual it stands."""

    label: str
    zscore: Annotated[float | None, Number]
    reasons: dict[str, str]


class IndicatorsSeen(Contract):
    """The indicators as ``macro.get_indicators`` gives them."""

    indicators: dict[str, IndicatorSeen]


class ExposureSeen(Contract):
    """The beta to a factor."""

    label: str
    beta: Annotated[float, Number]


class ExposuresSeen(Contract):
    """The exposures as ``risk.compute_factor_exposures`` gives them."""

    exposures: tuple[ExposureSeen, ...]


class PartSeen(Contract):
    """A part of the drawdown at risk."""

    label: str
    dar_pct: Annotated[float, Fraction]


class DrawdownSeen(Contract):
    """The drawdown at risk as ``macro.compute_dar`` gives it."""

    dar_pct: Annotated[float | None, Fraction]
    contributions: tuple[PartSeen, ...]
    reasons: dict[str, str]


class MacroOverviewRequest(Contract):
    """What is drawn; what is not given is left out and said to be."""

    regime: RegimeSeen
    indicators: IndicatorsSeen | None = None
    factor_exposures: ExposuresSeen | None = None
    dar: DrawdownSeen | None = None


class Zone(Contract):
    """A stretch of a gauge's scale."""

    colour: str
    low: Annotated[float, Fraction]
    high: Annotated[float, Fraction]


class MacroChart(Contract):
    """Labels and a value each, in ``unit``; a gauge has one value, and zones. A waterfall ends in its total."""

    id: str
    title: str
    kind: Kind
    labels: tuple[str, ...]
    values: Annotated[tuple[float, ...], UnitOf("unit")]
    unit: str
    zones: tuple[Zone, ...]


class MacroCharts(Contract):
    """The charts that can be drawn; ``reasons`` say of the others why they cannot."""

    charts: tuple[MacroChart, ...]
    reasons: dict[str, str]


@capability(
    name="charts.macro_overview",
    rights=("macro_data_read",),
    ttl=3600,
    repeatable=True,
    example={
        "regime": {
            "regime_label": "Late expansion",
            "confidence": 0.62,
            "regime_scores": [{"label": "Mid expansion", "probability": 0.38}, {"label": "Late expansion", "probability": 0.62}],
            "reasons": {},
        },
        "dar": {"dar_pct": 0.12, "contributions": [{"label": "Equity", "dar_pct": 0.12}], "reasons": {}},
    },
)
async def charts_macro_overview(context: RequestContext, request: MacroOverviewRequest) -> MacroCharts:
    """Probability bars of the phases, z-scores of indicators, factor bars, and the drawdown at risk as gauge and waterfall."""
    context.provenance.note(method_version="charts/1", origin="computed")
    drawn = {
        "regime": _regime(request.regime),
        "indicators": None if request.indicators is None else _indicators(request.indicators),
        "factors": None if request.factor_exposures is None else _factors(request.factor_exposures),
        "dar_gauge": None if request.dar is None else _gauge(request.dar),
        "dar_waterfall": None if request.dar is None else _waterfall(request.dar),
    }
    given = {"indicators": request.indicators, "factors": request.factor_exposures, "dar_gauge": request.dar, "dar_waterfall": request.dar}
    reasons = {name: _NOT_GIVEN for name, what in given.items() if what is None}
    if drawn["regime"] is None:
        reasons["regime"] = request.regime.reasons.get("regime_label", "no phase could be judged")
    if request.dar is not None:
        why = request.dar.reasons.get("dar_pct", "the drawdown at risk is not known")
        reasons |= {name: why for name in ("dar_gauge", "dar_waterfall") if drawn[name] is None}
    reasons |= {name: "there is nothing to draw" for name, chart in drawn.items() if chart is None and name not in reasons}
    return MacroCharts(charts=tuple(chart for chart in drawn.values() if chart is not None), reasons=reasons)


def _bars(name: str, title: str, pairs: Sequence[tuple[str, float]], unit: str, kind: Kind = "bars") -> MacroChart | None:
    if not pairs:
        return None
    labels, values = zip(*pairs, strict=True)
    return MacroChart(id=name, title=title, kind=kind, labels=labels, values=values, unit=unit, zones=())


def _regime(regime: RegimeSeen) -> MacroChart | None:
    title = "Regime" if regime.regime_label is None else f"Regime: {regime.regime_label}"
    return _bars("regime", title, [(one.label, one.probability) for one in regime.regime_scores], "fraction")


def _indicators(seen: IndicatorsSeen) -> MacroChart | None:
    known = [(one.label, one.zscore) for one in seen.indicators.values() if one.zscore is not None]
    known.sort(key=lambda pair: (-abs(pair[1]), pair[0]))
    return _bars("indicators", "Indicators furthest from usual (z-scores)", known[:_MOST], "number")


def _factors(seen: ExposuresSeen) -> MacroChart | None:
    return _bars("factors", "Betas to the factors", [(one.label, one.beta) for one in seen.exposures], "number")


def _gauge(seen: DrawdownSeen) -> MacroChart | None:
    if seen.dar_pct is None:
        return None
    zones = tuple(Zone(colour=colour, low=low, high=high) for colour, low, high in _ZONES)
    labels, values = ("Drawdown at risk",), (seen.dar_pct,)
    return MacroChart(id="dar_gauge", title="Drawdown at risk", kind="gauge", labels=labels, values=values, unit="fraction", zones=zones)


def _waterfall(seen: DrawdownSeen) -> MacroChart | None:
    if seen.dar_pct is None or not seen.contributions:
        return None
    steps = [*((one.label, one.dar_pct) for one in seen.contributions), ("Total", seen.dar_pct)]
    return _bars("dar_waterfall", "Drawdown at risk by factor", steps, "fraction", "waterfall")
