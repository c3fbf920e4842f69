"""Hedges sized against a scenario's loss, never in the direction of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid

Side = Literal["buy", "sell_short"]
OptionKind = Literal["put", "call"]
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedHedge:
    """One instrument against one scenario, amounts in the unit of the loss.

    ``notional`` > 0 is what to hold on ``side`` (for options: the value of the underlying covered); ``scenario_pl`` > 0 is what it earns
    in the scenario; ``effectiveness`` = scenario_pl / loss; ``cost`` is paid whether or not the scenario comes, ``cost_bps`` of notional.
    """

    instrument: str
    side: Side
    notional: float
    scenario_pl: float
    effectiveness: float
    cost: float
    cost_bps: float


def scenario_return(exposures: Mapping[str, float], shocks: Mapping[str, float]) -> float:
    """Σ exposure × shock over the factors both name: an instrument's own return in a scenario (linear, fractions)."""
    return sum(exposure * shocks[factor] for factor, exposure in exposures.items() if factor in shocks)


def size_linear_hedge(
    instrument: str, *, loss: float, ratio: float, hedge_return: float, carry: float = 0.0, may_short: bool = True
) -> SizedHedge | NotComputable:
    """Hold |loss|·ratio / |hedge return| of an instrument on the side that gains: bought when it rises in the scenario, sold when it falls.

    ``loss`` is the portfolio's scenario P&L, negative; ``ratio`` the part of it to cover, above 0. ``carry`` is what holding the notional
    costs per year as a fraction. :class:`NotComputable` when the instrument does not move in the scenario (less than one basis point),
    when there is no loss, and when it would have to be sold short and may not.
    """
    if ratio <= 0.0:
        raise Invalid(f"A hedge ratio of {ratio:g} covers nothing.", remedy="Give the share of the loss to cover, such as 0.5.")
    if loss >= 0.0:
        return NotComputable("the scenario brings no loss to hedge")
    if abs(hedge_return) < 1e-4:
        return NotComputable(f"{instrument} does not move in this scenario")
    side: Side = "buy" if hedge_return > 0.0 else "sell_short"
    if side == "sell_short" and not may_short:
        return NotComputable(f"{instrument} falls in this scenario and may not be sold short")
    notional = -loss * ratio / abs(hedge_return)
    return SizedHedge(
        instrument=instrument,
        side=side,
        notional=notional,
        scenario_pl=notional * abs(hedge_return),
        effectiveness=notional * abs(hedge_return) / -loss,
        cost=notional * abs(carry),
        cost_bps=1e4 * abs(carry),
    )


def option_value(kind: OptionKind, *, spot: float, strike: float, volatility: float, years: float, rate: float = 0.0) -> float:
    """Black–Scholes value of a European option on an underlying without yield; its intrinsic value at or after expiry.

    Source: Black and Scholes (1973). All inputs per year; ``spot``, ``strike`` > 0.
    """
    if spot <= 0.0 or strike <= 0.0:
        raise Invalid("An option needs positive spot and strike.", remedy="Give prices above 0.")
    sign = 1.0 if kind == "call" else -1.0
    if years <= 0.0 or volatility <= 0.0:
        return max(sign * (spot - strike * float(np.exp(-rate * max(years, 0.0)))), 0.0)
    spread = volatility * years**0.5
    d1 = (float(np.log(spot / strike)) + (rate + 0.5 * volatility**2) * years) / spread
    forward = strike * float(np.exp(-rate * years))
    return sign * (spot * _NORMAL.cdf(sign * d1) - forward * _NORMAL.cdf(sign * (d1 - spread)))


def size_option_hedge(
    instrument: str,
    kind: OptionKind,
    *,
    loss: float,
    ratio: float,
    underlying_return: float,
    volatility: float,
    shocked_volatility: float | None = None,
    moneyness: float = 1.0,
    years: float = 1.0 / 6.0,
    rate: float = 0.0,
) -> SizedHedge | NotComputable:
    """Options bought on so much of the underlying that their gain in the scenario covers |loss|·ratio.

    The scenario comes at once: the gain per unit of underlying is V(1 + return, shocked volatility) − V(1, volatility) with strike
    ``moneyness`` × spot. The cost is the premium V(1, volatility). :class:`NotComputable` when the option does not gain: a put where
    the underlying rises, a call where it falls.
    """
    if ratio <= 0.0:
        raise Invalid(f"A hedge ratio of {ratio:g} covers nothing.", remedy="Give the share of the loss to cover, such as 0.5.")
    if loss >= 0.0:
        return NotComputable("the scenario brings no loss to hedge")
    premium = option_value(kind, spot=1.0, strike=moneyness, volatility=volatility, years=years, rate=rate)
    after = option_value(
        kind,
        spot=max(1.0 + underlying_return, 1e-9),
        strike=moneyness,
        volatility=volatility if shocked_volatility is None else shocked_volatility,
        years=years,
        rate=rate,
    )
    gain = after - premium
    if gain < 1e-4:
        return NotComputable(f"a {kind} on {instrument} gains nothing in this scenario")
    notional = -loss * ratio / gain
    return SizedHedge(
        instrument=f"{instrument} {kind}s",
        side="buy",
        notional=notional,
        scenario_pl=notional * gain,
        effectiveness=notional * gain / -loss,
        cost=notional * premium,
        cost_bps=1e4 * premium,
    )
