"""Opens the context of a request: finds the portfolio, pins the pack and the ledger state, refuses what is not ready."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import Invalid, NotFound, Unavailable
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH
from dawsos.services.context import LedgerPin, Pins, RequestContext
from dawsos.services.feeds.sources import NO_SOURCES, Sources
from dawsos.services.packs.verification import unknown_pack
from dawsos.services.prose.assistant import NO_MODEL, Assistant
from dawsos.services.rights import FILTERING, ExportPolicy
from dawsos.services.telemetry import Meters
from dawsos.store import changes as changes_store
from dawsos.store import ledger as ledger_store
from dawsos.store import packs as packs_store
from dawsos.store import portfolios as portfolios_store
from dawsos.store.database import Database
from dawsos.store.packs import PackRecord
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinning:
    """What a request wants pinned. Without ``pack_id`` the newest pack in force, on or before ``asof_date`` if that is given."""

    pack_id: str | None = None
    asof_date: date | None = None
    ledger_commit_hash: str | None = None


NEWEST = Pinning()


class ContextOpener:
    """Opens contexts over one database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        meters: Meters,
        *,
        require_fresh: bool,
        default_policy: str,
        sources: Sources = NO_SOURCES,
        assistant: Assistant = NO_MODEL,
        export_policy: ExportPolicy = FILTERING,
    ) -> None:
        self._database = database
        self._clock = clock
        self._meters = meters
        self._require_fresh = require_fresh
        self._default_policy = default_policy
        self._sources = sources
        self._assistant = assistant
        self._export_policy = export_policy

    async def open(
        self, actor: Actor, *, trace_id: str, request_id: str, portfolio_id: UUID | None = None, pinning: Pinning = NEWEST
    ) -> RequestContext:
        """The context for ``actor``, about ``portfolio_id`` if one is given.

        Raises :class:`NotFound` for a portfolio the actor cannot see (whether or not it exists), an unknown pack or ledger state, and
        :class:`Unavailable` (503, with a time to wait) while the pack is still being made ready.
        """
        async with self._database.transaction(actor, read_only=True) as tx:
            changes = await changes_store.state_of_changes(tx)  # first: what changes after this counts as changed
            portfolio = await self._portfolio(tx, portfolio_id)
            policy = portfolio.pricing_policy if portfolio else self._default_policy
            pack = await self._pack(tx, policy, pinning, is_needed=portfolio is not None)
            ledger = await _ledger(tx, portfolio, pinning) if portfolio else None
        if pack is not None and self._require_fresh:
            _refuse_unready(pack)
        return RequestContext(
            actor=actor,
            clock=self._clock,
            database=self._database,
            meters=self._meters,
            trace_id=trace_id,
            request_id=request_id,
            portfolio=portfolio,
            pack=pack,
            ledger=ledger,
            changes=changes,
            require_fresh=self._require_fresh,
            sources=self._sources,
            assistant=self._assistant,
            export_policy=self._export_policy,
        )

    async def pins(self, actor: Actor, portfolio_id: UUID, pinning: Pinning = NEWEST) -> Pins:
        """The portfolio, pack and ledger state ``pinning`` means, whether or not the pack may be served: for those who make it ready."""
        async with self._database.transaction(actor, read_only=True) as tx:
            portfolio = await self._portfolio(tx, portfolio_id)
            if portfolio is None:
                raise unknown_portfolio(portfolio_id)
            pack = await self._pack(tx, portfolio.pricing_policy, pinning, is_needed=True)
            if pack is None:
                raise unknown_pack(portfolio.pricing_policy)
            return Pins(portfolio, pack, await _ledger(tx, portfolio, pinning))

    async def _portfolio(self, tx: DatabaseTransaction, portfolio_id: UUID | None) -> PortfolioRecord | None:
        if portfolio_id is None:
            return None
        portfolio = await portfolios_store.find_portfolio(tx, portfolio_id)
        if portfolio is None:
            raise unknown_portfolio(portfolio_id)
        return portfolio

    async def _pack(self, tx: DatabaseTransaction, policy: str, pinning: Pinning, *, is_needed: bool) -> PackRecord | None:
        if pinning.pack_id is not None:
            pack = await packs_store.find_pack(tx, pinning.pack_id)
            if pack is None:
                raise unknown_pack(pinning.pack_id)
            if pack.policy != policy:
                raise Invalid(
                    f"Pricing pack {pack.id} is of policy {pack.policy}, but the portfolio is valued by {policy}.",
                    remedy=f"Choose a pack of {policy}: dawsos pack list --policy {policy}.",
                )
            return pack
        pack = await packs_store.pack_in_force(tx, policy, pinning.asof_date)
        if pack is None and is_needed:
            until = f" on or before {pinning.asof_date}" if pinning.asof_date else ""
            raise NotFound(
                f"There is no complete pricing pack of {policy}{until}.",
                remedy="Build one with 'dawsos pack build --date YYYY-MM-DD'.",
                code="pricing_pack_not_found",
            )
        return pack


def unknown_portfolio(reference: object) -> NotFound:
    """The one answer for a portfolio that does not exist or is somebody else's."""
    return NotFound(f"There is no portfolio {reference}.", remedy="List yours with 'dawsos portfolio list'.", code="portfolio_not_found")


async def _ledger(tx: DatabaseTransaction, portfolio: PortfolioRecord, pinning: Pinning) -> LedgerPin:
    wanted = pinning.ledger_commit_hash
    if wanted == EMPTY_LEDGER_HASH:
        return LedgerPin(0, EMPTY_LEDGER_HASH)
    if wanted is not None:
        entry = await ledger_store.ledger_entry(tx, portfolio.id, wanted)
        if entry is None:
            raise NotFound(
                f"The ledger of '{portfolio.name}' never had the hash {wanted}.",
                remedy="Each entry of 'dawsos transactions' shows the hash after it.",
                code="ledger_state_not_found",
            )
        return LedgerPin(entry.sequence, wanted)
    head = await ledger_store.ledger_head(tx, portfolio.id)
    if head is None:
        return LedgerPin(0, EMPTY_LEDGER_HASH)
    return LedgerPin(head.sequence, head.ledger_commit_hash or EMPTY_LEDGER_HASH)


def _refuse_unready(pack: PackRecord) -> None:
    if pack.status == "PENDING" or pack.freshness == "warming":
        raise Unavailable(
            f"Pricing pack {pack.id} is still being made ready.",
            remedy="Try again in a moment, or name an earlier pack.",
            code="pricing_pack_warming",
            retry_after=30,
        )
    if pack.status == "FAILED" or pack.freshness == "error":
        raise Unavailable(
            f"Pricing pack {pack.id} is not served: {pack.error_message}.",
            remedy="Name an earlier pack, or let an administrator settle what is wrong and run 'dawsos nightly' again.",
            code="pricing_pack_error",
        )
