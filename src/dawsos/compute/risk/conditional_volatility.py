"""Volatility that changes over time: exponentially weighted, and GARCH(1,1)."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, NotComputable, as_block
from dawsos.compute.risk.observations import Figure, figure
from dawsos.compute.risk.tail import normal_quantile
from dawsos.kernel.errors import Invalid

#: RiskMetrics' decay of daily variances.
DAILY_DECAY: Final = 0.94
#: Fewer returns than these do not settle three parameters.
LEAST_FOR_GARCH: Final = 250
#: Returns are fitted in percent: the likelihood of small numbers is flat to the optimiser.
_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Garch:
    """σ²_t = omega + alpha·e²_{t−1} + beta·σ²_{t−1}, e_t = r_t − mean, fitted by maximum likelihood to normal innovations.

    ``volatility[t]`` is the conditional standard deviation of each observation, ``forecast`` that of the next one, per period.
    ``long_run`` is √(omega/(1 − alpha − beta)), null when alpha + beta reach 1 and shocks never fade.
    """

    mean: float
    omega: float
    alpha: float
    beta: float
    log_likelihood: float
    volatility: FloatArray
    forecast: float
    long_run: float | None

    @property
    def persistence(self) -> float:
        return self.alpha + self.beta

    def forecast_after(self, steps: int) -> float:
        """Standard deviation of the return ``steps`` periods ahead (1 is :attr:`forecast`); it tends to ``long_run``."""
        if steps < 1:
            raise Invalid(f"A forecast {steps} steps ahead.", remedy="Give 1 or more.")
        variance = self.forecast**2
        for _ in range(steps - 1):
            variance = self.omega + self.persistence * variance
        return float(np.sqrt(variance))


def decay_of_half_life(half_life: float) -> float:
    """The decay that halves a weight in ``half_life`` periods: 0.5^(1/half_life)."""
    if not half_life > 0:
        raise Invalid(f"A half-life of {half_life}.", remedy="Give a positive number of periods.")
    return float(0.5 ** (1.0 / half_life))


def ewma_variances(
    returns: ArrayLike, *, decay: float = DAILY_DECAY, start: Literal["first", "sample"] = "first", centre: bool = False
) -> FloatArray:
    """Variance forecasts σ²_{t+1} = decay·σ²_t + (1 − decay)·r²_t, one after each observation: same shape as ``returns``.

    ``start`` is the first squared return or the mean of all squares; ``centre`` takes the mean return off first. A missing observation
    leaves the forecast as it was; before the first one there is none (NaN). Source: RiskMetrics Technical Document, 4th ed., 1996.
    """
    if not 0.0 < decay < 1.0:
        raise Invalid(f"A decay of {decay}.", remedy="Give a number between 0 and 1, such as 0.94.")
    block = as_block(returns, "Returns")
    rows = np.atleast_2d(block)
    present = ~np.isnan(rows)
    if centre:
        count = present.sum(axis=1, keepdims=True)
        rows = rows - np.where(present, rows, 0.0).sum(axis=1, keepdims=True) / np.maximum(count, 1)
    squares = np.where(present, rows, 0.0) ** 2
    average = np.divide(squares.sum(axis=1), present.sum(axis=1), out=np.full(rows.shape[0], np.nan), where=present.any(axis=1))
    variance = average if start == "sample" else np.full(rows.shape[0], np.nan)
    out = np.empty_like(rows)
    for t in range(rows.shape[1]):
        known = present[:, t]
        following = np.where(np.isnan(variance), squares[:, t], decay * variance + (1.0 - decay) * squares[:, t])
        variance = np.where(known, following, variance)
        out[:, t] = variance
    return out.reshape(block.shape)


def ewma_volatility(
    returns: ArrayLike,
    *,
    decay: float = DAILY_DECAY,
    periods_per_year: float = 252.0,
    start: Literal["first", "sample"] = "first",
    centre: bool = False,
) -> Figure:
    """The exponentially weighted forecast of the next period's volatility, per year (:func:`ewma_variances`); NaN without observations."""
    variances = ewma_variances(returns, decay=decay, start=start, centre=centre)
    last = variances[..., -1] if variances.shape[-1] else np.full(variances.shape[:-1], np.nan)
    return figure(np.asarray(np.sqrt(last * periods_per_year)))


def ewma_var(returns: ArrayLike, *, tail: float = 0.05, decay: float = DAILY_DECAY, start: Literal["first", "sample"] = "first") -> Figure:
    """z·σ of the exponentially weighted forecast, mean zero (RiskMetrics); a negative return."""
    spread = np.asarray(ewma_volatility(returns, decay=decay, periods_per_year=1.0, start=start))
    return figure(normal_quantile(tail) * spread)


def garch(returns: ArrayLike, *, mean: Literal["constant", "zero"] = "constant", least: int = LEAST_FOR_GARCH) -> Garch | NotComputable:
    """Fit GARCH(1,1) to one series; missing observations are left out.

    The variance starts from an exponentially weighted average of the first squares. Not computable with fewer than ``least`` returns,
    when they do not vary, or when the likelihood has no maximum that the optimiser finds. Source: Bollerslev 1986; the package arch.
    """
    series = as_block(returns, "Returns")
    if series.ndim != 1:
        raise Invalid("A volatility model is fitted to one series.", remedy="Give one row of the block.")
    known = series[~np.isnan(series)]
    if known.size < least:
        return NotComputable("returns", least, int(known.size))
    if known.max() == known.min():
        return NotComputable("returns that vary")
    from arch import arch_model  # noqa: PLC0415 - imports pandas and statsmodels, which take seconds

    model = arch_model(known * _PERCENT, mean="Constant" if mean == "constant" else "Zero", vol="GARCH", p=1, q=1, rescale=False)
    found = model.fit(disp="off", show_warning=False)
    if found.convergence_flag != 0:
        return NotComputable("a likelihood with a maximum")
    return _garch(found, known.size, has_mean=mean == "constant")


def _garch(found: object, count: int, *, has_mean: bool) -> Garch:
    parameters = np.asarray(found.params, dtype=np.float64)  # type: ignore[attr-defined]
    centre = float(parameters[0]) / _PERCENT if has_mean else 0.0
    omega, alpha, beta = (float(value) for value in parameters[-3:])
    spread = np.asarray(found.conditional_volatility, dtype=np.float64) / _PERCENT  # type: ignore[attr-defined]
    last = float(np.asarray(found.resid)[-1]) / _PERCENT  # type: ignore[attr-defined]
    omega /= _PERCENT**2
    following = float(np.sqrt(omega + alpha * last**2 + beta * spread[-1] ** 2))
    long_run = float(np.sqrt(omega / (1.0 - alpha - beta))) if alpha + beta < 1.0 else None
    # The density of r is that of 100·r times 100, once per observation.
    likelihood = float(found.loglikelihood) + count * float(np.log(_PERCENT))  # type: ignore[attr-defined]
    return Garch(centre, omega, alpha, beta, likelihood, spread, following, long_run)
