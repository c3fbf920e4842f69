"""Which lots a sale closes, and what they cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from dawsos.compute.ledger.conventions import LotOrder, Shortfall, Unnamed
from dawsos.compute.ledger.records import Disposal, LedgerState
from dawsos.compute.ledger.selection import Selection, select_lots
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod
from dawsos.kernel.money import ZERO
from tools.oracles.adapters.bookings import Ledger, cost_of, exact, only_asked, quantity_of
from tools.oracles.cases import NoFunction, Question

#: What the product's refusals are called in the cases.
_ERRORS = {"more_than_held": "insufficient", "wrong_lots": "ambiguous"}


@dataclass(frozen=True)
class _Lot:
    id: UUID
    name: Any
    qty_open: Decimal
    unit_cost: Decimal
    acquisition_date: date
    open_sequence: int
    facts: Mapping[str, Any]

    @property
    def cost_basis(self) -> Decimal:
        return self.qty_open * self.unit_cost

    def plain(self, quantity: Decimal) -> dict[str, Any]:
        return {"lot": self.name, "qty": quantity, "unit_cost": self.unit_cost}


def _lots(given: Sequence[Mapping[str, Any]]) -> list[_Lot]:
    return [
        _Lot(
            named("lot", place),
            lot.get("lot", place),
            exact(lot["qty"]),
            exact(lot["unit_cost"]),
            date.fromisoformat(lot["date"]),
            place,
            lot,
        )
        for place, lot in enumerate(given)
    ]


def _method(question: Question) -> tuple[LotMethod | LotOrder, Unnamed]:
    words = str(question.inputs.get("method", "FIFO")).upper()
    if words.startswith("SPECIFIC"):
        return LotMethod.SPECIFIC, Unnamed.EXACT_SIZE if "SIZE" in words else Unnamed.UNAMBIGUOUS
    if words in LotOrder.__members__ and words not in LotMethod.__members__:
        return LotOrder[words], Unnamed.REFUSE
    if words not in LotMethod.__members__:
        raise NoFunction(f"no lot method {words}")
    return LotMethod[words], Unnamed.REFUSE


def _fits(lot: _Lot, wanted: Mapping[str, Any]) -> bool:
    names = {"cost": "unit_cost", "label": "lot"}
    return all(str(lot.facts.get(names.get(key, key))) == str(value) for key, value in wanted.items())


def _sold(question: Question, *, shortfall: Shortfall = Shortfall.REFUSE) -> tuple[list[Selection[_Lot]], list[_Lot]]:
    """The selection of each sale in turn, and the lots left."""
    method, unnamed = _method(question)
    lots = _lots(question.inputs["lots"])
    sales = question.inputs.get("sales", [question.inputs.get("sale")])
    selections = []
    for sale in sales:
        wanted = sale if isinstance(sale, Mapping) else {"qty": sale}
        candidates = [lot for lot in lots if lot.qty_open and _fits(lot, wanted.get("select") or {})]
        chosen = select_lots(candidates, abs(exact(wanted["qty"])), method=method, unnamed=unnamed, shortfall=shortfall)
        taken = {part.lot.id: part.quantity for part in chosen.parts}
        lots = [replace(lot, qty_open=lot.qty_open - taken.get(lot.id, ZERO)) for lot in lots]
        selections.append(chosen)
    return selections, [lot for lot in lots if lot.qty_open]


def _by_selection(question: Question) -> dict[str, Any]:
    try:
        selections, left = _sold(question)
    except Invalid as refusal:
        return {"error": _ERRORS.get(refusal.code, refusal.code)}
    matched = [[part.lot.plain(part.quantity) for part in chosen.parts] for chosen in selections]
    return {
        "matched": [part for sale in matched for part in sale],
        "matched_per_sale": matched,
        "remaining": [lot.plain(lot.qty_open) for lot in left],
    }


def _by_shortfall(question: Question) -> dict[str, Any]:
    selections, _ = _sold(question, shortfall=Shortfall.REPORT)
    missing = selections[0].missing
    found = sum((part.quantity * part.lot.unit_cost for part in selections[0].parts), ZERO)
    return {"basis_found": found, "missing_qty": missing, "complete": missing == 0}


def _booked(question: Question) -> Ledger:
    inputs, ledger = question.inputs, Ledger()
    if "pool" in inputs:
        ledger.trade({"qty": inputs["pool"]["qty"], "cost": inputs["pool"]["total_cost"]}, sign=1)
        ledger.trade({"qty": inputs["sale_qty"]}, sign=-1)
    elif "events" in inputs:
        ledger.follow(inputs["events"])
    else:
        for lot in sorted(inputs["lots"], key=lambda lot: lot["date"]):
            ledger.trade(lot, sign=1)
        for sale in inputs.get("sales", [inputs.get("sale")]):
            ledger.trade(sale if isinstance(sale, Mapping) else {"qty": sale}, sign=-1)
    return ledger


def _by_replay(question: Question) -> dict[str, Any]:
    try:
        ledger = _booked(question)
        if "method" not in question.inputs:
            return {
                f"cost_{method.value.lower()}": cost_of(ledger.state(method))
                for method in (LotMethod.FIFO, LotMethod.AVERAGE, LotMethod.LIFO)
            }
        method, _ = _method(question)
        if isinstance(method, LotOrder):
            raise NoFunction(f"the ledger is not kept by {method.value}")
        state = ledger.state(method)
    except Invalid as refusal:
        return {"error": _ERRORS.get(refusal.code, refusal.code)}
    return _of_state(ledger, state, pooled=method is LotMethod.AVERAGE, period=int(question.inputs.get("holding_period_days", 365)))


def _of_state(ledger: Ledger, state: LedgerState, *, pooled: bool, period: int) -> dict[str, Any]:
    sales = list(dict.fromkeys(disposal.sell_transaction_id for disposal in state.disposals))
    parts = [[_part(ledger, item) for item in state.disposals if item.sell_transaction_id == sale] for sale in sales]
    quantity, cost, relieved = quantity_of(state), cost_of(state), sum((item.cost for item in state.disposals), ZERO)
    sold = sum((item.quantity for item in state.disposals), ZERO)
    old = [item for item in state.disposals if item.holding_days > period]
    young = [item for item in state.disposals if item.holding_days <= period]
    matched = [part for sale in parts for part in sale]
    open_lots = [lot for lot in state.lots if lot.qty_open]
    remaining = [{"lot": ledger.names[lot.id], "qty": lot.qty_open, "unit_cost": lot.cost_basis / lot.qty_open} for lot in open_lots]
    if pooled:
        matched = [{"qty": sold, "unit_cost": relieved / sold}] if sold else []
        remaining = [{"qty": quantity, "unit_cost": cost / quantity}] if quantity else []
    return {
        "matched": matched,
        "matched_per_sale": parts,
        "remaining": remaining,
        "first_sale_from": parts[0][0]["lot"] if parts else None,
        "basis_sold": relieved,
        "average_unit_basis": relieved / sold if sold else None,
        "basis_held_over_one_year": sum((item.cost for item in old), ZERO),
        "basis_held_under_one_year": sum((item.cost for item in young), ZERO),
        "qty_under_one_year": sum((item.quantity for item in young), ZERO),
        "qty_over_one_year": sum((item.quantity for item in old), ZERO),
    } | {f"remaining_{ledger.names[lot.id]}": lot.qty_open for lot in open_lots}


def _part(ledger: Ledger, item: Disposal) -> dict[str, Any]:
    return {"lot": ledger.names[item.lot_id], "qty": item.quantity, "unit_cost": item.cost / item.quantity}


def answer(question: Question) -> Mapping[str, Any]:
    """Lots and sales through the selection of lots; averages, dated sales and events through a replayed ledger."""
    if {"missing_qty", "complete"} & question.asked.keys():
        return only_asked(_by_shortfall(question), question.asked)
    plain = "lots" in question.inputs and "sales" in question.inputs and str(question.inputs.get("method")).upper() != "AVERAGE"
    return only_asked(_by_selection(question) if plain else _by_replay(question), question.asked)
