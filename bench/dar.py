"""P8: maximum drawdowns of many portfolios on shared factor paths, against a straightforward NumPy computation."""

import sys
import time
from collections.abc import Sequence

import numpy as np

from bench.harness import Row, arguments, compare, generator, table, version_of
from dawsos.compute.drawdown.at_risk import path_depths
from dawsos.compute.drawdown.paths import simulate_paths

FACTORS = 8
CONFIDENCE = 0.95


def _numpy(moves: np.ndarray, betas: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Portfolio by portfolio: returns, wealth, running peak, deepest fall, quantile."""
    found = []
    for beta, own in zip(betas, spread, strict=True):
        returns = moves[:, :, :FACTORS] @ beta + own * moves[:, :, FACTORS]
        wealth = np.cumprod(1.0 + returns, axis=1)
        peak = np.maximum(np.maximum.accumulate(wealth, axis=1), 1.0)
        found.append(np.quantile(-np.minimum((wealth / peak - 1.0).min(axis=1), 0.0), CONFIDENCE))
    return np.array(found)


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    rows: list[Row] = []
    sizes = ((4, 200, 21), (8, 200, 21)) if options.small else ((10, 10_000, 252), (100, 10_000, 252))
    random = generator()
    root = 0.01 * random.standard_normal((FACTORS, FACTORS)) / np.sqrt(FACTORS)
    for portfolios, count, days in sizes:
        covariance = root @ root.T + 1e-6 * np.eye(FACTORS)
        paths = simulate_paths({"MID_EXPANSION": covariance}, {"MID_EXPANSION": 1.0}, generator(3), days=days, count=count)
        moves = np.ascontiguousarray(paths.in_order())
        betas, spread = random.normal(0.5, 0.5, (portfolios, FACTORS)), random.uniform(0.001, 0.01, portfolios)
        sample = min(portfolios, 5)

        def ours(paths=paths, betas=betas, spread=spread) -> np.ndarray:
            return np.quantile(path_depths(paths, betas, spread), CONFIDENCE, axis=1)

        rows.append(
            compare(
                "dar", f"{portfolios} portfolios, {count:,} × {days} × {FACTORS}", ours,
                lambda moves=moves, betas=betas, spread=spread, sample=sample: _numpy(moves, betas[:sample], spread[:sample]),
                peer_name="NumPy matrix", peer_version=version_of("numpy"), goal=15 if portfolios >= 100 else None,
                equal=lambda mine, theirs: bool(np.abs(mine[: theirs.size] - theirs).max() < 1e-12), peer_share=sample / portfolios,
                rounds=options.rounds, small=options.small, clock=time.process_time,
            )
        )  # fmt: skip
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
