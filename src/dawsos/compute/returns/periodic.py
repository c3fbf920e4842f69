"""Internal rates and present values of amounts one period apart."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, NotComputable, as_block
from dawsos.compute.returns.roots import InternalRate, internal_rate, present_value
from dawsos.kernel.errors import Invalid


def _known(values: ArrayLike) -> FloatArray:
    amounts = as_block(values, "Amounts")
    if amounts.ndim != 1 or amounts.size == 0 or np.isnan(amounts).any():
        raise Invalid("Periodic amounts must be one list of known numbers.", remedy="Give 0 for a period without an amount.")
    return amounts


def irr(values: ArrayLike) -> InternalRate:
    """The rate per period r with Σ v_k·(1 + r)^(−k) = 0, the first amount in period 0; see :class:`InternalRate` for several roots."""
    amounts = _known(values)
    return internal_rate(np.arange(amounts.size, dtype=np.float64), amounts)


def npv(rate: float, values: ArrayLike, *, first_period: Literal[0, 1] = 0) -> float:
    """Σ v_k·(1 + rate)^(−k − first_period): textbooks leave the first amount undiscounted (0), spreadsheets discount it too (1)."""
    if not rate > -1.0:
        raise Invalid(f"A rate of {rate:.0%} leaves nothing to discount.", remedy="Give a rate above −100 %.")
    amounts = _known(values)
    return present_value(np.arange(amounts.size, dtype=np.float64) + first_period, amounts, float(np.log1p(rate)))


def nfv(rate: float, values: ArrayLike) -> float:
    """Σ v_k·(1 + rate)^(n − 1 − k): the amounts carried to the last period."""
    return npv(rate, values) * (1.0 + rate) ** (_known(values).size - 1)


def mirr(values: ArrayLike, finance_rate: float, reinvest_rate: float) -> float | NotComputable:
    """(future value of the inflows at ``reinvest_rate`` / present value of the outflows at ``finance_rate``)^(1/(n − 1)) − 1.

    Not computable without both an outflow and an inflow.
    """
    amounts = _known(values)
    inflows, outflows = np.maximum(amounts, 0.0), np.minimum(amounts, 0.0)
    if not inflows.any() or not outflows.any():
        return NotComputable("amounts of both signs")
    return float((nfv(reinvest_rate, inflows) / -npv(finance_rate, outflows)) ** (1.0 / (amounts.size - 1)) - 1.0)
