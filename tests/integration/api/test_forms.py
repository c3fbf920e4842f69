"""The two forms every answer has, the headers all of them carry, and what is refused before anybody looks."""

import json

import pytest
import structlog
from fastapi import APIRouter

from dawsos.api.application import create_app
from dawsos.api.gates import LARGEST_BODY, LARGEST_IMPORT
from dawsos.bootstrap import assemble
from dawsos.services.passwords import Argon2id
from tests.integration.api.clients import data, make_client, problem
from tests.support import capabilities
from tests.support.capabilities import INSIDE

CSV = {"Content-Type": "text/csv"}


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nothing", "/v1/portfolios/", "/api/nothing", "/health/nothing", "/metrics/x", "/api"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_an_unknown_address_of_the_api_is_a_problem_and_never_a_page(client, method, path):
    document = problem(await client.request(method, path), 404, "not_found")
    assert document["detail"] == "There is nothing at this address."


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/v1/portfolios"), ("GET", "/v1/execute"), ("PATCH", "/health"), ("OPTIONS", "/v1/packs")]
)
async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client, method, path):
    response = await client.request(method, path)
    problem(response, 405, "method_not_allowed")
    assert response.headers["allow"]


async def test_a_wrong_request_is_told_field_by_field_without_what_was_sent(join):
    ada = await join("ada")
    body = {"inputs": {"portfolio_id": "SECRET-VALUE", "factor": "SECRET"}, "asof_date": "SECRET"}
    response = await ada.client.post("/v1/patterns/value_report", json=body)
    document = problem(response, 422, "validation_error")
    assert sorted(one["field"] for one in document["errors"]) == ["asof_date", "inputs.factor", "inputs.portfolio_id"]
    assert all(one["message"] for one in document["errors"])
    assert "SECRET" not in response.text


async def test_an_unknown_field_is_refused_by_its_name(join):
    ada = await join("ada")
    response = await ada.client.post("/v1/portfolios", json={"name": "x", "base_currency": "CAD", "colour": "red"})
    assert problem(response, 422, "validation_error")["errors"] == [{"field": "colour", "message": "means nothing here"}]


@pytest.mark.parametrize("body", ["{", "", "[1, 2", '{"name": NaN', "\x00"])
async def test_a_body_that_is_not_json_is_a_problem(join, body):
    ada = await join("ada")
    response = await ada.client.post("/v1/portfolios", content=body, headers={"Content-Type": "application/json"})
    problem(response, 422, "validation_error")


async def test_a_body_that_does_not_say_it_is_json_is_not_read_as_json(join):
    ada = await join("ada")
    body = json.dumps({"name": "x", "base_currency": "CAD"})
    problem(await ada.client.post("/v1/portfolios", content=body, headers={"Content-Type": "text/plain"}), 422, "validation_error")


async def test_a_request_with_thousands_of_faults_gets_a_short_answer(join):
    ada = await join("ada")
    response = await ada.client.post("/v1/portfolios", json={f"field{number}": 1 for number in range(5000)})
    assert len(problem(response, 422, "validation_error")["errors"]) == 100


async def test_text_no_database_can_ask_for_is_a_wrong_request(join):
    ada = await join("ada")
    body = {"portfolio_id": str(ada.portfolio.id), "pack_id": "PP_\x00"}
    problem(await ada.client.post("/v1/capabilities/portfolio.value", json=body), 422, "validation_error")


async def test_a_path_or_query_that_does_not_fit_is_a_problem(join):
    ada = await join("ada")
    assert problem(await ada.client.get("/v1/portfolios/not-a-uuid"), 422, "validation_error")["errors"][0]["field"] == "portfolio_id"
    assert problem(await ada.client.get("/v1/packs?limit=0"), 422, "validation_error")["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(
    ("capability", "status", "code"),
    [
        ("faults.slow", 503, "timeout"),
        ("faults.thin", 422, "insufficient_data"),
        ("faults.busy", 409, "conflict"),
        ("faults.crash", 500, "agent_execution_error"),
        ("faults.internal", 500, "internal_error"),
    ],
)
async def test_each_kind_of_error_has_its_status(join, capability, status, code):
    ada = await join("ada")
    document = problem(await ada.client.post(f"/v1/capabilities/{capability}", json={}), status, code)
    if code == "insufficient_data":
        assert document["remedy"] == "Import older prices."


