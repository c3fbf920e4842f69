"""Attribution where segments are in several currencies."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dawsos.compute.attribution.brinson import currency_brinson
from dawsos.compute.attribution.currency import simple_attribution
from dawsos.compute.attribution.geometric import forward_return, geometric_multicurrency
from dawsos.compute.attribution.multicurrency import ankrim_hensel, karnosky_singer, local_and_currency
from tools.oracles.adapters.attribution import among, by_segment, fold, model, names_of, plain
from tools.oracles.cases import NoFunction, Question

#: One name per input, and the others it goes by.
_INPUTS = {
    "rp_base": ("rp_base", "rp"),
    "rb_base": ("rb_base", "rb"),
    "rp_local": ("rp_local", "rpl", "local_portfolio"),
    "rb_local": ("rb_local", "rbl", "local_benchmark"),
    "rb_hedged": ("rb_hedged", "rbh"),
    "forward_wp": ("forward_wp", "wpf"),
    "forward_wb": ("forward_wb", "wbf"),
    "forward": ("forward_rate_portfolio", "forward_rate", "forward", "fp"),
    "forward_b": ("forward_rate_benchmark", "fb"),
    "spot_start": ("spot_start", "s0"),
    "spot_end": ("spot_end", "s1"),
    "cash": ("cash_rates", "cash", "rates", "interest"),
    "currency": ("currency", "currency_returns"),
    "local": ("local", "local_return", "r_local"),
    "fx": ("fx", "fx_return", "currency_return", "r_fx"),
    "currency_wp": ("currency_wp", "currency_weights_portfolio"),
    "currency_wb": ("currency_wb", "currency_weights_benchmark"),
}


class _Inputs:
    def __init__(self, question: Question) -> None:
        self._given = {plain(key): value for key, value in question.inputs.items()}

    def get(self, name: str) -> np.ndarray | None:
        known = next((alias for alias in _INPUTS.get(name, (name,)) if alias in self._given), None)
        return None if known is None else np.array(self._given[known], dtype=float)

    def __getitem__(self, name: str) -> np.ndarray:
        values = self.get(name)
        if values is None:
            raise NoFunction(f"the case gives no '{name}'")
        return values

    def has(self, *names: str) -> bool:
        return all(self.get(name) is not None for name in names)

    @property
    def weights(self) -> tuple[np.ndarray, np.ndarray]:
        return self["wp"], self["wb"]


def _geometric(question: Question, given: _Inputs) -> dict[str, Any]:
    forwards = [
        0.0 if given.get(weight) is None else forward_return(given[weight], given[rate], given["spot_end"])
        for weight, rate in (("forward_wp", "forward"), ("forward_wb", "forward_b" if given.has("forward_b") else "forward"))
    ]
    effects = geometric_multicurrency(
        *given.weights,
        portfolio_base=given["rp_base"], benchmark_base=given["rb_base"], portfolio_local=given["rp_local"],
        benchmark_local=given["rb_local"], benchmark_hedged=given["rb_hedged"],
        portfolio_forwards=forwards[0], benchmark_forwards=forwards[1],
    )  # fmt: skip
    names = names_of(question.inputs, effects.allocation.size)
    return {
        "allocation": by_segment(names, effects.allocation),
        "selection": by_segment(names, effects.selection),
        **dict.fromkeys(("currency", "currency_attribution", "currency_management"), effects.currency),
        "hedging": effects.hedging,
        **dict.fromkeys(("geometric_excess", "excess"), effects.excess),
    }


def _overlay(question: Question, given: _Inputs) -> dict[str, Any]:
    end = given["spot_end"]
    effects = ankrim_hensel(
        *given.weights,
        given["rp_base"],
        given["rb_base"],
        spot_start=given["spot_start"] if given.has("spot_start") else np.ones_like(end),
        spot_end=end,
        forward=given["forward"],
        benchmark_forward=given.get("forward_b"),
        portfolio_forwards=given.get("forward_wp"),
        benchmark_forwards=given.get("forward_wb"),
        interaction=fold(question),
    )
    names = names_of(question.inputs, effects.allocation.size)
    parts = {
        "allocation": effects.allocation, "selection": effects.selection, "interaction": effects.interaction,
        "forward_premium": effects.forward_premium, "currency": effects.currency, "currency_management": effects.currency,
    }  # fmt: skip
    return {name: by_segment(names, part) for name, part in parts.items()} | {"excess": effects.excess, "residual": effects.residual}


def _cash_and_currency(question: Question, given: _Inputs) -> dict[str, Any]:
    effects = karnosky_singer(
        *given.weights,
        given["rp_local"],
        given["rb_local"],
        cash_rates=given["cash"],
        currency_returns=given["currency"],
        portfolio_currency_weights=given.get("currency_wp"),
        benchmark_currency_weights=given.get("currency_wb"),
        interaction=fold(question),
    )
    names = names_of(question.inputs, effects.allocation.size)
    parts = {
        **dict.fromkeys(("allocation", "market_allocation"), effects.allocation),
        **dict.fromkeys(("selection", "security_selection"), effects.selection),
        "interaction": effects.interaction,
        **dict.fromkeys(("currency", "currency_allocation"), effects.currency),
    }
    return {name: by_segment(names, part) for name, part in parts.items()} | {"excess": effects.excess, "residual": effects.residual}


def _local_plus_currency(question: Question, given: _Inputs) -> dict[str, Any]:
    """Base return = local + currency: where only one side's local return is given, the other's is its base return less the currency's."""
    own, neutral = given.weights
    moved = given["currency"]
    sides = []
    for local, base in (("rp_local", "rp_base"), ("rb_local", "rb_base")):
        sides.append(given[local] if given.has(local) else given[base] - moved)
    effects = currency_brinson(own, neutral, *sides, moved)
    names = names_of(question.inputs, own.size)
    portfolio, benchmark = (float(weights @ (local + moved)) for weights, local in zip((own, neutral), sides, strict=True))
    parts = {
        **dict.fromkeys(("market_allocation", "allocation"), effects.market_allocation),
        **dict.fromkeys(("security_selection", "selection"), effects.security_selection),
        **dict.fromkeys(("currency_allocation", "currency"), effects.currency_allocation),
        "interaction": effects.interaction,
    }
    totals = {"portfolio": portfolio, "benchmark": benchmark, "excess": portfolio - benchmark}
    return {name: by_segment(names, part) for name, part in parts.items()} | totals


