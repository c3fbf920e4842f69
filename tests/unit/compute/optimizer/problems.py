"""Random problems of many shapes, for property tests and comparisons."""

import os

import numpy as np

from dawsos.compute.optimizer.limits import GroupLimit, Limits
from dawsos.compute.optimizer.purposes import (
    MaximumSharpe,
    MeanVariance,
    MinimumShortfall,
    MinimumVariance,
    NearestTo,
    Purpose,
)
from dawsos.compute.optimizer.risk_model import RiskModel, of_covariance, of_factors

#: How many random problems a run takes; DAWSOS_RANDOM_PROBLEMS=1000 for a thorough one.
COUNT = int(os.environ.get("DAWSOS_RANDOM_PROBLEMS", "120"))


def random_problem(seed: int) -> tuple[Purpose, Limits, RiskModel, np.ndarray]:
    """A purpose, limits of every kind (some of them impossible), a risk model and expected returns."""
    random = np.random.default_rng(seed)
    size = int(random.integers(3, 40))
    factors = int(random.integers(1, 6))
    exposures, specific = random.normal(0.0, 0.15, (size, factors)), random.uniform(0.005, 0.09, size)
    model = of_factors(exposures, np.eye(factors), specific)
    if random.random() < 0.3:
        model = of_covariance(model.covariance())
    expected = random.normal(0.07, 0.05, size)
    current, benchmark = random.dirichlet(np.ones(size)), random.dirichlet(np.ones(size) * 3)
    sectors = random.integers(0, 5, size)
    ceiling = max(float(random.uniform(0.08, 0.5)), 1.05 / size)
    upper = np.full(size, ceiling)
    if random.random() < 0.5:  # holdings below the wanted quality must go
        upper[random.random(size) < 0.2] = 0.0
    largest = float(random.uniform(0.22, 0.6))
    groups = tuple(
        GroupLimit(name=f"sector {each}", members=sectors == each, upper=largest, is_sector=True)
        for each in range(5)
        if (sectors == each).any()
    )
    if random.random() < 0.3:
        groups += (GroupLimit(name="floor", members=random.random(size) < 0.5, lower=0.1),)

    def sometimes(low: float, high: float) -> float | None:
        return float(random.uniform(low, high)) if random.random() < 0.6 else None

    limits = Limits(
        lower=np.zeros(size),
        upper=upper,
        groups=groups,
        current=current,
        turnover=sometimes(0.02, 0.6),
        benchmark=benchmark,
        tracking_error=sometimes(0.005, 0.2),
        volatility=sometimes(0.08, 0.4),
        minimum_position=0.005 if random.random() < 0.4 else 0.0,
    )
    purposes: list[Purpose] = [
        MinimumVariance(),
        MeanVariance(risk_aversion=float(random.uniform(0.5, 10.0))),
        MeanVariance(risk_aversion=3.0, cost=np.full(size, 0.0015)),
        MaximumSharpe(risk_free=0.01),
        MinimumShortfall(scenarios=random.multivariate_normal(expected / 252, model.covariance() / 252, size=60)),
        NearestTo(target=benchmark),
    ]
    return purposes[seed % len(purposes)], limits, model, expected
