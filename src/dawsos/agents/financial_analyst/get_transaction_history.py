"""What was booked, newest first, under the pinned ledger state."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.agents.financial_analyst.position_request import EXAMPLE
from dawsos.compute.ledger.records import LedgerState
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, ExchangeRate, Money, Price, Quantity
from dawsos.services.context import RequestContext
from dawsos.services.holdings import pinned_ledger, pinned_transactions

_NOT_OF_TYPE = "does not apply to this type of entry"


class TransactionHistoryRequest(Contract):
    """Which entries: of one security or of all, both dates included, at most ``limit``."""

    portfolio_id: UUID
    security_id: UUID | None = None
    transaction_type: TransactionType | None = None
    start_date: date | None = None
    end_date: date | None = None
    limit: Annotated[int, Count, Field(ge=1, le=1000)] = 50


class HistoricTransaction(Contract):
    """An entry; ``amount`` is signed and before fee and tax. ``realized_pl`` is of a sale, in base currency, by the pinned ledger."""

    id: UUID
    transaction_date: date
    settlement_date: date | None
    transaction_type: TransactionType
    symbol: str | None
    quantity: Annotated[Decimal | None, Quantity]
    price: Annotated[Decimal | None, Price("currency")]
    amount: Annotated[Decimal, Money("currency")]
    fee: Annotated[Decimal, Money("currency")]
    withholding_tax: Annotated[Decimal, Money("currency")]
    currency: str
    base_currency: str
    fx_rate: Annotated[Decimal, ExchangeRate]
    realized_pl: Annotated[Decimal | None, Money("base_currency")]
    is_reversal: bool
    reasons: dict[str, str]


class TransactionHistory(Contract):
    """The newest entries; ``total`` counts all that match."""

    transactions: tuple[HistoricTransaction, ...]
    total: Annotated[int, Count]
    currency: str


@capability(name="get_transaction_history", rights=("portfolio_read",), ttl=60, repeatable=True, example=EXAMPLE)
async def get_transaction_history(context: RequestContext, request: TransactionHistoryRequest) -> TransactionHistory:
    """Entries of the ledger up to the pack's date, newest first, with the realised result of each sale."""
    pins = context.pinned(request.portfolio_id)
    state = await pinned_ledger(context, pins)
    last = min(request.end_date or pins.pack.date, pins.pack.date)
    chosen = [entry for entry in await pinned_transactions(context, pins) if entry.transaction_date <= last and _is_wanted(entry, request)]
    chosen.sort(key=lambda entry: (entry.transaction_date, entry.sequence), reverse=True)
    results = {one.transaction_id: one.realized_pl for one in state.realized}
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version="ledger/1", origin="computed")
    shown = tuple(_shown(entry, state, results.get(entry.id)) for entry in chosen[: request.limit])
    return TransactionHistory(transactions=shown, total=len(chosen), currency=pins.portfolio.base_currency)


def _is_wanted(entry: Transaction, request: TransactionHistoryRequest) -> bool:
    return (
        request.security_id in {None, entry.security_id}
        and request.transaction_type in {None, entry.transaction_type}
        and (request.start_date is None or entry.transaction_date >= request.start_date)
    )


def _shown(entry: Transaction, state: LedgerState, realized_pl: Decimal | None) -> HistoricTransaction:
    same = {name: getattr(entry, name) for name in HistoricTransaction.model_fields if hasattr(entry, name)}
    reasons = {name: _NOT_OF_TYPE for name in ("quantity", "price") if same[name] is None}
    if realized_pl is None:
        is_sale = entry.transaction_type is TransactionType.SELL
        reasons["realized_pl"] = "this sale was reversed" if is_sale else "only a sale realises a result"
    return HistoricTransaction(**same, base_currency=state.base_currency, realized_pl=realized_pl, reasons=reasons)
