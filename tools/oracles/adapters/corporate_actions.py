"""Splits, spin-offs, mergers, distributions, bonus and rights issues in a kept ledger."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dawsos.compute.ledger.corporate_actions import cost_by_value, spin_off
from dawsos.compute.ledger.distributions import return_of_capital
from dawsos.compute.ledger.fractions import cash_in_lieu
from dawsos.compute.ledger.mergers import Boot, MergerTerms, merge
from dawsos.kernel.ledger import LotMethod
from dawsos.kernel.money import ONE, ZERO
from tools.oracles.adapters.bookings import Ledger, cost_of, exact, only_asked, quantity_of
from tools.oracles.cases import NoFunction, Question


def _events(question: Question) -> dict[str, Any]:
    """What is held, and what it cost, after the events; pools are kept at average cost unless the case names a method."""
    method = LotMethod[str(question.inputs.get("method", "AVERAGE")).upper()]
    events = list(question.inputs["events"])
    before, whole = Ledger(), Ledger()
    before.follow([event for event in events if str(event["type"]).lower() != "sell"])
    whole.follow(events)
    pool, state = before.state(method), whole.state(method)
    quantity, cost = quantity_of(state), cost_of(state)
    return {
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
        "realised": sum((item.proceeds - item.cost for item in state.disposals), ZERO),
    }


def _held(question: Question, quantity: Any, cost: Any) -> Ledger:
    ledger = Ledger()
    event = {"qty": quantity, "cost": cost}
    acquired = question.inputs.get("acquired")
    ledger.trade(event | ({"date": acquired} if acquired else {}), sign=1)
    return ledger


def _spun(question: Question) -> dict[str, Any]:
    """A spin-off of shares at a ratio, with the published share of the cost."""
    inputs = question.inputs
    lots = _held(question, inputs["parent_qty"], inputs["parent_total_basis"]).state(LotMethod.FIFO).lots
    (part,) = spin_off(lots, ratio=exact(inputs["ratio"]), spun_share=exact(inputs["basis_share_spun"]))
    delivered = cash_in_lieu(part.spun_quantity, price=exact(inputs.get("cash_in_lieu_price", 0)))
    return {
        "spun_qty": part.spun_quantity,
        "spun_whole_qty": delivered.whole,
        "fraction": delivered.fraction,
        "cash_in_lieu": delivered.proceeds,
        "parent_basis_after": part.parent_cost,
        "spun_basis": part.spun_cost,
    }


def _by_value(question: Question) -> dict[str, Any]:
    """One cost over classes of shares by their market values."""
    inputs, prices = question.inputs, question.inputs["values_at_disposal"]
    classes = [inputs["original"], inputs["rights"]]
    cost = sum((exact(each["cost"]) for each in classes), ZERO)
    parts = cost_by_value(cost, [exact(each["qty"]) * exact(prices[each["class"]]) for each in classes])
    figures: dict[str, Any] = {}
    for each, part in zip(classes, parts, strict=True):
        name = str(each["class"]).lower()
        figures |= {f"{name}_share_of_cost_pct": part / cost * 100, f"{name}_pool_cost": part, f"{name}_cost": part}
    return figures


def _merged(question: Question) -> dict[str, Any]:
    """A position exchanged for shares, cash or both."""
    inputs = question.inputs
    ledger = _held(question, inputs["qty"], inputs["total_basis"])
    terms = MergerTerms(
        date=ledger.rows[0].transaction_date,
        ratio=exact(inputs.get("ratio", 0)),
        cash=exact(inputs.get("cash_per_share", 0)),
        value=exact(inputs.get("new_share_value", 0)),
    )
    (part,) = merge(ledger.state(LotMethod.FIFO).lots, terms, boot=_boot(question.words))
    return {"new_qty": part.new_quantity, "new_basis": part.new_cost, "cash": part.cash, "gain": part.gain}


def _boot(words: str) -> Boot:
    if "tcga" in words or "part disposal" in words or "hmrc" in words:
        return Boot.PART_DISPOSAL
    return Boot.TAXABLE if "taxable merger" in words or "fully taxable" in words else Boot.GAIN_UP_TO_CASH


def _returned(question: Question) -> dict[str, Any]:
    """Capital paid back on a position."""
    inputs = question.inputs
    quantity = exact(inputs["qty"])
    amount = exact(inputs["amount"]) if "amount" in inputs else exact(inputs["amount_per_share"]) * quantity
    (part,) = return_of_capital(_held(question, quantity, inputs["total_basis"]).state(LotMethod.FIFO).lots, amount=amount)
    return {"basis_after": part.cost, "gain": part.excess, "basis_per_share_after": part.cost / quantity}


def _in_lieu(question: Question) -> dict[str, Any]:
    """A split of a position whose fraction is paid in cash and counts as sold."""
    inputs, ledger = question.inputs, _held(question, question.inputs["qty"], question.inputs["total_basis"])
    old, new = exact(inputs.get("ratio_old", ONE)), exact(inputs.get("ratio_new", ONE))
    paid = cash_in_lieu(exact(inputs["qty"]), split_from=old, split_to=new, price=exact(inputs["cash_in_lieu_price"]))
    ledger.split({}, old, new)
    if paid.fraction:
        ledger.trade({"qty": paid.fraction, "proceeds": paid.proceeds}, sign=-1)
    state = ledger.state(LotMethod.FIFO)
    sold: Decimal = sum((item.cost for item in state.disposals), ZERO)
    return {
        "quantity": quantity_of(state),
        "qty": quantity_of(state),
        "basis_after": cost_of(state),
        "fraction": paid.fraction,
        "cash_in_lieu": paid.proceeds,
        "basis_of_fraction": sold,
        "gain": paid.proceeds - sold,
    }


def answer(question: Question) -> Mapping[str, Any]:
    """By the kind of inputs."""
    for needed, figures in (
        ({"events"}, _events),
        ({"basis_share_spun", "ratio"}, _spun),
        ({"values_at_disposal"}, _by_value),
        ({"cash_in_lieu_price", "qty"}, _in_lieu),
        ({"total_basis", "ratio"}, _merged),
        ({"total_basis", "cash_per_share"}, _merged),
        ({"total_basis", "amount_per_share"}, _returned),
        ({"total_basis", "amount"}, _returned),
    ):
        if needed <= question.inputs.keys():
            return only_asked(figures(question), question.asked)
    raise NoFunction(f"no function for inputs {sorted(question.inputs)}")
