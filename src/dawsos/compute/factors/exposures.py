"""How present holdings move with the factors: their past at today's weights, regressed on the history of the factors."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from dawsos.compute.factors.history import FactorHistory
from dawsos.compute.factors.position_betas import SUFFICIENT
from dawsos.compute.factors.regression import Errors, regress
from dawsos.compute.factors.risk import FactorRisk, factor_risk
from dawsos.compute.returns.figures import BoolArray, FloatArray, NotComputable
from dawsos.kernel.errors import Invalid

#: Averages of months are correlated with their neighbours, closes of days are not.
ERRORS: Final[dict[str, Errors]] = {"daily": "classical", "monthly": "newey_west"}


class Methodology(StrEnum):
    """Whether the betas of a portfolio were estimated, assumed, or in part each."""

    REGRESSION = "regression"
    MIXED = "mixed"
    PRIOR = "prior"


@dataclass(frozen=True, slots=True, eq=False)
class Exposures:
    """Betas ``[K]`` of a portfolio in base currency, and the risk they account for.

    ``betas`` = ``estimated`` + Σ weight × assumed betas of the holdings that are not ``is_estimated`` ``[N]``. ``t_statistics``,
    ``r_squared`` and ``alpha`` (per period) are of the regression. ``risk`` is per year; ``covariance`` of the factors and
    ``residual_variance`` are per period, as observed, ``variance_scale`` not yet applied.
    """

    betas: FloatArray
    estimated: FloatArray
    standard_errors: FloatArray
    t_statistics: FloatArray
    alpha: float
    r_squared: float
    observations: int
    residual_variance: float
    covariance: FloatArray
    risk: FactorRisk
    is_estimated: BoolArray
    methodology: Methodology


def portfolio_exposures(weights: FloatArray, changes: FloatArray, assumed: FloatArray, history: FactorHistory) -> Exposures | NotComputable:
    """Regress Σ w·r on the factors of ``history``.

    ``weights`` ``[N]`` are fractions of net asset value today; ``changes`` ``[N × T]`` relative changes in base currency over the
    periods of ``history``, zeros for cash in base currency; ``assumed`` ``[N × K]`` betas for holdings with fewer than 60 changes,
    which take no part in the regression. Periods in which a holding that takes part has no change are left out. Least squares with a
    constant; errors are classical for days and Newey–West for months. β'Σβ and the residual variance are scaled to a year and, for
    months, from averages to values (:attr:`~dawsos.compute.factors.history.FactorHistory.variance_scale`). Because the fit is linear,
    the betas are Σ w·β of the holdings' own fits on the same periods. :class:`NotComputable` when nothing has a history, or fewer
    than 30 periods are complete.
    """
    if changes.shape != (weights.size, history.observations) or assumed.shape != (weights.size, len(history.panel.names)):
        raise Invalid("Weights, changes and assumed betas do not match.", remedy="Give one row for each holding.")
    held = weights != 0
    is_estimated = np.asarray((~np.isnan(changes)).sum(axis=1) >= SUFFICIENT)
    taking_part = held & is_estimated
    if not taking_part.any():
        return NotComputable("no holding has a history of 60 periods")
    together = (weights[taking_part, None] * changes[taking_part]).sum(axis=0)
    fit = regress(together, history.panel.changes, errors=ERRORS[history.frequency])
    lacking = fit.reason()
    if lacking is not None:
        return lacking
    covariance = np.cov(history.panel.changes, rowvar=False)
    without = held & ~is_estimated
    betas = fit.betas + weights[without] @ assumed[without]
    residual = float(fit.residual_variance)
    return Exposures(
        betas=np.asarray(betas),
        estimated=fit.betas,
        standard_errors=fit.standard_errors[1:],
        t_statistics=fit.t_statistics[1:],
        alpha=float(fit.alpha),
        r_squared=float(fit.r_squared),
        observations=int(fit.observations),
        residual_variance=residual,
        covariance=covariance,
        risk=factor_risk(betas, covariance, residual, periods_per_year=history.periods_per_year * history.variance_scale),
        is_estimated=is_estimated,
        methodology=Methodology.MIXED if without.any() else Methodology.REGRESSION,
    )
