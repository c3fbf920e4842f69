"""Exposures, betas and drawdown at risk of whole blocks of portfolios, computed by the night."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dawsos.kernel.errors import DawsosError
from dawsos.services.context import Pins, RequestContext
from dawsos.services.nightly.prewarming import NightTools
from dawsos.services.risk.drawdowns import calibrated, drawdown_at_risk
from dawsos.services.risk.exposures import factor_exposures
from dawsos.services.risk.position_betas import betas_of_positions


@dataclass(frozen=True, slots=True)
class FactorsAhead:
    """What the page of risk asks for of each portfolio, and what came to pass after earlier forecasts of its drawdown."""

    async def __call__(self, tools: NightTools, block: Sequence[Pins]) -> list[str]:
        """Every portfolio by itself: one that fails leaves the others alone."""
        warnings = []
        for pins in block:
            context = tools.context(pins)
            steps: tuple[tuple[str, Callable[[RequestContext, Pins], Awaitable[Any]]], ...] = (
                ("factor exposures", factor_exposures),
                ("betas of positions", betas_of_positions),
                ("drawdown at risk", drawdown_at_risk),
                ("calibration", _settle),
            )
            for what, step in steps:
                try:
                    await step(context, pins)
                except DawsosError as error:
                    warnings.append(f"{pins.portfolio.id}: {what}: {error.message}")
        return warnings


async def _settle(context: RequestContext, pins: Pins) -> None:
    for is_adjusted in (False, True):
        await calibrated(context, pins, cycle_adjusted=is_adjusted)
