"""Betas over a rolling window."""

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.factors.basis import basis
from dawsos.compute.factors.regression import MINIMUM, regress
from dawsos.compute.returns.figures import FloatArray, as_block
from dawsos.kernel.errors import Invalid


def rolling_regression(returns: ArrayLike, factors: ArrayLike, *, window: int, constant: bool = True, minimum: int = MINIMUM) -> FloatArray:
    """Least-squares coefficients over every ``window`` consecutive observations.

    ``returns`` ``[T]`` or ``[series × T]``, ``factors`` ``[T × K]`` complete; the result is ``[T − window + 1 × k]`` or with the series in
    front, entry w over observations w … w + window − 1, the constant first. A window in which a series has gaps is fitted on what there
    is, if that is at least ``minimum`` observations, else NaN. One solution per window serves every series. Raises :class:`Invalid`
    for a window shorter than the regressors need, a missing factor, or a window in which factors cannot be told apart.
    """
    block, given = as_block(returns, "Returns"), np.asarray(factors, dtype=np.float64)
    given = given[:, None] if given.ndim == 1 else given
    shared = basis(given, constant=constant)
    regressors = shared.q.shape[1]
    if not shared.rows.all() or block.shape[-1] != given.shape[0]:
        raise Invalid("Rolling windows need every factor on every day of the returns.", remedy="Align them by date first.")
    if not regressors < window <= given.shape[0]:
        raise Invalid(f"A window of {window} over {given.shape[0]} observations.", remedy=f"Choose {regressors + 1} or more of them.")
    rows = np.ascontiguousarray(np.atleast_2d(block))
    found = np.empty((rows.shape[0], given.shape[0] - window + 1, regressors))
    from dawsos.compute.factors.rolling_kernel import rolling_coefficients  # noqa: PLC0415 - Numba is slow to import

    gaps = np.isnan(rows)
    q = np.ascontiguousarray(shared.q)
    rolling_coefficients(np.where(gaps, 0.0, rows), q, _solutions(q, shared.back, window), window, found)
    for place in np.flatnonzero(gaps.any(axis=1)):
        broken = np.lib.stride_tricks.sliding_window_view(gaps[place], window).any(axis=1)
        for start in np.flatnonzero(broken):
            part = slice(start, start + window)
            found[place, start] = regress(rows[place, part], given[part], constant=constant, minimum=minimum).coefficients
    return found[0] if block.ndim == 1 else found


def _solutions(q: FloatArray, back: FloatArray, window: int) -> FloatArray:
    """back·(Σ q q')⁻¹ for every window, from sliding sums where they keep their digits, else from an orthonormal window of the basis."""
    from dawsos.compute.factors.rolling_kernel import window_solutions  # noqa: PLC0415 - as above

    windows = np.lib.stride_tricks.sliding_window_view(q, window, axis=0).transpose(0, 2, 1)
    solved, is_left = np.empty((windows.shape[0], q.shape[1], q.shape[1])), np.empty(windows.shape[0], dtype=np.bool_)
    window_solutions(q, np.ascontiguousarray(back), window, solved, is_left)
    left = np.flatnonzero(is_left)
    for start in range(0, left.size, 64):
        chosen = left[start : start + 64]
        r = np.linalg.qr(windows[chosen], mode="r")
        if (np.abs(np.diagonal(r, axis1=1, axis2=2)).min(axis=1) < 1e-9 * np.abs(r).max(axis=(1, 2))).any():
            raise Invalid("In one of the windows the factors cannot be told apart.", remedy="Choose a longer window or fewer factors.")
        inverse = np.linalg.inv(r)
        solved[chosen] = back @ (inverse @ inverse.transpose(0, 2, 1))
    return solved
