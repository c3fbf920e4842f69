"""The present holdings of a portfolio, and what they did over the history of the factors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

import numpy as np

from dawsos.compute.factors.history import FactorHistory
from dawsos.compute.factors.periods import changes_between
from dawsos.compute.factors.priors import prior_betas
from dawsos.compute.returns.figures import FloatArray, as_date
from dawsos.compute.valuation.panels import MISSING, PricePanel, RatePanel
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.records import ValuedPortfolio, ValuedPosition
from dawsos.compute.valuation.total_returns import ShareEvent, total_return_levels
from dawsos.kernel.canonical import fingerprint
from dawsos.kernel.errors import InsufficientData
from dawsos.kernel.money import ZERO
from dawsos.services.context import Pins, RequestContext
from dawsos.services.holdings import pack_contents, pinned_ledger, quotes, rate_table, security_facts
from dawsos.services.panels import load_panels
from dawsos.store import corporate_actions, packs
from dawsos.store.corporate_actions import ActionStatus, ActionType, CorporateActionRecord

_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Present:
    """What is held and has a value, largest first, cash last; ``unpriced`` holds the rest by symbol, with the reason."""

    positions: tuple[ValuedPosition, ...]
    nav: Decimal
    base_currency: str
    unpriced: Mapping[str, str]

    @property
    def weights(self) -> FloatArray:
        """Fractions of NAV, ``[N]``; zeros for a portfolio that is worth nothing."""
        if self.nav <= 0:
            return np.zeros(len(self.positions))
        return np.array([float((one.market_value or ZERO) / self.nav) for one in self.positions])

    @property
    def securities(self) -> tuple[ValuedPosition, ...]:
        return tuple(one for one in self.positions if one.security_id is not None)


@dataclass(frozen=True, slots=True, eq=False)
class PastChanges:
    """Relative changes ``[N × T]`` of the present holdings over the periods of a factor history: in their own currency, and in base."""

    local: FloatArray
    base: FloatArray


async def valued_now(context: RequestContext, pins: Pins) -> ValuedPortfolio:
    """The pinned holdings at the prices of the pinned pack."""

    async def load() -> ValuedPortfolio:
        state = await pinned_ledger(context, pins)
        contents = await pack_contents(context, pins)
        lots = state.open_lots()
        return value_positions(
            lots,
            dict(state.cash),
            as_of=pins.pack.date,
            prices=quotes(contents),
            rates=rate_table(contents),
            base_currency=pins.portfolio.base_currency,
            securities=await security_facts(context, {lot.security_id for lot in lots}),
        )

    return await context.memory.once("valued now", load)


async def present_holdings(context: RequestContext, pins: Pins) -> Present:
    """What is held and has a value.

    Raises :class:`InsufficientData` where securities are held and none of them has one: of nothing, any figure would be invented.
    """
    valued = await valued_now(context, pins)
    require_some_value([one for one in valued.positions if one.security_id is not None], pins.pack.id)
    return Present(
        positions=tuple(one for one in valued.positions if one.market_value is not None),
        nav=valued.nav or ZERO,
        base_currency=pins.portfolio.base_currency,
        unpriced={one.symbol: one.reason or "it has no price" for one in valued.positions if one.market_value is None},
    )


def require_some_value(securities: Sequence[ValuedPosition], pack_id: str) -> None:
    """Raise :class:`InsufficientData`, which names what lacks a price or rate, when not one of some holdings has a value."""
    if securities and all(one.market_value is None for one in securities):
        raise nothing_valued([one.reason or f"{one.symbol} has no price" for one in securities], pack_id)


def nothing_valued(reasons: Iterable[str], pack_id: str) -> InsufficientData:
    """The refusal to make figures of holdings none of which has a value, with the first few ``reasons``."""
    different = list(dict.fromkeys(reason.rstrip(".") for reason in reasons))
    few = "; ".join(different[:_NAMED])
    more = f"; and {len(different) - _NAMED} more" if len(different) > _NAMED else ""
    return InsufficientData(
        f"Nothing that is held has a value in pricing pack {pack_id} ({few}{more}).",
        remedy="Bring in the missing prices and exchange rates and build the pack anew, or name an earlier pack.",
    )


def assumed_betas(present: Present) -> tuple[FloatArray, FloatArray]:
    """Betas ``[N × K]`` assumed of each holding: of its return in own currency, and in base currency.

    In base currency a move of the dollar also moves the currency: by as much, for and against, as scenarios translate it.
    """
    own = np.array([prior_betas(one.security_type or "cash", one.sector, is_usd=one.currency == "USD") for one in present.positions])
    own = own.reshape(len(present.positions), 5)
    in_base = own.copy()
    for row, position in enumerate(present.positions):
        in_base[row, 3] += float(position.currency == "USD") - float(present.base_currency == "USD")
    return own, in_base


async def past_changes(context: RequestContext, pins: Pins, present: Present, history: FactorHistory) -> PastChanges:
    """The changes of every holding over the periods of ``history``, with what was paid on it; NaN where it had no price or rate.

    Cash changes by its exchange rate only. Closes as quoted are made comparable by the approved splits and dividends; a policy whose
    prices are adjusted needs none.
    """

    async def load() -> PastChanges:
        ids = [one.security_id for one in present.securities if one.security_id is not None]
        first = as_date(history.periods[0])
        async with context.database.transaction(context.actor, read_only=True) as tx:
            prices, rates = await load_panels(
                tx,
                pins.pack,
                first,
                security_ids=ids,
                currencies={one.currency for one in present.positions} | {present.base_currency},
                base_currency=present.base_currency,
            )
            policy = await packs.find_policy(tx, pins.pack.policy)
            actions: Sequence[CorporateActionRecord] = ()
            if policy is not None and not policy.dividend_adjusted and ids:
                actions = await corporate_actions.between(tx, first, pins.pack.date, ids)
        return _changes(present, history, prices, rates, actions, pins)

    return await context.memory.once(("past changes", fingerprint([str(one.security_id) for one in present.positions])), load)


def _changes(
    present: Present, history: FactorHistory, prices: PricePanel, rates: RatePanel, actions: Sequence[CorporateActionRecord], pins: Pins
) -> PastChanges:
    days = prices.days.astype("datetime64[D]")
    column = {currency: place for place, currency in enumerate(rates.currencies)}
    local, base = np.ones((len(present.positions), days.size)), np.empty((len(present.positions), days.size))
    for row, position in enumerate(present.positions):
        if position.security_id is not None:
            close = prices.close[prices.row[position.security_id]]
            own = np.where(close == MISSING, np.nan, close / 1e8)
            local[row] = total_return_levels(days, own, _events(actions, position.security_id, position.currency))
        rate = rates.rate[0, column[position.currency]]
        base[row] = local[row] * np.where(rate > 0, rate, np.nan)
    between = [
        changes_between(history.periods, days, levels, pins.pack.date, is_monthly=history.frequency == "monthly")
        for levels in (local, base)
    ]
    return PastChanges(*between)


def _events(actions: Sequence[CorporateActionRecord], security_id: UUID, currency: str) -> list[ShareEvent]:
    """The approved splits of a security, and its dividends in the currency it is quoted in."""
    found = []
    for one in actions:
        if one.security_id != security_id or one.status is not ActionStatus.APPROVED:
            continue
        if one.action_type is ActionType.SPLIT and one.split_from and one.split_to:
            found.append(ShareEvent(one.ex_date, split=float(one.split_to / one.split_from)))
        if one.action_type is ActionType.DIVIDEND and one.amount_per_share and one.currency == currency:
            found.append(ShareEvent(one.ex_date, dividend=float(one.amount_per_share)))
    return found
