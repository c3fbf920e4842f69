"""The figures of risk once more, by other means: statsmodels, plain numpy, plain loops. Nothing of ``dawsos.compute`` is used here."""

import itertools
from dataclasses import dataclass
from datetime import date

import numpy as np
import statsmodels.api as sm

FACTORS = ("real_rates", "inflation", "credit", "usd", "equity")
#: Weights of the dollar against EUR, JPY, GBP, CAD and CHF; whether a series counts units of the currency per dollar.
BASKET = {"EXUSEU": (False, 57.6), "EXJPUS": (True, 13.6), "EXUSUK": (False, 11.9), "EXCAUS": (True, 9.1), "EXSZUS": (True, 3.6)}


@dataclass(frozen=True)
class Market:
    """What is known: monthly series by (year, month) in the source's units, and daily closes and rates to the base currency."""

    series: dict[str, dict[tuple[int, int], float]]
    bill_known: list[tuple[date, float]]
    index: dict[date, float]
    values: dict[str, dict[date, float]]
    today: date


def averages(daily: dict[date, float], today: date) -> dict[tuple[int, int], float]:
    """By month, of months that are over and have at least fifteen days."""
    by_month: dict[tuple[int, int], list[float]] = {}
    for day, value in daily.items():
        by_month.setdefault((day.year, day.month), []).append(value)
    return {month: sum(found) / len(found) for month, found in by_month.items() if len(found) >= 15 and _last(month) <= today}


def _last(month: tuple[int, int]) -> date:
    year, number = month
    following = date(year + number // 12, number % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def factors(market: Market) -> tuple[list[tuple[int, int]], np.ndarray]:
    """Months and changes: the k-th change leads from month k to month k + 1."""
    series, index = market.series, averages(market.index, market.today)
    names = ("FII10", "GS10", "BAA", *BASKET)
    months = sorted(set.intersection(set(index), *(set(series[name]) for name in names)))
    months = [month for month in months if date(*month, 1) >= market.bill_known[0][0]]
    months = months[-121:]
    total = sum(weight for _, weight in BASKET.values())

    def dollar(month: tuple[int, int]) -> float:
        found = 1.0
        for name, (per_dollar, weight) in BASKET.items():
            found *= series[name][month] ** ((1 if per_dollar else -1) * weight / total)
        return found

    rows = []
    for before, after in itertools.pairwise(months):
        bill = [rate for known, rate in market.bill_known if known <= date(*before, 1)][-1]
        span = (date(*after, 1) - date(*before, 1)).days / 365
        rows.append([
            (series["FII10"][after] - series["FII10"][before]) / 100,
            (series["GS10"][after] - series["FII10"][after] - series["GS10"][before] + series["FII10"][before]) / 100,
            (series["BAA"][after] - series["GS10"][after] - series["BAA"][before] + series["GS10"][before]) / 100,
            dollar(after) / dollar(before) - 1,
            index[after] / index[before] - 1 - bill * span,
        ])  # fmt: skip
    return months, np.array(rows)


def changes(market: Market, key: str, months: list[tuple[int, int]]) -> np.ndarray:
    """Of the monthly averages of a holding's value per unit."""
    found = averages(market.values[key], market.today)
    return np.array([
        found[after] / found[before] - 1 if before in found and after in found else np.nan
        for before, after in itertools.pairwise(months)
    ])  # fmt: skip


def regression(y: np.ndarray, x: np.ndarray) -> object:
    """Least squares with a constant, errors by Newey and West with the usual number of lags."""
    kept = ~np.isnan(y)
    lags = int(4 * (len(x) / 100) ** (2 / 9))
    return sm.OLS(y[kept], sm.add_constant(x[kept])).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})


def drawdown_quantile(
    covariances: dict[str, np.ndarray], probabilities: dict[str, float], betas: np.ndarray, deviation: float, seed: int, *, days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Depths of ten thousand paths, path by path, from the same stream of random numbers, and the covariance of a day over all of them."""
    generator = np.random.default_rng(seed)
    total = sum(probabilities.values())
    weights = {phase: chance / total for phase, chance in probabilities.items() if chance > 0}
    exact = np.array([chance * 10_000 for chance in weights.values()])
    whole = np.floor(exact).astype(int)
    left = 10_000 - int(whole.sum())
    if left:
        rest = exact - whole
        whole += np.bincount(generator.choice(len(exact), size=left, replace=False, p=rest / rest.sum()), minlength=len(exact))
    roots = []
    for phase, count in zip(weights, whole, strict=True):
        values, vectors = np.linalg.eigh(covariances[phase])
        roots += [vectors * np.sqrt(np.maximum(values, 0))] * int(count)
    depths = np.empty(10_000)
    for first in range(0, 10_000, 64):
        used = min(64, 10_000 - first)
        normal = generator.standard_normal((used, days, 6))
        for lane in range(used):
            moved = normal[lane, :, :5] @ roots[first + lane].T @ betas + deviation * normal[lane, :, 5]
            wealth = np.concatenate([[1.0], np.cumprod(1 + moved)])
            depths[first + lane] = (1 - wealth / np.maximum.accumulate(wealth)).max()
    return depths, sum(count / 10_000 * covariances[phase] for phase, count in zip(weights, whole, strict=True))
