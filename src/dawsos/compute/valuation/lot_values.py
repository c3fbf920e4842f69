"""A position's value and result, shared out to its lots."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.valuation.apportion import apportion
from dawsos.compute.valuation.inputs import OpenLot
from dawsos.compute.valuation.records import ValuedLot
from dawsos.kernel.money import EXACT, ZERO, multiply, round_money


def unvalued(lot: OpenLot) -> ValuedLot:
    """The lot as the ledger has it, without a value."""
    return ValuedLot(
        id=lot.id,
        acquisition_date=lot.acquisition_date,
        currency=lot.currency,
        qty_open=lot.qty_open,
        qty_original=lot.qty_original,
        cost_basis=lot.cost_basis,
        cost_basis_base=lot.cost_basis_base,
    )


def valued_lots(lots: Sequence[OpenLot], currency: str, close: Decimal, rate: Decimal, split: GainSplit) -> tuple[ValuedLot, ...]:
    """The lots of one security with their values: the position is rounded once and its cents are shared out by the largest remainder.

    The split into price and fx part is left out for a lot that cost another currency than the security's.
    """
    quantities = [lot.qty_open for lot in lots]
    quantity = sum(quantities, ZERO)
    local = apportion(round_money(multiply(quantity, close)), quantities)
    base = apportion(round_money(multiply(quantity, close, rate)), quantities)
    return tuple(
        _valued(lot, value_local, market_value, _fx_part(lot, close, rate, split) if lot.currency == currency else None)
        for lot, value_local, market_value in zip(lots, local, base, strict=True)
    )


def _valued(lot: OpenLot, value_local: Decimal, market_value: Decimal, fx_part: Decimal | None) -> ValuedLot:
    result = market_value - lot.cost_basis_base
    return replace(
        unvalued(lot),
        value_local=value_local,
        market_value=market_value,
        unrealized_pl=result,
        unrealized_pl_pct=fraction(result, lot.cost_basis_base),
        unrealized_pl_price=None if fx_part is None else result - fx_part,
        unrealized_pl_fx=fx_part,
    )


def _fx_part(lot: OpenLot, close: Decimal, rate: Decimal, split: GainSplit) -> Decimal:
    """Exposure × (rate − entry rate) to the cent, the exposure being the value or the cost; entry rate = base cost / cost."""
    if split is GainSplit.COST_AT_EXIT_RATE:
        return round_money(EXACT.subtract(multiply(lot.cost_basis, rate), lot.cost_basis_base))
    exposure = multiply(lot.qty_open, close)
    if lot.cost_basis == 0:
        return round_money(multiply(exposure, EXACT.subtract(rate, lot.trade_fx_rate)))
    moved = EXACT.subtract(multiply(lot.cost_basis, rate), lot.cost_basis_base)
    return round_money(EXACT.divide(multiply(exposure, moved), lot.cost_basis))


def fraction(part: Decimal, whole: Decimal) -> float | None:
    """``part / whole`` as a float; None of nothing."""
    return float(EXACT.divide(part, whole)) if whole else None


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of ``values``, or None when one of them is missing."""
    known = list(values)
    return None if None in known else sum((value for value in known if value is not None), ZERO)