def _standard(question: Question, given: _Inputs) -> dict[str, Any]:
    effects = local_and_currency(
        *given.weights,
        portfolio_base=given["rp_base"], benchmark_base=given["rb_base"], portfolio_local=given["rp_local"],
        benchmark_local=given["rb_local"], model=model(question), interaction=fold(question),
    )  # fmt: skip
    names = names_of(question.inputs, effects.allocation.size)
    parts = {
        "allocation": effects.allocation, "selection": effects.selection, "interaction": effects.interaction, "currency": effects.currency,
    }  # fmt: skip
    own, neutral = given.weights
    excess = float(own @ given["rp_base"] - neutral @ given["rb_base"])
    return {name: by_segment(names, part) for name, part in parts.items()} | {"excess": excess}


def _one_position(_: Question, given: _Inputs) -> dict[str, Any]:
    local, moved = (float(given[name]) for name in ("local", "fx"))
    effect = simple_attribution(local, moved)
    names = {"base": effect.total, "base_return": effect.total, "total": effect.total, "interaction": effect.interaction}
    return names | {"local": effect.local, "fx": effect.fx, "currency": effect.fx}


def _model(question: Question, given: _Inputs) -> Callable[[Question, _Inputs], dict[str, Any]]:
    if given.has("local", "fx"):
        return _one_position
    if given.has("rb_hedged") or "geometric" in question.words:
        return _geometric
    if re.search(r"ankrim|hensel", question.words) or given.has("forward", "spot_end"):
        return _overlay
    if given.has("cash", "currency"):
        return _cash_and_currency
    return _local_plus_currency if given.has("currency") else _standard


def answer(question: Question) -> Mapping[str, Any]:
    """The model is told by name or by the inputs only it has."""
    given = _Inputs(question)
    return among(question, _model(question, given)(question, given))
