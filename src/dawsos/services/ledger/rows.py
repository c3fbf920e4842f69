"""How ledger records are laid out for the bulk statements of ``store.ledger``."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from dawsos.compute.ledger.records import Disposal, LedgerState, Lot, Realized
from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.kernel.money import ONE, ZERO, multiply, round_money
from dawsos.services.ledger.resolution import HashedTransaction

Row = tuple[Any, ...]

_FLOW_TYPES: Mapping[TransactionType, str] = {
    TransactionType.DIVIDEND: "DIVIDEND",
    TransactionType.INTEREST: "INTEREST",
    TransactionType.FEE: "FEE",
    TransactionType.TAX: "TAX",
}


def transaction_rows(
    hashed: Iterable[HashedTransaction], realized: Mapping[UUID, Realized], batch_id: UUID | None, moment: datetime
) -> Iterator[Row]:
    """Booked entries with what was realised by each."""
    for entry in hashed:
        t = entry.transaction
        result = realized.get(t.id)
        yield (
            t.id, t.portfolio_id, t.sequence, t.transaction_type.value, t.transaction_date, t.settlement_date, t.security_id, t.symbol,
            t.quantity, t.price, t.amount, t.currency, t.fee, t.withholding_tax, t.fx_rate,
            round_money(t.amount if t.fx_rate == ONE else multiply(t.amount, t.fx_rate)),
            t.ex_date, t.pay_date, t.cost_basis, t.acquisition_date, t.split_from, t.split_to, _selection(t), t.parent_transaction_id,
            t.is_reversal, t.external_ref, t.narration, t.source, entry.commit_hash, batch_id,
            result and result.realized_pl, result and result.realized_pl_price, result and result.realized_pl_fx, moment,
        )  # fmt: skip


def _selection(transaction: Transaction) -> str | None:
    if not transaction.lot_selection:
        return None
    chosen = [{"lot_id": str(lot.lot_id), "quantity": plain_decimal(lot.quantity)} for lot in transaction.lot_selection]
    return json.dumps(chosen)


def lot_rows(lots: Iterable[Lot]) -> Iterator[Row]:
    """Lots as they stand."""
    for lot in lots:
        yield (
            lot.id, lot.portfolio_id, lot.security_id, lot.symbol, lot.qty_open, lot.qty_original, lot.cost_basis, lot.cost_basis_base,
            lot.acquisition_date, lot.currency, lot.trade_fx_rate, lot.open_transaction_id, lot.closed_date,
        )  # fmt: skip


def disposal_rows(portfolio_id: UUID, disposals: Iterable[Disposal]) -> Iterator[Row]:
    """What sales took from lots."""
    for d in disposals:
        yield (
            d.sell_transaction_id, d.lot_id, portfolio_id, d.quantity, d.proceeds, d.cost, d.proceeds_base, d.cost_base, d.gain_price_base,
            d.gain_fx_base, d.acquisition_date, d.disposal_date, d.holding_days,
        )  # fmt: skip


def realized_rows(realized: Iterable[Realized], booked: set[UUID]) -> Iterator[Row]:
    """Realised results of entries that were booked before."""
    for result in realized:
        if result.transaction_id in booked:
            yield (result.transaction_id, result.realized_pl, result.realized_pl_price, result.realized_pl_fx)


def cash_flow_rows(portfolio_id: UUID, state: LedgerState) -> Iterator[Row]:
    """The daily net per type of flow in base currency, in order of date: external money in and out, income and charges."""
    totals: defaultdict[tuple[date, str], tuple[Decimal, int]] = defaultdict(lambda: (ZERO, 0))

    def add(day: date, flow_type: str, amount: Decimal) -> None:
        total, count = totals[day, flow_type]
        totals[day, flow_type] = (total + amount, count + 1)

    for flow in state.external_flows:
        if flow.amount_base is not None:
            add(flow.date, "INFLOW" if flow.amount_base >= 0 else "OUTFLOW", flow.amount_base)
    for income in state.income:
        add(income.date, _FLOW_TYPES.get(income.transaction_type, "FEE"), income.net_base)
    for (day, flow_type), (total, count) in sorted(totals.items()):
        yield (portfolio_id, day, flow_type, total, state.base_currency, None, count)
