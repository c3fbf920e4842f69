"""Taxes on gains of a pinned portfolio: what was realised, what is open, and which losses are worth realising."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.records import Disposal, LedgerState
from dawsos.compute.ledger.replay import replay
from dawsos.compute.tax.harvesting import Harvest, OpenLot, harvest
from dawsos.compute.tax.realised import Purchase, RealisedGains, RealisedLot, realised_gains
from dawsos.compute.tax.rules import CANADA, UNITED_STATES, TaxRules
from dawsos.compute.valuation.positions import value_positions
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH, LotMethod, Transaction, TransactionType
from dawsos.kernel.money import multiply, round_money
from dawsos.services.collector import collector_paused
from dawsos.services.context import Pins, RequestContext
from dawsos.services.holdings import (
    pack_contents,
    pinned_ledger,
    pinned_transactions,
    quotes,
    rate_table,
    security_facts,
)
from dawsos.services.market_sources import note_market_sources
from dawsos.services.risk.present import nothing_valued
from dawsos.store import ledger as ledger_store
from dawsos.store import portfolios as portfolios_store

METHOD: Final = "taxes/1"
RULES: Final = {rules.name: rules for rules in (UNITED_STATES, CANADA)}


@dataclass(frozen=True, slots=True)
class OtherLedger:
    """Another portfolio of the same owner whose purchases were looked at, and the state its ledger had."""

    portfolio_id: UUID
    name: str
    ledger_commit_hash: str


@dataclass(frozen=True, slots=True)
class Realised:
    """The gains of a period, the symbols of what was sold, the other ledgers looked at, and what may still change."""

    gains: RealisedGains
    symbols: dict[UUID, str]
    others: tuple[OtherLedger, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenTaxLot:
    """An open lot by its term; ``market_value`` and ``unrealized_pl`` are None without a price or a rate."""

    lot_id: UUID
    security_id: UUID
    symbol: str
    acquired: date
    holding_days: int
    is_long_term: bool
    days_to_long_term: int
    quantity: Decimal
    cost: Decimal
    market_value: Decimal | None
    unrealized_pl: Decimal | None


@dataclass(frozen=True, slots=True)
class Harvesting:
    """Losses worth realising, the other ledgers looked at, and the lots that could not be valued."""

    found: Harvest
    others: tuple[OtherLedger, ...]
    unpriced: tuple[str, ...]


def rules_named(name: str) -> TaxRules:
    """The rules of a tax system."""
    if name not in RULES:
        raise Invalid(f"There are no tax rules '{name}'.", remedy=f"Choose one of {', '.join(RULES)}.")
    return RULES[name]


async def realised_in_year(context: RequestContext, year: int, *, rules: TaxRules, method: LotMethod | None = None) -> Realised:
    """What the sales of calendar year ``year`` realised up to the pack's date, after wash sales.

    Purchases of every portfolio of the owner count as replacements: the rule looks at the taxpayer, not at the account. The pinned
    portfolio is read at its pinned state, the others as they stand. ``method`` replays the ledger with another lot method than its own.
    """
    pins = context.pinned()
    state = await pinned_ledger(context, pins) if method is None else _by(method, pins, await pinned_transactions(context, pins))
    others, more = await _other_purchases(context, pins)
    start, end = date(year, 1, 1), date(year, 12, 31)
    closings = [closing_of(each) for each in state.disposals]
    gains = realised_gains(closings, [*purchases_of(state), *more], start=start, end=end, rules=rules)
    symbols = {each.security_id: each.symbol or str(each.security_id) for each in state.disposals}
    open_until = pins.pack.date - timedelta(days=rules.window_days)
    undecided = sorted({symbols[lot.lot.security_id] for lot in gains.lots if lot.gain < 0 and lot.lot.sold > open_until})
    warnings = (
        (f"Buying {', '.join(undecided)} again within {rules.window_days} days of the sale would still disallow losses.",)
        if undecided
        else ()
    )
    _note(context, pins, warnings)
    return Realised(gains, symbols, others, warnings)


async def open_tax_lots(context: RequestContext, *, rules: TaxRules) -> list[OpenTaxLot]:
    """Every open lot with its term on the pack's date and its value, by symbol and date."""
    pins = context.pinned()
    lots = await _valued_lots(context, pins)
    found = []
    for security_id, symbol, lot_id, acquired, quantity, cost, value in lots:
        days = (pins.pack.date - acquired).days
        found.append(
            OpenTaxLot(
                lot_id=lot_id,
                security_id=security_id,
                symbol=symbol,
                acquired=acquired,
                holding_days=days,
                is_long_term=days > rules.long_term_days,
                days_to_long_term=max(rules.long_term_days + 1 - days, 0),
                quantity=quantity,
                cost=cost,
                market_value=value,
                unrealized_pl=None if value is None else value - cost,
            )
        )
    _note(context, pins, ())
    return sorted(found, key=lambda each: (each.symbol, each.acquired, str(each.lot_id)))


