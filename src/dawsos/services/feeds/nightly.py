"""What is fetched of the sources before a night: rates, prices, series, corporate actions, statements; and what was not, and why."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.clock import today
from dawsos.kernel.errors import Invalid, Unavailable
from dawsos.kernel.identity import SYSTEM
from dawsos.providers import ecb_refresh, fmp, fmp_statements, polygon
from dawsos.providers.catalogue import ECB, FMP, FRED, NEWSAPI, POLYGON, ProviderDefinition
from dawsos.providers.gateway import Gateway
from dawsos.providers.polygon import AnnouncedAction
from dawsos.providers.protocol import PriceObservation
from dawsos.providers.resilience import BreakerState
from dawsos.providers.symbols import ticker_of
from dawsos.services.corporate_actions.proposing import ActionTerms, action_of, check_terms
from dawsos.services.corporate_actions.queue import propose
from dawsos.services.dead_letters import DeadLetters
from dawsos.services.feeds.fetching import QUEUE, Feeds
from dawsos.services.feeds.overrides import Overrides, by_symbol
from dawsos.services.feeds.sources import Sources, not_configured
from dawsos.services.macro.catalogue import Frequency, SeriesDefinition, series_catalogue
from dawsos.services.packs.observing import take_rates
from dawsos.store import observations, packs, ratings
from dawsos.store import sources as store
from dawsos.store.corporate_actions import ActionType
from dawsos.store.indicators import indicator_spans
from dawsos.store.ratings import StatementRecord
from dawsos.store.securities import SecurityRecord, find_securities, list_active_securities
from dawsos.store.sources import FetchRecord

#: So many days before the newest figure are asked for again: sources correct what they said.
_AGAIN: Final = timedelta(days=7)
#: From so many days ago a source is asked that has told nothing yet.
_FIRST_TIME: Final = timedelta(days=31)
#: Corporate actions that took effect longer ago are not proposed by themselves.
_ACTIONS_BACK: Final = timedelta(days=31)
_YEARS: Final = 10
_MANY: Final = 500
_A_FEW: Final = 5
#: A fiscal year's statement is looked for from a year and a month after the one before on.
_NEXT_STATEMENT: Final = timedelta(days=396)
#: How far back a series is asked for again, by how often it is observed: revisions.
_REVISED: Final = {Frequency.DAILY: timedelta(days=60), Frequency.WEEKLY: timedelta(days=180)}
_USUALLY_REVISED: Final = timedelta(days=800)
_PRICES: Final[Mapping[str, Callable[..., Awaitable[list[PriceObservation]]]]] = {
    POLYGON.name: polygon.fetch_prices,
    FMP.name: fmp.fetch_prices,
}


@dataclass(slots=True)
class _Told:
    """What a source told of a subject so far."""

    told: int = 0
    kept: int = 0
    is_stale: bool = False
    problems: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class _NotNeeded(Exception):
    """Nothing here uses what this source could tell."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for: up to which day, from where on if that is given, and what the source calls securities."""

    day: date
    first: date | None
    overrides: Overrides


Ask = Callable[[Gateway, _Wanted], Awaitable[_Told]]


