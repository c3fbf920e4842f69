"""Scenarios for many portfolios at once: the holdings are read once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, IntArray
from dawsos.compute.scenarios.records import Scenario
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, eq=False)
class SecurityBlock:
    """What scenarios need to know of S securities: betas ``[S × K]`` of returns in own currency to the named factors, and currencies."""

    factors: tuple[str, ...]
    betas: FloatArray
    currencies: tuple[str, ...]

    def returns(self, scenarios: Sequence[Scenario]) -> tuple[FloatArray, FloatArray]:
        """Return in own currency and growth of the currency, each ``[S × scenarios]``.

        Factor scenarios only. Returns stop at −1, where a long position has lost all.
        """
        shocks = np.array([[scenario.factors.get(name, 0.0) for scenario in scenarios] for name in self.factors])
        codes, place = np.unique(np.array(self.currencies), return_inverse=True)
        growth = np.array([[scenario.currency_move(str(code)) for scenario in scenarios] for code in codes])
        return np.maximum(self.betas @ shocks, -1.0), growth[place]


@dataclass(frozen=True, slots=True, eq=False)
class HoldingsBlock:
    """Values in each portfolio's base currency, portfolios laid end to end: portfolio i holds ``offsets[i]`` … ``offsets[i + 1] − 1``."""

    offsets: IntArray
    securities: IntArray
    values: FloatArray
    base_currencies: tuple[str, ...]


def revalue_block(holdings: HoldingsBlock, securities: SecurityBlock, scenarios: Sequence[Scenario]) -> FloatArray:
    """Profit or loss ``[portfolios × scenarios]`` in base currency, as :func:`~dawsos.compute.scenarios.revaluation.revalue` before
    rounding: Σ value·(1 + r)(1 + g) − Σ value, for long positions.

    The growth of currencies is counted against those that do not move and divided by the base currency's at the end, so one product
    of holdings and securities serves portfolios in every currency. A portfolio's figures do not depend on its neighbours. Raises
    :class:`Invalid` for short positions (their loss has no floor: use the single function), for a security the block does not have, and
    for scenarios that move asset classes or symbols.
    """  # noqa: D205 - one thought
    for scenario in scenarios:
        if scenario.asset_classes or scenario.symbols:
            raise Invalid(f"Scenario {scenario.id} does not move factors.", remedy="Revalue portfolios one by one.")
    # The compiler takes a second to import, and most processes never revalue a block.
    from dawsos.compute.scenarios import block_kernel  # noqa: PLC0415

    outcome = block_kernel.check(holdings.securities, holdings.values, len(securities.currencies))
    if outcome == block_kernel.SHORT:
        raise Invalid("A short position has no floor to its loss.", remedy="Revalue portfolios with short positions one by one.")
    if outcome == block_kernel.UNKNOWN:
        raise Invalid("A holding is of a security that is not in the block.", remedy="Give betas and currency of every security held.")
    local, growth = securities.returns(scenarios)
    grown = np.ones((len(securities.currencies), len(scenarios) + 1))
    grown[:, :-1] = (1.0 + local) * growth
    row = {code: number for number, code in enumerate(dict.fromkeys(holdings.base_currencies))}
    place = np.fromiter(map(row.__getitem__, holdings.base_currencies), dtype=np.int64, count=len(holdings.base_currencies))
    base = np.array([[scenario.currency_move(code) for scenario in scenarios] for code in row]).reshape(len(row), len(scenarios))
    found = np.empty((holdings.offsets.size - 1, len(scenarios)))
    block_kernel.revalue(holdings.offsets, holdings.securities, holdings.values, grown, place, base, found)
    return found


def betas_table(rows: ArrayLike) -> FloatArray:
    """Betas as a table, checked to be finite: a scenario over unknown betas would be invented."""
    table = np.atleast_2d(np.asarray(rows, dtype=np.float64))
    if not np.isfinite(table).all():
        raise Invalid("A security has no beta.", remedy="Give it a prior, or leave it out and say so.")
    return table
