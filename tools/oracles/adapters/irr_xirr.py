"""Internal rates and present values."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dawsos.compute.returns import InternalRate, NotComputable, irr, mirr, nfv, npv, xfv, xirr, xnfv, xnpv
from tools.oracles.cases import NoFunction, Question
from tools.oracles.compare import Roots


def _flows(question: Question) -> tuple[list[date], list[float]]:
    inputs = question.inputs
    pairs = question.read(inputs["flows_ref"]) if "flows_ref" in inputs else inputs["flows"]
    return [date.fromisoformat(day) for day, _ in pairs], [float(amount) for _, amount in pairs]


def _rate(solution: InternalRate) -> Roots:
    return Roots("no_solution" if solution.rate is None else solution.rate, solution.roots)


def _every_root(question: Question) -> list[float]:
    return list(irr(question.inputs["values"]).roots if "values" in question.inputs else xirr(*_flows(question)).roots)


def _figure(question: Question, key: str) -> Any:
    inputs = question.inputs
    match key:
        case "xirr":
            return _rate(xirr(*_flows(question), day_count=inputs.get("day_count", "Act/365F")))
        case "irr":
            return _rate(irr(inputs["values"]))
        case "all_roots":
            return _every_root(question)
        case "xnpv":
            return xnpv(inputs["rate"], *_flows(question), day_count=inputs.get("day_count", "Act/365F"))
        case "xnfv":
            return xnfv(inputs["rate"], *_flows(question), day_count=inputs.get("day_count", "Act/365F"))
        case "xfv":
            days = (date.fromisoformat(inputs[name]) for name in ("start", "cash_flow", "end"))
            return xfv(*days, inputs["rate_to_cashflow"], inputs["rate_to_end"], inputs["amount"])
        case "npv":
            discounts_first = any(
                word in question.words for word in ("excel", "discounts the first", "first flow discounted", "end of period")
            )
            return npv(inputs["rate"], inputs["values"], first_period=1 if discounts_first else 0)
        case "nfv":
            return nfv(inputs["rate"], inputs["values"])
        case "mirr":
            finance, reinvest = (
                next(inputs[name] for name in (kind, f"{kind}_rate") if name in inputs) for kind in ("finance", "reinvest")
            )
            found = mirr(inputs["values"], finance, reinvest)
            return "no_solution" if isinstance(found, NotComputable) else found
    raise NoFunction(f"no function for '{key}'")


def answer(question: Question) -> Mapping[str, Any]:
    """Each figure asked for."""
    return {key: _figure(question, key) for key in question.asked}
