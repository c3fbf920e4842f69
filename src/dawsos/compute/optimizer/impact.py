"""What trades would change about a portfolio: value, quality, concentration, and risk as if the weights had been held."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.optimizer.covariance import FEWEST_OBSERVATIONS
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.risk.moments import volatility
from dawsos.compute.risk.relative import beta, tracking_error
from dawsos.kernel.money import ZERO

TRADING_DAYS = 252
#: Statistics are rounded once, to the scale stored ones have.
PLACES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """One security: its value in base currency, and its ratings 0–10, None where it is not rated."""

    value: Decimal
    dividend_safety: float | None = None
    moat_strength: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A portfolio in figures. Quality is the mean by value over what is rated; ``top10`` and the risk figures are fractions of NAV.

    A figure that cannot be told is None.
    """

    value: Decimal
    cash: Decimal
    dividend_safety: float | None
    moat_strength: float | None
    top10: float | None
    tracking_error: float | None
    volatility: float | None
    beta: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRisk:
    """Volatility and tracking error per year and beta of fixed weights; the last two None without a benchmark."""

    volatility: float
    tracking_error: float | None
    beta: float | None
    observations: int


def weighted_score(stakes: Sequence[Stake], scores: Sequence[float | None]) -> float | None:
    """Σ value·score / Σ value over the stakes with a score and a value above 0; None without any."""
    known = [(float(stake.value), score) for stake, score in zip(stakes, scores, strict=True) if score is not None and stake.value > 0]
    whole = sum(value for value, _ in known)
    return round(sum(value * score for value, score in known) / whole, PLACES) if whole > 0.0 else None


def concentration(stakes: Sequence[Stake], nav: Decimal, *, count: int = 10) -> float | None:
    """The ``count`` largest values over ``nav``; None unless that is above 0."""
    largest = sorted((stake.value for stake in stakes if stake.value > 0), reverse=True)[:count]
    return round(float(sum(largest, ZERO) / nav), PLACES) if nav > 0 else None


def risk_of_weights(weights: ArrayLike, returns: ArrayLike, benchmark: ArrayLike | None) -> WeightRisk | NotComputable:
    """Risk of a portfolio that had held ``weights [n]`` (fractions of NAV, rebalanced daily) through ``returns [T × n]``.

    r_t = Σ_i w_i·r_it over the days on which everything with a weight has a return (and the benchmark, for what is relative to it);
    volatility = σ(r)·√252 with ddof 1, tracking error = σ(r − b)·√252, beta = cov(r, b)/var(b). Fewer than 60 days: NotComputable.
    """
    w, block = np.asarray(weights, dtype=np.float64), np.asarray(returns, dtype=np.float64)
    counted = w != 0.0
    daily: FloatArray = np.where(np.isnan(block[:, counted]).any(axis=1), np.nan, np.nan_to_num(block[:, counted]) @ w[counted])
    days = int((~np.isnan(daily)).sum())
    if days < FEWEST_OBSERVATIONS or not counted.any():
        return NotComputable("days on which everything held has a return", FEWEST_OBSERVATIONS, days if counted.any() else 0)
    other = None if benchmark is None else np.asarray(benchmark, dtype=np.float64)
    if other is not None and int((~np.isnan(daily) & ~np.isnan(other)).sum()) < FEWEST_OBSERVATIONS:
        other = None
    return WeightRisk(
        volatility=round(float(volatility(daily)), PLACES),
        tracking_error=None if other is None else round(float(tracking_error(daily, other)), PLACES),
        beta=None if other is None else _known(float(beta(daily, other))),
        observations=days,
    )


def standing(stakes: Sequence[Stake], cash: Decimal, risk: WeightRisk | NotComputable) -> Standing:
    """The figures of a portfolio of ``stakes`` and ``cash``, with the ``risk`` of its weights."""
    nav = cash + sum((stake.value for stake in stakes), ZERO)
    known = risk if isinstance(risk, WeightRisk) else None
    return Standing(
        value=nav,
        cash=cash,
        dividend_safety=weighted_score(stakes, [stake.dividend_safety for stake in stakes]),
        moat_strength=weighted_score(stakes, [stake.moat_strength for stake in stakes]),
        top10=concentration(stakes, nav),
        tracking_error=known.tracking_error if known else None,
        volatility=known.volatility if known else None,
        beta=known.beta if known else None,
    )


def _known(value: float) -> float | None:
    return round(value, PLACES) if np.isfinite(value) else None
