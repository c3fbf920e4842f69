"""Hierarchical risk parity: weights from the tree of correlations, without inverting anything."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

Linkage = Literal["single", "complete", "average", "ward"]


def hierarchical_risk_parity(covariance: ArrayLike, *, correlation: ArrayLike | None = None, linkage: Linkage = "single") -> FloatArray:
    """Weights ``[n]`` > 0 adding up to 1 (López de Prado 2016, "Building diversified portfolios that outperform out of sample").

    Distance √((1 − ρ)/2) between assets, their tree by ``linkage`` on these distances, assets in the order of its leaves; then from the
    top each run of assets is halved, and its weight divided in inverse proportion to the variances of the two halves, each half held in
    inverse proportion to its own variances. One asset has weight 1. ``correlation`` is derived from ``covariance`` unless given: where
    both were estimated over the days each pair has in common, the one does not follow from the other.
    Raises :class:`Invalid` where an asset has no variance.
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    variances = np.diag(matrix)
    if matrix.ndim != 2 or not (variances > 0.0).all() or not np.isfinite(matrix).all():
        raise Invalid("An asset has no variance.", remedy="Leave cash and constant prices out.")
    scale = np.sqrt(variances)
    return bisected_weights(matrix, leaf_order(matrix / np.outer(scale, scale) if correlation is None else correlation, linkage))


def bisected_weights(covariance: FloatArray, order: list[int]) -> FloatArray:
    """The weights for assets in a given ``order``, by halving it again and again."""
    weights = np.ones(covariance.shape[0])
    runs = [order]
    while runs:
        halves = [(run[: len(run) // 2], run[len(run) // 2 :]) for run in runs if len(run) > 1]
        for left, right in halves:
            risk_left, risk_right = _run_variance(covariance, left), _run_variance(covariance, right)
            weights[left] *= risk_right / (risk_left + risk_right)
            weights[right] *= risk_left / (risk_left + risk_right)
        runs = [half for pair in halves for half in pair]
    return weights


def leaf_order(correlation: ArrayLike, linkage: Linkage = "single") -> list[int]:
    """The assets as the leaves of the tree, from left to right."""
    from scipy.cluster.hierarchy import leaves_list  # noqa: PLC0415 - slow to import and needed for trees alone
    from scipy.cluster.hierarchy import linkage as tree_of  # noqa: PLC0415
    from scipy.spatial.distance import squareform  # noqa: PLC0415

    matrix = np.clip(np.asarray(correlation, dtype=np.float64), -1.0, 1.0)
    if matrix.shape[0] < 2:
        return list(range(matrix.shape[0]))
    distance = np.sqrt((1.0 - matrix) / 2.0)
    np.fill_diagonal(distance, 0.0)
    return [int(leaf) for leaf in leaves_list(tree_of(squareform((distance + distance.T) / 2.0, checks=False), method=linkage))]


def _run_variance(covariance: FloatArray, run: list[int]) -> float:
    own = covariance[np.ix_(run, run)]
    inverse = 1.0 / np.diag(own)
    weights = inverse / inverse.sum()
    return float(weights @ own @ weights)
