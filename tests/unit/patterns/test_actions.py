"""What a reader may do about a panel: the request is complete when the answer is, and is left out where it makes no sense."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter

from dawsos.patterns.panels import AnyPanelSpec, PanelChecks
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.problems import Findings
from dawsos.patterns.scope import Scope
from dawsos.patterns.values import Values
from dawsos.registry import Contract, Number

SPEC = TypeAdapter(AnyPanelSpec)


class Body(Contract):
    name: str
    level: Annotated[float, Number]


class Proposal(Contract):
    code: str
    body: Body | None
    open: bool = True


class Inputs(Contract):
    portfolio_id: str


class Result(Contract):
    proposals: tuple[Proposal, ...]
    chosen: Body | None = None
    ready: bool = True


SCOPE = Scope({"portfolio_id": str}, {"s": Result})
WORDS = {"kind": "accept", "label": "Accept", "confirmation": "Accept it?", "done": "Accepted.", "rights": ("portfolio_write",)}
HEAD = {"id": "p", "title": "T", "refresh_ttl": 60}
CARDS = HEAD | {
    "type": "action_cards",
    "rows": "{{ s.proposals }}",
    "key": "code",
    "columns": ({"field": "code", "label": "Code"},),
}


def cards(action):
    return SPEC.validate_python(CARDS | {"row_actions": (WORDS | action,)})


def filling(result):
    return Filling(SCOPE, Values(Inputs(portfolio_id="home"), {}, {"s": result}, {}), panel="p")


def problems(spec):
    findings = Findings("f.yaml", {})
    checks = PanelChecks(SCOPE, findings, ("panels", 0), has_currency=False)
    spec.check(checks)
    spec.check_actions(checks)
    return [(problem.place[2:], problem.message) for problem in findings.problems]


def test_a_row_fills_the_path_and_the_body_of_its_action():
    spec = cards(
        {
            "route": "/v1/portfolios/{portfolio_id}/proposals/{code}/acceptance",
            "parameters": {"portfolio_id": "{{ inputs.portfolio_id }}", "code": "code"},
            "payload": "body",
        }
    )
    assert problems(spec) == []
    result = Result(proposals=(Proposal(code="a/b", body=Body(name="x", level=0.5)), Proposal(code="c", body=Body(name="y", level=2.0))))
    first, second = spec.fill(filling(result)).row_actions
    assert [one.plain() for one in first] == [
        {
            "kind": "accept", "label": "Accept", "confirmation": "Accept it?", "done": "Accepted.", "method": "POST",
            "route": "/v1/portfolios/home/proposals/a%2Fb/acceptance", "payload": {"name": "x", "level": 0.5}, "rights": ["portfolio_write"],
        }
    ]  # fmt: skip
    assert second[0].payload == {"name": "y", "level": 2.0}


def test_an_action_is_left_out_where_it_is_not_offered_or_has_no_body():
    spec = cards({"route": "/v1/proposals", "payload": "body", "offered": "open"})
    result = Result(
        proposals=(
            Proposal(code="a", body=Body(name="x", level=1.0)),
            Proposal(code="b", body=None),
            Proposal(code="c", body=Body(name="z", level=1.0), open=False),
        )
    )
    assert [len(actions) for actions in spec.fill(filling(result)).row_actions] == [1, 0, 0]


def test_named_values_make_a_body_and_any_panel_may_have_actions():
    action = WORDS | {
        "route": "/v1/proposals",
        "method": "PUT",
        "payload": {"portfolio_id": "{{ inputs.portfolio_id }}", "chosen": "{{ s.chosen }}"},
        "offered": "{{ s.ready }}",
    }
    metrics = ({"label": "Ready", "value": "{{ s.ready }}"},)
    spec = SPEC.validate_python(HEAD | {"type": "metrics_grid", "metrics": metrics, "actions": (action,)})
    assert problems(spec) == []
    (taken,) = spec.fill_actions(filling(Result(proposals=(), chosen=Body(name="x", level=1.0))))
    assert (taken.method, taken.payload) == ("PUT", {"portfolio_id": "home", "chosen": {"name": "x", "level": 1.0}})
    assert spec.fill_actions(filling(Result(proposals=(), ready=False))) == ()


@pytest.mark.parametrize(
    ("action", "place", "said"),
    [
        ({"route": "/v1/proposals/{code}"}, ("route",), "Nothing is given for '{code}'."),
        ({"route": "/v1/proposals", "parameters": {"code": "code"}}, ("parameters", "code"), "The route has no '{code}'."),
        ({"route": "/v1/proposals/{code}", "parameters": {"code": "body"}}, ("parameters", "code"), "A part of a path is one value."),
        ({"route": "/v1/proposals", "payload": "code"}, ("payload",), "This is str; a body is a record."),
        ({"route": "/v1/proposals", "payload": "bodi"}, ("payload",), "'s.proposals.*' has no field 'bodi'."),
        ({"route": "/v1/proposals", "offered": "code"}, ("offered",), "This is str, not true or false."),
        ({"route": "/v1/proposals", "rights": ("portfolio_wrote",)}, ("rights", 0), "There is no right 'portfolio_wrote'."),
    ],
)
def test_what_is_wrong_with_an_action_is_found_at_load(action, place, said):
    assert problems(cards(action)) == [(("row_actions", 0, *place), said)]


def test_a_panel_without_rows_has_no_fields_of_a_row():
    action = WORDS | {"route": "/v1/proposals", "payload": "body"}
    spec = SPEC.validate_python(HEAD | {"type": "status", "state": "{{ s.proposals.*.code }}", "actions": (action,)})
    assert (("actions", 0, "payload"), "'body' names a field of a row, and here is none.") in problems(spec)


@pytest.mark.parametrize("route", ["/v2/proposals", "https://example.org/v1/x", "/v1/../x", "/v1/{Code}", "/v1/x?y=1"])
def test_an_action_leads_to_this_api_and_nowhere_else(route):
    with pytest.raises(ValueError, match="route"):
        cards({"route": route})
