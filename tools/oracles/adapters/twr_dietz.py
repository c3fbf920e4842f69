"""Time-weighted and Dietz returns."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from dawsos.compute.returns import (
    FlowTiming,
    daily_returns,
    flow_weights,
    irr,
    link,
    link_per_year,
    modified_dietz,
    returns_by_period,
    xirr,
)
from tools.oracles.adapters.series import numbers, read_table
from tools.oracles.cases import NoFunction, Question


def _path_with_flows(question: Question) -> dict[str, Any]:
    """Values that follow the given cumulative path while the flows come in at the start of each day."""
    path, flows = np.array(question.inputs["cumulative_path"], dtype=float), np.array(question.inputs["flows"], dtype=float)
    growth = np.concatenate([[1.0], (1 + path[1:]) / (1 + path[:-1])])
    values = np.empty(path.size)
    held = 0.0
    for day, (factor, flow) in enumerate(zip(growth, flows, strict=True)):
        values[day] = held = (held + flow) * factor
    linked = link(daily_returns(values, flows, timing=FlowTiming.START_OF_DAY).returns)
    undisturbed = link(daily_returns(flows[0] * (1 + path), np.zeros(path.size)).returns)
    return {"final_cumulative": linked, "same_without_flows": bool(np.isclose(linked, undisturbed, rtol=0, atol=1e-12))}


def _events(question: Question) -> dict[str, Any]:
    """A cash account, day by day, from deposits (external flows) and interest (performance)."""
    start, end = (date.fromisoformat(day) for day in question.inputs["period"])
    days = [start + timedelta(days=count) for count in range((end - start).days + 1)]
    flows, gains = (np.zeros(len(days)) for _ in range(2))
    for day, kind, amount in question.inputs["events"]:
        signed = -amount if kind in {"removal", "withdrawal", "outbound", "fee", "tax"} else amount
        external = kind in {"deposit", "removal", "withdrawal", "inbound", "outbound", "transfer_in", "transfer_out"}
        (flows if external else gains)[days.index(date.fromisoformat(day))] += signed
    returns = daily_returns(np.cumsum(flows + gains), flows).returns
    return {"twr_last": link(returns), "twr_day_before_last": link(returns[:-1]), "twr": link(returns)}


def _bought_and_sold(question: Question) -> dict[str, Any]:
    """An investment and its proceeds: the value is known where money moves, and each flow is at work from its own day on."""
    days, amounts = zip(*((date.fromisoformat(day), float(amount)) for day, amount in question.inputs["flows"]), strict=True)
    invested = -np.array(amounts)
    values = np.zeros(len(amounts) + 1)
    values[1:-1] = np.cumsum(invested[:-1])
    moved = np.concatenate([[0.0], invested])
    returns = daily_returns(values, moved, timing=FlowTiming.INFLOW_START_OUTFLOW_END).returns
    return {"twr": link(returns), "irr": xirr(days, amounts).rate}


def _dietz(question: Question) -> dict[str, Any]:
    inputs = question.inputs
    flows = [float(flow["amount"]) for flow in inputs["flows"]]
    if "month_days" in inputs:
        first = date(2001, 1, 1) - timedelta(days=1)
        days = [first + timedelta(days=int(flow["day"])) for flow in inputs["flows"]]
        timing = "start_of_day" if inputs.get("timing") == "start_of_day" else "end_of_day"
        weights = flow_weights(days, first, first + timedelta(days=int(inputs["month_days"])), timing=timing)
    else:
        weights = np.array([1.0 - flow["t_fraction"] for flow in inputs["flows"]])
    found = modified_dietz(inputs["start"], inputs["end"], flows, weights)
    figures = {
        "gain": found.gain,
        "average_capital": found.average_capital,
        "denominator": found.average_capital,
        "modified_dietz": found.rate,
    }
    if "years" in inputs:
        figures["irr_per_year"] = _rate_per_year(inputs, flows)
    return figures


def _rate_per_year(inputs: Mapping[str, Any], flows: list[float]) -> float | None:
    """Flows fall on whole years here, so the periodic rate is the yearly one."""
    amounts = np.zeros(int(inputs["years"]) + 1)
    amounts[0], amounts[-1] = -inputs["start"], inputs["end"]
    for flow, amount in zip(inputs["flows"], flows, strict=True):
        amounts[round(flow["t_fraction"] * inputs["years"])] -= amount
    return irr(amounts).rate


def _calendar_years(question: Question) -> dict[str, Any]:
    """Per series and year, in percent where the title says so."""
    table = read_table(question)
    scale = 100.0 if "percent" in question.words else 1.0
    result: dict[str, Any] = {}
    for name, years in question.asked.items():
        ends, linked = returns_by_period(table.dates, table.columns[name], "yearly")
        by_year = dict(zip((str(end.astype("datetime64[Y]")) for end in ends), linked * scale, strict=True))
        result[name] = {year: float(by_year[year]) for year in years}
    return result


def _month_ends(first: date, count: int) -> list[date]:
    months = [(first.year * 12 + first.month + step) for step in range(count)]
    return [date(month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in months]


def _gathered(question: Question) -> dict[str, Any]:
    """Weekly and month-end observations gathered into longer calendar periods; the first day is in the title."""
    first = date.fromisoformat(question.title.split("first dates ")[1][:10])
    if "weekly" not in question.inputs["returns"]:
        raise NoFunction("no weekly series to gather")
    series = numbers(question.inputs["returns"]["weekly"])
    weeks = [first + timedelta(days=7 * step) for step in range(series.size)]
    months, days = _month_ends(first, series.size), [first + timedelta(days=step) for step in range(series.size)]
    return {
        "weekly_to_month": returns_by_period(weeks, series, "monthly")[1].tolist(),
        "daily_to_week": returns_by_period(days, series, "weekly")[1].tolist(),
        "month_to_quarter": returns_by_period(months, series, "quarterly")[1].tolist(),
        "month_to_year": returns_by_period(months, series, "yearly")[1].tolist(),
        "year": float(returns_by_period(months, series, "yearly")[1][0]),
    }


def _linked(question: Question) -> dict[str, Any]:
    periods = next(value for value in question.inputs.values() if isinstance(value, list))
    total = link(numbers(periods))
    return {"linked": total, "twr": total, "twr_per_year": link_per_year(periods, float(question.inputs.get("years", len(periods))))}


#: By the inputs given: the first set of names that a case has decides.
_BY_INPUTS: tuple[tuple[frozenset[str], Callable[[Question], dict[str, Any]]], ...] = (
    (frozenset({"cumulative_path", "flows"}), _path_with_flows),
    (frozenset({"events", "period"}), _events),
    (frozenset({"start", "end", "flows"}), _dietz),
    (frozenset({"flows"}), _bought_and_sold),
    (frozenset({"data"}), _calendar_years),
    (frozenset({"returns"}), _gathered),
    (frozenset({"quarterly"}), _linked),
    (frozenset({"hpr"}), _linked),
    (frozenset({"monthly"}), _linked),
    (frozenset({"sub_periods"}), _linked),
)


def answer(question: Question) -> Mapping[str, Any]:
    """The figures this kind of inputs has; the question's keys are looked up among them."""
    for names, figures in _BY_INPUTS:
        if names <= question.inputs.keys():
            found = figures(question)
            lacking = [key for key in question.asked if key not in found]
            if lacking:
                raise NoFunction(f"no function for '{lacking[0]}'")
            return found
    raise NoFunction(f"no function for inputs {sorted(question.inputs)}")
