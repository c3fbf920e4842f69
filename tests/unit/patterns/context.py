"""A context as a pattern sees it: pinned to one portfolio, pack and ledger state."""

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from dawsos.kernel.identity import SYSTEM, Actor
from dawsos.services.telemetry import Meters
from tests.unit.patterns.overview_capabilities import PORTFOLIO
from tests.unit.registry.context import Notes, TickingClock


@dataclass(frozen=True)
class Pack:
    """A pricing pack."""

    id: str = "PP_2025-11-03"
    hash: str = "ab" * 32


@dataclass(frozen=True)
class Context:
    """Everything a pattern and fake capabilities need."""

    actor: Actor = SYSTEM
    clock: TickingClock = field(default_factory=TickingClock)
    provenance: Notes = field(default_factory=Notes)
    meters: Meters = field(default_factory=Meters)
    pack: Pack | None = field(default_factory=Pack)
    portfolio_id: UUID | None = PORTFOLIO
    base_currency: str | None = "CAD"
    ledger_commit_hash: str | None = "cd" * 32
    asof_date: date | None = date(2025, 11, 3)
    trace_id: str = "trace-1"
    request_id: str = "request-1"
    state: str | None = None

    @property
    def pricing_pack_id(self):
        return self.pack.id if self.pack else None

    def with_own_provenance(self):
        return replace(self, provenance=Notes())
