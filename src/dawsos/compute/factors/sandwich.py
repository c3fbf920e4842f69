"""Variances of regression coefficients that do not take residuals for equal or independent: B·M·B with M estimated from the residuals."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dawsos.compute.factors.basis import Basis
from dawsos.compute.returns.figures import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Robust:
    """Which sandwich: see :data:`dawsos.compute.factors.regression.Errors`."""

    kind: Literal["hc0", "hc1", "hc2", "hc3", "newey_west"]
    lags: int
    small_sample: bool


def robust_spread(
    residuals: FloatArray, known: BoolArray | None, shared: Basis, inverse: FloatArray | None, robust: Robust, places: np.ndarray
) -> FloatArray:
    """Variances of the coefficients ``[series × k]`` from ``residuals`` ``[series × n]`` (0 where missing).

    ``inverse`` ``[series × k × k]`` is (Σ q q')⁻¹ over each series' known observations, None when all are known (then it is I);
    ``places`` are the observations' places on the calendar, by which lags are counted.
    """
    series, regressors = residuals.shape[0], shared.q.shape[1]
    count = np.full(series, float(residuals.shape[1])) if known is None else known.sum(axis=1).astype(np.float64)
    squares = _products(shared.q, shared.q)
    weighted = residuals**2 / _shrinkage(squares, inverse, robust, residuals.shape[1])
    meat = weighted @ squares
    if robust.kind == "newey_west":
        for lag in range(1, robust.lags + 1):
            early, late = _pairs(places, lag)
            lagged = (residuals[:, late] * residuals[:, early]) @ _products(shared.q[late], shared.q[early])
            both = lagged.reshape(series, regressors, regressors)
            meat += (1.0 - lag / (robust.lags + 1.0)) * (both + both.transpose(0, 2, 1)).reshape(series, -1)
    if robust.kind == "hc1" or (robust.kind == "newey_west" and robust.small_sample):
        with np.errstate(divide="ignore"):
            meat *= np.where(count > regressors, count / (count - regressors), np.nan)[:, None]
    if inverse is None:
        return np.asarray(meat @ _products(shared.back, shared.back).T)
    bread = shared.back @ inverse
    return np.asarray(np.einsum("pim,pmn,pin->pi", bread, meat.reshape(series, regressors, regressors), bread, optimize=True))


def _products(left: FloatArray, right: FloatArray) -> FloatArray:
    """Row by row, every product of an entry of ``left`` with one of ``right``: ``[n × k²]``."""
    return (left[:, :, None] * right[:, None, :]).reshape(left.shape[0], -1)


def _shrinkage(squares: FloatArray, inverse: FloatArray | None, robust: Robust, observations: int) -> FloatArray:
    """By what HC2 and HC3 divide squared residuals: 1 − leverage, once or twice."""
    if robust.kind not in {"hc2", "hc3"}:
        return np.ones(observations)
    regressors = round(squares.shape[1] ** 0.5)
    identity = np.eye(regressors).ravel()
    leverage = squares @ identity if inverse is None else inverse.reshape(inverse.shape[0], -1) @ squares.T
    return np.asarray((1.0 - leverage) ** (1 if robust.kind == "hc2" else 2))


def _pairs(places: np.ndarray, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of observations exactly ``lag`` places of the calendar apart, earlier and later."""
    later = np.searchsorted(places, places + lag)
    found = (later < places.size) & (places[np.minimum(later, places.size - 1)] == places + lag)
    return np.flatnonzero(found), later[found]
