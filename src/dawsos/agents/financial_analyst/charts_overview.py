"""The overview of a portfolio as charts: allocation, currency attribution, performance, and the largest holdings."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction
from dawsos.services.context import RequestContext

#: So many holdings are drawn as bars; the others are in the allocation.
LARGEST: Final = 10
_WINDOWS: Final = {"twr_mtd": "Month to date", "twr_ytd": "Year to date", "twr_1y": "1 year"}
_PARTS: Final = {"local_return": "Local", "fx_return": "FX", "interaction_return": "Interaction"}


class WeighedPosition(Contract):
    """A position and its share of the portfolio."""

    symbol: str
    weight: Annotated[float | None, Fraction]
    reasons: dict[str, str]


class WeighedPositions(Contract):
    """Positions as ``pricing.apply_pack`` gives them."""

    positions: tuple[WeighedPosition, ...]


class WindowReturns(Contract):
    """Returns as ``metrics.compute_twr`` gives them."""

    twr_mtd: Annotated[float | None, Fraction]
    twr_ytd: Annotated[float | None, Fraction]
    twr_1y: Annotated[float | None, Fraction]
    reasons: dict[str, str]


class CurrencyParts(Contract):
    """Parts of the return as ``attribution.currency`` gives them."""

    local_return: Annotated[float | None, Fraction]
    fx_return: Annotated[float | None, Fraction]
    interaction_return: Annotated[float | None, Fraction]
    reasons: dict[str, str]


class ChartsRequest(Contract):
    """Everything the charts are made of."""

    valued_positions: WeighedPositions
    perf_metrics: WindowReturns
    currency_attr: CurrencyParts


class OverviewChart(Contract):
    """Labels and a fraction each; what has no value is not drawn and has its reason under its label."""

    id: str
    title: str
    kind: Literal["pie_chart", "donut_chart", "bar_chart", "horizontal_bars"]
    labels: tuple[str, ...]
    values: Annotated[tuple[float, ...], Fraction]
    reasons: dict[str, str]


class OverviewCharts(Contract):
    """Allocation, currency attribution, performance and largest holdings, in this order."""

    charts: tuple[OverviewChart, ...]


@capability(
    name="charts.overview",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={
        "valued_positions": {
            "positions": [{"symbol": "AAPL", "weight": 0.6, "reasons": {}}, {"symbol": "CAD", "weight": 0.4, "reasons": {}}]
        },
        "perf_metrics": {"twr_mtd": 0.01, "twr_ytd": 0.05, "twr_1y": 0.07, "reasons": {}},
        "currency_attr": {"local_return": 0.05, "fx_return": 0.02, "interaction_return": 0.001, "reasons": {}},
    },
)
async def charts_overview(context: RequestContext, request: ChartsRequest) -> OverviewCharts:
    """Allocation as a pie, currency attribution as a donut, performance as bars, and the largest holdings as horizontal bars."""
    context.provenance.note(method_version="charts/1", origin="computed")
    weighed = [(one.symbol, one.weight, one.reasons.get("weight")) for one in request.valued_positions.positions]
    largest = sorted((one for one in weighed if one[1] is not None), key=lambda one: (-(one[1] or 0.0), one[0]))[:LARGEST]
    returns, parts = request.perf_metrics, request.currency_attr
    return OverviewCharts(
        charts=(
            _chart("allocation", "Allocation", "pie_chart", weighed),
            _chart("currency_attribution", "Currency attribution", "donut_chart", _named(_PARTS, parts, parts.reasons)),
            _chart("performance", "Performance", "bar_chart", _named(_WINDOWS, returns, returns.reasons)),
            _chart("top_holdings", "Largest holdings", "horizontal_bars", largest),
        )
    )


Piece = tuple[str, float | None, str | None]


def _named(labels: dict[str, str], figures: Contract, reasons: dict[str, str]) -> list[Piece]:
    return [(label, getattr(figures, name), reasons.get(name)) for name, label in labels.items()]


def _chart(
    name: str, title: str, kind: Literal["pie_chart", "donut_chart", "bar_chart", "horizontal_bars"], pieces: Sequence[Piece]
) -> OverviewChart:
    known = [(label, value) for label, value, _ in pieces if value is not None]
    return OverviewChart(
        id=name,
        title=title,
        kind=kind,
        labels=tuple(label for label, _ in known),
        values=tuple(value for _, value in known),
        reasons={label: reason or "it is not known" for label, value, reason in pieces if value is None},
    )
