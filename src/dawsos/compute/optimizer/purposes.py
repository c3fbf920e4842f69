"""What a portfolio is to be best at."""

from dataclasses import dataclass
from typing import TypeAlias

from dawsos.compute.returns.figures import FloatArray


@dataclass(frozen=True, slots=True)
class MinimumVariance:
    """min wᵀΣw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanVariance:
    """max μᵀw − ½·γ·wᵀΣw − Σ cᵢ·|wᵢ − currentᵢ|, γ = ``risk_aversion`` > 0, c = ``cost`` per unit of weight traded (0.0015: 15 bps)."""

    risk_aversion: float
    cost: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class MaximumReturn:
    """max μᵀw; meant for a limit on volatility or tracking error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumSharpe:
    """max (μᵀw − ``risk_free``)/√(wᵀΣw). Solved over y = κ·w with (μ − ``risk_free``)-return fixed (Charnes and Cooper 1962)."""

    risk_free: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumShortfall:
    """min CVaR: the mean of the worst ``tail`` of the ``scenarios`` ``[T × n]`` (returns), last one counted in part.

    min α + Σ max(−Rw − α, 0)/(tail·T) (Rockafellar and Uryasev 2000).
    """

    scenarios: FloatArray
    tail: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumSemivariance:
    """min Σ min(Rw − ``threshold``, 0)²/T over the ``scenarios`` ``[T × n]`` (Estrada 2008)."""

    scenarios: FloatArray
    threshold: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestTo:
    """min (w − t)ᵀΣ(w − t): the portfolio of least tracking error against ``target`` t.

    With t a model portfolio (equal risk, HRP, a policy's weights), this is how the model is held under the limits.
    """

    target: FloatArray


@dataclass(frozen=True, slots=True)
class MinimumTurnover:
    """min Σ|w − current|."""


@dataclass(frozen=True, slots=True)
class MinimumSectorExcess:
    """min s with every sector allowed to exceed its limit by s ≥ 0."""


Purpose: TypeAlias = (
    MinimumVariance
    | MeanVariance
    | MaximumReturn
    | MaximumSharpe
    | MinimumShortfall
    | MinimumSemivariance
    | NearestTo
    | MinimumTurnover
    | MinimumSectorExcess
)
