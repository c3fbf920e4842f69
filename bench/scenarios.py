"""P9: every factor scenario on many portfolios, against a loop over holdings."""

import sys
import time
from collections.abc import Sequence

import numpy as np

from bench.harness import Row, arguments, compare, generator, table
from dawsos.compute.scenarios.block import HoldingsBlock, SecurityBlock, revalue_block
from dawsos.compute.scenarios.library import SCENARIOS
from dawsos.compute.scenarios.records import SHOCKED_FACTORS

HOLDINGS = 30
CURRENCIES = ("USD", "CAD", "EUR", "GBP", "JPY", "CHF", "AUD", "SEK")
CHOSEN = [scenario for scenario in SCENARIOS.values() if scenario.factors and not scenario.asset_classes]


def _world(portfolios: int, securities: int) -> tuple[HoldingsBlock, SecurityBlock]:
    random = generator()
    betas = random.normal(0, 1, (securities, len(SHOCKED_FACTORS))) * np.array([2, 2, 1, 0.3, 1, 0.3, 0.05, 0.05])
    currencies = tuple(CURRENCIES[place] for place in random.integers(0, len(CURRENCIES), securities))
    bases = tuple(CURRENCIES[place] for place in random.integers(0, len(CURRENCIES), portfolios))
    count = portfolios * HOLDINGS
    holdings = HoldingsBlock(
        np.arange(0, count + 1, HOLDINGS), random.integers(0, securities, count), np.round(random.lognormal(9, 1, count), 2), bases
    )
    return holdings, SecurityBlock(SHOCKED_FACTORS, betas, currencies)


def _exposures(securities: SecurityBlock) -> list[dict[str, float]]:
    """What the loop knows of each security; made once, like our block of securities."""
    return [dict(zip(securities.factors, row, strict=True)) for row in securities.betas.tolist()]


def _loop(holdings: HoldingsBlock, securities: SecurityBlock, exposures: list[dict[str, float]], portfolios: int) -> np.ndarray:
    """Holding by holding, factor by factor."""
    found = np.zeros((portfolios, len(CHOSEN)))
    for p in range(portfolios):
        base = holdings.base_currencies[p]
        rows = range(int(holdings.offsets[p]), int(holdings.offsets[p + 1]))
        held = [(int(holdings.securities[row]), float(holdings.values[row])) for row in rows]
        for s, scenario in enumerate(CHOSEN):
            total = 0.0
            for security, value in held:
                moved = sum(exposures[security][factor] * shock for factor, shock in scenario.factors.items())
                gain = scenario.currency_move(securities.currencies[security]) / scenario.currency_move(base)
                total += value * ((1.0 + max(moved, -1.0)) * gain - 1.0)
            found[p, s] = total
    return found


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    rows: list[Row] = []
    for portfolios in (20, 100) if options.small else (10_000, 100_000):
        holdings, securities = _world(portfolios, 300 if options.small else 5_000)
        sample, exposures = min(portfolios, 20), _exposures(securities)
        largest = float(holdings.values.sum() / portfolios)
        rows.append(
            compare(
                "scenarios", f"{portfolios:,} portfolios × {HOLDINGS} × {len(CHOSEN)} scenarios",
                lambda holdings=holdings, securities=securities: revalue_block(holdings, securities, CHOSEN),
                lambda holdings=holdings, securities=securities, exposures=exposures, sample=sample: _loop(
                    holdings, securities, exposures, sample
                ),
                peer_name="loop per holding", goal=1_000 if portfolios >= 100_000 else None, peer_share=sample / portfolios,
                equal=lambda ours, theirs, largest=largest: bool(np.abs(ours[: len(theirs)] - theirs).max() < 1e-10 * largest),
                rounds=options.rounds, small=options.small, clock=time.process_time,
            )
        )  # fmt: skip
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
