"""Patterns over HTTP: pinned, byte for byte the same again, and described."""

from datetime import date, timedelta

import pytest

from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH
from tests.integration.api.clients import data, make_pack, problem

REPORT = "/v1/patterns/value_report"


def about(member, **more):
    return {"inputs": {"portfolio_id": str(member.portfolio.id)}, **more}


def data_bytes(response):
    """The bytes of ``data`` as they stand in the body."""
    body = response.content
    start = body.index(b'{"data":') + len(b'{"data":')
    return body[start : body.index(b',"panels":[', start)]


async def test_a_pattern_answers_with_data_panels_warnings_and_trace(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    response = await ada.client.post(REPORT, json=about(ada))
    assert data(response) == {
        "value": {
            "nav": "1250.5",
            "share": None,
            "currency": "CAD",
            "portfolio_name": "ada's",
            "pack_id": "PP_2025-11-03",
            "entries": 0,
            "reasons": {"share": "there is nothing to compare with"},
        },
        "economy": {"country": "CA", "level": 0.25},
    }
    document = response.json()
    assert sorted(document) == ["data", "panels", "status", "timestamp", "trace", "trace_id", "warnings"]
    assert document["warnings"] == ["OLD has no price."]
    assert document["panels"][0]["data"]["metrics"][0]["value"] == "1250.5"
    trace = document["trace"]
    assert (trace["pricing_pack_id"], trace["ledger_commit_hash"], trace["pack_hash"]) == ("PP_2025-11-03", EMPTY_LEDGER_HASH, "ab" * 32)
    assert [step["as"] for step in trace["steps"]] == ["value", "economy"]


async def test_equal_requests_have_equal_bytes(join, application, clock):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    first = await ada.client.post(REPORT, json=about(ada))
    clock.advance(timedelta(hours=1))
    second = await ada.client.post(REPORT, json=about(ada, pack_id="PP_2025-11-03"))
    assert data_bytes(first) == data_bytes(second) == canonical_bytes(first.json()["data"])
    assert first.json()["timestamp"] != second.json()["timestamp"]


async def test_an_earlier_pack_can_be_named_by_id_and_by_date(join, application):
    for day in (date(2025, 10, 30), date(2025, 10, 31), date(2025, 11, 3)):
        await make_pack(application.database, day)
    ada = await join("ada")

    async def used(**pins):
        return data(await ada.client.post(REPORT, json=about(ada, **pins)))["value"]["pack_id"]

    assert await used() == "PP_2025-11-03"
    assert await used(pack_id="PP_2025-10-30") == "PP_2025-10-30"
    assert await used(asof_date="2025-11-02") == "PP_2025-10-31"
    both = await ada.client.post(REPORT, json=about(ada, pack_id="PP_2025-10-30", asof_date="2025-11-02"))
    assert problem(both, 422, "validation_error")["remedy"] == "Give one of them."
    problem(await ada.client.post(REPORT, json=about(ada, pack_id="PP_2020-01-01")), 404, "pricing_pack_not_found")
    problem(await ada.client.post(REPORT, json=about(ada, asof_date="2020-01-01")), 404, "pricing_pack_not_found")


async def test_an_earlier_state_of_the_ledger_can_be_named(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    entry = {"transaction_date": "2025-11-03", "transaction_type": "DEPOSIT", "currency": "CAD", "amount": "100.00"}
    path = f"/v1/portfolios/{ada.portfolio.id}/transactions"
    one = data(await ada.client.post(path, json=entry), 201)["ledger_commit_hash"]
    data(await ada.client.post(path, json=entry), 201)

    async def entries(**pins):
        return data(await ada.client.post(REPORT, json=about(ada, **pins)))["value"]["entries"]

    assert await entries() == 2
    assert await entries(ledger_commit_hash=one) == 1
    assert await entries(ledger_commit_hash=EMPTY_LEDGER_HASH) == 0
    problem(await ada.client.post(REPORT, json=about(ada, ledger_commit_hash="0" * 64)), 404, "ledger_state_not_found")


async def test_without_any_pack_the_answer_says_what_to_do(join):
    ada = await join("ada")
    refused = problem(await ada.client.post(REPORT, json=about(ada)), 404, "pricing_pack_not_found")
    assert "dawsos pack build" in refused["remedy"]


async def test_an_unknown_pattern_is_answered_with_the_near_ones(join):
    ada = await join("ada")
    for request in (
        ada.client.post("/v1/patterns/valu_report", json={}),
        ada.client.get("/v1/patterns/valu_report"),
        ada.client.post("/v1/execute", json={"pattern": "valu_report"}),
        ada.client.post("/api/patterns/execute", json={"pattern": "valu_report"}),
    ):
        document = problem(await request, 404, "pattern_not_found")
        assert document["remedy"] == "Did you mean 'value_report'?"


async def test_any_pattern_can_be_run_by_its_id(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    typed = await ada.client.post(REPORT, json=about(ada))
    for path in ("/v1/execute", "/api/patterns/execute"):
        inside = await ada.client.post(path, json={"pattern": "value_report", **about(ada)})
        beside = await ada.client.post(path, json={"pattern": "value_report", "portfolio_id": str(ada.portfolio.id)})
        assert data_bytes(inside) == data_bytes(beside) == data_bytes(typed)


async def test_naming_two_portfolios_at_once_is_refused(join):
    ada = await join("ada")
    body = {"pattern": "value_report", "portfolio_id": "01900000-0000-7000-8000-000000000001", **about(ada)}
    assert problem(await ada.client.post("/v1/execute", json=body), 422, "validation_error")["errors"][0]["field"] == "inputs.portfolio_id"


@pytest.mark.parametrize("inputs", [{}, {"portfolio_id": 5}, {"portfolio_id": "x"}, {"portfolio_id": None}])
async def test_wrong_inputs_by_id_are_told_field_by_field(join, application, inputs):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    document = problem(await ada.client.post("/v1/execute", json={"pattern": "value_report", "inputs": inputs}), 422, "validation_error")
    assert "portfolio_id" in document["detail"]


async def test_a_pattern_without_required_inputs_needs_no_body_fields(join):
    ada = await join("ada")
    assert data(await ada.client.post("/v1/patterns/economy", json={}))["economy"]["country"] == "CA"
    assert data(await ada.client.post("/v1/patterns/economy", json={"inputs": {"country": "SE"}}))["economy"]["country"] == "SE"


async def test_a_failing_step_is_told_by_name(join):
    ada = await join("ada")
    refused = problem(await ada.client.post("/v1/patterns/economy", json={"inputs": {"country": "C"}}), 422, "validation_error")
    assert "macro.level" in refused["detail"]


async def test_the_list_describes_every_pattern(join, application):
    ada = await join("ada")
    listed = data(await ada.client.get("/v1/patterns"))
    assert [one["id"] for one in listed] == ["crash_test", "economy", "shock_test", "value_report"]
    report = listed[-1]
    assert report["rights"] == ["portfolio_read", "macro_data_read"]
    assert report["panels"] == [{"id": "strip", "title": "Value", "type": "metrics_grid", "refresh_ttl": 300}]
    assert [(one["name"], one["type"], one["required"], one["default"]) for one in report["inputs"]] == [
        ("portfolio_id", "uuid", True, None),
        ("factor", "decimal", False, 1),
    ]
    assert data(await ada.client.get("/api/patterns/list")) == listed


async def test_one_pattern_shows_its_steps(join):
    ada = await join("ada")
    found = data(await ada.client.get("/v1/patterns/value_report"))
    assert [(step["as"], step["capability"], step["optional"]) for step in found["steps"]] == [
        ("value", "portfolio.value", False),
        ("economy", "macro.level", True),
    ]
    assert found["steps"][0]["args"]["pack_id"] == "{{ ctx.pricing_pack_id }}"
    assert found["outputs"] == ["value", "economy"]


async def test_numbers_are_counted_and_measured_by_pattern(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    await ada.client.post(REPORT, json=about(ada))
    measured = (await ada.client.get("/metrics")).text
    assert 'dawsos_pattern_seconds_count{outcome="ok",pattern="value_report"} 1.0' in measured
    assert 'dawsos_http_request_seconds_count{method="POST",route="/v1/patterns/value_report",status="200"} 1.0' in measured