class NightlyFetch:
    """Asks every source for what is new. What fails is a dead letter; what is not asked for is noted with the reason."""

    def __init__(self, feeds: Feeds, sources: Sources, letters: DeadLetters) -> None:
        self._feeds = feeds
        self._sources = sources
        self._letters = letters
        self._database = letters.database
        self._clock = letters.identifiers.clock

    @property
    def subjects(self) -> tuple[tuple[ProviderDefinition, str, Ask], ...]:
        """What is asked of whom, in this order: what packs are built from first."""
        return (
            (ECB, "rates", self._rates),
            (POLYGON, "prices", self._prices),
            (FMP, "prices", self._prices),
            (POLYGON, "corporate_actions", self._corporate_actions),
            (FRED, "series", self._series),
            (FMP, "statements", self._statements),
            (NEWSAPI, "headlines", self._headlines),
        )

    async def run(self, day: date, *, first: date | None = None, say: Callable[[str], None] = lambda _: None) -> list[FetchRecord]:
        """Fetch everything up to ``day``, from ``first`` on or from what is known; what came of each subject is kept and returned."""
        found = []
        for provider, subject, ask in self.subjects:
            say(f"{provider.title}: {subject.replace('_', ' ')}")
            found.append(await self._one(provider, subject, ask, day, first))
        return found

    async def again(self, message: Mapping[str, Any]) -> None:
        """What a dead letter asks for, up to the newest night; Unavailable when the source still does not tell everything."""
        wanted = (message.get("provider"), message.get("fetch"))
        for provider, subject, ask in self.subjects:
            if wanted == (provider.name, subject):
                found = await self._one(provider, subject, ask, await self._newest(provider, subject), None, keeps_letter=False)
                if found.status in {"failed", "partly", "stale", "not_configured"}:
                    raise Unavailable(found.problem or "It gave no answer.", code="provider_unavailable")
                return
        raise Invalid(f"A dead letter asks a source for nothing it could say: {sorted(message)}.", remedy="Resolve it by hand.")

    async def _newest(self, provider: ProviderDefinition, subject: str) -> date:
        """The night the subject was last fetched for; yesterday when it never was."""
        async with self._database.transaction(SYSTEM, read_only=True) as tx:
            found = await store.list_fetches(tx, _MANY)
        yesterday = today(self._clock) - timedelta(days=1)
        return next((one.asof_date for one in found if (one.provider, one.subject) == (provider.name, subject)), yesterday)

    async def _one(
        self, provider: ProviderDefinition, subject: str, ask: Ask, day: date, first: date | None, *, keeps_letter: bool = True
    ) -> FetchRecord:
        told = _Told()
        problem: str | None
        if not self._sources.is_configured(provider):
            missing = not_configured(provider)
            status, problem = "not_configured", f"{missing.message} {missing.remedy or ''}".strip()
        else:
            try:
                async with self._database.transaction(SYSTEM, read_only=True) as tx:
                    overrides = by_symbol(await store.list_overrides(tx))
                told = await ask(self._sources.gateway(provider), _Wanted(day, first, overrides))
                status, problem = _standing(told)
            except _NotNeeded as reason:
                status, problem = "not_needed", str(reason)
            except Unavailable as failure:
                status, problem = "failed", failure.message
        record = FetchRecord(day, provider.name, subject, status, told.told, told.kept, problem, sorted(told.unknown), self._clock.now())
        async with self._database.transaction(SYSTEM) as tx:
            await store.put_fetch(tx, record)
        # Series that failed are letters of their own; a security the source does not know is nothing to ask for again.
        if keeps_letter and (status == "failed" or told.problems) and subject != "series":
            await self._letters.keep(QUEUE + provider.name, {"provider": provider.name, "fetch": subject}, problem or status)
        return record

    async def _rates(self, gateway: Gateway, wanted: _Wanted) -> _Told:
        async with self._database.transaction(SYSTEM, read_only=True) as tx:
            if not any(ECB.name in policy.rate_sources for policy in await packs.list_policies(tx)):
                raise _NotNeeded("no pricing policy takes rates from it")
            last = await store.last_rate(tx, ECB.name)
        rates, is_stale = await ecb_refresh.fetch_rates(gateway)
        since = wanted.first or (last - _AGAIN if last else wanted.day - _FIRST_TIME)
        kept = await take_rates(self._database, SYSTEM, rates, since, wanted.day, fetched_at=self._clock.now())
        return _Told(kept.read, kept.kept, is_stale=is_stale)

    async def _prices(self, gateway: Gateway, wanted: _Wanted) -> _Told:
        source = gateway.provider.name
        async with self._database.transaction(SYSTEM, read_only=True) as tx:
            if not any(source in policy.price_sources for policy in await packs.list_policies(tx)):
                raise _NotNeeded("no pricing policy takes prices from it")
            securities = await list_active_securities(tx)
            last = await store.last_priced(tx, source)

        async def ask(one: SecurityRecord, ticker: str) -> list[PriceObservation]:
            known = last.get(one.id)
            since = wanted.first or (known - _AGAIN if known else wanted.day - _FIRST_TIME)
            return await _PRICES[source](gateway, ticker, one.symbol, one.currency, since, wanted.day)

        async def keep(one: SecurityRecord, found: list[PriceObservation]) -> int:
            rows = [
                (one.id, o.date, o.source, o.open, o.high, o.low, o.close, o.volume, o.currency, self._clock.now())
                for o in found
                if o.date <= wanted.day
            ]
            async with self._database.transaction(SYSTEM) as tx:
                return await observations.put_prices(tx, rows)

        return await _of_each(gateway, wanted, securities, ask, keep)

    async def _corporate_actions(self, gateway: Gateway, wanted: _Wanted) -> _Told:
        async def ask(one: SecurityRecord, ticker: str) -> list[AnnouncedAction]:
            splits = await polygon.fetch_splits(gateway, ticker, one.symbol)
            return [*splits, *await polygon.fetch_dividends(gateway, ticker, one.symbol)]

        async def keep(_: SecurityRecord, found: list[AnnouncedAction]) -> int:
            since = wanted.first or wanted.day - _ACTIONS_BACK
            identifiers = self._letters.identifiers
            async with self._database.transaction(SYSTEM) as tx:
                terms = [_terms(action) for action in found if action.ex_date >= since]
                for one in terms:
                    check_terms(one)
                actions = [await action_of(tx, one, source=POLYGON.name, identifiers=identifiers) for one in terms]
                return len(await propose(tx, SYSTEM, actions, identifiers=identifiers))

        held = await self._held()
        return await _of_each(gateway, wanted, held, ask, keep, may_be_silent=True)

    async def _statements(self, gateway: Gateway, wanted: _Wanted) -> _Told:
        held = await self._held()
        async with self._database.transaction(SYSTEM, read_only=True) as tx:
            last = await store.last_statements(tx, FMP.name)
        due = [one for one in held if one.id not in last or wanted.day - last[one.id] >= _NEXT_STATEMENT]
        if not due:
            raise _NotNeeded("the statements of every company held are there as far as they can be published")

        async def ask(one: SecurityRecord, ticker: str) -> list[StatementRecord]:
            told = await fmp_statements.fetch_statements(gateway, ticker, _YEARS)
            return [
                StatementRecord(
                    one.id,
                    year.fiscal_date,
                    FMP.name,
                    year.currency,
                    year.known_from,
                    {name: plain_decimal(value) for name, value in year.figures.items()},
                )
                for year in told.records
            ]

        async def keep(_: SecurityRecord, found: list[StatementRecord]) -> int:
            async with self._database.transaction(SYSTEM) as tx:
                return await ratings.put_statements(tx, found)

        return await _of_each(gateway, wanted, due, ask, keep)

    async def _series(self, gateway: Gateway, wanted: _Wanted) -> _Told:
        async with self._database.transaction(SYSTEM, read_only=True) as tx:
            last = {span.indicator_name: span.last_date for span in await indicator_spans(tx)}
        told = _Told()
        for definition in series_catalogue().values():
            newest = last.get(definition.series_id)
            if newest is not None and wanted.first is None and not _is_due(definition, newest, wanted.day):
                continue
            since = wanted.first or (newest - _REVISED.get(definition.frequency, _USUALLY_REVISED) if newest else None)
            report = await self._feeds.economic_series(gateway, [definition.series_id], since)
            told.told += report.told
            told.kept += report.taken.observations
            told.is_stale = told.is_stale or bool(report.stale)
            told.problems += [f"{series_id}: {reason}" for series_id, reason in report.failed.items()]
            if gateway.state is BreakerState.OPEN:
                break
        if not told.told and not told.problems:
            raise _NotNeeded("no series is due: each is there as far as it is usually published")
        return told

    async def _headlines(self, _: Gateway, __: _Wanted) -> _Told:
        raise _NotNeeded("headlines are asked for when somebody wants them; its terms do not let them be kept")

    async def _held(self) -> list[SecurityRecord]:
        async with self._database.transaction(SYSTEM, read_only=True) as tx:
            held: Sequence[UUID] = await store.held_securities(tx)
            found = [one for one in await find_securities(tx, held) if one.active]
        if not found:
            raise _NotNeeded("no portfolio holds a security")
        return found


