"""What capabilities about holdings share: the pinned ledger, facts about securities, the contents of the pinned pack."""

from collections.abc import Collection, Mapping
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.valuation.inputs import PriceQuote
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.ledger import Transaction
from dawsos.services.context import Pins, RequestContext
from dawsos.services.ledger.booking import replay_of
from dawsos.services.packs.verification import PackContents, read_pack
from dawsos.store import ledger as ledger_store
from dawsos.store import securities as securities_store
from dawsos.store.securities import SecurityRecord

Facts = Mapping[UUID, SecurityRecord]


async def pinned_transactions(context: RequestContext, pins: Pins) -> tuple[Transaction, ...]:
    """The entries of the pinned ledger state, in booking order."""

    async def load() -> tuple[Transaction, ...]:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            return tuple(await ledger_store.booked_transactions(tx, pins.portfolio.id, pins.ledger.sequence))

    return await context.memory.once("transactions", load)


async def pinned_ledger(context: RequestContext, pins: Pins) -> LedgerState:
    """The pinned ledger replayed up to the pack's date."""

    async def load() -> LedgerState:
        return replay_of(pins.portfolio, await pinned_transactions(context, pins), through=pins.pack.date)

    return await context.memory.once("ledger", load)


async def security_facts(context: RequestContext, security_ids: Collection[UUID]) -> Facts:
    """The master data of some securities."""
    wanted = sorted(security_ids)

    async def load() -> Facts:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            return {security.id: security for security in await securities_store.find_securities(tx, wanted)}

    return await context.memory.once(("securities", tuple(wanted)), load) if wanted else {}


async def pack_contents(context: RequestContext, pins: Pins) -> PackContents:
    """The prices and rates of the pinned pack."""

    async def load() -> PackContents:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            return await read_pack(tx, pins.pack.id)

    return await context.memory.once("pack", load)


def quotes(contents: PackContents) -> dict[UUID, PriceQuote]:
    """The closes of a pack by security."""
    return {price.security_id: PriceQuote(price.close, price.date, price.currency) for price in contents.prices}


def rate_table(contents: PackContents) -> RateTable:
    """The rates of a pack."""
    return RateTable({(rate.base_ccy, rate.quote_ccy): rate.rate for rate in contents.rates}, pack_date=contents.pack.date)
