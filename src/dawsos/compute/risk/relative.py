"""Figures of a portfolio against a benchmark. Observations missing on either side are left out of both."""

from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.compounding import annualised_return, link
from dawsos.compute.returns.figures import FloatArray
from dawsos.compute.risk.downside import downside_deviation
from dawsos.compute.risk.observations import Figure, aligned, figure, observe, ratio
from dawsos.compute.risk.ratios import excess_returns

#: ``jensen``: compounded excess returns per year, R − β·B; ``regression``: (1 + mean residual)^N − 1; ``arithmetic``: N × mean residual.
AlphaMethod = Literal["jensen", "regression", "arithmetic"]
#: ``compounded``: ratio of linked returns; ``annualised``: ratio of linked returns per year; ``means``: ratio of mean returns.
CaptureMethod = Literal["compounded", "annualised", "means"]


#: A tracking error below this is the rounding of equal returns, not a difference.
NOISE: Final = 1e-14


def _pair(returns: ArrayLike, benchmark: ArrayLike, risk_free: ArrayLike = 0.0) -> tuple[FloatArray, FloatArray]:
    own, other = aligned(returns, benchmark)
    return aligned(excess_returns(own, risk_free), excess_returns(other, risk_free))


def covariance(returns: ArrayLike, benchmark: ArrayLike, *, ddof: int = 1) -> Figure:
    """Σ(r − r̄)(b − b̄)/(n − ddof)."""
    own, other = (observe(side) for side in aligned(returns, benchmark))
    return figure(ratio((own.deviations * other.deviations).sum(axis=-1), own.count - ddof))


def correlation(returns: ArrayLike, benchmark: ArrayLike) -> Figure:
    """Pearson's correlation; NaN when either side does not vary."""
    own, other = (observe(side) for side in aligned(returns, benchmark))
    together = np.asarray(covariance(returns, benchmark, ddof=0))
    return figure(ratio(together, own.standard_deviation(0) * other.standard_deviation(0)))


def beta(
    returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0, when: Literal["always", "up", "down"] = "always"
) -> Figure:
    """cov(r, b)/var(b) of excess returns; ``when`` keeps only observations with a positive or negative benchmark excess return."""
    own, other = _pair(returns, benchmark, risk_free)
    if when != "always":
        kept = other > 0 if when == "up" else other < 0
        own, other = np.where(kept, own, np.nan), np.where(kept, other, np.nan)
    mine, theirs = observe(own), observe(other)
    return figure(ratio((mine.deviations * theirs.deviations).sum(axis=-1), (theirs.deviations**2).sum(axis=-1)))


def timing_ratio(returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0) -> Figure:
    """Bull beta over bear beta; above one, exposure was higher when the market rose. NaN where the bear beta is not above zero (Bacon)."""
    up, down = (np.asarray(beta(returns, benchmark, risk_free=risk_free, when=when)) for when in ("up", "down"))
    return figure(ratio(up, down))


def fama_beta(returns: ArrayLike, benchmark: ArrayLike) -> Figure:
    """σ_r/σ_b: the beta at which the benchmark would be as volatile as the portfolio."""
    own, other = (observe(side) for side in aligned(returns, benchmark))
    return figure(ratio(own.standard_deviation(1), other.standard_deviation(1)))


def alpha(
    returns: ArrayLike,
    benchmark: ArrayLike,
    *,
    risk_free: ArrayLike = 0.0,
    periods_per_year: float = 252.0,
    method: AlphaMethod = "jensen",
) -> Figure:
    """Return not explained by beta, per year; ``risk_free`` per period. See :data:`AlphaMethod` (Jensen 1968)."""
    own, other = _pair(returns, benchmark, risk_free)
    slope = np.asarray(beta(own, other))
    if method == "jensen":
        return figure(np.asarray(annualised_return(own, periods_per_year)) - slope * np.asarray(annualised_return(other, periods_per_year)))
    residual = observe(own).mean - slope * observe(other).mean
    return figure((1.0 + residual) ** periods_per_year - 1.0 if method == "regression" else residual * periods_per_year)


def active_premium(returns: ArrayLike, benchmark: ArrayLike, *, periods_per_year: float = 252.0) -> Figure:
    """Compounded return per year less the benchmark's."""
    own, other = aligned(returns, benchmark)
    return figure(np.asarray(annualised_return(own, periods_per_year)) - np.asarray(annualised_return(other, periods_per_year)))


