"""One reading of a return series for every figure: missing observations are left out, along the last axis."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import BoolArray, FloatArray, as_block
from dawsos.kernel.errors import Invalid

#: A float for one series ``[T]``, an array ``[portfolios]`` for a block ``[portfolios × T]``; NaN where a figure cannot be computed.
Figure: TypeAlias = float | FloatArray


@dataclass(frozen=True, slots=True)
class Observed:
    """``values`` with 0 in place of missing ones, which are ``present``, and how many (``count``, along the last axis)."""

    values: FloatArray
    present: BoolArray
    count: FloatArray

    def total(self, terms: FloatArray) -> FloatArray:
        """Sum of ``terms`` over the observations present."""
        return np.asarray(np.where(self.present, terms, 0.0).sum(axis=-1))

    def average(self, terms: FloatArray) -> FloatArray:
        """Mean of ``terms`` over the observations present; NaN without any."""
        return ratio(self.total(terms), self.count)

    @property
    def mean(self) -> FloatArray:
        return self.average(self.values)

    @property
    def deviations(self) -> FloatArray:
        """Values less their mean, 0 where missing."""
        return np.where(self.present, self.values - self.mean[..., None], 0.0)

    def standard_deviation(self, ddof: int) -> FloatArray:
        """√(Σ(r − mean)²/(n − ddof)), two passes; exactly 0 when all observations are equal; NaN with n ≤ ddof."""
        squares = (self.deviations**2).sum(axis=-1)
        highest = np.where(self.present, self.values, -np.inf).max(axis=-1, initial=-np.inf)
        lowest = np.where(self.present, self.values, np.inf).min(axis=-1, initial=np.inf)
        spread = np.sqrt(ratio(squares, self.count - ddof))
        return np.where((highest == lowest) & ~np.isnan(spread), 0.0, spread)


def observe(returns: ArrayLike) -> Observed:
    """Read a series or block."""
    block = as_block(returns, "Returns")
    present = ~np.isnan(block)
    return Observed(np.where(present, block, 0.0), present, np.asarray(present.sum(axis=-1), dtype=np.float64))


def aligned(returns: ArrayLike, benchmark: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Returns and benchmark of equal shape, missing in both where either is; one benchmark series serves every row of a block."""
    own, other = as_block(returns, "Returns"), as_block(benchmark, "Benchmark returns")
    if own.shape[-1] != other.shape[-1]:
        raise Invalid(f"There are {own.shape[-1]} returns and {other.shape[-1]} of the benchmark.", remedy="Align them by date first.")
    own, other = np.broadcast_arrays(own, other)
    either = np.isnan(own) | np.isnan(other)
    return np.where(either, np.nan, own), np.where(either, np.nan, other)


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Element-wise quotient, NaN where the denominator is not above zero: no ratio is stated over nothing."""
    numerator, denominator = np.broadcast_arrays(np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64))
    quotient: FloatArray = np.divide(numerator, denominator, out=np.full(denominator.shape, np.nan), where=denominator > 0)
    return quotient


def figure(values: FloatArray) -> Figure:
    """A float for one series, the array for a block."""
    return float(values) if np.ndim(values) == 0 else values
