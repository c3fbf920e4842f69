"""The context of a request: who asks, about which portfolio, under which pack and ledger state; and the one way to open it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self, TypeVar
from uuid import UUID

from dawsos.kernel.canonical import fingerprint
from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import Actor
from dawsos.services.feeds.sources import NO_SOURCES, Sources
from dawsos.services.memory import RequestMemory
from dawsos.services.prose.assistant import NO_MODEL, Assistant
from dawsos.services.provenance import Provenance
from dawsos.services.rights import FILTERING, ExportPolicy
from dawsos.services.telemetry import Meters
from dawsos.store.database import Database
from dawsos.store.packs import PackRecord
from dawsos.store.portfolios import PortfolioRecord

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class LedgerPin:
    """A state of a portfolio's ledger: its first ``sequence`` entries, named by the hash after the last of them."""

    sequence: int
    commit_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """Everything ambient a capability may use. Same portfolio, pack, ledger and inputs: same result, byte for byte.

    ``changes`` is the state of everything the actor saw when the request began; None where nobody asked.
    """

    actor: Actor
    clock: Clock
    database: Database
    meters: Meters
    trace_id: str
    request_id: str
    portfolio: PortfolioRecord | None = None
    pack: PackRecord | None = None
    ledger: LedgerPin | None = None
    changes: str | None = None
    require_fresh: bool = True
    sources: Sources = NO_SOURCES
    assistant: Assistant = NO_MODEL
    export_policy: ExportPolicy = FILTERING
    memory: RequestMemory = field(default_factory=RequestMemory)
    provenance: Provenance = field(default_factory=Provenance)

    def with_own_provenance(self) -> Self:
        """The same context with empty notes: each capability of a pattern keeps its own."""
        return replace(self, provenance=Provenance())

    async def shared(self, key: object, load: Callable[[Self], Awaitable[Value]]) -> Value:
        """What ``load`` gives, loaded once a request however many ask; what it notes is noted for every one of them.

        Were it noted for the first alone, the provenance of a step would depend on which of the steps that run beside each other was first.
        """

        async def noted() -> tuple[Value, Provenance]:
            own = self.with_own_provenance()
            return await load(own), own.provenance

        value, notes = await self.memory.once(key, noted)
        self.provenance.take_over(notes)
        return value

    @property
    def pricing_pack_id(self) -> str | None:
        return self.pack.id if self.pack else None

    @property
    def asof_date(self) -> date | None:
        return self.pack.date if self.pack else None

    @property
    def portfolio_id(self) -> UUID | None:
        return self.portfolio.id if self.portfolio else None

    @property
    def base_currency(self) -> str | None:
        return self.portfolio.base_currency if self.portfolio else None

    @property
    def ledger_commit_hash(self) -> str | None:
        return self.ledger.commit_hash if self.ledger else None

    @property
    def state(self) -> str | None:
        """A hash of everything a result may depend on that its request does not say; None where not all of it is known.

        Who asks and with which rights, what is pinned, the rules of the house, and what has changed of everything the actor sees. Only
        what comes from outside the database is no part of it: sources, the assistant, and the clock where no pack is pinned.
        """
        if self.changes is None or self.pack is None:
            return None
        actor = (self.actor.user_id, self.actor.role, self.actor.rights)
        rules = (self.require_fresh, self.export_policy)
        return fingerprint((actor, self.portfolio, self.pack, self.ledger, rules, self.changes))

    def pinned(self, portfolio_id: UUID | None = None, pack_id: str | None = None) -> "Pins":
        """The portfolio, pack and ledger state of this request; an argument that names another one is an error."""
        if self.portfolio is None or self.pack is None or self.ledger is None:
            raise Invalid(
                "This is a question about a portfolio, and the request names none.",
                remedy="Name it with portfolio_id.",
                code="portfolio_needed",
            )
        if portfolio_id is not None and portfolio_id != self.portfolio.id:
            raise Invalid(
                f"The request is about portfolio {self.portfolio.id}, but portfolio_id is {portfolio_id}.",
                remedy="Ask for one portfolio at a time.",
            )
        if pack_id is not None and pack_id != self.pack.id:
            raise Invalid(
                f"The request is pinned to pricing pack {self.pack.id}, but pack_id is {pack_id}.",
                remedy="Name the pack for the whole request.",
            )
        return Pins(self.portfolio, self.pack, self.ledger)


@dataclass(frozen=True, slots=True)
class Pins:
    """The three things a number about a portfolio depends on, besides its method."""

    portfolio: PortfolioRecord
    pack: PackRecord
    ledger: LedgerPin
