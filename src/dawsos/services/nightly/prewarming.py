"""What the chain computes ahead of the day: every registered result of every portfolio, kept where requests find it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import DawsosError
from dawsos.kernel.identity import SYSTEM
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, get_or_compute
from dawsos.services.telemetry import Meters
from dawsos.store.database import Database


@dataclass(frozen=True, slots=True)
class NightTools:
    """What a step works with."""

    database: Database
    clock: Clock
    meters: Meters

    def context(self, pins: Pins) -> RequestContext:
        """A context of background work about one portfolio, under the pack that is being made ready."""
        return RequestContext(
            actor=SYSTEM,
            clock=self.clock,
            database=self.database,
            meters=self.meters,
            trace_id=f"nightly:{pins.pack.id}",
            request_id=f"nightly:{pins.pack.id}:{pins.portfolio.id}",
            portfolio=pins.portfolio,
            pack=pins.pack,
            ledger=pins.ledger,
            require_fresh=False,
        )


class Prewarm(Protocol):
    """Something to compute for a block of portfolios."""

    async def __call__(self, tools: NightTools, block: Sequence[Pins]) -> list[str]:
        """Compute and keep it; what could not be computed, in words."""
        ...


@dataclass(frozen=True, slots=True)
class DerivedAhead:
    """Computes a derivation for each portfolio, with the parameters requests usually have."""

    derivation: Derivation[Any, Any]
    parameters: Callable[[Pins], Mapping[str, Any]]

    async def __call__(self, tools: NightTools, block: Sequence[Pins]) -> list[str]:
        """Every portfolio by itself: one that fails leaves the others alone."""
        warnings = []
        for pins in block:
            try:
                await get_or_compute(self.derivation, tools.context(pins), self.parameters(pins))
            except DawsosError as error:
                warnings.append(f"{pins.portfolio.id}: {self.derivation.name}: {error.message}")
        return warnings


#: By step of the chain. A step nothing is registered for is skipped, and its run says so.
Prewarms = Mapping[str, Sequence[Prewarm]]
