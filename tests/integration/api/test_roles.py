"""Who may do what: every route, for every role, by the rights it declares."""

import json

import pytest
from fastapi.routing import APIRoute

from dawsos.api.openapi import is_public, rights_of
from dawsos.kernel.identity import RIGHTS, Role
from tests.integration.api.clients import problem

ROLES = (Role.VIEWER, Role.USER, Role.MANAGER, Role.ADMIN)
#: What nobody needs to be known for.
PUBLIC = {
    "/health",
    "/health/detailed",
    "/health/pack",
    "/metrics",
    "/v1/auth/login",
    "/api/auth/login",
}
IDENTIFIER = "01900000-0000-7000-8000-000000000001"


def api_routes(app):
    return [route for route in app.routes if isinstance(route, APIRoute)]


def address(route):
    path = route.path
    for name in ("portfolio_id", "transaction_id", "token_id"):
        path = path.replace(f"{{{name}}}", IDENTIFIER)
    return path.replace("{pack_id}", "PP_2025-11-03").replace("{pattern_id}", "economy").replace("{name}", "no_such_capability")


def requests_of(app):
    return [(route, method) for route in api_routes(app) for method in sorted(route.methods)]


async def test_only_the_named_addresses_answer_without_knowing_who_asks(app, client):
    assert {route.path for route in api_routes(app) if is_public(route)} == PUBLIC
    others = {route.path for route in app.routes if not isinstance(route, APIRoute)}
    assert others == {"/openapi.json"}
    asked = 0
    for route, method in requests_of(app):
        if route.path not in PUBLIC:
            response = await client.request(method, address(route), json={})
            problem(response, 401, "unauthorized")
            asked += 1
    assert asked > 30


@pytest.mark.parametrize("role", ROLES)
async def test_every_route_is_refused_exactly_to_roles_that_lack_its_rights(app, join, role):
    member = await join("somebody", role)
    refused, let_in = set(), set()
    for route, method in requests_of(app):
        if route.path in PUBLIC or route.path == "/v1/auth/logout":
            continue
        headers = {"Content-Type": "text/csv"} if route.path.endswith("/imports") else {}
        response = await member.client.request(method, address(route), json={}, headers=headers)
        missing = set(rights_of(route)) - RIGHTS[role]
        place = f"{method} {route.path}"
        if missing:
            document = problem(response, 403, "forbidden")
            assert all(right in document["detail"] for right in missing), place
            refused.add(place)
        else:
            assert response.status_code != 403, f"{place}: {response.text}"
            let_in.add(place)
    assert (role is Role.ADMIN) == (not refused)
    assert ("POST /v1/portfolios" in let_in) == (role is not Role.VIEWER)
    assert ("POST /v1/capabilities/report.print" in let_in) == (role in {Role.MANAGER, Role.ADMIN})
    assert ("GET /v1/auth/users" in let_in) == (role is Role.ADMIN)


async def test_every_generated_route_declares_the_rights_of_what_it_runs(app, application):
    found = {route.path: set(rights_of(route)) for route in api_routes(app)}
    for capability in application.registry:
        assert found[f"/v1/capabilities/{capability.name}"] == set(capability.rights)
    for pattern in application.patterns.values():
        assert found[f"/v1/patterns/{pattern.id}"] == set(pattern.file.rights_required)


@pytest.mark.parametrize("path", ["/v1/execute", "/api/patterns/execute"])
async def test_running_a_pattern_by_its_id_needs_the_same_rights(join, path):
    viewer = await join("viewer", Role.VIEWER)
    body = {"pattern": "shock_test", "inputs": {"portfolio_id": str(viewer.portfolio.id)}}
    refused = problem(await viewer.client.post(path, json=body), 403, "forbidden")
    assert "scenario_analysis" in refused["detail"]


async def test_rights_are_looked_at_before_the_request_is(join):
    viewer = await join("viewer", Role.VIEWER)
    response = await viewer.client.post("/v1/capabilities/portfolio.shock", json={"portfolio_id": "not looked at"})
    problem(response, 403, "forbidden")


async def test_the_description_names_the_rights_of_every_route(app):
    paths = app.openapi()["paths"]
    assert paths["/v1/capabilities/house.sweep"]["post"]["x-rights"] == ["admin"]
    assert paths["/v1/portfolios"]["post"]["x-rights"] == ["portfolio_write"]
    assert "x-rights" not in paths["/v1/auth/me"]["get"]
    assert json.dumps(paths)