@pytest.mark.parametrize("path", ["/v1/capabilities/faults.crash", "/v1/capabilities/faults.internal", "/v1/patterns/crash_test"])
async def test_what_is_inside_never_leaves_with_an_internal_error(join, path):
    ada = await join("ada")
    with structlog.testing.capture_logs() as lines:
        response = await ada.client.post(path, json={})
    assert response.status_code == 500
    assert INSIDE not in response.text
    assert "Traceback" not in response.text
    (line,) = [one for one in lines if one["event"] == "internal error"]
    assert line["trace_id"] == response.json()["trace_id"]
    assert line["exc_info"] is not None


async def test_an_error_nobody_foresaw_is_a_problem_with_a_trace_and_a_log_line(app, client):
    router = APIRouter()

    @router.get("/v1/broken")
    async def broken():
        raise ZeroDivisionError(INSIDE)

    app.router.routes.extend(router.routes)
    with structlog.testing.capture_logs() as lines:
        response = await client.get("/v1/broken")
    document = problem(response, 500, "internal_error")
    assert document["detail"] == "DawsOS could not answer because of a fault of its own."
    assert INSIDE not in response.text
    assert response.headers["content-security-policy"]
    (line,) = [one for one in lines if one["event"] == "request failed"]
    assert line["log_level"] == "error"
    assert (line["trace_id"], line["status"], line["route"]) == (document["trace_id"], 500, "/v1/broken")
    assert isinstance(line["exc_info"], ZeroDivisionError)


async def test_every_request_leaves_one_line_without_what_was_sent(join, client):
    ada = await join("ada")
    with structlog.testing.capture_logs() as lines:
        await client.post("/v1/auth/login", json={"email": "ada@example.org", "password": "SECRET-PASSWORD"})
        await ada.client.get("/v1/packs?policy=SECRET&apikey=SECRET")
    assert [(line["event"], line["method"], line["route"], line["status"]) for line in lines] == [
        ("request", "POST", "/v1/auth/login", 401),
        ("request", "GET", "/v1/packs", 200),
    ]
    assert "SECRET" not in repr(lines)
    assert ada.token not in repr(lines)


@pytest.mark.parametrize("path", ["/", "/health", "/v1/nothing", "/v1/auth/me", "/openapi.json", "/metrics"])
async def test_every_answer_carries_the_security_headers(client, path):
    headers = (await client.get(path)).headers
    assert headers["content-security-policy"] == (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "strict-transport-security" not in headers


async def test_answers_are_kept_by_nobody_unless_they_say_so(client):
    assert (await client.get("/v1/auth/me")).headers["cache-control"] == "no-store"
    assert (await client.get("/assets/app-4f3a9b.js")).headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_every_request_has_a_trace_of_its_own(client):
    first, second = await client.get("/health"), await client.get("/health")
    assert first.headers["x-trace-id"] != second.headers["x-trace-id"]
    assert len(first.headers["x-trace-id"]) == 32


async def test_a_sane_request_id_is_kept_and_any_other_replaced(client):
    kept = await client.get("/health", headers={"X-Request-Id": "import-2025.11-03_a"})
    assert kept.headers["x-request-id"] == "import-2025.11-03_a"
    for strange in ("", "a b", "x" * 65, "é", "-x", "a\tb"):
        replaced = await client.get("/health", headers={"X-Request-Id": strange.encode("latin-1")})
        assert replaced.headers["x-request-id"] == replaced.headers["x-trace-id"]


async def test_the_request_id_stands_in_the_trace_of_the_answer(join):
    ada = await join("ada")
    response = await ada.client.post("/v1/patterns/economy", json={}, headers={"X-Request-Id": "mine"})
    trace = response.json()["trace"]
    assert (trace["request_id"], trace["trace_id"]) == ("mine", response.headers["x-trace-id"])


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80:80", "", "[::2]", "127.0.0.1.evil", "localhost@evil"]
)
async def test_a_foreign_host_name_leads_nowhere(client, host):
    problem(await client.get("/health", headers={"Host": host}), 400, "unknown_host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]", "[::1]:8000"])
