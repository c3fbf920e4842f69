"""Asks sources for series, rates and prices; a failure that lasts is kept as a dead letter and told, and nothing is half-written."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from dawsos.kernel.clock import today
from dawsos.kernel.errors import Invalid, Unavailable
from dawsos.kernel.identity import SYSTEM
from dawsos.providers import ecb_refresh, fred
from dawsos.providers.catalogue import PROVIDERS, ProviderDefinition
from dawsos.providers.gateway import Gateway
from dawsos.services.dead_letters import DeadLetters
from dawsos.services.identifiers import Identifiers
from dawsos.services.macro.catalogue import series_definition
from dawsos.services.macro.ingestion import MacroReport, Published, take_series
from dawsos.services.packs.observing import ObservationReport, take_rates
from dawsos.store.database import Database

T = TypeVar("T")
QUEUE: Final = "provider:"


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What asking for several series came to: figures ``told``; ``failed`` holds the reason for each series that gave nothing."""

    told: int
    taken: MacroReport
    stale: tuple[str, ...]
    failed: dict[str, str]


class Feeds:
    """Keeps what sources say."""

    def __init__(self, database: Database, identifiers: Identifiers, letters: DeadLetters) -> None:
        self._database = database
        self._identifiers = identifiers
        self._letters = letters

    async def economic_series(self, gateway: Gateway, series_ids: Collection[str], first: date | None = None) -> FetchReport:
        """Fetch series of the catalogue and keep them. One that fails is a dead letter and does not keep the others from being kept."""
        for series_id in series_ids:
            series_definition(series_id)
        published: list[Published] = []
        failed: dict[str, str] = {}
        stale: list[str] = []
        for series_id in series_ids:
            try:
                found = await self.asked(gateway, {"series_id": series_id}, lambda one=series_id: fred.fetch_series(gateway, one, first))  # type: ignore[misc]
            except Unavailable as error:
                failed[series_id] = error.message
                continue
            if found.is_stale:
                stale.append(series_id)
            published += [Published(one.series_id, one.period, one.value, one.release_date) for one in found.figures]
        async with self._database.transaction(SYSTEM) as tx:
            taken = await take_series(tx, published, fetched_on=today(self._identifiers.clock))
        return FetchReport(len(published), taken, tuple(stale), failed)

    async def reference_rates(self, gateway: Gateway, first: date, last: date) -> tuple[ObservationReport, bool]:
        """Fetch the ECB's rates and keep those from ``first`` to ``last``; and whether they are what was said some time ago."""
        rates, is_stale = await self.asked(
            gateway, {"first": first.isoformat(), "last": last.isoformat()}, lambda: ecb_refresh.fetch_rates(gateway)
        )
        kept = await take_rates(self._database, SYSTEM, rates, first, last, fetched_at=self._identifiers.clock.now())
        return kept, is_stale

    async def asked(self, gateway: Gateway, message: dict[str, str], ask: Callable[[], Awaitable[T]]) -> T:
        """What ``ask`` gives; when it gives nothing, ``message`` is kept as a dead letter of the source and the failure goes on."""
        try:
            return await ask()
        except Unavailable as error:
            name = gateway.provider.name
            await self._letters.keep(QUEUE + name, {"provider": name, **message}, error.message)
            raise


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """Handles dead letters of sources: what was not answered is asked once more."""

    feeds: Feeds
    gateways: Callable[[ProviderDefinition], Gateway]

    async def __call__(self, message: Mapping[str, Any]) -> None:
        """Unavailable when the source still says nothing, Invalid for a letter that asks for nothing it could say."""
        provider = PROVIDERS.get(str(message.get("provider")))
        if provider is not None and "series_id" in message:
            report = await self.feeds.economic_series(self.gateways(provider), [message["series_id"]])
            if report.failed:
                raise Unavailable(next(iter(report.failed.values())), code="provider_unavailable")
        elif provider is not None and {"first", "last"} <= message.keys():
            first, last = (date.fromisoformat(message[name]) for name in ("first", "last"))
            await self.feeds.reference_rates(self.gateways(provider), first, last)
        else:
            raise Invalid(f"A dead letter asks a source for nothing it could say: {sorted(message)}.", remedy="Resolve it by hand.")
