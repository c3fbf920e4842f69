"""The published scores of Altman and Piotroski."""

from dataclasses import replace
from datetime import date

import pytest

from dawsos.compute.ratings.altman import AltmanModel, altman_z
from dawsos.compute.ratings.inputs import piotroski_ratios
from dawsos.compute.ratings.piotroski import PiotroskiRatios, piotroski_f
from dawsos.compute.ratings.statements import AnnualStatement

RATIOS = {
    "working_capital_to_assets": 0.1,
    "retained_earnings_to_assets": 0.2,
    "ebit_to_assets": 0.1,
    "equity_to_liabilities": 0.5,
    "sales_to_assets": 1.0,
}


@pytest.mark.parametrize(
    ("model", "expected", "zone"),
    [
        (AltmanModel.PUBLIC_1968, 0.12 + 0.28 + 0.33 + 0.30 + 1.0, "grey"),
        (AltmanModel.PUBLIC_1968_EXACT, 0.12 + 0.28 + 0.33 + 0.30 + 0.999, "grey"),
        (AltmanModel.PRIVATE_1983, 0.0717 + 0.1694 + 0.3107 + 0.21 + 0.998, "grey"),
        (AltmanModel.NON_MANUFACTURER_1995, 0.656 + 0.652 + 0.672 + 0.525, "grey"),
        (AltmanModel.EMERGING_MARKETS_1995, 0.656 + 0.652 + 0.672 + 0.525 + 3.25, "grey"),
    ],
)
def test_each_model_weighs_its_own_way(model, expected, zone):
    found = altman_z(**RATIOS, model=model)
    assert found.z == pytest.approx(expected, abs=1e-12)
    assert found.zone == zone
    assert sum(found.terms) + model.value[1] == pytest.approx(found.z)


@pytest.mark.parametrize(("ebit", "zone"), [(-0.5, "distress"), (1.0, "safe")])
def test_zones(ebit, zone):
    assert altman_z(**(RATIOS | {"ebit_to_assets": ebit})).zone == zone


STRONG = PiotroskiRatios(
    roa=0.1, roa_before=0.05, cash_flow=10, cash_flow_to_assets=0.2, leverage=0.1, leverage_before=0.2, current_ratio=2,
    current_ratio_before=1, has_issued_shares=False, gross_margin=0.5, gross_margin_before=0.4, asset_turnover=1.0, asset_turnover_before=0.9,
)  # fmt: skip


def test_every_sign_is_one_point():
    assert piotroski_f(STRONG).score == 9
    weaker = {
        "roa": 0.05, "cash_flow": 0, "cash_flow_to_assets": 0.1, "leverage": 0.2, "current_ratio": 1, "has_issued_shares": True,
        "gross_margin": 0.4, "asset_turnover": 0.9,
    }  # fmt: skip
    for name, value in weaker.items():
        assert piotroski_f(replace(STRONG, **{name: value})).score == 8, name


def test_an_unknown_sign_leaves_no_score_but_the_rest_is_said():
    found = piotroski_f(replace(STRONG, gross_margin=None))
    assert (found.score, found.known, found.signals.rising_margin) == (None, 8, None)


def test_the_signs_come_from_three_statements():
    def year(number: int, **facts) -> AnnualStatement:
        return AnnualStatement(fiscal_date=date(number, 12, 31), currency="USD", **facts)

    found = piotroski_ratios(
        [
            year(2023, net_income=12, total_assets=130, operating_cash_flow=20, long_term_debt=23, current_assets=40, current_liabilities=20,
                 revenue=150, gross_profit=60, shares_issued=0),
            year(2022, net_income=10, total_assets=100, long_term_debt=20, current_assets=30, current_liabilities=20, revenue=100, gross_profit=35),
            year(2021, total_assets=80),
        ]
    )  # fmt: skip
    assert (found.roa, found.roa_before) == (pytest.approx(0.12), pytest.approx(0.125))
    assert (found.leverage, found.leverage_before) == (pytest.approx(23 / 115), pytest.approx(20 / 90))
    assert (found.asset_turnover, found.asset_turnover_before) == (pytest.approx(1.5), pytest.approx(1.25))
    assert piotroski_f(found).score == 8  # income per asset fell
    assert piotroski_f(piotroski_ratios([])).known == 0
