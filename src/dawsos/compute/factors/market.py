"""Single-factor, timing and style models of a manager's returns."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.factors.regression import MINIMUM, Errors, Regression, regress
from dawsos.compute.returns.figures import FloatArray
from dawsos.compute.risk.ratios import excess_returns
from dawsos.kernel.errors import Invalid


def market_timing(
    returns: ArrayLike,
    benchmark: ArrayLike,
    *,
    risk_free: ArrayLike = 0.0,
    method: Literal["henriksson_merton", "treynor_mazuy"] = "henriksson_merton",
    errors: Errors = "classical",
    minimum: int = MINIMUM,
) -> Regression:
    """Excess return on the market's excess return b and a timing term: max(0, −b) (Henriksson and Merton 1981) or b² (Treynor and Mazuy
    1966). Coefficients are alpha per period, beta and gamma; gamma above zero is a manager whose beta rises with the market.
    """  # noqa: D205 - one thought
    market = excess_returns(benchmark, risk_free)
    timing = np.where(np.isnan(market), np.nan, np.maximum(0.0, -market)) if method == "henriksson_merton" else market**2
    return regress(excess_returns(returns, risk_free), np.column_stack([market, timing]), errors=errors, minimum=minimum)


def style_regression(
    returns: ArrayLike,
    styles: Mapping[str, ArrayLike],
    *,
    risk_free: ArrayLike = 0.0,
    errors: Errors = "newey_west",
    lags: int | None = None,
    minimum: int = MINIMUM,
) -> Regression:
    """Excess return on the returns of style portfolios in the order of ``styles``: market less risk-free, small less big, high less low
    book-to-market, and others. Everything a fraction per period. Source: Fama and French, Common Risk Factors in the Returns on Stocks and
    Bonds, 1993.
    """  # noqa: D205 - one thought
    if not styles:
        raise Invalid("A style model without styles.", remedy="Give at least the market's excess return.")
    columns = np.column_stack([np.asarray(style, dtype=np.float64) for style in styles.values()])
    return regress(excess_returns(returns, risk_free), columns, errors=errors, lags=lags, minimum=minimum)


def momentum(levels: ArrayLike, *, window: int = 90) -> FloatArray:
    """How far a level stands above its moving average, in standard deviations (ddof 1): (x − MA)/SD over ``window`` observations up to
    and with each one; NaN before there are as many, and where the level did not move.
    """  # noqa: D205 - one thought
    series = np.asarray(levels, dtype=np.float64)
    found = np.full(series.size, np.nan)
    if series.size >= window >= 2:
        windows = np.lib.stride_tricks.sliding_window_view(series, window)
        spread = windows.std(axis=1, ddof=1)
        found[window - 1 :] = np.divide(
            series[window - 1 :] - windows.mean(axis=1), spread, out=np.full(spread.size, np.nan), where=spread > 0
        )
    return found


def return_attribution(model: Regression, factors: ArrayLike, observations: ArrayLike) -> dict[str, FloatArray]:
    """The sum of one series' returns as alpha × n + Σ β_f × (sum of factor f): ``alpha`` and ``factors`` ``[K]``; nothing is left over.

    ``observations``: which rows were in the fit (those where the series and every factor are known). The residuals of a least-squares fit
    with a constant sum to zero, so the parts sum to the sum of the returns.
    """
    if not model.has_constant:
        raise Invalid("Without a constant the residuals do not sum to zero.", remedy="Fit the model with a constant.")
    kept = np.asarray(factors, dtype=np.float64)[np.asarray(observations, dtype=bool)]
    return {"alpha": np.asarray(model.alpha * kept.shape[0]), "factors": model.betas * kept.sum(axis=0)}
