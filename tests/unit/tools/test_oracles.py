"""The runner of published values: what counts as right, wrong and unanswered."""

import json

import pytest

from tools.oracles.__main__ import main
from tools.oracles.cases import NoData, read_cases
from tools.oracles.compare import Magnitude, Roots, differences
from tools.oracles.run import run_folder


def folder_with(tmp_path, *cases, name="irr_xirr.json", **data):
    (tmp_path / name).write_text(json.dumps({"cases": list(cases)}))
    (tmp_path / "data").mkdir(exist_ok=True)
    for file, content in data.items():
        (tmp_path / "data" / f"{file}.json").write_text(json.dumps(content))
    return tmp_path


def case(**changes):
    fields = {"id": "A-1", "area": "irr_xirr", "title": "Periodic IRR", "inputs": {"values": [-100, 110]}, "expected": {"irr": 0.1}}
    return fields | {"tolerance": {"abs": 1e-9}, "convention": "", "gate": True} | changes


def only(folder):
    (outcome,) = run_folder(folder)
    return outcome


def test_a_value_within_tolerance_passes(tmp_path):
    assert only(folder_with(tmp_path, case())).verdict == "pass"


def test_a_value_outside_tolerance_fails_with_both_numbers(tmp_path):
    outcome = only(folder_with(tmp_path, case(expected={"irr": 0.2})))
    assert outcome.verdict == "fail"
    assert outcome.detail[0].startswith("irr: expected 0.2, got 0.0999")


def test_an_area_without_an_adapter_is_without_a_function(tmp_path):
    assert only(folder_with(tmp_path, case(area="astrology"))).detail == ("no adapter for astrology",)


def test_a_figure_nobody_computes_is_without_a_function(tmp_path):
    assert only(folder_with(tmp_path, case(expected={"horoscope": 1}))).detail == ("no function for 'horoscope'",)


def test_data_that_is_not_there_is_named(tmp_path):
    outcome = only(folder_with(tmp_path, case(inputs={"flows_ref": "data/none.json#a"}, expected={"xirr": 1})))
    assert (outcome.verdict, outcome.detail) == ("no function", ("no data: data/none.json#a",))
    (found,) = read_cases(tmp_path)
    with pytest.raises(NoData):
        found.question.read("data/none.json")


def test_a_refusal_of_the_product_is_a_failure(tmp_path):
    outcome = only(folder_with(tmp_path, case(inputs={"values": []})))
    assert outcome.verdict == "fail"
    assert outcome.detail[0].startswith("refused: ")


def test_an_adapter_never_sees_what_is_expected(tmp_path):
    (found,) = read_cases(folder_with(tmp_path, case(expected={"irr": 0.1, "deep": {"a": [1, 2]}, "note": "x", "accept_any_of": [1]})))
    assert found.question.asked == {"irr": None, "deep": {"a": None}}
    assert not hasattr(found.question, "expected")
    assert not hasattr(found.question, "id")


def test_one_of_several_roots_is_right_where_the_case_says_so(tmp_path):
    folder_with(tmp_path, case(expected={"xirr": 1.0, "accept_any_of": [1.0, 3.0]}))
    (found,) = read_cases(tmp_path)
    assert differences(found, {"xirr": Roots(3.0, (1.0, 3.0))}) == []
    assert differences(found, {"xirr": Roots("ambiguous", ())}) == []
    assert len(differences(found, {"xirr": Roots(2.0, (2.0,))})) == 1
    folder_with(tmp_path, case(expected={"xirr": 1.0}))
    (strict,) = read_cases(tmp_path)
    assert len(differences(strict, {"xirr": Roots(3.0, (1.0, 3.0))})) == 1


@pytest.mark.parametrize(
    ("expected", "got", "count"),
    [
        ({"d": -0.3}, {"d": Magnitude(0.3)}, 0),
        ({"d": 0.3}, {"d": Magnitude(-0.4)}, 1),
        ({"d": [1, 2]}, {"d": [1, 2]}, 0),
        ({"d": [1, 2]}, {"d": [1, 3]}, 1),
        ({"d": [1, 2]}, {"d": [1]}, 1),
        ({"d": None}, {"d": None}, 0),
        ({"d": "no_solution"}, {"d": "no_solution"}, 0),
        ({"d": True}, {"d": True}, 0),
        ({"d": 1.0}, {"d": float("nan")}, 1),
        ({"d": 1.0}, {}, 1),
        ({"d": {"a": 1, "b": 2}}, {"d": {"a": 1}}, 1),
    ],
)
def test_values_are_compared_by_what_they_are(tmp_path, expected, got, count):
    (found,) = read_cases(folder_with(tmp_path, case(expected=expected)))
    assert len(differences(found, got)) == count


def test_relative_tolerance_widens_with_the_value(tmp_path):
    (found,) = read_cases(folder_with(tmp_path, case(expected={"d": 1e6}, tolerance={"rel": 1e-3})))
    assert differences(found, {"d": 1_000_900.0}) == []
    assert len(differences(found, {"d": 1_001_100.0})) == 1


RISK = {
    "columns": {"portfolio": [0.01, -0.02, 0.03, None], "benchmark": [0.02, -0.01, 0.02, 0.0]},
    "dates": ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"],
}


def test_figures_are_found_by_their_words(tmp_path):
    question = case(area="risk_ratios", title="Omega, MAR 0.5%", inputs={"data": "data/x.json"}, expected={"omega": 0.03 / 0.025})
    assert only(folder_with(tmp_path, question, x=RISK)).verdict == "pass"


def test_inputs_an_adapter_cannot_read_are_without_a_function(tmp_path):
    outcome = only(folder_with(tmp_path, case(inputs={})))
    assert (outcome.verdict, outcome.detail) == ("no function", ("the adapter cannot read these inputs: KeyError: 'values'",))


def test_an_exception_inside_the_product_is_a_failure(tmp_path):
    outcome = only(folder_with(tmp_path, case(inputs={"values": ["many"]})))
    assert outcome.verdict == "fail"
    assert outcome.detail[0].startswith("raised: ValueError")


def test_the_report_counts_and_its_exit_code_tells(tmp_path, capsys):
    folder_with(tmp_path, case(), case(id="A-2", area="astrology"), case(id="A-3", expected={"irr": 5}, gate=False))
    written = tmp_path / "out.txt"
    assert main([str(tmp_path), "--json", str(written), "--verbose"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed, 1 without a function"
    assert [entry["verdict"] for entry in json.loads(written.read_text())] == ["pass", "no function", "fail"]
    folder_with(tmp_path, case(expected={"irr": 5}))
    assert main([str(tmp_path), "--area", "irr_xirr"]) == 1
    assert main([str(tmp_path / "nowhere")]) == 2
