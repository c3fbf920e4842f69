"""Betas of each position: estimated where there is a history, assumed where there is none, or in between."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.factors.regression import Errors, regress
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

#: Observations a security needs before its own betas count.
SUFFICIENT: Final = 60


class Method(StrEnum):
    """Where a position's betas come from."""

    REGRESSION = "regression"
    SHRUNK = "shrunk"
    PRIOR = "prior"


@dataclass(frozen=True, slots=True, eq=False)
class PositionBetas:
    """Betas ``[N × K]`` with their standard errors (NaN for priors), residual variance per period (NaN for priors), R², observations
    and method of each security.
    """  # noqa: D205 - one thought

    betas: FloatArray
    standard_errors: FloatArray
    residual_variance: FloatArray
    r_squared: FloatArray
    observations: FloatArray
    methods: tuple[Method, ...]


def position_betas(
    returns: ArrayLike,
    factors: ArrayLike,
    priors: ArrayLike,
    *,
    minimum: int = SUFFICIENT,
    errors: Errors = "classical",
    prior_deviation: ArrayLike | None = None,
) -> PositionBetas:
    """Betas of N securities: ``returns`` ``[N × T]`` in each one's own currency, ``factors`` ``[T × K]``, ``priors`` ``[N × K]``.

    A security with fewer than ``minimum`` observations has its prior. ``prior_deviation`` (one number, or one for each factor) is how far
    true betas lie from their prior; with it estimates are shrunk, β = w·β̂ + (1 − w)·prior with w = τ²/(τ² + se²), and their error is
    √w·se. Source: Vasicek, A Note on Using Cross-Sectional Information in Bayesian Estimation of Security Betas, 1973.
    """
    block, assumed = np.atleast_2d(np.asarray(returns, dtype=np.float64)), np.atleast_2d(np.asarray(priors, dtype=np.float64))
    fit = regress(block, factors, errors=errors, minimum=minimum)
    estimated, deviation = fit.betas, fit.standard_errors[..., 1:]
    if assumed.shape != estimated.shape:
        raise Invalid(f"Priors are {assumed.shape}, estimates {estimated.shape}.", remedy="Give one prior for each security and factor.")
    has_own = np.asarray(~np.isnan(estimated).any(axis=-1))
    own = Method.REGRESSION
    if prior_deviation is not None:
        squared = np.asarray(prior_deviation, dtype=np.float64) ** 2
        weight = squared / (squared + deviation**2)
        estimated, deviation, own = weight * estimated + (1.0 - weight) * assumed, np.sqrt(weight) * deviation, Method.SHRUNK
    return PositionBetas(
        np.where(has_own[:, None], estimated, assumed),
        deviation,
        fit.residual_variance,
        fit.r_squared,
        fit.observations,
        tuple(own if known else Method.PRIOR for known in has_own),
    )