async def _of_each(
    gateway: Gateway,
    wanted: _Wanted,
    securities: Iterable[SecurityRecord],
    ask: Callable[[SecurityRecord, str], Awaitable[list[Any]]],
    keep: Callable[[SecurityRecord, list[Any]], Awaitable[int]],
    *,
    may_be_silent: bool = False,
) -> _Told:
    """Ask about one security after the other and keep each answer at once; a source that is left alone is not asked about the rest."""
    told = _Told()
    for one in securities:
        ticker = ticker_of(one.symbol, gateway.provider.name, wanted.overrides)
        try:
            found = await ask(one, ticker)
            if found:  # writing nothing would still count as a change of what is kept
                told.kept += await keep(one, found)
        except (Unavailable, Invalid) as failure:
            told.problems.append(f"{one.symbol}: {failure.message}")
            if gateway.state is BreakerState.OPEN:
                break
            continue
        if not found and not may_be_silent:
            told.unknown.append(one.symbol)
        told.told += len(found)
    return told


def _standing(told: _Told) -> tuple[str, str | None]:
    problems = list(told.problems)
    if told.unknown:
        problems.append(f"it told nothing of {', '.join(sorted(told.unknown)[:20])}; see 'dawsos symbols' if it calls them otherwise")
    text = "; ".join(problems[:_A_FEW]) + (f"; and {len(problems) - _A_FEW} more" if len(problems) > _A_FEW else "")
    if told.problems and not told.told:
        return "failed", text
    if told.is_stale:
        return "stale", text or "it does not answer now; these are its last good answers"
    return ("partly", text) if problems else ("fetched", None)


def _is_due(definition: SeriesDefinition, newest: date, day: date) -> bool:
    """Whether the period after ``newest`` is usually published by ``day``."""
    days = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.MONTHLY: 31, Frequency.QUARTERLY: 92, Frequency.ANNUAL: 366}
    return definition.release_date(newest + timedelta(days=days[definition.frequency])) <= day


def _terms(action: AnnouncedAction) -> ActionTerms:
    is_split = action.split_to is not None
    return ActionTerms(
        symbol=action.symbol,
        action_type=ActionType.SPLIT if is_split else ActionType.DIVIDEND,
        ex_date=action.ex_date,
        pay_date=action.pay_date,
        amount_per_share=action.amount_per_share,
        currency=action.currency,
        split_from=action.split_from,
        split_to=action.split_to,
    )
