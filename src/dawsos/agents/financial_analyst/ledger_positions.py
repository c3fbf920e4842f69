"""What a portfolio holds: open lots by security, and cash by currency, under a pinned ledger state."""

from typing import Annotated
from uuid import UUID

from dawsos.agents.financial_analyst.positions import OpenLot, Position
from dawsos.compute.ledger.records import LedgerState, Lot
from dawsos.compute.valuation.inputs import CASH
from dawsos.kernel.errors import Internal
from dawsos.kernel.money import ZERO
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.context import RequestContext
from dawsos.services.holdings import Facts, pinned_ledger, security_facts


class PositionsRequest(Contract):
    """Which portfolio."""

    portfolio_id: UUID


class Positions(Contract):
    """Positions, securities before cash, each by symbol."""

    positions: tuple[Position, ...]
    total_positions: Annotated[int, Count]
    base_currency: str
    warnings: tuple[str, ...]


@capability(
    name="ledger.positions",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001"},
)
async def ledger_positions(context: RequestContext, request: PositionsRequest) -> Positions:
    """Everything the portfolio holds on the pack's date, by the ledger state of the request."""
    pins = context.pinned(request.portfolio_id)
    state = await pinned_ledger(context, pins)
    facts = await security_facts(context, {lot.security_id for lot in state.open_lots()})
    held = [_security(state, lots, facts) for lots in _by_security(state)]
    held.sort(key=lambda position: position.symbol)
    accounts = [_cash(code, state) for code in sorted(state.cash) if state.cash[code]]
    warnings = tuple(warning.message for warning in state.warnings)
    for warning in warnings:
        context.provenance.note(warning=warning)
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version="ledger/1", origin="computed")
    positions = (*held, *accounts)
    return Positions(positions=positions, total_positions=len(positions), base_currency=pins.portfolio.base_currency, warnings=warnings)


def _by_security(state: LedgerState) -> list[list[Lot]]:
    held: dict[UUID, list[Lot]] = {}
    for lot in state.open_lots():
        held.setdefault(lot.security_id, []).append(lot)
    return list(held.values())


def _security(state: LedgerState, lots: list[Lot], facts: Facts) -> Position:
    known = facts.get(lots[0].security_id)
    if known is None:
        raise Internal(f"Lot {lots[0].id} names security {lots[0].security_id}, which the master data does not have.")
    return Position(
        security_id=known.id,
        symbol=known.symbol,
        name=known.name,
        security_type=known.security_type,
        sector=known.sector,
        quantity=sum((lot.qty_open for lot in lots), ZERO),
        cost_basis=sum((lot.cost_basis for lot in lots), ZERO),
        cost_basis_base=sum((lot.cost_basis_base for lot in lots), ZERO),
        acquisition_date=min(lot.acquisition_date for lot in lots),
        currency=lots[0].currency,
        base_currency=state.base_currency,
        lots=tuple(_lot(lot, known.symbol, state.base_currency) for lot in lots),
        reasons={},
    )


def _lot(lot: Lot, symbol: str, base_currency: str) -> OpenLot:
    return OpenLot(
        id=lot.id,
        security_id=lot.security_id,
        symbol=symbol,
        qty_open=lot.qty_open,
        qty_original=lot.qty_original,
        cost_basis=lot.cost_basis,
        cost_basis_base=lot.cost_basis_base,
        acquisition_date=lot.acquisition_date,
        currency=lot.currency,
        base_currency=base_currency,
        trade_fx_rate=lot.trade_fx_rate,
        open_transaction_id=lot.open_transaction_id,
    )


def _cash(code: str, state: LedgerState) -> Position:
    return Position(
        security_id=None,
        symbol=code,
        name=None,
        security_type=CASH,
        sector=None,
        quantity=state.cash[code],
        cost_basis=None,
        cost_basis_base=None,
        acquisition_date=None,
        currency=code,
        base_currency=state.base_currency,
        lots=(),
        reasons=dict.fromkeys(("cost_basis", "cost_basis_base"), "cash is not kept in lots"),
    )