async def test_our_own_names_are_answered(client, host):
    assert (await client.get("/health", headers={"Host": host})).status_code == 200


async def test_a_body_that_says_it_is_too_large_is_refused_unread(join):
    ada = await join("ada")

    async def never():
        raise AssertionError("the body was read")
        yield b""

    response = await ada.client.post("/v1/portfolios", content=never(), headers={"Content-Length": str(LARGEST_BODY + 1)})
    problem(response, 413, "body_too_large")


async def test_a_body_that_turns_out_too_large_is_given_up(join):
    ada = await join("ada")
    sent = 0

    async def endless():
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 100_000

    response = await ada.client.post("/v1/portfolios", content=endless(), headers={"Content-Type": "application/json"})
    problem(response, 413, "body_too_large")
    assert sent < 20


async def test_a_file_to_import_may_be_larger_but_not_without_bound(join):
    ada = await join("ada")
    path = f"/v1/portfolios/{ada.portfolio.id}/imports"
    problem(await ada.client.post(path, content=b"", headers={**CSV, "Content-Length": str(LARGEST_IMPORT + 1)}), 413, "body_too_large")
    header = b"transaction_date,transaction_type,currency,amount,narration\n"
    line = b"2025-11-03,DEPOSIT,CAD,1.00," + b"x" * 1000 + b"\n"
    report = data(await ada.client.post(f"{path}?dry_run=true", content=header + line * 1500, headers=CSV))
    assert (report["rows"], report["is_accepted"]) == (1500, True)


async def test_the_client_that_goes_away_is_no_fault_of_ours(app, join):
    ada = await join("ada")
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": f"/v1/portfolios/{ada.portfolio.id}/imports", "raw_path": b"/",
        "query_string": b"", "root_path": "", "scheme": "http", "client": ("127.0.0.1", 1), "server": ("localhost", 8000),
        "headers": [(b"host", b"localhost"), (b"content-type", b"text/csv"), (b"authorization", f"Bearer {ada.token}".encode())],
    }  # fmt: skip
    with structlog.testing.capture_logs() as lines:
        await app(scope, receive, send)
    assert [line["status"] for line in lines] == [499]
    assert sent == []


async def test_there_are_no_web_sockets(app):
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    await app({"type": "websocket", "path": "/v1/packs", "headers": [(b"host", b"localhost")], "query_string": b""}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize("body", ["[" * 200_000, '{"name": ' + "9" * 5000 + "}"])
async def test_a_body_made_to_hurt_the_reader_is_a_problem(join, body):
    ada = await join("ada")
    response = await ada.client.post("/v1/portfolios", content=body, headers={"Content-Type": "application/json"})
    problem(response, 400, "bad_request")


async def test_two_applications_in_one_process_measure_apart(app, application, settings, database, clock, web_root):
    other = create_app(assemble(settings, database, capabilities.registry(), clock, Argon2id()), web_app=web_root)
    async with make_client(app) as one, make_client(other) as two:
        await one.get("/v1/auth/me")
        measured = (await two.get("/metrics")).text
    assert 'route="/v1/auth/me"' not in measured
    assert 'route="/v1/auth/me"' in (await _metrics(app))


async def _metrics(app):
    async with make_client(app) as client:
        return (await client.get("/metrics")).text
