"""Cases of the same form that lie in no folder beside the project: other tables of the same books, other functions of the same documents."""

import json

import pytest

from tools.oracles.run import run_folder

SEGMENTS = ["UK", "Japan", "US"]
ONE_PERIOD = {"segments": SEGMENTS, "wp": [0.4, 0.3, 0.3], "wb": [0.4, 0.2, 0.4], "rp": [0.2, -0.05, 0.06], "rb": [0.1, -0.04, 0.08]}
FOUR_QUARTERS = {
    "segments": SEGMENTS,
    "WP": [[0.4, 0.3, 0.3], [0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.3, 0.5, 0.2]],
    "WB": [[0.4, 0.2, 0.4], [0.4, 0.3, 0.3], [0.5, 0.4, 0.1], [0.4, 0.4, 0.2]],
    "RP": [[0.2, -0.05, 0.06], [-0.05, 0.03, -0.05], [-0.2, 0.08, -0.15], [0.1, -0.07, 0.25]],
    "RB": [[0.1, -0.04, 0.08], [-0.07, 0.04, -0.1], [-0.25, 0.05, -0.2], [0.05, -0.05, 0.1]],
}
OVERLAY = {
    "segments": SEGMENTS, "wp": [0.4, 0.3, 0.3], "wb": [0.4, 0.2, 0.4], "rp": [0.2, 0.045, 0.272], "rb": [0.1, 0.056, 0.296],
    "forward_wp": [0.2, -0.15, -0.05], "forward_wb": [0.3, -0.1, -0.2], "spot_start": [1, 1, 1], "spot_end": [1, 1.1, 1.2],
    "forward_rate": [1, 1.01, 1.02],
}  # fmt: skip
BILL = {"settlement": "2008-03-31", "maturity": "2008-06-01"}
COUPONS = {"settlement": "2011-01-25", "maturity": "2011-11-15", "frequency": 2, "basis": 1}

CASES = [
    ("attribution", "Brinson-Hood-Beebower (Table 5.2)", ONE_PERIOD, {"Allocation": {"Japan": -0.004, "US": -0.008, "Total": -0.012}}),
    ("attribution", "Brinson-Fachler, top-down", ONE_PERIOD, {"allocation": -0.012, "selection": 0.031, "excess_return": 0.019}),
    ("attribution", "GRAP linking", FOUR_QUARTERS, {"linked_selection": {"Total": 0.1203}, "arithmetic_excess": 0.1327}),
    ("attribution", "Geometric attribution (Table 8.6)", FOUR_QUARTERS, {"allocation_total": 0.0129, "geometric_excess": 0.1464}),
    ("attribution", "Effects of each quarter (Table 8.1)", FOUR_QUARTERS, {"period_selection_totals": [0.031, 0.017, 0.04, 0.035]}),
    ("currency_attribution", "Ankrim-Hensel (Table 6.2)", OVERLAY, {"Forward Premium": {"US": -0.001}, "Currency management": 0.013}),
    ("currency_attribution", "Identity", {"local": 0.05, "fx": -0.02}, {"base": 0.029, "interaction": -0.001}),
    ("fixed_income", "TBILLEQ", BILL | {"discount": 0.0914}, {"bond_equivalent_yield": 0.0942}),
    ("fixed_income", "Treasury bill yield", BILL | {"price": 98.45}, {"yield": 0.0914}),
    ("fixed_income", "Coupon days", COUPONS, {"coupdaybs": 71, "coupdays": 181, "coupnum": 2, "couppcd": "2010-11-15"}),
    ("fixed_income", "Price of a ten-year zero", {"face": 1000, "yield": 0.05, "years": 10}, {"price": 613.91325}),
    ("fixed_income", "Annuity", {"cumipmt": "rate 9%/12, 360 periods, pv 125000, from 13 to 24"}, {"cumipmt": -11135.23213}),
    ("irr_xirr", "NPV", {"rate": 0.1, "values": [-10000, 3000, 4200, 6800]}, {"npv": 1188.4434}),
    ("irr_xirr", "MIRR", {"values": [-120000, 39000, 30000, 21000], "finance_rate": 0.1, "reinvest_rate": 0.12}, {"mirr": -0.0480}),
    ("calendars", "Independence Day", {"exchange": "XNYS"}, {"closed": {"2024-07-04": True}, "early": {"2024-07-03": True}, "2024": 252}),
    ("var_cvar", "Weibull quantile", {"returns": {"x": [*range(1, 101)]}, "p": 0.95}, {"var": 5.05}),
    ("risk_ratios", "Kelly ratio", {"returns": {"x": [0.03, -0.01, 0.02, -0.02, 0.04]}}, {"kelly": 17.9104}),
]  # fmt: skip


@pytest.mark.parametrize(("area", "title", "inputs", "expected"), CASES, ids=[case[1] for case in CASES])
def test_a_case_of_another_folder_is_answered(tmp_path, area, title, inputs, expected):
    convention = "Excel discounts the first flow; type 6" if area in {"irr_xirr", "var_cvar"} else ""
    case = {
        "id": "Z-1", "area": area, "title": title, "inputs": inputs, "expected": expected, "tolerance": {"abs": 1.01e-4},
        "convention": convention, "gate": True,
    }  # fmt: skip
    (tmp_path / f"{area}.json").write_text(json.dumps({"cases": [case]}))
    (outcome,) = run_folder(tmp_path)
    assert (outcome.verdict, outcome.detail) == ("pass", ())
