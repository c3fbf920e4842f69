"""Worked examples of textbooks on volatility and value at risk."""

import numpy as np
import pytest

from dawsos.compute.risk.conditional_volatility import Garch, ewma_variances
from dawsos.compute.risk.decomposition import decomposition_of_covariance
from dawsos.compute.risk.inference import expected_highest_sharpe
from dawsos.compute.risk.reward import kelly
from dawsos.compute.risk.tail import historical_var


def test_two_currencies_of_jorion():
    # Jorion, Value at Risk, ch. 7: 2 million CAD of 5 % and 1 million EUR of 12 % volatility, uncorrelated.
    found = decomposition_of_covariance([2.0, 1.0], np.diag([0.05**2, 0.12**2]))
    assert float(found.volatility) == pytest.approx(0.156205, abs=1e-6)
    # He divides betas by the wealth of three million.
    assert (found.beta * 3.0).tolist() == pytest.approx([0.615, 1.770], abs=1e-3)
    assert found.share.tolist() == pytest.approx([105_630 / 257_738, 152_108 / 257_738], abs=1e-5)
    assert (found.standalone / found.standalone.sum()).tolist() == pytest.approx([165_000 / 363_000, 198_000 / 363_000], abs=1e-9)
    # Without the euro position the loss falls from 257 738 to 165 000.
    assert float(found.incremental[1] / found.risk) == pytest.approx(1 - 165_000 / 257_738, abs=1e-5)


def test_exponentially_weighted_variance_of_hull():
    # Hull, Options, Futures and Other Derivatives: decay 0.9, volatility 1 %, the market moves 2 %: 1.14 % the day after.
    assert np.sqrt(ewma_variances([0.01, 0.02], decay=0.9)[-1]) == pytest.approx(0.0114, abs=5e-5)


def test_garch_of_hull():
    # omega 0.000002, alpha 0.13, beta 0.86: long run 1.41 %; from 1.6 % and a move of 1 % to 1.53 %.
    following = np.sqrt(0.000002 + 0.13 * 0.01**2 + 0.86 * 0.016**2)
    model = Garch(0.0, 0.000002, 0.13, 0.86, 0.0, np.array([0.016]), following, np.sqrt(0.000002 / 0.01))
    assert model.forecast == pytest.approx(0.0153, abs=5e-5)
    assert model.long_run == pytest.approx(0.0141, abs=5e-5)
    assert model.persistence == pytest.approx(0.99)
    # His variance in ten days: 0.0002 + 0.99^10 · (σ² − 0.0002).
    assert model.forecast_after(11) ** 2 == pytest.approx(0.0002 + 0.99**10 * (following**2 - 0.0002), rel=1e-12)


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("inverted_cdf", 3), ("averaged_inverted_cdf", 3), ("closest_observation", 2), ("interpolated_inverted_cdf", 2.5), ("hazen", 3),
        ("weibull", 2.75), ("linear", 3.25), ("median_unbiased", 2.916667), ("normal_unbiased", 2.9375), ("worst", 3),
    ],
)  # fmt: skip
def test_the_first_quartile_of_one_to_ten_in_every_convention(method, value):
    # Hyndman and Fan 1996, types 1 to 9 in order.
    assert historical_var(np.arange(1.0, 11.0), tail=0.25, method=method) == pytest.approx(value, abs=1e-6)


def test_kelly_bets_and_the_luckiest_of_ten():
    # Six wins of ten at even odds: stake a fifth.
    assert kelly([1.0] * 6 + [-1.0] * 4, method="bets") == pytest.approx(0.2)
    assert expected_highest_sharpe(10, 1.0) == pytest.approx(1.5746, abs=1e-4)
