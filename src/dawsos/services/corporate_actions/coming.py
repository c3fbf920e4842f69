"""Corporate actions as a pinned request sees them: those of what was held on the pack's date, and where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.expected_actions import ExpectedCash, expected_dividend, quantity_after_split
from dawsos.compute.valuation.positions import value_positions
from dawsos.kernel.money import ZERO, round_rate
from dawsos.services.context import RequestContext
from dawsos.services.corporate_actions.queue import NO_SOURCE, URGENT_DAYS, QueuedAction, queued
from dawsos.services.holdings import pack_contents, pinned_ledger, quotes, rate_table, security_facts
from dawsos.store import corporate_actions as store
from dawsos.store.corporate_actions import ActionType

METHOD: Final = "corporate_actions/1"


@dataclass(frozen=True, slots=True)
class ComingActions:
    """The actions from the day after the pack's date on, by ex-date. ``reason`` says why there is nothing to tell, None otherwise."""

    first: date
    last: date
    actions: tuple[QueuedAction, ...]
    sources: tuple[str, ...]
    reason: str | None

    def is_urgent(self, action: QueuedAction) -> bool:
        """Whether it takes effect within a week."""
        return action.action.ex_date <= self.first + timedelta(days=URGENT_DAYS)


@dataclass(frozen=True, slots=True)
class ExpectedEffect:
    """One action on the shares held now: cash for a dividend, shares for a split, neither for what only its day decides.

    ``rate`` is units of base currency per unit of the dividend's, from the pack; ``value_share`` is the weight of the security in NAV.
    """

    queued: QueuedAction
    quantity: Decimal
    cash: ExpectedCash | None
    rate: Decimal | None
    quantity_after: Decimal | None
    value_share: float | None


async def coming_actions(context: RequestContext, days_ahead: int) -> ComingActions:
    """What takes effect within ``days_ahead`` days after the pack's date, of the securities held on it."""
    pins = context.pinned()
    return await actions_between(context, pins.pack.date, pins.pack.date + timedelta(days=days_ahead), only_held=True)


async def actions_between(
    context: RequestContext, first: date, last: date, *, types: Sequence[ActionType] | None = None, only_held: bool = False
) -> ComingActions:
    """The actions between two dates, both included, of the securities the pinned ledger ever held, or holds; of some types or all."""
    pins = context.pinned()
    state = await pinned_ledger(context, pins)
    held = sorted({lot.security_id for lot in (state.open_lots() if only_held else state.lots)})
    async with context.database.transaction(context.actor, read_only=True) as tx:
        found = await store.between(tx, first, last, held)
        sources = tuple(await store.sources(tx, held))
        applications = await store.list_applications(tx, pins.portfolio.id)
    chosen = queued([each for each in found if types is None or each.action_type in types], applications)
    reason = None if sources else (NO_SOURCE if held else "The portfolio holds no securities.")
    for source in sources:
        context.provenance.note(source=source)
    context.provenance.note(asof=pins.pack.date, method_version=METHOD, origin="computed", warning=reason)
    return ComingActions(first, last, chosen, sources, reason)


async def expected_effects(context: RequestContext, actions: Sequence[QueuedAction]) -> tuple[ExpectedEffect, ...]:
    """What ``actions`` would bring to the quantities held on the pack's date, at its rates: those not applied already."""
    pins = context.pinned()
    state = await pinned_ledger(context, pins)
    contents = await pack_contents(context, pins)
    rates = rate_table(contents)
    lots = state.open_lots()
    valued = value_positions(
        lots,
        dict(state.cash),
        as_of=pins.pack.date,
        prices=quotes(contents),
        rates=rates,
        base_currency=pins.portfolio.base_currency,
        securities=await security_facts(context, {lot.security_id for lot in lots}),
    )
    held: dict[UUID, Decimal] = {}
    for lot in lots:
        held[lot.security_id] = held.get(lot.security_id, ZERO) + lot.qty_open
    weights = {position.security_id: position.weight for position in valued.positions}
    found = []
    for each in actions:
        action = each.action
        quantity = held.get(action.security_id, ZERO)
        if each.standing == "applied" or not quantity:
            continue
        path = rates.find(action.currency, pins.portfolio.base_currency) if action.currency else None
        rate = round_rate(path.rate) if path else None
        cash = after = None
        if action.action_type is ActionType.DIVIDEND and action.amount_per_share is not None:
            cash = expected_dividend(quantity, action.amount_per_share, action.withholding_rate, rate)
        if action.action_type is ActionType.SPLIT and action.split_from and action.split_to:
            after = quantity_after_split(quantity, action.split_from, action.split_to)
        found.append(ExpectedEffect(each, quantity, cash, rate, after, weights.get(action.security_id)))
    return tuple(found)
