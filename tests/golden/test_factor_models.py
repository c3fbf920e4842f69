"""Factor models on real returns against an independent library."""

import numpy as np
import pytest

from dawsos.compute.factors.market import style_regression
from dawsos.compute.factors.regression import regress
from dawsos.compute.factors.rolling import rolling_regression
from tests.support.shared_data import closes, fama_french, needs_shared

sm = pytest.importorskip("statsmodels.api")
pytestmark = needs_shared


@pytest.fixture(scope="module")
def styles():
    return fama_french()


@pytest.fixture(scope="module")
def stocks():
    """Monthly returns of ten stocks, July 2000 to November 2018, beside the factors of the same months."""
    days, prices = closes()
    months = days.astype("datetime64[M]")
    last = np.flatnonzero(np.append(months[1:] != months[:-1], True))
    kept = (months[last] >= np.datetime64("2000-06")) & (months[last] <= np.datetime64("2018-11"))
    names = ["AAPL", "BAC", "CVX", "GE", "JNJ", "JPM", "KO", "MSFT", "PG", "XOM"]
    table = np.array([prices[name][last[kept]] for name in names])
    return table[:, 1:] / table[:, :-1] - 1.0


KINDS = [
    ("classical", "nonrobust", {}),
    ("hc0", "HC0", {}),
    ("hc1", "HC1", {}),
    ("hc2", "HC2", {}),
    ("hc3", "HC3", {}),
    ("newey_west", "HAC", {"maxlags": 6, "use_correction": True}),
]


@pytest.mark.parametrize(("errors", "cov_type", "keywords"), KINDS)
def test_three_factors_of_ten_stocks_under_every_convention(styles, stocks, errors, cov_type, keywords):
    count = stocks.shape[1]
    columns = {name: styles[name][-count:] for name in ("Mkt-RF", "SMB", "HML")}
    fit = style_regression(stocks, columns, risk_free=styles["RF"][-count:], errors=errors, lags=6)
    design = sm.add_constant(np.column_stack(list(columns.values())))
    for place, series in enumerate(stocks):
        peer = sm.OLS(series - styles["RF"][-count:], design).fit(cov_type=cov_type, cov_kwds=keywords or None)
        assert fit.coefficients[place] == pytest.approx(peer.params, rel=1e-10, abs=1e-13)
        assert fit.standard_errors[place] == pytest.approx(peer.bse, rel=1e-10)
        assert fit.t_statistics[place] == pytest.approx(peer.tvalues, rel=1e-9, abs=1e-11)
        assert fit.r_squared[place] == pytest.approx(peer.rsquared, rel=1e-10)
        assert fit.adjusted_r_squared[place] == pytest.approx(peer.rsquared_adj, rel=1e-10)
        assert fit.residual_variance[place] == pytest.approx(peer.mse_resid, rel=1e-10)
        assert np.asarray(fit.betas[place, 0]) > 0.2


def test_newey_west_without_the_small_sample_factor(styles):
    y, x = styles["HML"], styles["Mkt-RF"]
    fit = regress(y, x, errors="newey_west", lags=4, small_sample=False)
    peer = sm.OLS(y, sm.add_constant(x)).fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": False})
    assert fit.standard_errors == pytest.approx(peer.bse, rel=1e-10)


def test_rolling_betas_of_eighty_years(styles):
    RollingOLS = pytest.importorskip("statsmodels.regression.rolling").RollingOLS
    x = np.column_stack([styles["Mkt-RF"], styles["SMB"]])
    peer = RollingOLS(styles["HML"], sm.add_constant(x), 60).fit().params[59:]
    assert rolling_regression(styles["HML"], x, window=60) == pytest.approx(np.asarray(peer), rel=1e-8, abs=1e-10)
