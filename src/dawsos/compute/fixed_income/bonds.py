"""Bonds with fixed coupons: price, yield, accrued interest, duration, convexity. Rates are fractions, prices per 100 of face value."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.fixed_income.schedule import coupon_period
from dawsos.compute.returns.day_counts import DayCount
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.kernel.errors import Invalid

#: One basis point.
BASIS_POINT: Final = 1e-4
#: Yields per period are sought between these.
_LOWEST, _HIGHEST = -0.99, 1e4
#: How the last period is discounted: by simple interest, as markets and spreadsheets do, or compounded like the others.
LastPeriod = Literal["simple", "compound"]


@dataclass(frozen=True, slots=True)
class Bond:
    """A bullet bond.

    ``coupon`` per year as a fraction of face value, paid ``frequency`` times a year; ``redemption`` per 100 of face value at maturity.
    """

    maturity: date
    coupon: float
    frequency: int = 2
    redemption: float = 100.0
    day_count: DayCount | str = DayCount.THIRTY_360


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How a price answers to its yield: ``macaulay`` and ``modified`` duration in years, ``convexity`` in years².

    ``dv01`` is the loss of the dirty price, per 100 face, for a yield one basis point higher, from the first derivative.
    """

    macaulay: float
    modified: float
    convexity: float
    dv01: float


@dataclass(frozen=True, slots=True)
class CashFlows:
    """What a bond still pays: ``amounts`` per 100 face, ``periods`` (of a coupon, a fraction first) from settlement; accrued interest."""

    periods: FloatArray
    amounts: FloatArray
    accrued: float


def cash_flows(bond: Bond, settlement: date) -> CashFlows:
    """Remaining payments as of ``settlement``. Accrued interest is coupon × days accrued / days of the period, linear in time."""
    period = coupon_period(settlement, bond.maturity, bond.frequency, bond.day_count)
    coupon = 100.0 * bond.coupon / bond.frequency
    periods = period.left / period.length + np.arange(period.coupons, dtype=np.float64)
    amounts = np.full(period.coupons, coupon)
    amounts[-1] += bond.redemption
    return CashFlows(periods, amounts, coupon * period.accrued / period.length)


def accrued_interest(bond: Bond, settlement: date) -> float:
    """Interest the buyer owes the seller, per 100 face."""
    return cash_flows(bond, settlement).accrued


def dirty_price(bond: Bond, settlement: date, yield_: ArrayLike, *, last_period: LastPeriod = "simple") -> float | FloatArray:
    """Price with accrued interest, Σ amount/(1 + y/f)^t, for one yield or an array of them; y compounds f times a year.

    With one payment left it is amount/(1 + t·y/f), unless ``last_period`` is ``compound``. Raises :class:`Invalid` where 1 + y/f ≤ 0.
    Source: Excel PRICE; Standard Securities Calculation Methods (SIFMA).
    """
    flows, rate = cash_flows(bond, settlement), np.asarray(yield_, dtype=np.float64) / bond.frequency
    if not (rate > -1.0).all():
        raise Invalid("A yield of −100 % per period or less leaves nothing to discount.", remedy="Give a higher yield.")
    prices = _discounted(flows, rate, last_period)
    return float(prices) if prices.ndim == 0 else prices


def _discounted(flows: CashFlows, rate: FloatArray, last_period: LastPeriod) -> FloatArray:
    if flows.periods.size == 1 and last_period == "simple":
        return np.asarray(flows.amounts[0] / (1.0 + flows.periods[0] * rate))
    return np.asarray((np.exp(-np.log1p(rate)[..., None] * flows.periods) * flows.amounts).sum(axis=-1))


def clean_price(bond: Bond, settlement: date, yield_: ArrayLike, *, last_period: LastPeriod = "simple") -> float | FloatArray:
    """Price as quoted: :func:`dirty_price` less accrued interest."""
    dirty = dirty_price(bond, settlement, yield_, last_period=last_period)
    return dirty - accrued_interest(bond, settlement)


