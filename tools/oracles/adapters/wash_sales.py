"""Losses disallowed because shares were bought again, and shares matched as in the United Kingdom and Canada."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from dawsos.compute.ledger.share_pool import PoolDisposal, Rule, Trade, share_pool
from dawsos.compute.ledger.superficial_losses import adjusted_cost_base
from dawsos.compute.ledger.wash_sale_book import wash_sale_book
from dawsos.kernel.ledger import LotMethod, LotSelection
from dawsos.kernel.money import ZERO
from tools.oracles.adapters.bookings import Ledger, exact, only_asked
from tools.oracles.cases import NoFunction, Question


def _listed(value: Any) -> Sequence[Mapping[str, Any]]:
    return [value] if isinstance(value, Mapping) else list(value or [])


def _washed(question: Question) -> dict[str, Any]:
    """Lots, a sale of named or oldest ones, and purchases around it, in a kept ledger under the wash-sale rule."""
    inputs, ledger = question.inputs, Ledger()
    lots, bought = _listed(inputs["lots"]), _listed(inputs.get("replacement_purchases"))
    sales = _listed(inputs.get("sale")) or _listed(inputs.get("sales"))
    events = sorted([(row, 1) for row in (*lots, *bought)] + [(row, -1) for row in sales], key=lambda each: (each[0]["date"], -each[1]))
    named = all("lot" in sale for sale in sales)
    numbers: dict[Any, Any] = {}
    for event, sign in events:
        row = ledger.trade(event, sign=sign)
        if sign > 0:
            numbers[event.get("lot", len(numbers))] = row.id
        elif named:
            ledger.select(row, [LotSelection(numbers[event["lot"]], exact(event["qty"]))])
    method = LotMethod.SPECIFIC if named else LotMethod[str(inputs.get("method", "FIFO")).upper()]
    state = ledger.state(method)
    book = wash_sale_book(state)
    raw = sum((sale.realized_pl for sale in state.realized), ZERO)
    disallowed = sum((each.disallowed for each in book.wash_sales), ZERO)
    basis: dict[Any, Decimal] = {}
    for lot in book.lots:
        name = ledger.names[lot.lot_id]
        basis[name] = basis.get(name, ZERO) + lot.cost
    starts = {ledger.names[each.replacement_lot_id]: each.holding_period_start.isoformat() for each in book.wash_sales}
    return {
        "loss": max(-raw, ZERO),
        "disallowed": disallowed,
        "allowed": max(-raw, ZERO) - disallowed,
        "new_basis": basis,
        "holding_period_start": starts,
    }


def _pooled(question: Question) -> dict[str, Any]:
    """A pool, a sale, and a purchase afterwards: same day, thirty days, then the pool."""
    inputs = question.inputs
    rows = [(sale, -1) for sale in _listed(inputs.get("sale"))]
    rows += [(purchase, 1) for name in ("rebuy", "buys", "purchases") for purchase in _listed(inputs.get(name))]
    trades = [_trade(row, sign) for row, sign in rows]
    first = min(trade.date for trade in trades)
    pool = inputs["pool"]
    opening = Trade(date=first.replace(year=first.year - 1, day=1), quantity=exact(pool["qty"]), amount=exact(pool["cost"]))
    result = share_pool([opening, *trades])

    def of(*rules: Rule) -> list[PoolDisposal]:
        return [each for each in result.disposals if each.rule in rules]

    gain = sum((each.gain for each in result.disposals), ZERO)
    return {
        "gain": gain,
        "net_gain": gain,
        "matched_same_day_qty": sum((each.quantity for each in of(Rule.SAME_DAY)), ZERO),
        "gain_on_same_day_match": sum((each.gain for each in of(Rule.SAME_DAY)), ZERO),
        "matched_30day_qty": sum((each.quantity for each in of(Rule.THIRTY_DAYS)), ZERO),
        "gain_on_30day_match": sum((each.gain for each in of(Rule.THIRTY_DAYS)), ZERO),
        "gain_from_pool": sum((each.gain for each in of(Rule.POOL)), ZERO),
        "pool_qty_after": result.quantity,
        "pool_cost_after": result.cost,
    }


def _trade(row: Mapping[str, Any], sign: int) -> Trade:
    """A trade of a case; one whose date has no year is in some year."""
    day = str(row["date"])
    amount = next(exact(row[name]) for name in ("proceeds", "cost", "amount", "total_cost") if name in row)
    return Trade(date=date.fromisoformat(day if len(day) > 5 else f"2001-{day}"), quantity=sign * exact(row["qty"]), amount=amount)


def _superficial(question: Question) -> dict[str, Any]:
    """Dated trades under the Canadian rule."""
    trades = [_trade(row, -1 if str(row["type"]).lower() == "sell" else 1) for row in question.inputs["trades"]]
    book = adjusted_cost_base(trades)
    denied = sum((sale.denied for sale in book.sales), ZERO)
    gain = sum((sale.gain for sale in book.sales), ZERO)
    return {
        "loss": max(-gain, ZERO),
        "gain": gain,
        "denied": denied,
        "disallowed": denied,
        "allowed": max(-gain, ZERO) - denied,
        "acb_after": book.cost,
        "quantity_after": book.quantity,
    }


def answer(question: Question) -> Mapping[str, Any]:
    """By the kind of inputs."""
    for needed, figures in (("lots", _washed), ("pool", _pooled), ("trades", _superficial)):
        if needed in question.inputs:
            return only_asked(figures(question), question.asked)
    raise NoFunction(f"no function for inputs {sorted(question.inputs)}")
