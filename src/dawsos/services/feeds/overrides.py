"""What sources call securities, where the rules for their tickers do not fit."""

from collections.abc import Mapping

from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import Invalid, NotFound
from dawsos.kernel.identity import Actor
from dawsos.providers.catalogue import PROVIDERS
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.context import RequestContext
from dawsos.store import sources as store
from dawsos.store.database import Database
from dawsos.store.securities import find_securities_by_symbol
from dawsos.store.sources import OverrideRecord

Overrides = Mapping[tuple[str, str], str]


async def list_overrides(database: Database, actor: Actor) -> list[OverrideRecord]:
    """Every override, by source and symbol."""
    async with database.transaction(actor, read_only=True) as tx:
        return await store.list_overrides(tx)


async def overrides_of(context: RequestContext) -> Overrides:
    """The overrides by source and symbol, read once a request."""

    async def load() -> Overrides:
        return by_symbol(await list_overrides(context.database, context.actor))

    return await context.memory.once("symbol overrides", load)


def by_symbol(found: list[OverrideRecord]) -> Overrides:
    """Overrides as :func:`dawsos.providers.symbols.ticker_of` takes them."""
    return {(one.provider, one.symbol): one.ticker for one in found}


async def put_override(
    database: Database,
    actor: Actor,
    provider: str,
    symbol: str,
    ticker: str,
    *,
    note: str | None,
    clock: Clock,
    origin: Origin = NOWHERE,
) -> None:
    """Say what ``provider`` calls ``symbol``. Invalid for an unknown source, NotFound for an unknown symbol, Forbidden but to operators."""
    if provider not in PROVIDERS:
        raise Invalid(f"There is no source '{provider}'.", remedy=f"Use one of {', '.join(PROVIDERS)}.")
    if not ticker.strip() or ticker != ticker.strip():
        raise Invalid(f"'{ticker}' is not a ticker.", remedy="Give it as the source writes it, without blanks around it.")
    async with database.transaction(actor) as tx:
        if not await find_securities_by_symbol(tx, [symbol]):
            raise NotFound(
                f"'{symbol}' is not a known security.", remedy="Add it with 'dawsos securities import FILE'.", code="security_not_found"
            )
        moment = clock.now()
        await store.put_override(tx, provider, symbol, ticker, note=note, moment=moment, user_id=actor.user_id)
        changes = {"ticker": ticker, "note": note}
        await record(tx, actor, "set", "symbol_override", entity_ref=f"{provider} {symbol}", changes=changes, moment=moment, origin=origin)


async def remove_override(database: Database, actor: Actor, provider: str, symbol: str, *, clock: Clock, origin: Origin = NOWHERE) -> None:
    """Let the rules decide again; NotFound when nothing was set."""
    async with database.transaction(actor) as tx:
        if not await store.remove_override(tx, provider, symbol):
            raise NotFound(
                f"Nothing is set for {symbol} at {provider}.", remedy="List what is with 'dawsos symbols list'.", code="override_not_found"
            )
        await record(tx, actor, "remove", "symbol_override", entity_ref=f"{provider} {symbol}", moment=clock.now(), origin=origin)
