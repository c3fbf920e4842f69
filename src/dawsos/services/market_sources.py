"""Which sources the prices and rates behind a portfolio's history come from: whose rights every figure made of that history inherits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, get_or_compute
from dawsos.services.holdings import pinned_transactions
from dawsos.store import history as store
from dawsos.store import securities


@dataclass(frozen=True, slots=True)
class MarketSources:
    """The sources of every price and, when more than one currency was used, every rate the history may rest on, each in order of name."""

    prices: tuple[str, ...]
    rates: tuple[str, ...]


class HistorySources(Derivation[MarketSources, MarketSources]):
    """The sources of all packs up to the pinned one, for every security that ever stood in the ledger, and the benchmark's."""

    name: ClassVar[str] = "market_sources"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = MarketSources

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> MarketSources:  # noqa: ARG002 - the key of the result
        """Ask the packs."""
        pins = context.pinned()
        entries = await pinned_transactions(context, pins)
        held = {entry.security_id for entry in entries if entry.security_id}
        currencies = {entry.currency for entry in entries} | {pins.portfolio.base_currency}
        async with context.database.transaction(context.actor, read_only=True) as tx:
            if pins.portfolio.benchmark_id is not None:
                found = await securities.find_securities_by_symbol(tx, [pins.portfolio.benchmark_id])
                held |= {one.id for one in found}
                currencies |= {one.currency for one in found}
            prices = await store.price_sources(tx, pins.pack, sorted(held)) if held else []
            rates = await store.rate_sources(tx, pins.pack) if len(currencies) > 1 else []
        return MarketSources(tuple(prices), tuple(rates))

    def compute(self, inputs: MarketSources) -> MarketSources:
        """They are the result as they are."""
        return inputs


HISTORY_SOURCES: Final = HistorySources()


def parameters_of(pins: Pins) -> Mapping[str, Any]:
    """What the sources depend on besides the portfolio's pins."""
    return {"benchmark": pins.portfolio.benchmark_id}


async def note_market_sources(context: RequestContext, pins: Pins) -> None:
    """Note the sources of the prices and rates behind the history of the portfolio, for a result that was computed from it."""

    async def load() -> MarketSources:
        own = context.with_own_provenance()  # how the list was come by is no part of the result's provenance
        return (await get_or_compute(HISTORY_SOURCES, own, parameters_of(pins))).value

    found = await context.memory.once("market sources", load)
    for source in (*found.prices, *found.rates):
        context.provenance.note(source=source)
