"""Every ledger of the owner of a portfolio: what may be bought, sold and planned elsewhere counts for taxes and for the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.tax.realised import Purchase, RealisedLot
from dawsos.compute.tax.rules import TaxRules
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH, Transaction
from dawsos.services.context import RequestContext
from dawsos.services.holdings import pinned_transactions
from dawsos.services.ledger.booking import replay_of
from dawsos.services.taxes import closing_of, purchases_of
from dawsos.store import ledger as ledger_store
from dawsos.store import portfolios as portfolios_store
from dawsos.store import suggestions as suggestions_store
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.suggestions import SuggestionRecord


@dataclass(frozen=True, slots=True)
class OwnerBook:
    """A portfolio of the owner, its ledger as it stands (the pinned one: as pinned), and its proposals that may still be executed."""

    portfolio: PortfolioRecord
    ledger_commit_hash: str
    transactions: tuple[Transaction, ...]
    open_suggestions: tuple[SuggestionRecord, ...]

    def state(self, through: date) -> LedgerState:
        """The ledger replayed up to a day."""
        return replay_of(self.portfolio, self.transactions, through=through)


@dataclass(frozen=True, slots=True)
class Side:
    """A sale or purchase that may wash or be washed: in which portfolio, and whether it is only planned there."""

    portfolio: PortfolioRecord
    symbol: str
    is_planned: bool


@dataclass(frozen=True, slots=True)
class Trading:
    """What was and may yet be traded of some securities, around a day, by all of the owner's portfolios; ``sides`` by identifier."""

    closings: tuple[RealisedLot, ...]
    purchases: tuple[Purchase, ...]
    sides: dict[UUID, Side]


async def owner_books(context: RequestContext) -> tuple[OwnerBook, ...]:
    """The pinned portfolio at its pinned state first, then the owner's others by name."""
    pins = context.pinned()

    async def load() -> tuple[OwnerBook, ...]:
        mine = OwnerBook(pins.portfolio, pins.ledger.commit_hash, await pinned_transactions(context, pins), ())
        others: list[OwnerBook] = []
        async with context.database.transaction(context.actor, read_only=True) as tx:
            found = [
                each
                for each in await portfolios_store.list_portfolios(tx)
                if each.id != pins.portfolio.id and each.owner_id == pins.portfolio.owner_id
            ]
            suggested = await suggestions_store.open_suggestions(tx, [each.id for each in found]) if found else []
            for portfolio in found:
                head = await ledger_store.ledger_head(tx, portfolio.id)
                others.append(
                    OwnerBook(
                        portfolio,
                        (head.ledger_commit_hash if head else None) or EMPTY_LEDGER_HASH,
                        tuple(await ledger_store.booked_transactions(tx, portfolio.id)),
                        tuple(each for each in suggested if each.portfolio_id == portfolio.id),
                    )
                )
        return (mine, *others)

    return await context.memory.once("owner books", load)


def trading_around(books: Sequence[OwnerBook], day: date, *, rules: TaxRules, security_ids: set[UUID]) -> Trading:
    """Sales and purchases of ``security_ids`` within twice the window before ``day`` and once after it; planned ones are as of ``day``."""
    first, last = day - timedelta(days=2 * rules.window_days), day + timedelta(days=rules.window_days)
    closings: list[RealisedLot] = []
    purchases: list[Purchase] = []
    sides: dict[UUID, Side] = {}
    for book in books:
        state = book.state(last)
        symbols = {lot.security_id: lot.symbol or "" for lot in state.lots}
        sold = [closing_of(each) for each in state.disposals if each.security_id in security_ids and each.disposal_date >= first]
        bought = [each for each in purchases_of(state) if each.security_id in security_ids and each.date >= first]
        sides |= {each.id: Side(book.portfolio, symbols[each.security_id], is_planned=False) for each in sold}
        sides |= {each.id: Side(book.portfolio, symbols[each.security_id], is_planned=False) for each in bought}
        closings += sold
        purchases += bought
        for suggestion in book.open_suggestions:
            for place, trade in enumerate(suggestion.suggested_trades):
                if UUID(trade["security_id"]) not in security_ids:
                    continue
                planned_sales, planned_purchase = _planned(suggestion, place, trade, day)
                side = Side(book.portfolio, trade["symbol"], is_planned=True)
                sides |= dict.fromkeys([each.id for each in planned_sales] + [each.id for each in planned_purchase], side)
                closings += planned_sales
                purchases += planned_purchase
    return Trading(tuple(closings), tuple(purchases), sides)


def _planned(
    suggestion: SuggestionRecord, place: int, trade: dict[str, Any], day: date
) -> tuple[tuple[RealisedLot, ...], tuple[Purchase, ...]]:
    security_id, quantity = UUID(trade["security_id"]), Decimal(trade["quantity"])
    if quantity > 0:
        cost = Decimal(trade["value"]) + Decimal(trade["estimated_cost"])
        purchase_id = named("planned purchase", suggestion.id, place)
        return (), (Purchase(id=purchase_id, security_id=security_id, date=day, quantity=quantity, cost=cost),)
    return tuple(
        RealisedLot(
            id=named("planned closing", suggestion.id, lot["lot_id"]),
            lot_id=UUID(lot["lot_id"]),
            security_id=security_id,
            acquired=date.fromisoformat(lot["acquired"]),
            sold=day,
            quantity=Decimal(lot["quantity"]),
            proceeds=Decimal(lot["proceeds"]),
            cost=Decimal(lot["cost"]),
        )
        for lot in trade["lots"]
    ), ()
