"""P7: regressions of many portfolios on the same factors, with errors, t and R², and rolling betas, against statsmodels."""

import sys
import time
from collections.abc import Sequence

import numpy as np
import statsmodels.api as sm
from statsmodels.regression.rolling import RollingOLS

from bench.harness import Row, arguments, compare, generator, table, version_of
from dawsos.compute.factors.regression import Regression, regress
from dawsos.compute.factors.rolling import rolling_regression

FACTORS = 8
TOLERANCE = 1e-10
Fits = list[tuple[np.ndarray, np.ndarray, np.ndarray, float]]


def _world(portfolios: int, days: int, *, ill_conditioned: bool = False) -> tuple[np.ndarray, np.ndarray]:
    random = generator()
    factors = 0.01 * random.standard_normal((days, FACTORS))
    if ill_conditioned:  # two factors that differ by a thousandth, a third far from zero
        factors[:, 1] = factors[:, 0] + 1e-3 * factors[:, 1]
        factors[:, 2] += 1.0
    betas = random.normal(0.5, 0.5, (portfolios, FACTORS))
    return betas @ factors.T + 0.01 * random.standard_normal((portfolios, days)), factors


def _peer(returns: np.ndarray, factors: np.ndarray) -> Fits:
    design = sm.add_constant(factors)
    fits = []
    for row in returns:
        fit = sm.OLS(row, design, missing="drop").fit()
        fits.append((fit.params, fit.bse, fit.tvalues, fit.rsquared))
    return fits


def _ours(returns: np.ndarray, factors: np.ndarray) -> tuple[Regression, np.ndarray]:
    fit = regress(returns, factors)
    return fit, fit.t_statistics


def _same(ours: tuple[Regression, np.ndarray], peers: Fits, tolerance: float = TOLERANCE) -> bool:
    fit, t = ours
    for place, (params, errors, statistics, r_squared) in enumerate(peers):
        size = np.maximum(np.abs(params), errors)  # a coefficient has no digits below its own error's
        close = np.abs(fit.coefficients[place] - params) <= tolerance * np.maximum(size, 1.0)
        close &= np.abs(fit.standard_errors[place] - errors) <= tolerance * np.maximum(errors, 1.0)
        close &= np.abs(t[place] - statistics) <= tolerance * np.maximum(np.abs(statistics), 1.0)
        if not close.all() or abs(fit.r_squared[place] - r_squared) > tolerance:
            return False
    return True


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    rows: list[Row] = []
    version = version_of("statsmodels")
    for portfolios in (50, 200) if options.small else (1_000, 10_000):
        days = 252
        sample = min(portfolios, 200)
        size = f"{portfolios:,} × {days} × {FACTORS}"
        returns, factors = _world(portfolios, days)
        gaps = returns.copy()
        gaps[generator(7).random(gaps.shape) < 0.02] = np.nan
        stiff, near = _world(portfolios, days, ill_conditioned=True)
        # Two factors a thousandth apart amplify the rounding of either side's last digits a thousandfold.
        for name, y, x, goal, tolerance in (
            ("complete", returns, factors, 300, TOLERANCE),
            ("2 % gaps", gaps, factors, 80, TOLERANCE),
            ("ill-conditioned", stiff, near, 300, 1e-9),
        ):
            rows.append(
                compare(
                    "factors", f"{size}, {name}", lambda y=y, x=x: _ours(y, x), lambda y=y, x=x, sample=sample: _peer(y[:sample], x),
                    peer_name="statsmodels OLS", peer_version=version, goal=goal if portfolios >= 10_000 else None,
                    equal=lambda ours, peers, tolerance=tolerance: _same(ours, peers, tolerance), peer_share=sample / portfolios,
                    rounds=options.rounds, small=options.small, clock=time.process_time,
                )
            )  # fmt: skip
    for portfolios, days, window in ((4, 120, 60),) if options.small else ((16, 2_520, 252), (64, 2_520, 252)):
        returns, factors = _world(portfolios, days)
        design = sm.add_constant(factors)

        def peer(returns=returns, design=design, window=window) -> np.ndarray:
            return np.asarray(RollingOLS(returns[0], design, window).fit(params_only=True).params)[window - 1 :]

        rows.append(
            compare(
                "rolling factors", f"{portfolios} × {days} days, window {window}",
                lambda returns=returns, factors=factors, window=window: rolling_regression(returns, factors, window=window), peer,
                peer_name="statsmodels RollingOLS", peer_version=version, goal=90, peer_share=1 / portfolios, rounds=options.rounds,
                equal=lambda ours, theirs: bool(np.abs(ours[0] - theirs).max() <= TOLERANCE), small=options.small, clock=time.process_time,
            )
        )  # fmt: skip
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