def tracking_error(returns: ArrayLike, benchmark: ArrayLike, *, periods_per_year: float = 252.0, ddof: int = 1) -> Figure:
    """Standard deviation of the return differences × √N."""
    own, other = aligned(returns, benchmark)
    return figure(observe(own - other).standard_deviation(ddof) * np.sqrt(periods_per_year))


def information_ratio(
    returns: ArrayLike,
    benchmark: ArrayLike,
    *,
    periods_per_year: float = 252.0,
    ddof: int = 1,
    method: Literal["geometric", "arithmetic"] = "geometric",
) -> Figure:
    """Active premium (``arithmetic``: N × the mean difference) / tracking error; NaN where the latter is mere rounding."""
    own, other = aligned(returns, benchmark)
    spread = np.asarray(tracking_error(own, other, periods_per_year=periods_per_year, ddof=ddof))
    spread = np.where(spread < NOISE, 0.0, spread)
    premium = active_premium(own, other, periods_per_year=periods_per_year)
    return figure(ratio(np.asarray(premium) if method == "geometric" else observe(own - other).mean * periods_per_year, spread))


def treynor(
    returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0, periods_per_year: float = 252.0, modified: bool = False
) -> Figure:
    """Compounded excess return per year / beta; ``modified`` divides by systematic risk instead. Beta 0 gives NaN."""
    own, other = _pair(returns, benchmark, risk_free)
    reward = np.asarray(annualised_return(own, periods_per_year))
    slope = np.asarray(beta(own, other)) * (observe(other).standard_deviation(0) * np.sqrt(periods_per_year) if modified else 1.0)
    return figure(np.divide(reward, slope, out=np.full_like(slope, np.nan), where=(slope != 0) & ~np.isnan(slope)))


def capture(
    returns: ArrayLike,
    benchmark: ArrayLike,
    *,
    side: Literal["up", "down"],
    method: CaptureMethod = "compounded",
    periods_per_year: float = 252.0,
) -> Figure:
    """Return of the portfolio over that of the benchmark, in periods when the benchmark rose (``up``) or fell (``down``)."""
    own, other = aligned(returns, benchmark)
    kept = other > 0 if side == "up" else other < 0
    mine, theirs = np.where(kept, own, np.nan), np.where(kept, other, np.nan)
    top, bottom = (_captured(part, method, periods_per_year) for part in (mine, theirs))
    return figure(np.divide(top, bottom, out=np.full_like(bottom, np.nan), where=(bottom != 0) & ~np.isnan(bottom)))


def _captured(part: FloatArray, method: CaptureMethod, periods_per_year: float) -> FloatArray:
    match method:
        case "means":
            return observe(part).mean
        case "compounded":
            return np.asarray(link(part))
        case "annualised":
            return np.asarray(annualised_return(part, periods_per_year))


def share_ratio(
    returns: ArrayLike, benchmark: ArrayLike, *, side: Literal["up", "down"], of: Literal["number", "percentage"] = "number"
) -> Figure:
    """Of the periods the benchmark rose (``up``) or fell: the share in which the portfolio did too, or (``percentage``) did better."""
    own, other = (observe(part) for part in aligned(returns, benchmark))
    kept = own.present & (other.values > 0 if side == "up" else other.values < 0)
    hits = kept & (own.values > other.values) if of == "percentage" else kept & (own.values > 0 if side == "up" else own.values < 0)
    return figure(ratio(np.asarray(hits.sum(axis=-1), dtype=np.float64), np.asarray(kept.sum(axis=-1), dtype=np.float64)))


def batting_average(returns: ArrayLike, benchmark: ArrayLike) -> Figure:
    """Share of periods in which the portfolio did better than the benchmark."""
    own, other = aligned(returns, benchmark)
    seen = observe(own - other)
    return figure(seen.average(np.asarray(seen.values > 0, dtype=np.float64)))


def systematic_risk(
    returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0, periods_per_year: float = 252.0, ddof: int = 0
) -> Figure:
    """β·σ_b per year (Bacon uses ddof 0)."""
    own, other = aligned(returns, benchmark)
    spread = observe(other).standard_deviation(ddof) * np.sqrt(periods_per_year)
    return figure(np.asarray(beta(own, other, risk_free=risk_free)) * spread)


def specific_risk(
    returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0, periods_per_year: float = 252.0, ddof: int = 0
) -> Figure:
    """Standard deviation of the regression residuals per year."""
    own, other = _pair(returns, benchmark, risk_free)
    residual = own - np.asarray(beta(own, other))[..., None] * other
    return figure(observe(residual).standard_deviation(ddof) * np.sqrt(periods_per_year))


