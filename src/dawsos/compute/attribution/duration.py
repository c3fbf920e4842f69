"""Attribution of bond portfolios by duration: the bet on interest rates, on markets and on issues."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from dawsos.compute.attribution.segment_arrays import segment_arrays
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, eq=False)
class DurationEffects:
    """``duration`` as a whole, ``allocation`` and ``selection`` by market, ``carry`` from weights in the riskless return; they sum to
    ``excess``.
    """  # noqa: D205 - one thought

    duration: float
    allocation: FloatArray
    selection: FloatArray
    carry: FloatArray
    excess: float


def duration_attribution(
    portfolio_weights: ArrayLike,
    benchmark_weights: ArrayLike,
    portfolio_returns: ArrayLike,
    benchmark_returns: ArrayLike,
    *,
    portfolio_durations: ArrayLike,
    benchmark_durations: ArrayLike,
    risk_free: ArrayLike,
) -> DurationEffects:
    """Weighted-duration attribution of S markets, all ``[S]``; local returns, modified durations, and each market's riskless return x.

    A market's return is x + D·m with m = −Δy, the fall of its yield that the return implies; m of the benchmark as a whole is weighted by
    its durations. With D_p, D_b the durations of both sides and δ = D_p/D_b: duration (D_p − D_b)·m; allocation (D·W − δ·D_b·w)(m_b − m);
    selection D·W·(m_p − m_b); carry (W − w)·x. Raises :class:`Invalid` when a duration needed to imply a yield is zero.
    Source: van Breukelen, Fixed-Income Attribution, Journal of Performance Measurement, 2000; Bacon, 2nd ed., ch. 10.
    """
    own, neutral, earned, offered, years, years_b, riskless = segment_arrays(
        portfolio_weights, benchmark_weights, portfolio_returns, benchmark_returns, portfolio_durations, benchmark_durations, risk_free
    )
    weighted, weighted_b = own * years, neutral * years_b
    whole, whole_b = float(weighted.sum()), float(weighted_b.sum())
    if (years == 0).any() or (years_b == 0).any() or whole_b == 0:
        raise Invalid("A market without duration implies no change of yield.", remedy="Attribute cash by weights, apart from bonds.")
    fell, fell_b = (earned - riskless) / years, (offered - riskless) / years_b
    market = float(weighted_b @ fell_b) / whole_b
    allocation = (weighted - whole / whole_b * weighted_b) * (fell_b - market)
    excess = float(own @ earned - neutral @ offered)
    return DurationEffects((whole - whole_b) * market, allocation, weighted * (fell - fell_b), (own - neutral) * riskless, excess)
