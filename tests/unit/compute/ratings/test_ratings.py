"""Ratings from rubrics: bands, weights, what is missing, what does not apply."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ratings.aggregate import aggregate, grade, portfolio_rating
from dawsos.compute.ratings.documented import ACTIVE, DIVIDEND_SAFETY, MOAT, RESILIENCE, DocumentedRubric
from dawsos.compute.ratings.inputs import RatingInputs, rating_inputs
from dawsos.compute.ratings.moat import moat_evidence
from dawsos.compute.ratings.rubric import Rubric, read_rubric
from dawsos.compute.ratings.scoring import rate
from dawsos.compute.ratings.statements import AnnualStatement
from dawsos.kernel.errors import Invalid


def rubric(documented: DocumentedRubric) -> Rubric:
    return read_rubric(documented.rating_type, documented.method_version, documented.criteria, documented.weights)


def inputs(pays_dividends: bool | None = True, **values) -> RatingInputs:
    return RatingInputs(values=values, pays_dividends=pays_dividends)


APPLE = inputs(payout_ratio_5y_avg=0.152, fcf_dividend_coverage=6.8, dividend_growth_streak_years=12, net_cash_position=51e9)
JOHNSON = inputs(roe_5y_avg=0.243, gross_margin_5y_avg=0.662, intangible_assets_ratio=0.42, switching_cost_score=10)
COCA_COLA = inputs(debt_equity_ratio=1.8, interest_coverage=12.5, current_ratio=1.1, operating_margin_std_dev=0.008)


@pytest.mark.parametrize(
    ("documented", "facts", "score"), [(DIVIDEND_SAFETY, APPLE, 9.80), (MOAT, JOHNSON, 9.60), (RESILIENCE, COCA_COLA, 7.65)]
)
def test_worked_examples(documented, facts, score):
    found = rate(rubric(documented), facts)
    assert (found.status, found.score, found.completeness, found.missing) == ("rated", score, 1.0, ())


def test_johnson_is_rated_alike_under_the_other_weights():
    other = read_rubric("MOAT", "v2", MOAT.criteria, {"roe": 0.35, "margin": 0.30, "intangibles": 0.20, "switching": 0.15})
    assert rate(other, JOHNSON).score == 9.60


def test_r12_a_missing_component_is_left_out_and_the_rest_weighs_more():
    found = rate(rubric(MOAT), inputs(roe_5y_avg=0.243, gross_margin_5y_avg=0.3))
    assert found.score == pytest.approx((0.4 * 10 + 0.3 * 6) / 0.7)
    assert (found.completeness, found.missing) == (pytest.approx(0.7), ("intangible_assets_ratio", "switching_cost_score"))


def test_below_half_of_the_weight_there_is_no_rating():
    found = rate(rubric(MOAT), inputs(roe_5y_avg=0.243))
    assert (found.status, found.score, found.risk_flag) == ("not_rated", None, None)
    assert "gross_margin_5y_avg" in found.reason


def test_r12_dividend_safety_does_not_apply_without_dividends():
    found = rate(rubric(DIVIDEND_SAFETY), inputs(pays_dividends=False, net_cash_position=1e12))
    assert (found.status, found.score) == ("not_applicable", None)


@pytest.mark.parametrize(
    ("weights", "complaint"),
    [({"roe": 0.5}, "weigh"), ({"roe": 0.4, "margin": 0.3, "intangibles": 0.2, "switching": 0.2}, "add up to 1.1")],
)
def test_a_rubric_must_weigh_its_criteria_to_one(weights, complaint):
    with pytest.raises(Invalid, match=complaint):
        read_rubric("MOAT", "x", MOAT.criteria, weights)


@pytest.mark.parametrize(("bands", "complaint"), [([["~", 1, 2]], "compares with"), ([["<", 1, 11]], "outside 0 to 10")])
def test_a_rubric_must_have_readable_bands(bands, complaint):
    with pytest.raises(Invalid, match=complaint):
        read_rubric("MOAT", "x", {"one": {"source": "roe_5y_avg", "bands": bands}}, {"one": 1})


@given(
    st.dictionaries(
        st.sampled_from(["debt_equity_ratio", "interest_coverage", "current_ratio", "operating_margin_std_dev"]), st.floats(-50, 50)
    )
)
def test_a_score_lies_between_the_worst_and_the_best_band(values):
    found = rate(rubric(RESILIENCE), inputs(**values))
    assert found.score is None or 3.0 <= found.score <= 10.0
    assert (found.score is None) == (found.completeness < 0.5)


def year(number: int, **facts) -> AnnualStatement:
    return AnnualStatement(fiscal_date=date(number, 12, 31), currency="USD", **facts)


def test_inputs_from_statements():
    found = rating_inputs(
        [
            year(2023, revenue=200, gross_profit=100, operating_income=50, interest_expense=5, net_income=40, total_assets=400, goodwill=40,
                 intangible_assets=20, current_assets=90, current_liabilities=60, shareholders_equity=200, cash_and_equivalents=30,
                 total_debt=100, operating_cash_flow=60, capital_expenditure=20, dividends_paid=10, dividends_per_share=1.2),
            year(2022, revenue=180, gross_profit=72, operating_income=36, net_income=-5, shareholders_equity=-1, dividends_paid=9, dividends_per_share=1.1),
            year(2021, dividends_per_share=1.1),
        ],
        switching_cost_score=6,
        market_capitalisation=1000,
    )  # fmt: skip
    expected = {
        "payout_ratio_5y_avg": 0.25, "fcf_dividend_coverage": 4.0, "dividend_growth_streak_years": 1.0, "net_cash_position": -70.0,
        "net_cash_to_market_cap": -0.07, "roe_5y_avg": 0.2, "gross_margin_5y_avg": 0.45, "intangible_assets_ratio": 0.15,
        "switching_cost_score": 6, "debt_equity_ratio": 0.5, "interest_coverage": 10.0, "current_ratio": 1.5,
        "operating_margin_std_dev": pytest.approx(0.05 / 2**0.5),
    }  # fmt: skip
    assert found.values == pytest.approx(expected)
    assert found.pays_dividends is True
    assert found.notes["roe_5y_avg"] == "1 year(s) without positive equity left out"


def test_what_no_number_expresses_is_judged_at_the_end_of_its_bands():
    facts = rating_inputs(
        [year(2023, shareholders_equity=-5, total_debt=50, net_income=-1, dividends_paid=2, interest_expense=0, operating_income=3)]
    )
    assert {"debt_equity_ratio", "roe_5y_avg", "payout_ratio_5y_avg"} == facts.beyond_worst
    assert facts.beyond_best == {"interest_coverage"}
    found = rate(rubric(RESILIENCE), facts)
    assert {part.name: part.score for part in found.components} == {"debt": 3, "coverage": 10, "liquidity": None, "stability": None}
    assert found.score == pytest.approx((0.4 * 3 + 0.2 * 10) / 0.6)


def test_a_bank_is_not_judged_by_what_it_borrows():
    facts = rating_inputs([year(2023, shareholders_equity=5, total_debt=50, interest_expense=1, operating_income=3)], is_financial=True)
    assert rate(rubric(RESILIENCE), facts).status == "not_rated"
    assert facts.notes["debt_equity_ratio"] == "not meaningful for a bank or an insurer"


def test_nothing_known_is_nothing_rated():
    facts = rating_inputs([])
    assert set(facts.values.values()) == {None}
    assert {rate(rubric(each), facts).status for each in ACTIVE} == {"not_rated"}


def test_statements_must_be_ordered_and_of_one_currency():
    with pytest.raises(Invalid, match="ordered"):
        rating_inputs([year(2022), year(2023)])
    with pytest.raises(Invalid, match="currencies"):
        rating_inputs([year(2023), AnnualStatement(fiscal_date=date(2022, 12, 31), currency="CAD")])


def test_net_cash_is_converted_to_dollars_or_unknown():
    statement = AnnualStatement(fiscal_date=date(2023, 12, 31), currency="CAD", cash_and_equivalents=10, total_debt=2)
    assert rating_inputs([statement], usd_rate=0.75).values["net_cash_position"] == 6.0
    assert rating_inputs([statement]).values["net_cash_position"] is None


def test_aggregates_reweigh_what_is_there():
    moat, dividend, resilience = rate(rubric(MOAT), JOHNSON), rate(rubric(DIVIDEND_SAFETY), APPLE), rate(rubric(RESILIENCE), COCA_COLA)
    whole = aggregate([moat, dividend, resilience])
    assert (whole.score, whole.grade, whole.missing) == (pytest.approx(10 * (0.4 * 9.6 + 0.3 * 9.8 + 0.3 * 7.65)), "A", ())
    none = rate(rubric(DIVIDEND_SAFETY), inputs(pays_dividends=False))
    part = aggregate([moat, none, resilience])
    assert part.score == pytest.approx(10 * (0.4 * 9.6 + 0.3 * 7.65) / 0.7)
    assert (part.missing, sum(part.weights.values())) == (("DIVIDEND_SAFETY",), pytest.approx(1))
    assert aggregate([none]).score is None


@pytest.mark.parametrize(
    ("score", "plain", "signed"), [(90, "A", "A-"), (93, "A", "A"), (97, "A", "A+"), (89.9, "B", "B+"), (60, "D", "D-"), (59, "F", "F")]
)
def test_grades(score, plain, signed):
    assert (grade(score), grade(score, with_signs=True)) == (plain, signed)


def test_r12_a_portfolio_is_rated_by_value_over_what_is_rated():
    good, bad = rate(rubric(MOAT), JOHNSON), rate(rubric(MOAT), inputs(roe_5y_avg=0.0, gross_margin_5y_avg=0.1))
    nothing = rate(rubric(MOAT), inputs())
    found = portfolio_rating(
        [(300.0, aggregate([good]), [good]), (100.0, aggregate([bad]), [bad]), (100.0, aggregate([nothing]), [nothing])]
    )
    assert found.score == pytest.approx((300 * 96 + 100 * 40) / 400)
    assert found.by_type == {"MOAT": pytest.approx((300 * 9.6 + 100 * 4.0) / 400)}
    assert found.covered == pytest.approx(0.8)


def test_moat_evidence_names_its_figures():
    found = moat_evidence(JOHNSON, [], sector="Health Care")
    assert (found.primary_moat_type, len(found.brand), found.switching) == ("brand", 2, ("switching costs assessed at 10 of 10",))
    assert moat_evidence(inputs(), [], sector=None).primary_moat_type == "none"
    assert moat_evidence(inputs(gross_margin_5y_avg=0.25, roe_5y_avg=0.3), [], sector="Retail").primary_moat_type == "cost"