def total_risk(
    returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0, periods_per_year: float = 252.0, ddof: int = 0
) -> Figure:
    """√(systematic² + specific²)."""
    parts = (
        np.asarray(of(returns, benchmark, risk_free=risk_free, periods_per_year=periods_per_year, ddof=ddof))
        for of in (systematic_risk, specific_risk)
    )
    return figure(np.sqrt(sum(part**2 for part in parts)))


def appraisal_ratio(returns: ArrayLike, benchmark: ArrayLike, *, risk_free: ArrayLike = 0.0, periods_per_year: float = 252.0) -> Figure:
    """Jensen's alpha / specific risk."""
    reward = alpha(returns, benchmark, risk_free=risk_free, periods_per_year=periods_per_year)
    return figure(
        ratio(np.asarray(reward), np.asarray(specific_risk(returns, benchmark, risk_free=risk_free, periods_per_year=periods_per_year)))
    )


def regression_epsilon(returns: ArrayLike, benchmark: ArrayLike, *, periods_per_year: float = 252.0) -> Figure:
    """R − a − β·B, returns compounded per year but the regression's constant a per *period*: Bacon's figure, not for reporting."""
    own, other = aligned(returns, benchmark)
    constant = observe(own).mean - np.asarray(beta(own, other)) * observe(other).mean
    return figure(np.asarray(alpha(own, other, periods_per_year=periods_per_year)) - constant)


def net_selectivity(returns: ArrayLike, benchmark: ArrayLike, *, risk_free: float = 0.0, periods_per_year: float = 252.0) -> Figure:
    """Jensen's alpha less the return required for the diversification given up, (β_F − β)·(B − rf) (Fama 1972); ``risk_free`` per year."""
    own, other = aligned(returns, benchmark)
    market = np.asarray(annualised_return(other, periods_per_year)) - risk_free
    given_up = (np.asarray(fama_beta(own, other)) - np.asarray(beta(own, other))) * market
    selectivity = np.asarray(annualised_return(own, periods_per_year)) - risk_free - np.asarray(beta(own, other)) * market
    return figure(selectivity - given_up)


def m_squared(
    returns: ArrayLike, benchmark: ArrayLike, *, risk_free: float = 0.0, periods_per_year: float = 252.0, ddof: int = 1
) -> Figure:
    """M² = rf + (R − rf)·σ_b/σ_r: the portfolio's return at the benchmark's risk (Modigliani 1997); ``risk_free`` per year."""
    own, other = aligned(returns, benchmark)
    scale = ratio(observe(other).standard_deviation(ddof), observe(own).standard_deviation(ddof))
    return figure((np.asarray(annualised_return(own, periods_per_year)) - risk_free) * scale + risk_free)


def m_squared_excess(
    returns: ArrayLike,
    benchmark: ArrayLike,
    *,
    risk_free: float = 0.0,
    periods_per_year: float = 252.0,
    method: Literal["geometric", "arithmetic"] = "geometric",
) -> Figure:
    """M² over the benchmark's return: (1 + M²)/(1 + B) − 1, or M² − B."""
    own, other = aligned(returns, benchmark)
    ours = np.asarray(m_squared(own, other, risk_free=risk_free, periods_per_year=periods_per_year))
    theirs = np.asarray(annualised_return(other, periods_per_year))
    return figure((1.0 + ours) / (1.0 + theirs) - 1.0 if method == "geometric" else ours - theirs)


def m_squared_sortino(returns: ArrayLike, benchmark: ArrayLike, *, threshold: float = 0.0, periods_per_year: float = 252.0) -> Figure:
    """R + Sortino·(DD_b − DD_r): M² with downside deviation per year against ``threshold`` per period, Sortino on compounded returns."""
    own, other = aligned(returns, benchmark)
    mine, theirs = (np.asarray(downside_deviation(side, threshold=threshold, periods_per_year=periods_per_year)) for side in (own, other))
    reward = np.asarray(annualised_return(own, periods_per_year))
    return figure(reward + ratio(reward - threshold, mine) * (theirs - mine))


def omega_excess_return(
    returns: ArrayLike, benchmark: ArrayLike, *, threshold: float = 0.0, periods_per_year: float = 252.0, aversion: float = 3.0
) -> Figure:
    """R − ``aversion``·DD_r·DD_b, downside deviations per year against ``threshold`` per period (Sortino and others 1999)."""
    own, other = aligned(returns, benchmark)
    mine, theirs = (np.asarray(downside_deviation(side, threshold=threshold, periods_per_year=periods_per_year)) for side in (own, other))
    return figure(np.asarray(annualised_return(own, periods_per_year)) - aversion * mine * theirs)
