"""A scenario as a chart: from the value before to the value after, cause by cause, and position by position."""

from decimal import Decimal
from typing import Annotated

from dawsos.kernel.errors import Invalid
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Money
from dawsos.services.context import RequestContext


class ValuedBefore(Contract):
    """What the portfolio is worth before."""

    nav: Annotated[Decimal | None, Money("currency")]
    currency: str
    reasons: dict[str, str]


class Cause(Contract):
    """The part of the profit or loss one cause makes."""

    label: str
    delta_value: Annotated[Decimal, Money("currency")]


class Delta(Contract):
    """What the scenario does to one position."""

    symbol: str
    base_value: Annotated[Decimal, Money("currency")]
    shocked_value: Annotated[Decimal, Money("currency")]
    delta_value: Annotated[Decimal, Money("currency")]


class Shocked(Contract):
    """The part of a scenario's result that is drawn."""

    currency: str
    pre_nav: Annotated[Decimal, Money("currency")]
    post_nav: Annotated[Decimal, Money("currency")]
    position_deltas: tuple[Delta, ...]
    factor_contributions: tuple[Cause, ...]


class DeltasRequest(Contract):
    """The portfolio before, and the scenario's result; both of the same prices."""

    base: ValuedBefore
    shocked: Shocked


class Step(Contract):
    """A step of the waterfall; the causes lead from the first to the last."""

    label: str
    amount: Annotated[Decimal, Money("currency")]


class Bar(Contract):
    """A position's gain or loss, and the part of the value before it makes up."""

    symbol: str
    delta_value: Annotated[Decimal, Money("currency")]
    share_of_nav: Annotated[float | None, Fraction]


class ScenarioCharts(Contract):
    """``waterfall``: value before, each cause, and what is left; ``bars``: positions from the greatest loss to the greatest gain."""

    waterfall: tuple[Step, ...]
    bars: tuple[Bar, ...]
    currency: str
    reasons: dict[str, str]


@capability(
    name="charts.scenario_deltas",
    rights=("portfolio_read",),
    ttl=0,
    repeatable=True,
    example={
        "base": {"nav": "1000.00", "currency": "CAD", "reasons": {}},
        "shocked": {
            "currency": "CAD",
            "pre_nav": "1000.00",
            "post_nav": "900.00",
            "position_deltas": [{"symbol": "AAPL", "base_value": "1000.00", "shocked_value": "900.00", "delta_value": "-100.00"}],
            "factor_contributions": [{"label": "Equities", "delta_value": "-100.00"}],
        },
    },
)
async def charts_scenario_deltas(context: RequestContext, request: DeltasRequest) -> ScenarioCharts:
    """The steps from the value before to the value after, and the gain or loss of each position."""
    given = request.shocked
    if request.base.nav is not None and request.base.nav != given.pre_nav:
        raise Invalid(
            f"The portfolio is worth {request.base.nav}, and the scenario starts from {given.pre_nav}.",
            remedy="Give a valuation and a result of the same pricing pack.",
        )
    context.provenance.note(method_version="charts/1", origin="computed")
    steps = [Step(label=one.label, amount=one.delta_value) for one in given.factor_contributions if one.delta_value]
    nothing = "the portfolio is worth nothing"
    return ScenarioCharts(
        waterfall=(
            Step(label="Before", amount=given.pre_nav),
            *steps,
        ),
        bars=tuple(
            Bar(
                symbol=one.symbol,
                delta_value=one.delta_value,
                share_of_nav=float(one.delta_value / given.pre_nav) if given.pre_nav > 0 else None,
            )
            for one in sorted(given.position_deltas, key=lambda one: (one.delta_value, one.symbol))
            if one.delta_value
        ),
        currency=given.currency,
        reasons={} if given.pre_nav > 0 else {"bars": nothing},
    )