async def harvesting(context: RequestContext, *, rules: TaxRules, smallest_loss: Decimal, tax_rate: Decimal | None) -> Harvesting:
    """The losing securities of the portfolio at the pack's prices, with the purchases of all portfolios of the owner in view."""
    pins = context.pinned()
    lots = await _valued_lots(context, pins)
    others, more = await _other_purchases(context, pins)
    state = await pinned_ledger(context, pins)
    valued = [
        OpenLot(lot_id=lot_id, security_id=security_id, symbol=symbol, acquired=acquired, quantity=quantity, cost=cost, market_value=value)
        for security_id, symbol, lot_id, acquired, quantity, cost, value in lots
        if value is not None
    ]
    if lots and not valued:
        raise nothing_valued([f"{symbol} has no price or rate" for symbol in sorted({symbol for _, symbol, *_ in lots})], pins.pack.id)
    found = harvest(
        valued, [*purchases_of(state), *more], as_of=pins.pack.date, tax_rate=tax_rate, smallest_loss=smallest_loss, rules=rules
    )
    unpriced = tuple(sorted({symbol for _, symbol, _, _, _, _, value in lots if value is None}))
    _note(context, pins, tuple(f"{symbol} has no value and was not looked at." for symbol in unpriced))
    await note_market_sources(context, pins)
    return Harvesting(found, others, unpriced)


def _note(context: RequestContext, pins: Pins, warnings: Sequence[str]) -> None:
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version=METHOD, origin="computed")
    for warning in warnings:
        context.provenance.note(warning=warning)


def _by(method: LotMethod, pins: Pins, transactions: Sequence[Transaction]) -> LedgerState:
    with collector_paused():
        return replay(transactions, method=method, base_currency=pins.portfolio.base_currency, through=pins.pack.date)


def closing_of(disposal: Disposal) -> RealisedLot:
    """A disposal as taxes see it, in base currency."""
    return RealisedLot(
        id=named("closing", disposal.sell_transaction_id, disposal.lot_id),
        lot_id=disposal.lot_id,
        security_id=disposal.security_id,
        acquired=disposal.acquisition_date,
        sold=disposal.disposal_date,
        quantity=disposal.quantity,
        proceeds=disposal.proceeds_base,
        cost=disposal.cost_base,
    )


def purchases_of(state: LedgerState) -> list[Purchase]:
    """What was bought, in the units of its own day; a purchase that was reversed never was."""
    lots = {lot.open_transaction_id: lot.id for lot in state.lots}
    found = []
    for entry in state.transactions:
        lot_id = lots.get(entry.id)
        if entry.transaction_type is not TransactionType.BUY or lot_id is None or entry.security_id is None or entry.quantity is None:
            continue
        cost = round_money(multiply(entry.fee + entry.withholding_tax - entry.amount, entry.fx_rate))
        found.append(Purchase(id=lot_id, security_id=entry.security_id, date=entry.transaction_date, quantity=entry.quantity, cost=cost))
    return found


async def _other_purchases(context: RequestContext, pins: Pins) -> tuple[tuple[OtherLedger, ...], list[Purchase]]:
    """The purchases in the other portfolios of the owner up to the pack's date."""

    async def load() -> tuple[tuple[OtherLedger, ...], list[Purchase]]:
        ledgers: list[OtherLedger] = []
        purchases: list[Purchase] = []
        async with context.database.transaction(context.actor, read_only=True) as tx:
            for portfolio in await portfolios_store.list_portfolios(tx):
                if portfolio.id == pins.portfolio.id or portfolio.owner_id != pins.portfolio.owner_id:
                    continue
                head = await ledger_store.ledger_head(tx, portfolio.id)
                transactions = tuple(await ledger_store.booked_transactions(tx, portfolio.id))
                with collector_paused():
                    state = replay(
                        transactions,
                        method=portfolio.cost_basis_method,
                        base_currency=portfolio.base_currency,
                        through=pins.pack.date,
                    )
                purchases += purchases_of(state)
                commit_hash = (head.ledger_commit_hash if head else None) or EMPTY_LEDGER_HASH
                ledgers.append(OtherLedger(portfolio.id, portfolio.name, commit_hash))
        return tuple(ledgers), purchases

    return await context.memory.once("other purchases", load)


_ValuedLot = tuple[UUID, str, UUID, date, Decimal, Decimal, Decimal | None]


async def _valued_lots(context: RequestContext, pins: Pins) -> list[_ValuedLot]:
    """Security, symbol, lot, date, quantity, cost and value in base currency of every open lot."""
    state = await pinned_ledger(context, pins)
    contents = await pack_contents(context, pins)
    lots = state.open_lots()
    valued = value_positions(
        lots,
        {},
        as_of=pins.pack.date,
        prices=quotes(contents),
        rates=rate_table(contents),
        base_currency=pins.portfolio.base_currency,
        securities=await security_facts(context, {lot.security_id for lot in lots}),
    )
    return [
        (position.security_id, position.symbol, lot.id, lot.acquisition_date, lot.qty_open, lot.cost_basis_base, lot.market_value)
        for position in valued.positions
        if position.security_id is not None
        for lot in position.lots
    ]
