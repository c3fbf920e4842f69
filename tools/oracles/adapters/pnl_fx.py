"""Gains and what the exchange rate did to them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.exposure import average_position, time_weighted_cost
from dawsos.compute.ledger.gains import split_gain
from dawsos.compute.ledger.replay import replay
from dawsos.compute.valuation.period_result import Quotes, period_result
from dawsos.kernel.ledger import LotMethod, TransactionType
from dawsos.kernel.money import ONE, ZERO, multiply, round_money
from tools.oracles.adapters.bookings import SECURITY, Ledger, cost_in_base, cost_of, exact, only_asked, quantity_of
from tools.oracles.cases import NoFunction, Question

_CASH_KINDS: Final = {
    "deposit": TransactionType.DEPOSIT,
    "withdraw": TransactionType.WITHDRAWAL,
    "interest": TransactionType.INTEREST,
    "fee": TransactionType.FEE,
    "tax": TransactionType.TAX,
}


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
    for day, kind, amount in inputs["events"]:
        signed = -exact(amount) if kind in {"withdraw", "fee", "tax"} else exact(amount)
        ledger.book(_CASH_KINDS[kind], {"date": day}, amount=signed)
    values = []
    for day in inputs["period"]:
        state = replay(ledger.rows, method=LotMethod.FIFO, base_currency="EUR", through=date.fromisoformat(day))
        values.append(round_money(state.cash[inputs["ccy"]] / exact(inputs["usd_per_eur"][day])))
    return {"initial_eur": values[0], "final_eur": values[1]}


def _activities(question: Question) -> dict[str, Any]:
    """Purchases, sales and dividends with fees; gross of fees and net of them, dividends apart."""
    inputs, ledger = question.inputs, Ledger(question.inputs.get("ccy", "USD"))
    if inputs["activities"][0][1] == "SELL":
        return _signed(inputs["activities"])
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
    return figures | _per_money_tied_up(ledger, gross, gross_pl, net_pl, inputs.get("as_of") or (max(prices) if prices else None))


def _per_money_tied_up(ledger: Ledger, gross: Any, gross_pl: Decimal, net_pl: Decimal, end: str | None) -> dict[str, Any]:
    """Results per unit of the mean cost carried up to ``end``; the cost itself where no end is named and it never changed."""
    if end is not None:
        tied_up = time_weighted_cost(gross, _security(ledger), end=date.fromisoformat(end))
    elif len(gross.lots) == 1 and not gross.disposals:
        tied_up = cost_of(gross)
    else:
        return {}
    return {"time_weighted_investment": tied_up, "gross_pct": gross_pl / tied_up, "net_pct": net_pl / tied_up} if tied_up else {}


def _signed(activities: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """A position that is short: ledgers hold none, so it is kept at average price alone."""
    if any(kind not in {"BUY", "SELL"} for _, kind, *_ in activities):
        raise NoFunction("a short position pays no dividends here")
    position = average_position(
        (exact(quantity) * (1 if kind == "BUY" else -1), exact(price)) for _, kind, quantity, price, _ in activities
    )
    return {"quantity": position.quantity, "average_price": position.average_price, "realised": position.realized_pl}


def _accounted(question: Question) -> dict[str, Any]:
    """The change of value of one account over a period, from an opening deposit or holding."""
    inputs, ledger = question.inputs, Ledger(question.inputs.get("ccy", "EUR"))
    if "open" in inputs:
        sold_on = date.fromisoformat(inputs["sell"]["date"])
        start, end = date(sold_on.year - 1, 12, 31), date(sold_on.year, 12, 31)
        ledger.trade({**inputs["open"], "date": start}, sign=1)
        ledger.book(TransactionType.DEPOSIT, {"date": start}, amount=-ledger.rows[0].amount)
        ledger.trade(inputs["sell"], sign=-1)
        # These cases follow the holding alone: what a sale brings leaves it.
        ledger.book(TransactionType.WITHDRAWAL, {"date": sold_on}, amount=-ledger.rows[-1].amount)
        opening = Quotes(prices={SECURITY: exact(inputs["open"]["price"])}, rates={})
        closing = Quotes(prices={SECURITY: exact(inputs["end_price"])}, rates={})
    else:
        start, end = (date.fromisoformat(day) for day in inputs["period"])
        for name, kind in _CASH_KINDS.items():
            for day, amount in _pairs(inputs.get(name)):
                ledger.book(kind, {"date": day}, amount=-exact(amount) if name in {"withdraw", "fee", "tax"} else exact(amount))
        opening = closing = Quotes(prices={}, rates={})
    result = period_result(
        ledger.rows, start=start, end=end, opening=opening, closing=closing, method=LotMethod.FIFO, base_currency=ledger.base_currency
    )
    return {
        "initial": result.initial,
        "realised": result.realized_pl,
        "unrealised": result.unrealized_pl,
        "earnings": result.earnings,
        "fees": result.fees,
        "taxes": result.taxes,
        "currency_gains": result.currency_gain,
        "transfers": result.transfers,
        "final": result.final,
    }


def _pairs(given: Any) -> Sequence[Any]:
    """One (day, amount) or a list of them."""
    if not given:
        return []
    return [given] if isinstance(given[0], str) else given


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
    if "open" in question.inputs or {"period", "deposit"} <= question.inputs.keys():
        return only_asked(_accounted(question), question.asked)
    raise NoFunction(f"no function for inputs {sorted(question.inputs)}")
