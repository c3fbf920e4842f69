"""Ordinary least squares of many return series on the same factors, with the errors of each convention."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.factors.basis import Basis, basis
from dawsos.compute.factors.sandwich import Robust, robust_spread
from dawsos.compute.returns.figures import BoolArray, FloatArray, NotComputable, as_block
from dawsos.kernel.errors import Invalid

#: What the standard errors allow for: ``classical`` equal, independent residuals; ``hc0`` … ``hc3`` unequal ones (White 1980; MacKinnon and
#: White 1985); ``newey_west`` unequal and serially correlated ones (Newey and West 1987, Bartlett weights 1 − l/(L + 1)).
Errors = Literal["classical", "hc0", "hc1", "hc2", "hc3", "newey_west"]
#: Fewer observations than this say nothing reliable about a portfolio.
MINIMUM: Final = 30
#: Series are taken so many at a time, so that residuals stay in the processor's cache.
_BLOCK: Final = 256
#: Below this pivot the gaps have taken so much of the shared basis that a series gets a basis of its own.
_THIN: Final = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Fit of y on k regressors, ``[k]`` for one series and ``[series × k]`` for a block; the constant stands first, if there is one.

    NaN for a series with fewer than the least number of observations; :meth:`reason` says so.
    """

    coefficients: FloatArray
    standard_errors: FloatArray
    r_squared: FloatArray
    residual_variance: FloatArray
    observations: FloatArray
    has_constant: bool
    minimum: int

    @property
    def regressors(self) -> int:
        return int(self.coefficients.shape[-1])

    @property
    def alpha(self) -> FloatArray:
        """The constant; NaN when the fit has none."""
        return self.coefficients[..., 0] if self.has_constant else np.full(self.coefficients.shape[:-1], np.nan)

    @property
    def betas(self) -> FloatArray:
        """Coefficients on the factors, in their order."""
        return self.coefficients[..., int(self.has_constant) :]

    @property
    def t_statistics(self) -> FloatArray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.coefficients / self.standard_errors

    @property
    def degrees_of_freedom(self) -> FloatArray:
        return self.observations - self.regressors

    @property
    def adjusted_r_squared(self) -> FloatArray:
        """1 − (1 − R²)(n − 1)/(n − k), with n in place of n − 1 when there is no constant."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return 1.0 - (1.0 - self.r_squared) * (self.observations - self.has_constant) / self.degrees_of_freedom

    @property
    def f_statistic(self) -> FloatArray:
        """That no factor matters, from R² (classical errors)."""
        slopes = self.regressors - self.has_constant
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.r_squared / slopes / ((1.0 - self.r_squared) / self.degrees_of_freedom)

    @property
    def p_values(self) -> FloatArray:
        """Two-sided, from Student's t with n − k degrees of freedom."""
        from scipy.special import stdtr  # noqa: PLC0415 - slow to import

        return np.asarray(2.0 * stdtr(self.degrees_of_freedom[..., None], -np.abs(self.t_statistics)))

    def confidence_interval(self, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Coefficient ∓ t·standard error, Student's t with n − k degrees of freedom."""
        from scipy.special import stdtrit  # noqa: PLC0415 - as above

        reach = stdtrit(self.degrees_of_freedom[..., None], 0.5 + confidence / 2.0) * self.standard_errors
        return self.coefficients - reach, self.coefficients + reach

    def reason(self, place: int | tuple[()] = ()) -> NotComputable | None:
        """Why there is no fit for a series, None when there is."""
        had = int(self.observations[place])
        return NotComputable("observations common to returns and factors", self.minimum, had) if had < self.minimum else None


def regress(
    returns: ArrayLike,
    factors: ArrayLike,
    *,
    constant: bool = True,
    errors: Errors = "classical",
    lags: int | None = None,
    small_sample: bool = True,
    minimum: int = MINIMUM,
) -> Regression:
    """Y = Xβ + ε by least squares, ``returns`` ``[T]`` or ``[series × T]`` on shared ``factors`` ``[T × K]``.

    Missing returns (NaN) are left out series by series, missing factors for all. A series needs ``minimum`` observations and more than
    there are regressors, else its row is NaN. Residual variance is RSS/(n − k); R² is centred when there is a constant. The constant's
    coefficient is per observation, not per year.

    ``errors``: see :data:`Errors`; ``small_sample`` multiplies Newey–West variances by n/(n − k), as Stata does and gretl does not.
    ``lags`` (Newey–West only; default ⌊4(n/100)^(2/9)⌋) counts places of the calendar given: a pair with a missing side adds nothing.
    Agrees with statsmodels to 1e-10. Source: Greene, Econometric Analysis, 8th ed., ch. 4 and 9.
    """
    block = as_block(returns, "Returns")
    shared = basis(factors, constant=constant)
    if block.shape[-1] != shared.rows.size:
        raise Invalid(f"There are {block.shape[-1]} returns and {shared.rows.size} rows of factors.", remedy="Align them by date first.")
    robust = None if errors == "classical" else Robust(errors, _lags(lags, int(shared.rows.sum())), small_sample)
    rows = np.atleast_2d(block) if shared.rows.all() else np.atleast_2d(block)[:, shared.rows]
    fit = _fit(np.ascontiguousarray(rows), shared, robust, np.flatnonzero(shared.rows))
    least = max(minimum, shared.q.shape[1] + 1)
    fit.blank(fit.observations < least)
    one: Callable[[FloatArray], FloatArray] = (lambda values: values[0]) if block.ndim == 1 else (lambda values: values)
    return Regression(
        one(fit.coefficients),
        one(fit.standard_errors),
        np.asarray(one(fit.r_squared)),
        np.asarray(one(fit.residual_variance)),
        np.asarray(one(fit.observations)),
        constant,
        least,
    )


def _lags(lags: int | None, observations: int) -> int:
    if lags is not None and lags < 0:
        raise Invalid(f"{lags} lags.", remedy="Give a number of lags from 0 on.")
    return int(4.0 * (observations / 100.0) ** (2.0 / 9.0)) if lags is None else lags


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Arrays to be filled, one row per series."""

    coordinates: FloatArray
    coefficients: FloatArray
    standard_errors: FloatArray
    r_squared: FloatArray
    residual_variance: FloatArray
    observations: FloatArray
    pivots: FloatArray

    @classmethod
    def empty(cls, series: int, regressors: int) -> "_Fit":
        tables = [np.empty((series, regressors)) for _ in range(3)]
        return cls(*tables, *(np.empty(series) for _ in range(4)))

    def put(self, place: int, other: "_Fit") -> None:
        self.coefficients[place], self.standard_errors[place] = other.coefficients[0], other.standard_errors[0]
        self.r_squared[place], self.residual_variance[place] = other.r_squared[0], other.residual_variance[0]

    def blank(self, places: BoolArray | int) -> None:
        for values in (self.coefficients, self.standard_errors, self.r_squared, self.residual_variance):
            values[places] = np.nan


def _fit(rows: FloatArray, shared: Basis, robust: Robust | None, places: np.ndarray) -> _Fit:
    """Fit every row; one of which the gaps have left little of the shared basis is fitted again on a basis of its own."""
    from dawsos.compute.factors.regression_kernel import fit_series  # noqa: PLC0415 - Numba is slow to import

    fit = _Fit.empty(rows.shape[0], shared.q.shape[1])
    fit_series(
        rows, np.ascontiguousarray(shared.q.T), shared.back, shared.has_constant, fit.coordinates, fit.coefficients, fit.standard_errors,
        fit.r_squared, fit.residual_variance, fit.observations, fit.pivots,
    )  # fmt: skip
    if robust is not None:
        for start in range(0, rows.shape[0], _BLOCK):
            part = slice(start, start + _BLOCK)
            fit.standard_errors[part] = _robust_errors(rows[part], fit.coordinates[part], shared, robust, places)
    for place in np.flatnonzero(~(fit.pivots >= _THIN)):
        _fit_alone(rows[place], int(place), shared, robust, places, fit)
    return fit


def _robust_errors(rows: FloatArray, coordinates: FloatArray, shared: Basis, robust: Robust, places: np.ndarray) -> FloatArray:
    residuals = rows - coordinates @ shared.q.T
    known = ~np.isnan(residuals)
    if known.all():
        return np.sqrt(robust_spread(residuals, None, shared, None, robust, places))
    gram = np.einsum("pt,ti,tj->pij", known.astype(np.float64), shared.q, shared.q, optimize=True)
    regular = np.linalg.eigvalsh(gram)[:, 0] > 0.0
    inverse = np.linalg.inv(np.where(regular[:, None, None], gram, np.eye(gram.shape[1])))
    spread = robust_spread(np.where(known, residuals, 0.0), known, shared, inverse, robust, places)
    return np.sqrt(np.where(regular[:, None], spread, np.nan))


def _fit_alone(row: FloatArray, place: int, shared: Basis, robust: Robust | None, places: np.ndarray, into: _Fit) -> None:
    """What cannot be told apart in the observations that are left stays NaN."""
    known = ~np.isnan(row)
    regressors = (shared.q @ np.linalg.inv(shared.back))[known]  # X = q·back⁻¹
    try:
        own = basis(regressors[:, int(shared.has_constant) :], constant=shared.has_constant)
    except Invalid:
        into.blank(place)
    else:
        into.put(place, _fit(row[known][None, :], own, robust, places[known]))
