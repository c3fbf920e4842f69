"""Gains and what the exchange rate did to them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.gains import split_gain
from dawsos.compute.ledger.replay import replay
from dawsos.kernel.ledger import LotMethod, TransactionType
from dawsos.kernel.money import ONE, ZERO, multiply, round_money
from tools.oracles.adapters.bookings import Ledger, cost_in_base, cost_of, exact, only_asked, quantity_of
from tools.oracles.cases import NoFunction, Question


def _traded(question: Question) -> dict[str, Any]:
    """Trades in dollars of a portfolio in euro, and the same kept in dollars."""
    inputs = question.inputs
    abroad, home = Ledger("USD", "EUR"), Ledger("USD")
    for trade in inputs["trades"]:
        sign = 1 if trade["type"] == "buy" else -1
        plain = {"date": trade["date"], "qty": trade["qty"], "amount": trade["usd"]}
        abroad.trade(plain, sign=sign, fx_rate=exact(trade["eur"]) / exact(trade["usd"]))
        home.trade(plain, sign=sign)
    rate = ONE / exact(inputs["usd_per_eur_end"])
    price = exact(inputs["end_price_usd"])
    return {**_results(abroad, "eur", rate, price), **_results(home, "usd", ONE, price)}


def _results(ledger: Ledger, currency: str, rate: Decimal, price: Decimal) -> dict[str, Any]:
    """Realised and unrealised under both methods; the currency moved what had been put in, as these cases say."""
    figures: dict[str, Any] = {}
    for method in (LotMethod.FIFO, LotMethod.AVERAGE):
        name, state = method.value.lower(), ledger.state(method, gain_split=GainSplit.COST_AT_EXIT_RATE)
        open_gain = split_gain(
            proceeds=multiply(quantity_of(state), price), cost=cost_of(state), cost_base=cost_in_base(state), exit_rate=rate,
            entry_rate=ONE, convention=GainSplit.COST_AT_EXIT_RATE,
        )  # fmt: skip
        realised = sum((sale.realized_pl for sale in state.realized), ZERO)
        moved = sum((sale.realized_pl_fx for sale in state.realized), ZERO)
        figures |= {
            f"realised_{name}_{currency}": realised,
            f"realised_fx_part_{name}_{currency}": moved,
            f"unrealised_{name}_{currency}": open_gain.total,
            f"unrealised_fx_part_{name}_{currency}": open_gain.fx,
            f"realised_fx_{currency}": moved,
            f"unrealised_fx_{currency}": open_gain.fx,
        }
    return figures


def _over_a_period(question: Question) -> dict[str, Any]:
    """A holding taken at its value at the start of a period, half of it sold inside."""
    inputs = question.inputs
    rates = {day: ONE / exact(rate) for day, rate in inputs["usd_per_eur"].items()}
    start, sold_on, end = inputs["period_start"], inputs["sell"]["date"], max(rates)
    ledger = Ledger("USD", "EUR")
    ledger.trade({"date": start, "qty": inputs["buy"]["qty"], "price": inputs["buy"]["price_usd"]}, sign=1, fx_rate=rates[start])
    dollars = exact(inputs["sell"]["eur"]) / rates[sold_on]
    ledger.trade({"date": sold_on, "qty": inputs["sell"]["qty"], "amount": round_money(dollars)}, sign=-1, fx_rate=rates[sold_on])
    results = _results(ledger, "eur", rates[end], exact(inputs["end_price_usd"]))
    return {name.replace("_fifo", ""): value for name, value in results.items() if "fifo" in name}


def _cash(question: Question) -> dict[str, Any]:
    """A cash account in a foreign currency at both ends of a period."""
    inputs = question.inputs
    ledger = Ledger(inputs["ccy"], "EUR")
    kinds = {
        "deposit": TransactionType.DEPOSIT,
        "withdraw": TransactionType.WITHDRAWAL,
        "fee": TransactionType.FEE,
        "interest": TransactionType.INTEREST,
    }
    for day, kind, amount in inputs["events"]:
        signed = -exact(amount) if kind in {"withdraw", "fee"} else exact(amount)
        ledger.book(kinds[kind], {"date": day}, amount=signed)
    values = []
    for day in inputs["period"]:
        state = replay(ledger.rows, method=LotMethod.FIFO, base_currency="EUR", through=date.fromisoformat(day))
        values.append(round_money(state.cash[inputs["ccy"]] / exact(inputs["usd_per_eur"][day])))
    return {"initial_eur": values[0], "final_eur": values[1]}


def _activities(question: Question) -> dict[str, Any]:
    """Purchases, sales and dividends with fees; gross of fees and net of them, dividends apart."""
    inputs, ledger = question.inputs, Ledger(question.inputs.get("ccy", "USD"))
    if inputs["activities"][0][1] == "SELL":
        raise NoFunction("the ledger does not hold short positions")
    for day, kind, quantity, price, fee in inputs["activities"]:
        if kind == "DIVIDEND":
            ledger.book(
                TransactionType.DIVIDEND, {"date": day}, amount=round_money(exact(quantity) * exact(price)), security_id=_security(ledger)
            )
        else:
            ledger.trade({"date": day, "qty": quantity, "price": price}, sign=1 if kind == "BUY" else -1, fee=exact(fee))
    gross, net = ledger.state(LotMethod.FIFO, fees_in_cost=False), ledger.state(LotMethod.FIFO)
    quantity, invested = quantity_of(gross), cost_of(gross)
    prices = inputs.get("prices", {})
    last = prices[max(prices)] if prices else inputs.get("market_price", inputs.get("close", 0))
    first = prices[min(prices)] if prices else last
    gross_pl, net_pl = (_profit(state, exact(last)) for state in (gross, net))
    # Per cent of what was invested: only where that never changed is it the same under every convention.
    steady = len([kind for _, kind, *_ in inputs["activities"] if kind != "DIVIDEND"]) == 1
    figures: dict[str, Any] = {
        "quantity": quantity,
        "investment": invested,
        "average_price": invested / quantity if quantity else None,
        "value": quantity * exact(last),
        "gross_pl": gross_pl,
        "net_pl": net_pl,
        "net_pl_on_buy_date": _profit(net, exact(first)),
        "net_pl_first_day": _profit(net, exact(first)),
        "fees": sum((row.fee for row in ledger.rows), ZERO),
        "dividend": sum((item.amount for item in net.income if item.transaction_type is TransactionType.DIVIDEND), ZERO),
    }
    return figures | ({"gross_pct": gross_pl / invested, "net_pct": net_pl / invested} if steady and invested else {})


def _security(ledger: Ledger) -> Any:
    return ledger.rows[0].security_id


def _profit(state: Any, price: Decimal) -> Decimal:
    realised = sum((sale.realized_pl for sale in state.realized), ZERO)
    return realised + quantity_of(state) * price - cost_of(state)


def answer(question: Question) -> Mapping[str, Any]:
    """By the kind of inputs."""
    for name, figures in (("trades", _traded), ("period_start", _over_a_period), ("activities", _activities)):
        if name in question.inputs:
            return only_asked(figures(question), question.asked)
    if {"ccy", "events", "period"} <= question.inputs.keys():
        return only_asked(_cash(question), question.asked)
    raise NoFunction(f"no function for inputs {sorted(question.inputs)}")
