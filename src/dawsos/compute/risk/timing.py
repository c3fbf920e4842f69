"""Whether a manager raises exposure before markets rise: regressions on the market and a term that bends with it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.risk.observations import Figure, aligned, figure, ratio
from dawsos.compute.risk.ratios import excess_returns
from dawsos.compute.risk.relative import beta
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Timing:
    """``alpha`` per period (selection), ``beta`` on the market, ``gamma`` on the timing term: above zero, exposure rose with the market."""

    alpha: float
    beta: float
    gamma: float
    r_squared: float
    observations: int


def treynor_mazuy(returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0) -> Timing | NotComputable:
    """Fit r − f = alpha + beta·m + gamma·m² with m = b − f, by least squares; ``risk_free`` per period, a number or a series.

    Needs four shared observations and a market that takes three values. Source: Treynor and Mazuy, Can Mutual Funds Outguess the
    Market?, Harvard Business Review, 1966.
    """
    return _timing(returns, benchmark, risk_free, lambda market: market**2)


def henriksson_merton(returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0) -> Timing | NotComputable:
    """Fit r − f = alpha + beta·m + gamma·max(0, −m): beta is that in rising markets, beta − gamma that in falling ones.

    Source: Henriksson and Merton, On Market Timing and Investment Performance II, Journal of Business, 1981.
    """
    return _timing(returns, benchmark, risk_free, lambda market: np.maximum(-market, 0.0))


def timing_ratio(returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0) -> Figure:
    """Bull beta over bear beta; above one, exposure was higher when the market rose. NaN where the bear beta is not above zero (Bacon)."""
    up, down = (np.asarray(beta(returns, benchmark, risk_free=risk_free, when=when)) for when in ("up", "down"))
    return figure(ratio(up, down))


def _timing(
    returns: ArrayLike, benchmark: ArrayLike, risk_free: ArrayLike, bend: Callable[[FloatArray], FloatArray]
) -> Timing | NotComputable:
    own, other = aligned(returns, benchmark)
    if own.ndim != 1:
        raise Invalid("Timing is measured for one series.", remedy="Give one row of the block.")
    own, other = aligned(excess_returns(own, risk_free), excess_returns(other, risk_free))
    kept = ~np.isnan(own)
    own, other = own[kept], other[kept]
    if own.size < 4:
        return NotComputable("returns shared with the benchmark", 4, int(own.size))
    design = np.column_stack([np.ones(own.size), other, bend(other)])
    found, _, rank, _ = np.linalg.lstsq(design, own, rcond=None)
    if rank < 3:
        return NotComputable("a market that moves enough to tell timing from exposure")
    alpha, slope, gamma = found.tolist()
    return Timing(alpha, slope, gamma, _fit(own, design @ found), int(own.size))


def _fit(own: FloatArray, explained: FloatArray) -> float:
    spread = float(((own - own.mean()) ** 2).sum())
    return 1.0 - float(((own - explained) ** 2).sum()) / spread if spread else float("nan")
