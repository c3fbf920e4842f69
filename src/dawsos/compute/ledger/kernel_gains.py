"""The currency part of a gain in compiled code."""

import numpy as np

from dawsos.compute.compiling import njit_for_kernels
from dawsos.compute.ledger.integers import RATE_STEPS, currency_part, rounded_product, signed_product
from dawsos.compute.ledger.kernel_columns import Whole


@njit_for_kernels(cache=True, error_model="numpy")
def currency_gain(at_exit_rate: Whole, proceeds: Whole, exit_rate: Whole, cost: Whole, cost_base: Whole, entry_rate: Whole) -> Whole:
    """The currency part of one part's gain, in cents of base currency."""
    if at_exit_rate:
        return rounded_product(cost, exit_rate, RATE_STEPS) - cost_base
    if cost == 0:
        change = exit_rate - entry_rate
        return signed_product(proceeds if change >= 0 else -proceeds, abs(change), RATE_STEPS)
    if exit_rate == RATE_STEPS and cost == cost_base:
        return np.int64(0)
    return currency_part(proceeds, exit_rate, cost, cost_base)
