"""Positions valued at the prices and rates of the pinned pack."""

from collections.abc import Sequence
from uuid import UUID

from dawsos.agents.financial_analyst.positions import OpenLot, Position, PricedLot, PricedPosition, ValuedPositions
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.records import ValuedPortfolio, ValuedPosition
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.context import Pins, RequestContext
from dawsos.services.holdings import pack_contents, quotes, rate_table, security_facts


class ApplyPackRequest(Contract):
    """Positions as ``ledger.positions`` gives them; ``pack_id`` must be the pack the request is pinned to."""

    positions: tuple[Position, ...]
    pack_id: str | None = None


@capability(name="pricing.apply_pack", rights=("portfolio_read",), ttl=60, repeatable=True, example={"positions": []})
async def pricing_apply_pack(context: RequestContext, request: ApplyPackRequest) -> ValuedPositions:
    """Every position and lot valued exactly; what has no price or rate has no value, and says why."""
    pins = context.pinned(pack_id=request.pack_id)
    contents = await pack_contents(context, pins)
    lots: list[OpenLot] = [lot for position in request.positions for lot in position.lots]
    valued = value_positions(
        lots,
        {position.currency: position.quantity for position in request.positions if position.security_id is None},
        as_of=pins.pack.date,
        prices=quotes(contents),
        rates=rate_table(contents),
        base_currency=pins.portfolio.base_currency,
        securities=await security_facts(context, {lot.security_id for lot in lots}),
    )
    _note(context, pins, valued, {price.security_id: price.source for price in contents.prices}, [rate.source for rate in contents.rates])
    return _as_contract(valued, pins)


def _note(
    context: RequestContext, pins: Pins, valued: ValuedPortfolio, price_sources: dict[UUID, str | None], rate_sources: Sequence[str | None]
) -> None:
    context.provenance.note(asof=pins.pack.date, method_version="valuation/1", origin="computed")
    for position in valued.positions:
        if position.price_date is not None:
            context.provenance.note(asof=position.price_date)
        if position.security_id in price_sources:
            context.provenance.note(source=price_sources[position.security_id])
    for source in {source for source in rate_sources if source and _is_multi_currency(valued)}:
        context.provenance.note(source=source)
    for warning in valued.warnings:
        context.provenance.note(warning=warning)


def _is_multi_currency(valued: ValuedPortfolio) -> bool:
    return any(position.currency != valued.base_currency for position in valued.positions)


def _as_contract(valued: ValuedPortfolio, pins: Pins) -> ValuedPositions:
    return ValuedPositions(
        positions=tuple(_position(position, valued.base_currency) for position in valued.positions),
        nav=valued.nav,
        cash=valued.cash,
        securities_value=valued.securities_value,
        total_cost_base=valued.total_cost,
        unrealized_pl=valued.unrealized_pl,
        unrealized_pl_pct=valued.unrealized_pl_pct,
        unrealized_pl_price=valued.unrealized_pl_price,
        unrealized_pl_fx=valued.unrealized_pl_fx,
        currency=valued.base_currency,
        asof_date=valued.as_of,
        pricing_pack_id=pins.pack.id,
        coverage=valued.coverage,
        warnings=valued.warnings,
        reasons=valued.reasons,
    )


def _position(position: ValuedPosition, base_currency: str) -> PricedPosition:
    facts = {name: getattr(position, name) for name in PricedPosition.model_fields if name not in {"base_currency", "lots"}}
    lots = tuple(
        PricedLot(
            base_currency=base_currency,
            **{name: getattr(lot, name) for name in PricedLot.model_fields if name != "base_currency"},
        )
        for lot in position.lots
    )
    return PricedPosition(base_currency=base_currency, lots=lots, **facts)
