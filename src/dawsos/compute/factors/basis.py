"""Factors as an orthonormal basis: one decomposition that serves every portfolio measured against the same factors."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import BoolArray, FloatArray
from dawsos.kernel.errors import Invalid

#: A regressor of which less than this share is left after the others is a combination of them, to the accuracy of the numbers.
COLLINEAR: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Regressors X ``[n × k]`` (the constant first, if there is one) as ``q``, orthonormal columns of the same span.

    A series with coordinates c on ``q`` has coefficients ``back @ c`` on X. ``rows`` are the observations at which every factor is known.
    """

    q: FloatArray
    back: FloatArray
    rows: BoolArray
    has_constant: bool


def basis(factors: ArrayLike, *, constant: bool = True) -> Basis:
    """The basis of ``factors`` ``[T × K]`` (one series: ``[T]``), with a constant unless told otherwise.

    Factors are centred (when there is a constant) and scaled to length one before they are decomposed (Householder QR), so that neither
    their units nor a level far from zero cost digits: the normal equations are never formed. Observations with a missing factor are left
    out for everybody. Raises :class:`Invalid` for fewer observations than regressors, and for a factor that does not vary or is a
    combination of others.
    """
    given = np.asarray(factors, dtype=np.float64)
    given = given[:, None] if given.ndim == 1 else given
    if given.ndim != 2 or np.isinf(given).any():
        raise Invalid("Factors must be finite, observations × factors.", remedy="Give one column per factor, NaN where one is missing.")
    rows: BoolArray = np.asarray(~np.isnan(given).any(axis=1))
    known = given[rows]
    regressors = known.shape[1] + constant
    if known.shape[0] < regressors or regressors == 0:
        raise Invalid(f"{known.shape[0]} observations cannot carry {regressors} regressors.", remedy="Give a longer history.")
    centre = known.mean(axis=0) if constant else np.zeros(known.shape[1])
    shifted = known - centre
    length = np.sqrt((shifted**2).sum(axis=0))
    if (length <= COLLINEAR * np.sqrt((known**2).sum(axis=0))).any():
        raise Invalid("A factor does not vary.", remedy="Leave it out: the constant already stands for it.")
    scaled = shifted / length
    if constant:
        scaled = np.column_stack([np.full(known.shape[0], 1.0 / np.sqrt(known.shape[0])), scaled])
    q, r = np.linalg.qr(scaled)
    if (np.abs(np.diag(r)) < COLLINEAR).any():
        place = int(np.argmin(np.abs(np.diag(r)))) - constant
        raise Invalid(f"Factor {place + 1} is a combination of the ones before it.", remedy="Leave one of them out.")
    unscaled = np.diag(np.concatenate([[1.0 / np.sqrt(known.shape[0])] if constant else [], 1.0 / length]))
    if constant:
        unscaled[0, 1:] = -centre / length
    from scipy.linalg import solve_triangular  # noqa: PLC0415 - slow to import

    return Basis(q, unscaled @ solve_triangular(r, np.eye(regressors)), rows, constant)
