"""What the owner's own money earned: the money-weighted return, and how the timing of each cash flow made it differ."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.returns.timing_bridge import TimingBridge, timing_bridge_window
from dawsos.kernel.money import round_money
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Money
from dawsos.services.context import RequestContext
from dawsos.services.history import daily_history
from dawsos.services.market_sources import note_market_sources

_FIGURES = ("mwr", "twr", "timing_effect", "is_annual", "days")


class MwrRequest(Contract):
    """Which portfolio, and over which window up to the pack's date."""

    portfolio_id: UUID
    pack_id: str | None = None
    window: Literal["1M", "3M", "6M", "MTD", "QTD", "YTD", "1Y", "3Y", "5Y", "ITD"] = "ITD"


class TimedFlow(Contract):
    """One cash flow of the owner (+ in, − out): ``gain`` is what it earned beyond the average return until the end, ``effect`` what that
    did to the return.
    """  # noqa: D205 - one thought

    date: date
    amount: Annotated[Decimal, Money("currency")]
    gain: Annotated[Decimal, Money("currency")]
    effect: Annotated[float, Fraction]


class MoneyWeightedReturn(Contract):
    """``twr + timing_effect = mwr``, and the effects of ``flows`` sum to ``timing_effect``; per year if ``is_annual``, else for the window.

    ``mwr`` is the internal rate (XIRR, Act/365) of the opening value, the flows and the closing value.
    """

    mwr: Annotated[float | None, Fraction]
    twr: Annotated[float | None, Fraction]
    timing_effect: Annotated[float | None, Fraction]
    is_annual: bool | None
    days: Annotated[int | None, Count]
    flows: tuple[TimedFlow, ...]
    window: str
    currency: str
    reasons: dict[str, str]


@capability(
    name="metrics.compute_mwr",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "window": "ITD"},
)
async def metrics_compute_mwr(context: RequestContext, request: MwrRequest) -> MoneyWeightedReturn:
    """The money-weighted return of a window, beside the time-weighted one, and the bridge between them by cash flow."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    series = (await daily_history(context, pins)).series.from_nothing()
    context.provenance.note(source="ledger", asof=pins.pack.date)
    await note_market_sources(context, pins)
    found = timing_bridge_window(
        series.days.astype("datetime64[D]"), series.units("nav"), series.units("net_external_flow"), request.window, pins.pack.date
    )
    facts = {"window": request.window, "currency": pins.portfolio.base_currency}
    if isinstance(found, NotComputable):
        return MoneyWeightedReturn(**dict.fromkeys(_FIGURES), flows=(), reasons=dict.fromkeys(_FIGURES, str(found)), **facts)
    return MoneyWeightedReturn(
        mwr=found.money_weighted,
        twr=found.time_weighted,
        timing_effect=found.timing,
        is_annual=found.is_annual,
        days=found.days,
        flows=_flows(found),
        reasons={},
        **facts,
    )


def _flows(found: TimingBridge) -> tuple[TimedFlow, ...]:
    return tuple(TimedFlow(date=step.date, amount=_money(step.flow), gain=_money(step.gain), effect=step.effect) for step in found.steps)


def _money(amount: float) -> Decimal:
    return round_money(Decimal(repr(amount)))
