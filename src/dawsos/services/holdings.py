"""What capabilities about holdings share: the pinned ledger, facts about securities, the contents of the pinned pack."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState, Lot
from dawsos.compute.valuation.inputs import PriceQuote
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.ledger import Transaction
from dawsos.kernel.money import ONE, ZERO
from dawsos.services.context import Pins, RequestContext
from dawsos.services.ledger.booking import replay_of
from dawsos.services.packs.verification import PackContents, read_pack
from dawsos.store import ledger as ledger_store
from dawsos.store import securities as securities_store
from dawsos.store.ledger import LotRecord
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


@dataclass(frozen=True, slots=True)
class PackMarket:
    """Prices and rates of one pack, made ready for many portfolios."""

    day: date
    prices: Mapping[UUID, PriceQuote]
    rates: RateTable

    @classmethod
    def of(cls, contents: PackContents) -> "PackMarket":
        """From what the pack holds."""
        return cls(contents.pack.date, quotes(contents), rate_table(contents))


def rate_table(contents: PackContents) -> RateTable:
    """The rates of a pack."""
    return RateTable({(rate.base_ccy, rate.quote_ccy): rate.rate for rate in contents.rates}, pack_date=contents.pack.date)


def lot_of(lot: LotRecord) -> Lot:
    """A stored lot as the mathematics reads it."""
    return Lot(
        id=lot.id,
        portfolio_id=lot.portfolio_id,
        security_id=lot.security_id,
        symbol=lot.symbol,
        qty_open=lot.qty_open,
        qty_original=lot.qty_original,
        cost_basis=lot.cost_basis,
        cost_basis_base=lot.cost_basis_base or ZERO,
        acquisition_date=lot.acquisition_date,
        currency=lot.currency,
        trade_fx_rate=lot.trade_fx_rate or ONE,
        open_transaction_id=lot.open_transaction_id or lot.id,
        open_sequence=0,
        closed_date=lot.closed_date,
    )
