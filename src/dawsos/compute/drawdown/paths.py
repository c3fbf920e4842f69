"""Simulated paths of the factors, once for every portfolio."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from dawsos.compute.drawdown.covariances import checked_probabilities
from dawsos.compute.factors.risk import checked_covariance
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

#: Paths that lie side by side, one in each lane of the processor's vectors.
LANES: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class FactorPaths:
    """Factor changes and one standard normal number for what is idiosyncratic: ``[blocks × days × (K + 1) × lanes]``.

    The last block may hold lanes beyond ``count``: they do not count. ``covariance`` is that of one day over all paths.
    """

    blocks: FloatArray
    count: int
    covariance: FloatArray

    @property
    def days(self) -> int:
        return int(self.blocks.shape[1])

    @property
    def factors(self) -> int:
        return int(self.blocks.shape[2]) - 1

    def in_order(self) -> FloatArray:
        """The same numbers as ``[paths × days × (K + 1)]``."""
        flat = self.blocks.transpose(0, 3, 1, 2).reshape(-1, self.days, self.factors + 1)
        return np.asarray(flat[: self.count])


def simulate_paths(
    covariances: Mapping[str, FloatArray],
    probabilities: Mapping[str, float],
    generator: np.random.Generator,
    *,
    days: int = 21,
    count: int = 10_000,
) -> FactorPaths:
    """``count`` paths of ``days`` of Gaussian factor changes with mean zero.

    Each path lies in one phase, drawn by ``probabilities`` (exact shares, the remainder by ``generator``); its days are independent with
    that phase's covariance per day. Equal generator states give equal paths, bit for bit. Raises :class:`Invalid` for fewer than one path
    or day.
    """
    if days < 1 or count < 1:
        raise Invalid(f"{count} paths of {days} days.", remedy="Simulate at least one path of one day.")
    weights = checked_probabilities(probabilities)
    roots = np.array([_root(covariances[phase]) for phase in weights])
    phase_of = _phases(np.array(list(weights.values())), count, generator)
    factors = roots.shape[1]
    blocks = np.zeros((-(-count // LANES), days, factors + 1, LANES))
    for block in range(blocks.shape[0]):
        used = min(LANES, count - block * LANES)
        normal = generator.standard_normal((used, days, factors + 1))
        mixed = normal[:, :, :factors] @ roots[phase_of[block * LANES : block * LANES + used]].transpose(0, 2, 1)
        blocks[block, :, :factors, :used] = mixed.transpose(1, 2, 0)
        blocks[block, :, factors, :used] = normal[:, :, factors].T
    shares = np.bincount(phase_of, minlength=len(weights)) / count
    pooled = sum(share * covariances[phase] for share, phase in zip(shares, weights, strict=True))
    return FactorPaths(blocks, count, np.asarray(pooled))


def _root(covariance: FloatArray) -> FloatArray:
    """L with L·L' = Σ, also for a Σ that is not of full rank."""
    values, vectors = np.linalg.eigh(checked_covariance(covariance))
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _phases(weights: FloatArray, count: int, generator: np.random.Generator) -> np.ndarray:
    exact = weights * count
    whole = np.floor(exact).astype(np.int64)
    left = count - int(whole.sum())
    if left:
        rest = exact - whole
        whole += np.bincount(generator.choice(weights.size, size=left, replace=False, p=rest / rest.sum()), minlength=weights.size)
    return np.repeat(np.arange(weights.size), whole)