def yield_to_maturity(bond: Bond, settlement: date, price: float, *, last_period: LastPeriod = "simple") -> float | NotComputable:
    """The yield at which the clean price is ``price``; the only one, because the price falls with the yield.

    Not computable for a dirty price that no yield between −99 % and 10⁶ % per period gives, such as one of zero or less.
    """
    flows = cash_flows(bond, settlement)
    target = price + flows.accrued
    low, high = -0.1, 1.0
    while high < _HIGHEST and _discounted(flows, np.array(high), last_period) > target:
        high *= 2.0
    while low > _LOWEST and _discounted(flows, np.array(low), last_period) < target:
        low = (low - 1.0) / 2.0
    if not _discounted(flows, np.array(low), last_period) >= target >= _discounted(flows, np.array(high), last_period):
        return NotComputable("a price that some yield gives")
    from scipy.optimize import brentq  # noqa: PLC0415 - slow to import and needed for yields alone

    def gap(rate: float) -> float:
        return float(_discounted(flows, np.array(rate), last_period)) - target

    return float(brentq(gap, low, high, xtol=1e-15, rtol=8.9e-16, maxiter=500)) * bond.frequency


def sensitivity(bond: Bond, settlement: date, yield_: float) -> Sensitivity:
    """Durations and convexity at a yield, all payments compounded.

    With v = amount/(1 + y/f)^t, P = Σ v: Macaulay Σ t·v/P/f; modified = Macaulay/(1 + y/f); convexity Σ t(t + 1)·v/(P·f²·(1 + y/f)²).
    Source: Macaulay 1938; Excel DURATION and MDURATION; Fabozzi, Bond Markets, Analysis and Strategies.
    """
    flows = cash_flows(bond, settlement)
    return sensitivity_of_payments(flows.periods, flows.amounts, yield_, bond.frequency)


def price_of_payments(periods: ArrayLike, amounts: ArrayLike, yield_: float, frequency: int = 1) -> float:
    """Σ amount/(1 + y/f)^t of any payments, ``periods`` t from now in parts 1/f of a year."""
    return float(_valued(periods, amounts, yield_, frequency)[1].sum())


def sensitivity_of_payments(periods: ArrayLike, amounts: ArrayLike, yield_: float, frequency: int = 1) -> Sensitivity:
    """:func:`sensitivity` of any payments; :class:`Invalid` when they are worth nothing."""
    times, values, growth = _valued(periods, amounts, yield_, frequency)
    price = float(values.sum())
    if not price > 0.0:
        raise Invalid("Payments that are worth nothing have no duration.", remedy="Give payments to receive.")
    macaulay = float((times * values).sum()) / price / frequency
    modified = macaulay / growth
    convexity = float((times * (times + 1.0) * values).sum()) / price / (frequency * growth) ** 2
    return Sensitivity(macaulay, modified, convexity, modified * price * BASIS_POINT)


def _valued(periods: ArrayLike, amounts: ArrayLike, yield_: float, frequency: int) -> tuple[FloatArray, FloatArray, float]:
    times, paid = np.asarray(periods, dtype=np.float64), np.asarray(amounts, dtype=np.float64)
    if times.shape != paid.shape or times.ndim != 1:
        raise Invalid(f"There are {times.size} times for {paid.size} payments.", remedy="Give one time per payment.")
    growth = 1.0 + yield_ / frequency
    if not growth > 0.0:
        raise Invalid(f"A yield of {yield_:.0%} leaves nothing to discount.", remedy="Give a higher yield.")
    return times, paid * growth**-times, growth


def price_change(modified_duration: ArrayLike, convexity: ArrayLike, yield_change: ArrayLike) -> float | FloatArray:
    """Change of price as a fraction to second order, −D·Δy + ½·C·Δy², for numbers or arrays; Δy is a fraction (30 bp = 0.003)."""
    duration, bend, move = (np.asarray(value, dtype=np.float64) for value in (modified_duration, convexity, yield_change))
    change = -duration * move + 0.5 * bend * move**2
    return float(change) if change.ndim == 0 else change


def effective_duration(price: float, price_if_lower: float, price_if_higher: float, yield_change: float) -> float:
    """(P₋ − P₊)/(2·P·Δy): duration from three prices, which holds for bonds whose payments depend on the yield too."""
    _positive(price, yield_change)
    return (price_if_lower - price_if_higher) / (2.0 * price * yield_change)


def effective_convexity(price: float, price_if_lower: float, price_if_higher: float, yield_change: float) -> float:
    """(P₋ + P₊ − 2P)/(P·Δy²)."""
    _positive(price, yield_change)
    return (price_if_lower + price_if_higher - 2.0 * price) / (price * yield_change**2)


def _positive(price: float, yield_change: float) -> None:
    if not (price > 0.0 and yield_change > 0.0):
        raise Invalid(f"A price of {price} and a change of yield of {yield_change}.", remedy="Give positive numbers.")
