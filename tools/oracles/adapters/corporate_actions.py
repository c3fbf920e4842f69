"""Splits, bonus and rights issues in a kept ledger."""

from collections.abc import Mapping
from typing import Any

from dawsos.kernel.ledger import LotMethod
from dawsos.kernel.money import ZERO
from tools.oracles.adapters.bookings import Ledger, cost_of, only_asked, quantity_of
from tools.oracles.cases import NoFunction, Question


def answer(question: Question) -> Mapping[str, Any]:
    """What is held, and what it cost, after the events; pools are kept at average cost unless the case names a method."""
    if "events" not in question.inputs:
        raise NoFunction(f"no function for inputs {sorted(question.inputs)}")
    method = LotMethod[str(question.inputs.get("method", "AVERAGE")).upper()]
    events = list(question.inputs["events"])
    before, whole = Ledger(), Ledger()
    before.follow([event for event in events if str(event["type"]).lower() != "sell"])
    whole.follow(events)
    pool, state = before.state(method), whole.state(method)
    quantity, cost = quantity_of(state), cost_of(state)
    figures = {
        "quantity": quantity,
        "qty": quantity,
        "remaining_qty": quantity,
        "investment": cost,
        "total_cost": cost,
        "remaining_cost": cost,
        "pool_qty": quantity_of(pool),
        "pool_cost": cost_of(pool),
        "average_price": cost / quantity if quantity else None,
        "cost_of_sale": sum((item.cost for item in state.disposals), ZERO),
    }
    return only_asked(figures, question.asked)
