"""The positions of one portfolio valued with one pack, exactly, down to the lot, the price and the rate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.valuation.inputs import CASH, OpenLot, PriceQuote, SecurityFacts
from dawsos.compute.valuation.lot_values import fraction, total
from dawsos.compute.valuation.rates import RateTable
from dawsos.compute.valuation.records import PriceStatus, ValuedPortfolio, ValuedPosition
from dawsos.compute.valuation.security_position import Market, no_rate, value_security
from dawsos.kernel.errors import InsufficientData, Invalid
from dawsos.kernel.money import ONE, ZERO, multiply, round_money

#: What a position has because it was bought; cash has none of it.
_COST_FIELDS: Final = (
    "cost_basis",
    "cost_basis_base",
    "unrealized_pl",
    "unrealized_pl_pct",
    "unrealized_pl_price",
    "unrealized_pl_fx",
)


def value_positions(
    lots: Iterable[OpenLot],
    cash: Mapping[str, Decimal],
    *,
    as_of: date,
    prices: Mapping[UUID, PriceQuote],
    rates: RateTable,
    base_currency: str,
    securities: Mapping[UUID, SecurityFacts],
    split: GainSplit = GainSplit.ENTRY_RATE,
) -> ValuedPortfolio:
    """Value open ``lots`` and ``cash`` (amount per currency) of one portfolio with the prices and rates of one pack.

    market_value = round(quantity × close × rate(currency → base_currency)) to the cent, half to even, per security and per cash currency,
    from the exact decimal product. nav = cash + securities_value. unrealized_pl = market_value − cost_basis_base; its fx part is, lot by
    lot, round(quantity × close × (rate − entry rate)) with entry rate = base cost / cost, and its price part is the rest, so both sum to
    the result exactly; ``split`` names the other convention, in which the fx part is round(cost × (rate − entry rate)). Weights are of
    NAV, cash included.

    A position without close or rate has status ``unpriced`` and no value; it is left out of NAV and weights and named in ``warnings``. A
    close older than ``as_of`` (counted in weekdays) is used and the position marked ``stale``. Closed lots (``qty_open`` 0) and empty cash
    accounts are left out. Raises :class:`InsufficientData` for a lot whose security is not in ``securities``.
    """
    market = Market(as_of, rates, base_currency, GainSplit(split))
    held = _by_security(lots)
    valued = [value_security(own, _facts(securities, own), prices.get(security_id), market) for security_id, own in held.items()]
    accounts = [_value_cash(currency, amount, market) for currency, amount in sorted(cash.items()) if amount]
    return _portfolio(_in_order(valued), accounts, market)


def _by_security(lots: Iterable[OpenLot]) -> dict[UUID, list[OpenLot]]:
    held: dict[UUID, list[OpenLot]] = {}
    for lot in lots:
        if lot.qty_open < 0:
            raise Invalid(f"Lot {lot.id} of {lot.symbol} has the open quantity {lot.qty_open}.", remedy="Replay the ledger.")
        if lot.qty_open:
            held.setdefault(lot.security_id, []).append(lot)
    return {key: sorted(own, key=lambda lot: lot.acquisition_date) for key, own in held.items()}


def _facts(securities: Mapping[UUID, SecurityFacts], lots: Sequence[OpenLot]) -> SecurityFacts:
    facts = securities.get(lots[0].security_id)
    if facts is None:
        name = lots[0].symbol or lots[0].security_id
        raise InsufficientData(f"There is a lot of {name}, but nothing is known of the security.", remedy="Load it into the securities.")
    return facts


def _in_order(positions: list[ValuedPosition]) -> list[ValuedPosition]:
    """Largest first, unpriced ones last, by symbol among equals."""
    return sorted(positions, key=lambda one: (one.market_value is None, -(one.market_value or ZERO), one.symbol))


def _value_cash(currency: str, amount: Decimal, market: Market) -> ValuedPosition:
    path = market.rates.find(currency, market.base_currency)
    account = ValuedPosition(
        security_id=None,
        symbol=currency,
        name=f"Cash {currency}",
        security_type=CASH,
        sector=None,
        currency=currency,
        quantity=amount,
        price=ONE,
        price_date=market.as_of,
        stale_days=0,
        fx_rate=path.rate if path else None,
        value_local=round_money(amount),
        market_value=round_money(multiply(amount, path.rate)) if path else None,
        status=PriceStatus.PRICED if path else PriceStatus.UNPRICED,
        reason=None if path else no_rate(currency, market),
        reasons=dict.fromkeys(_COST_FIELDS, "Cash has no cost."),
    )
    if path:
        return account
    missing = dict.fromkeys(("fx_rate", "market_value", "weight"), no_rate(currency, market))
    return replace(account, reasons=account.reasons | missing)


def _portfolio(securities: list[ValuedPosition], accounts: list[ValuedPosition], market: Market) -> ValuedPortfolio:
    securities_value, cash = _value(securities), _value(accounts)
    nav = _value([*securities, *accounts])
    positions = [_with_weight(one, nav) for one in [*securities, *accounts]]
    priced = [one for one in securities if one.market_value is not None]
    result = total(one.unrealized_pl for one in priced) if priced or not securities else None
    cost_of_priced = sum((one.cost_basis_base or ZERO for one in priced), ZERO)
    valued = ValuedPortfolio(
        as_of=market.as_of,
        base_currency=market.base_currency,
        positions=tuple(positions),
        nav=nav,
        cash=cash,
        securities_value=securities_value,
        total_cost=sum((one.cost_basis_base or ZERO for one in securities), ZERO),
        unrealized_pl=result,
        unrealized_pl_pct=None if result is None else fraction(result, cost_of_priced),
        unrealized_pl_price=None if result is None else total(one.unrealized_pl_price for one in priced),
        unrealized_pl_fx=None if result is None else total(one.unrealized_pl_fx for one in priced),
        coverage=_coverage(positions),
        warnings=tuple(one.reason for one in positions if one.reason),
    )
    return replace(valued, reasons=_missing_totals(valued))


def _value(positions: Sequence[ValuedPosition]) -> Decimal | None:
    """The sum of the values there are; None when there are positions and not one has a value."""
    values = [one.market_value for one in positions if one.market_value is not None]
    return sum(values, ZERO) if values or not positions else None


def _with_weight(position: ValuedPosition, nav: Decimal | None) -> ValuedPosition:
    if position.market_value is None:
        return position
    if nav is None or nav <= 0:
        return replace(position, reasons=position.reasons | {"weight": "A weight needs a positive net asset value."})
    return replace(position, weight=fraction(position.market_value, nav))


def _coverage(positions: Sequence[ValuedPosition]) -> float:
    return sum(one.market_value is not None for one in positions) / len(positions) if positions else 1.0


def _missing_totals(valued: ValuedPortfolio) -> dict[str, str]:
    reasons = {}
    for name in ("nav", "cash", "securities_value", "unrealized_pl"):
        if getattr(valued, name) is None:
            reasons[name] = "None of the positions it is made of could be valued; see warnings."
    if valued.unrealized_pl_pct is None:
        reasons["unrealized_pl_pct"] = reasons.get("unrealized_pl", "The valued positions cost nothing.")
    if valued.unrealized_pl_fx is None:
        why = reasons.get("unrealized_pl", "It is not known of every position; see there.")
        reasons |= dict.fromkeys(("unrealized_pl_price", "unrealized_pl_fx"), why)
    return reasons
