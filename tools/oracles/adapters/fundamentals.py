"""Scores of companies from their statements: Altman's Z in its variants, Piotroski's F."""

from collections.abc import Mapping
from typing import Any

from dawsos.compute.ratings.altman import AltmanModel, altman_z
from dawsos.compute.ratings.piotroski import PiotroskiRatios, piotroski_f
from tools.oracles.cases import NoFunction, Question


def _first(inputs: Mapping[str, Any], *names: str) -> Any:
    for name in names:
        if name in inputs:
            return inputs[name]
    raise NoFunction(f"none of {', '.join(names)} among {sorted(inputs)}")


def _model(question: Question) -> AltmanModel:
    words = question.words
    if "emerging" in words or "3.25" in words:
        return AltmanModel.EMERGING_MARKETS_1995
    if "non-manufactur" in words or "z''" in words or "z″" in words or "6.56" in words:
        return AltmanModel.NON_MANUFACTURER_1995
    if "private" in words or "z'" in words or "z′" in words or "0.717" in words:
        return AltmanModel.PRIVATE_1983
    return AltmanModel.PUBLIC_1968_EXACT if "0.999" in words else AltmanModel.PUBLIC_1968


def _altman(question: Question) -> dict[str, Any]:
    inputs = question.inputs
    if "ta" in inputs:
        assets, liabilities = float(inputs["ta"]), float(inputs["tl"])
        ratios = [float(inputs[name]) / assets for name in ("wc", "re", "ebit")]
        ratios += [float(_first(inputs, "mve", "bve", "equity")) / liabilities, float(inputs.get("sales", 0.0)) / assets]
    else:
        ratios = [
            float(_first(inputs, "x1_wc_ta", "x1")),
            float(_first(inputs, "x2_re_ta", "x2")),
            float(_first(inputs, "x3_ebit_ta", "x3")),
            float(_first(inputs, "x4_mve_tl", "x4_bve_tl", "x4")),
            float(inputs.get("x5_sales_ta", inputs.get("x5", 0.0))),
        ]
    found = altman_z(
        working_capital_to_assets=ratios[0],
        retained_earnings_to_assets=ratios[1],
        ebit_to_assets=ratios[2],
        equity_to_liabilities=ratios[3],
        sales_to_assets=ratios[4],
        model=_model(question),
    )
    return {"z": found.z, "zone": found.zone}


def _piotroski(question: Question) -> dict[str, Any]:
    given = {name: float(value) for name, value in question.inputs.items() if isinstance(value, int | float)}
    issued = given.get("issued")
    found = piotroski_f(
        PiotroskiRatios(
            roa=given.get("roa"),
            roa_before=given.get("roa_prev"),
            cash_flow=given.get("cfo"),
            cash_flow_to_assets=given.get("cfroa"),
            leverage=given.get("lev"),
            leverage_before=given.get("lev_prev"),
            current_ratio=given.get("cr"),
            current_ratio_before=given.get("cr_prev"),
            has_issued_shares=None if issued is None else issued > 0,
            gross_margin=given.get("gm"),
            gross_margin_before=given.get("gm_prev"),
            asset_turnover=given.get("at"),
            asset_turnover_before=given.get("at_prev"),
        )
    )
    return {"score": found.score}


def answer(question: Question) -> Mapping[str, Any]:
    """By what the case is called."""
    title = question.title.lower()
    if "altman" in title:
        return _altman(question)
    if "piotroski" in title:
        return _piotroski(question)
    raise NoFunction(f"no such score: {question.title}")
