"""Looking capabilities up and calling them."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dawsos.kernel.errors import Forbidden, Internal, Invalid, NotFound, Unavailable
from dawsos.kernel.identity import Actor, Role
from dawsos.registry import discover
from dawsos.registry.provenance import Provenance
from tests.unit.registry.context import Context, counted
from tests.unit.registry.sound_agents.analyst.value import ValueRequest, ValueResult


@pytest.fixture(scope="module")
def registry():
    return discover("tests.unit.registry.sound_agents")


def test_an_unknown_capability_is_refused_with_the_near_names(registry):
    with pytest.raises(NotFound) as caught:
        registry.get("portfolio.valu")
    assert caught.value.code == "capability_not_found"
    assert caught.value.remedy == "Did you mean 'portfolio.value'?"


def test_a_name_near_to_nothing_leads_to_the_families(registry):
    with pytest.raises(NotFound) as caught:
        registry.get("zzz")
    assert caught.value.remedy == "The families are charts, portfolio."


async def test_a_call_gives_the_result_and_where_it_came_from(registry):
    answer = await registry.call("portfolio.value", Context(), {"quantity": 3})
    assert answer.result == ValueResult(value=Decimal(30), currency="CAD")
    assert answer.provenance == Provenance(
        sources=("FRED",), asof=None, method_version="value/1", origin="computed", warnings=("thin data",), duration_ms=250.0
    )


async def test_a_call_takes_a_request_that_is_already_made(registry):
    answer = await registry.call("portfolio.value", Context(), ValueRequest(quantity=4))
    assert answer.result.value == Decimal(40)


async def test_each_call_keeps_its_own_notes(registry):
    context = Context()
    context.provenance.note(source="ECB", asof=date(2025, 1, 1))
    answer = await registry.call("portfolio.value", context, {"quantity": 1})
    assert answer.provenance.sources == ("FRED",)
    assert context.provenance.sources == ["ECB"]


async def test_an_actor_without_the_right_is_refused_before_anything_runs(registry):
    broke = Context(actor=Actor(None, Role.VIEWER))
    assert (await registry.call("charts.overview", broke, {"title": "x"})).result.title == "x"
    needs_more = type(registry)([_with_rights(registry.get("portfolio.value"), ("portfolio_read", "admin"))])
    with pytest.raises(Forbidden, match="needs the right admin, which role VIEWER does not have") as caught:
        await needs_more.call("portfolio.value", broke, {"quantity": "not looked at"})
    assert caught.value.details == {"missing_rights": ["admin"]}


def _with_rights(capability, rights):
    return replace(capability, rights=rights)


async def test_a_wrong_request_is_refused_field_by_field(registry):
    with pytest.raises(Invalid) as caught:
        await registry.call("portfolio.value", Context(), {"quantity": "many", "colour": "red"})
    assert [one["field"] for one in caught.value.details["problems"]] == ["quantity", "colour"]
    assert caught.value.remedy == "Its fields are quantity, behave."
    assert "many" not in str(caught.value)


async def test_a_capability_that_takes_too_long_is_unavailable(registry):
    with pytest.raises(Unavailable) as caught:
        await registry.call("portfolio.value", Context(), {"quantity": 1, "behave": "slow"}, seconds=0.01)
    assert caught.value.code == "timeout"
    assert "did not answer within 0.01 seconds" in caught.value.message


async def test_an_error_the_capability_names_passes_through(registry):
    with pytest.raises(NotFound, match="There is no portfolio"):
        await registry.call("portfolio.value", Context(), {"quantity": 1, "behave": "missing"})


@pytest.mark.parametrize(("behave", "kind"), [("crash", "ValueError"), ("own timeout", "TimeoutError")])
async def test_an_unexpected_error_is_internal_and_keeps_its_text_to_itself(registry, behave, kind):
    with pytest.raises(Internal) as caught:
        await registry.call("portfolio.value", Context(), {"quantity": 1, "behave": behave})
    assert caught.value.message == f"Capability 'portfolio.value' failed unexpectedly ({kind})."
    assert caught.value.code == "agent_execution_error"
    assert type(caught.value.__cause__).__name__ == kind


async def test_a_result_of_another_type_is_internal(registry):
    with pytest.raises(Internal, match="returned str instead of ValueResult"):
        await registry.call("portfolio.value", Context(), {"quantity": 1, "behave": "lie"})


async def test_every_call_is_counted_by_outcome(registry):
    context = Context()
    await registry.call("portfolio.value", context, {"quantity": 1})
    with pytest.raises(NotFound):
        await registry.call("portfolio.value", context, {"quantity": 1, "behave": "missing"})
    slow = asyncio.create_task(registry.call("portfolio.value", context, {"quantity": 1, "behave": "slow"}))
    await asyncio.sleep(0)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert counted(context.meters)["dawsos_capability_calls_total"] == {
        ("portfolio.value", "FinancialAnalyst", "ok"): 1,
        ("portfolio.value", "FinancialAnalyst", "not_found"): 1,
        ("portfolio.value", "FinancialAnalyst", "cancelled"): 1,
    }
