"""How the sources are: configured, reachable when asked, what may be done with them, how old what they said is."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dawsos.kernel.errors import Unavailable
from dawsos.kernel.identity import SYSTEM
from dawsos.providers.catalogue import PROVIDERS, ProviderDefinition
from dawsos.providers.gateway import Gateway
from dawsos.services.feeds.fetching import QUEUE
from dawsos.services.feeds.usage import Used, month_of, used_of
from dawsos.services.rights import Use, rights_of
from dawsos.store.database import Database
from dawsos.store.dead_letters import pending_dead_letters
from dawsos.store.indicators import indicator_spans
from dawsos.store.observations import observation_spans, rate_spans
from dawsos.store.sources import usage_of_month

#: The smallest thing to ask a source for, only to see whether it answers.
_PROBES: Final[Mapping[str, tuple[str, dict[str, str]]]] = {
    "FRED": ("/fred/series", {"series_id": "GDPC1", "file_type": "json"}),
    "FMP": ("/stable/profile", {"symbol": "AAPL"}),
    "POLYGON": ("/v3/reference/splits", {"ticker": "AAPL", "limit": "1"}),
    "ECB": ("/stats/eurofxref/eurofxref-daily.xml", {}),
    "NEWSAPI": ("/v2/top-headlines", {"country": "us", "pageSize": "1"}),
}


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source. ``is_reachable`` is None when it was not asked; ``newest`` is the newest day it told about, None when it told nothing."""

    name: str
    title: str
    is_configured: bool
    key_setting: str | None
    is_reachable: bool | None
    problem: str | None
    uses: tuple[Use, ...]
    attribution: str | None
    newest: date | None
    dead_letters: int
    used: Used


async def examine(
    database: Database,
    keys: Callable[[ProviderDefinition], str | None],
    gateways: Callable[[ProviderDefinition], Gateway],
    *,
    licensed: Collection[str] = (),
    megabytes: Callable[[str], int | None] = lambda _: None,
    today: date,
    ask: bool = False,
) -> list[SourceHealth]:
    """How every source is, and how much of its allowance (``megabytes`` by name) was used in the month of ``today``.

    Only with ``ask`` is anything sent anywhere, and only to sources that are configured.
    """
    async with database.transaction(SYSTEM, read_only=True) as tx:
        newest = {span.source: span.last_date for span in await observation_spans(tx)}
        newest |= {span.source: span.last_date for span in await rate_spans(tx)}
        series = [span.last_date for span in await indicator_spans(tx) if span.source == "FRED"]
        letters = await pending_dead_letters(tx, QUEUE + "%")
        usage = await usage_of_month(tx, month_of(today))
    # Series of the Congressional Budget Office are told years ahead: what lies in the future is no news.
    if told := [day for day in series if day <= today]:
        newest["FRED"] = max(told)
    found = []
    for provider in PROVIDERS.values():
        is_configured = provider.key_setting is None or bool(keys(provider))
        problem = await _problem(gateways(provider)) if ask and is_configured else None
        rights = rights_of(provider.name, licensed)
        found.append(
            SourceHealth(
                name=provider.name,
                title=provider.title,
                is_configured=is_configured,
                key_setting=provider.key_setting,
                is_reachable=problem is None if ask and is_configured else None,
                problem=problem,
                uses=tuple(use for use in Use if rights is not None and rights.allows(use)),
                attribution=rights.attribution if rights else None,
                newest=newest.get(provider.name),
                used=used_of(provider.name, usage.get(provider.name), megabytes(provider.name)),
                dead_letters=sum(letter.queue_name == QUEUE + provider.name for letter in letters),
            )
        )
    return found


async def _problem(gateway: Gateway) -> str | None:
    path, parameters = _PROBES[gateway.provider.name]
    try:
        await gateway.get(path, parameters)
    except Unavailable as error:
        return error.message
    return None
