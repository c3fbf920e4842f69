"""Portfolios over HTTP."""

import psycopg
import pytest

from dawsos.kernel.identity import Role
from tests.integration.api.clients import data, problem
from tests.support.postgres import make_securities


async def test_a_new_portfolio_is_listed_and_read(join):
    ada = await join("ada")
    wanted = {"name": " Savings ", "base_currency": "EUR", "cost_basis_method": "HIFO", "description": "For later."}
    made = data(await ada.client.post("/v1/portfolios", json=wanted), 201)
    assert made["name"] == "Savings"
    assert (made["base_currency"], made["cost_basis_method"], made["pricing_policy"]) == ("EUR", "HIFO", "ECB_CLOSE")
    listed = data(await ada.client.get("/v1/portfolios"))
    assert sorted(one["name"] for one in listed) == ["Savings", "ada's"]
    summary = next(one for one in listed if one["name"] == "Savings")
    assert sorted(summary) == ["base_currency", "cost_basis_method", "created_at", "id", "name", "pricing_policy"]
    assert data(await ada.client.get(f"/v1/portfolios/{made['id']}")) == made


async def test_a_name_twice_is_a_conflict_that_says_so(join):
    ada, bob = await join("ada"), await join("bob")
    wanted = {"name": "Savings", "base_currency": "CAD"}
    data(await ada.client.post("/v1/portfolios", json=wanted), 201)
    refused = problem(await ada.client.post("/v1/portfolios", json=wanted), 409, "portfolio_exists")
    assert refused["detail"] == "You have a portfolio 'Savings' already."
    data(await bob.client.post("/v1/portfolios", json=wanted), 201)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 256),
        ("name", "a\x00b"),
        ("base_currency", "XXX"),
        ("base_currency", "cad"),
        ("cost_basis_method", "RANDOM"),
        ("pricing_policy", "lower"),
        ("description", "x" * 1001),
    ],
)
async def test_a_wrong_wish_is_refused_by_its_field(join, field, value):
    ada = await join("ada")
    refused = await ada.client.post("/v1/portfolios", json={"name": "Savings", "base_currency": "CAD", field: value})
    assert problem(refused, 422, "validation_error")["errors"][0]["field"] == field


async def test_a_benchmark_is_a_known_security_or_refused(join, database):
    ada = await join("ada")
    wanted = {"name": "Compared", "base_currency": "CAD", "benchmark_id": "SPY"}
    refused = problem(await ada.client.post("/v1/portfolios", json=wanted), 422, "unknown_benchmark")
    assert refused["detail"] == "The benchmark 'SPY' is not a known security."
    await make_securities(database, "SPY", currency="USD")
    assert data(await ada.client.post("/v1/portfolios", json=wanted), 201)["benchmark_id"] == "SPY"


async def test_creating_leaves_a_line_in_the_audit_log(join, database_clone):
    ada = await join("ada", Role.USER)
    response = await ada.client.post("/v1/portfolios", json={"name": "Savings", "base_currency": "CAD"})
    with psycopg.connect(database_clone.admin_dsn) as admin:
        row = admin.execute(
            "select user_id, entity_id::text, changes->>'name', trace_id from audit_log where action = 'create' and entity_type = 'portfolio'"
        ).fetchone()
    assert row == (ada.user.id, data(response, 201)["id"], "Savings", response.headers["x-trace-id"])
