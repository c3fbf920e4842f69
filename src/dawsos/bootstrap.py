"""The one place where the parts are put together: settings in, an application out."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import dawsos.agents
from dawsos.kernel.clock import Clock
from dawsos.patterns.keeping import MEGABYTE, KeptAnswers
from dawsos.patterns.library import Library, load_library
from dawsos.providers.catalogue import ProviderDefinition
from dawsos.providers.claude import Claude, ModelLimits
from dawsos.registry.catalogue import Registry
from dawsos.registry.discovery import discover
from dawsos.registry.reading import CapabilityTools
from dawsos.services.accounts import Accounts, Lockout
from dawsos.services.dead_letters import DeadLetters, Handler
from dawsos.services.feeds.sources import Sources
from dawsos.services.feeds.usage import MonthlyAllowance
from dawsos.services.identifiers import Identifiers
from dawsos.services.market_sources import HISTORY_SOURCES
from dawsos.services.market_sources import parameters_of as sources_depend_on
from dawsos.services.nightly.chain import Nightly, NightRules
from dawsos.services.nightly.prewarming import DerivedAhead, NightTools, Prewarms
from dawsos.services.nightly.shared import economy_ahead, ratings_ahead
from dawsos.services.opening import ContextOpener
from dawsos.services.packs.building import BuildRules, PackBuilder
from dawsos.services.passwords import Argon2id, PasswordHasher
from dawsos.services.prose.assistant import NO_MODEL, Allowance, Assistant
from dawsos.services.reconciliation.independent import find_beancount
from dawsos.services.rights import ExportPolicy
from dawsos.services.risk.ahead import FactorsAhead
from dawsos.services.short_memory import ShortMemory
from dawsos.services.telemetry import Meters
from dawsos.settings import Settings
from dawsos.store.access import DatabaseAccess, embedded_access, external_access, prepare_database
from dawsos.store.assets import asset_root
from dawsos.store.database import Database, PoolLimits
from dawsos.store.embedded import EmbeddedServer, find_binaries

if TYPE_CHECKING:
    from dawsos.providers.gateway import Gateway
    from dawsos.services.feeds.nightly import NightlyFetch

#: What each step of the nightly chain computes ahead, besides daily values, figures and attributions.
PREWARMS: Final[Prewarms] = {
    "prewarm_factors": (economy_ahead, FactorsAhead(), DerivedAhead(HISTORY_SOURCES, sources_depend_on)),
    "prewarm_ratings": (ratings_ahead,),
}
_SILENT: Final[Callable[[str], None]] = lambda _: None  # noqa: E731 - a default, not a definition


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Application:
    """Every part, wired."""

    settings: Settings
    database: Database
    identifiers: Identifiers
    meters: Meters
    accounts: Accounts
    contexts: ContextOpener
    packs: PackBuilder
    sources: Sources
    nightly: Nightly
    letters: DeadLetters
    registry: Registry
    patterns: Library
    answers: KeptAnswers

    @property
    def clock(self) -> Clock:
        return self.identifiers.clock

    @property
    def fetch(self) -> "NightlyFetch":
        """What asks the sources for everything new."""
        return fetch_of(self.sources, self.letters)


def embedded_server(settings: Settings) -> EmbeddedServer:
    """The embedded server these settings describe, started or not."""
    return EmbeddedServer(settings.server_directory, find_binaries(settings.pg_bindir))


def reach_database(settings: Settings, progress: Callable[[str], None] = _SILENT) -> DatabaseAccess:
    """Start the embedded server, or take the one named by DATABASE_URL."""
    if settings.database_url is None:
        progress("Starting PostgreSQL")
        return embedded_access(embedded_server(settings))
    app_url = settings.app_database_url.get_secret_value() if settings.app_database_url else None
    return external_access(settings.database_url.get_secret_value(), app_url, settings.home / "credentials")


def provide_database(settings: Settings, progress: Callable[[str], None] = _SILENT) -> DatabaseAccess:
    """A database that is there and has the present schema."""
    access = reach_database(settings, progress)
    progress("Preparing the schema")
    prepare_database(access, create_roles=settings.app_database_url is None)
    return access


def catalogue() -> Registry:
    """Every capability of every agent; raises at once for anything declared wrongly."""
    return discover(dawsos.agents)


def gateway_of(provider: ProviderDefinition, settings: Settings, clock: Clock, allowance: MonthlyAllowance | None = None) -> "Gateway":
    """The way to ask a source, with its key from the settings; without ``allowance`` nothing is counted."""
    from dawsos.providers.gateway import Gateway, Surroundings  # noqa: PLC0415 - only what asks sources pays for the HTTP client

    chance = random.Random()  # noqa: S311 (spreads retries, guards nothing)
    around = Surroundings(clock=clock, monotonic=time.monotonic, sleep=asyncio.sleep, chance=chance.random, allowance=allowance)
    return Gateway(provider, settings.provider_key(provider.key_setting), around)


def sources_of(settings: Settings, database: Database, clock: Clock, meters: Meters) -> Sources:
    """The sources requests may ask, with their keys from the settings; the network is not touched before one is asked."""

    def gateway(provider: ProviderDefinition) -> "Gateway":
        allowance = MonthlyAllowance(provider.name, settings.monthly_megabytes(provider.name), database, clock, meters)
        return gateway_of(provider, settings, clock, allowance)

    return Sources(
        gateway,
        lambda provider: provider.key_setting is None or settings.provider_key(provider.key_setting) is not None,
        clock,
    )


def assistant_of(settings: Settings, registry: Registry, clock: Clock) -> Assistant:
    """The writer of texts: Claude when a key is set, which reads by way of the registry; by rule otherwise."""
    key = settings.provider_key("anthropic_api_key")
    if key is None:
        return NO_MODEL
    limits = ModelLimits(settings.ai_model, settings.ai_reply_tokens, settings.ai_conversation_tokens)
    return Assistant(
        Claude(key, limits), CapabilityTools(registry), Allowance(clock, settings.ai_daily_tokens), ShortMemory(clock, largest=256)
    )


def fetch_of(sources: Sources, letters: DeadLetters) -> "NightlyFetch":
    """What fetches everything new before a night."""
    from dawsos.services.feeds.fetching import Feeds  # noqa: PLC0415 - as above
    from dawsos.services.feeds.nightly import NightlyFetch  # noqa: PLC0415 - as above

    return NightlyFetch(Feeds(letters.database, letters.identifiers, letters), sources, letters)


def _source_letters(sources: Sources, letters: DeadLetters) -> Handler:
    """Asks a source again for what it did not answer."""

    async def ask_again(message: Mapping[str, Any]) -> None:
        from dawsos.services.feeds.fetching import AskedAgain, Feeds  # noqa: PLC0415 - as above

        if "fetch" in message:
            await fetch_of(sources, letters).again(message)
        else:
            await AskedAgain(Feeds(letters.database, letters.identifiers, letters), sources.gateway)(message)

    return ask_again


def _everything_again(sources: Sources, letters: DeadLetters) -> Handler:
    """Asks every source again for what is new up to a day: the whole fetch was lost."""

    async def fetch_again(message: Mapping[str, Any]) -> None:
        await fetch_of(sources, letters).run(date.fromisoformat(message["day"]))

    return fetch_again


def pattern_folder(settings: Settings) -> Path:
    """Where the pattern files lie."""
    return settings.patterns or asset_root() / "patterns"


@asynccontextmanager
async def application(
    settings: Settings,
    access: DatabaseAccess,
    *,
    clock: Clock | None = None,
    hasher: PasswordHasher | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
) -> AsyncIterator[Application]:
    """The application over an open database; closed again at the end of the block."""
    registry = catalogue()
    database = Database(access.app_dsn, PoolLimits(max_size=settings.pool_size))
    await database.open()
    try:
        yield assemble(settings, database, registry, clock or SystemClock(), hasher or Argon2id(), entropy)
    finally:
        await database.close()


def assemble(
    settings: Settings,
    database: Database,
    registry: Registry,
    clock: Clock,
    hasher: PasswordHasher,
    entropy: Callable[[int], bytes] = os.urandom,
    *,
    sources: Sources | None = None,
    assistant: Assistant | None = None,
) -> Application:
    """Wire the parts over an open database."""
    identifiers = Identifiers(clock, entropy)
    meters = Meters()
    tools = NightTools(database, clock, meters)
    rules = BuildRules(default_policy=settings.policy, max_age_days=settings.price_max_age_days, coverage=settings.pack_coverage)
    packs = PackBuilder(database, clock, meters, rules)
    nightly = Nightly(
        tools,
        packs,
        prewarms=PREWARMS,
        beancount=find_beancount(),
        rules=NightRules(settings.portfolios_at_once, settings.independent_up_to),
    )
    letters = DeadLetters(database, identifiers, meters, {"nightly": nightly.again})
    asked = sources or sources_of(settings, database, clock, meters)
    letters.handlers["fetch"] = _everything_again(asked, letters)
    letters.handlers["provider"] = _source_letters(asked, letters)
    return Application(
        settings=settings,
        database=database,
        identifiers=identifiers,
        meters=meters,
        accounts=Accounts(
            database,
            identifiers,
            hasher,
            meters,
            lockout=Lockout(settings.login_attempts, timedelta(minutes=settings.lockout_minutes)),
            session_length=timedelta(hours=settings.session_hours),
        ),
        contexts=ContextOpener(
            database,
            clock,
            meters,
            require_fresh=settings.require_fresh,
            default_policy=settings.policy,
            sources=asked,
            assistant=assistant or assistant_of(settings, registry, clock),
            export_policy=ExportPolicy(frozenset(settings.licensed_sources), strict=settings.strict_exports),
        ),
        packs=packs,
        sources=asked,
        nightly=nightly,
        letters=letters,
        registry=registry,
        patterns=load_library(pattern_folder(settings), registry),
        answers=KeptAnswers(settings.answer_megabytes * MEGABYTE),
    )
