"""One security's lots as one valued position."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.valuation.inputs import OpenLot, PriceQuote, SecurityFacts, stale_days
from dawsos.compute.valuation.lot_values import fraction, total, unvalued, valued_lots
from dawsos.compute.valuation.rates import RateTable
from dawsos.compute.valuation.records import PriceStatus, ValuedPosition
from dawsos.kernel.money import ZERO

_RESULT_FIELDS = ("unrealized_pl", "unrealized_pl_pct", "unrealized_pl_price", "unrealized_pl_fx")


@dataclass(frozen=True, slots=True)
class Market:
    """The pack a portfolio is valued with and the currency it is valued in."""

    as_of: date
    rates: RateTable
    base_currency: str
    split: GainSplit


def value_security(lots: Sequence[OpenLot], facts: SecurityFacts, quote: PriceQuote | None, market: Market) -> ValuedPosition:
    """The position of ``lots`` (of one security, at least one); unpriced, with the reason, when its close or its rate is missing."""
    position = _unvalued(lots, facts)
    if quote is None:
        return _unpriced(position, f"{facts.symbol} has no price in the pack of {market.as_of}.")
    position = _with_price(position, quote, market.as_of)
    if quote.currency not in {None, facts.currency}:
        return _unpriced(position, f"{facts.symbol} is a {facts.currency} security, but its price is in {quote.currency}.")
    path = market.rates.find(facts.currency, market.base_currency)
    if path is None:
        return _unpriced(position, no_rate(facts.currency, market))
    return _with_value(position, lots, quote.close, path.rate, market.split)


def no_rate(currency: str, market: Market) -> str:
    """Why a position in ``currency`` has no value in base currency."""
    return f"There is no exchange rate from {currency} to {market.base_currency} in the pack of {market.as_of}."


def _unvalued(lots: Sequence[OpenLot], facts: SecurityFacts) -> ValuedPosition:
    one_currency = all(lot.currency == facts.currency for lot in lots)
    return ValuedPosition(
        security_id=lots[0].security_id,
        symbol=facts.symbol,
        name=facts.name,
        security_type=facts.security_type,
        sector=facts.sector,
        currency=facts.currency,
        quantity=sum((lot.qty_open for lot in lots), ZERO),
        cost_basis=sum((lot.cost_basis for lot in lots), ZERO) if one_currency else None,
        cost_basis_base=sum((lot.cost_basis_base for lot in lots), ZERO),
        acquisition_date=min(lot.acquisition_date for lot in lots),
        status=PriceStatus.UNPRICED,
        lots=tuple(map(unvalued, lots)),
        reasons={} if one_currency else {"cost_basis": f"Lots were paid in other currencies than {facts.currency}."},
    )


def _with_price(position: ValuedPosition, quote: PriceQuote, as_of: date) -> ValuedPosition:
    days = stale_days(quote.price_date, as_of)
    return replace(
        position,
        price=quote.close,
        price_date=quote.price_date,
        stale_days=days,
        status=PriceStatus.STALE if days else PriceStatus.PRICED,
        reason=f"The latest close of {position.symbol} is of {quote.price_date}, {days} weekdays ago." if days else None,
    )


def _unpriced(position: ValuedPosition, reason: str) -> ValuedPosition:
    missing = ("price", "fx_rate", "value_local", "market_value", "weight", *_RESULT_FIELDS)
    reasons = {name: reason for name in missing if getattr(position, name) is None}
    return replace(position, status=PriceStatus.UNPRICED, reason=reason, reasons=position.reasons | reasons)


def _with_value(position: ValuedPosition, lots: Sequence[OpenLot], close: Decimal, rate: Decimal, split: GainSplit) -> ValuedPosition:
    valued = valued_lots(lots, position.currency, close, rate, split)
    market_value = total(lot.market_value for lot in valued) or ZERO
    cost = position.cost_basis_base or ZERO
    position = replace(
        position,
        fx_rate=rate,
        value_local=total(lot.value_local for lot in valued),
        market_value=market_value,
        unrealized_pl=market_value - cost,
        unrealized_pl_pct=fraction(market_value - cost, cost),
        unrealized_pl_price=total(lot.unrealized_pl_price for lot in valued),
        unrealized_pl_fx=total(lot.unrealized_pl_fx for lot in valued),
        lots=valued,
    )
    return replace(position, reasons=position.reasons | _missing_results(position))


def _missing_results(position: ValuedPosition) -> dict[str, str]:
    reasons = {}
    if position.unrealized_pl_pct is None:
        reasons["unrealized_pl_pct"] = f"{position.symbol} cost nothing."
    if position.unrealized_pl_fx is None:
        why = f"Lots were paid in other currencies than {position.currency}, so price and currency cannot be told apart."
        reasons |= dict.fromkeys(("unrealized_pl_price", "unrealized_pl_fx"), why)
    return reasons
