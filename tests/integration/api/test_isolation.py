"""Somebody else's portfolio is not there: every address answers for it with the bytes it has for one that does not exist."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from dawsos.kernel.identity import Role
from tests.integration.api.clients import data, make_pack, problem, without_when

ENTRY = {"transaction_date": "2025-11-03", "transaction_type": "DEPOSIT", "currency": "CAD", "amount": "100.00"}
CSV = "transaction_date,transaction_type,currency,amount\n2025-11-03,DEPOSIT,CAD,100.00\n"
NO_ACTION = UUID(int=7)
NO_SUGGESTION = UUID(int=8)
NO_IMPORT = UUID(int=9)
STATEMENT = "kind,name,amount\nCASH,CAD,1.00\n"


def requests_about(portfolio_id, transaction_id, action_id=NO_ACTION):
    """Every way to name a portfolio."""
    here = f"/v1/portfolios/{portfolio_id}"
    action = f"{here}/corporate-actions/{action_id}"
    suggestion = f"{here}/suggestions/{NO_SUGGESTION}"
    named = {"portfolio_id": str(portfolio_id)}
    return {
        "portfolio": ("GET", here, {}),
        "transactions": ("GET", f"{here}/transactions", {}),
        "transactions_filtered": ("GET", f"{here}/transactions", {"params": {"symbol": "RY", "page": 2}}),
        "lots": ("GET", f"{here}/lots", {}),
        "explanation": ("GET", f"{here}/explanation", {"params": {"figure": "nav"}}),
        "comparison": ("GET", f"{here}/comparison", {"params": {"from": "PP_2025-11-03", "to": "PP_2025-11-03"}}),
        "reconciliations": ("GET", f"{here}/reconciliations", {}),
        "upcoming_actions": ("GET", "/api/corporate-actions", {"params": named}),
        "actions": ("GET", f"{here}/corporate-actions", {}),
        "action_preview": ("GET", f"{action}/preview", {}),
        "action_apply": ("POST", f"{action}/application", {}),
        "action_reverse": ("POST", f"{action}/reversal", {"json": {"reason": "mistake"}}),
        "alert": ("POST", "/v1/alerts", {"json": {"alert_type": "drawdown_limit", "condition": {"threshold": 0.15}, **named}}),
        "suggestions": ("GET", f"{here}/suggestions", {}),
        "proposals": ("GET", "/api/optimizer/proposals", {"params": named}),
        "suggest": ("POST", f"{here}/suggestions", {"json": {}}),
        "suggestion": ("GET", suggestion, {}),
        "suggestion_accept": ("POST", f"{suggestion}/acceptance", {}),
        "suggestion_reject": ("POST", f"{suggestion}/rejection", {}),
        "suggestion_preview": ("POST", f"{suggestion}/preview", {"json": {}}),
        "suggestion_execute": ("POST", f"{suggestion}/execution", {"json": {"shown": "0" * 64}}),
        "change": ("PATCH", here, {"json": {"description": "Mine"}}),
        "imports": ("GET", f"{here}/imports", {}),
        "import_undo": ("POST", f"{here}/imports/{NO_IMPORT}/undo", {"json": {"reason": "mistake"}}),
        "statements": ("GET", f"{here}/statements", {}),
        "statement": ("POST", f"{here}/statements?date=2025-11-03", {"content": STATEMENT, "headers": {"Content-Type": "text/csv"}}),
        "lock": ("GET", f"{here}/period-lock", {}),
        "lock_settle": ("PUT", f"{here}/period-lock", {"json": {"through": "2020-01-01", "reason": "done"}}),
        "lock_open": ("POST", f"{here}/period-lock/opening", {"json": {"reason": "mistake"}}),
        "book": ("POST", f"{here}/transactions", {"json": ENTRY}),
        "book_wrongly": ("POST", f"{here}/transactions", {"json": {**ENTRY, "amount": "-1"}}),
        "reverse": ("POST", f"{here}/transactions/{transaction_id}/reversal", {"json": {"reason": "mistake"}}),
        "import": ("POST", f"{here}/imports", {"content": CSV, "headers": {"Content-Type": "text/csv"}}),
        "import_dry": ("POST", f"{here}/imports?dry_run=true", {"content": CSV, "headers": {"Content-Type": "text/csv"}}),
        "packs": ("GET", "/v1/packs", {"params": named}),
        "pattern": ("POST", "/v1/patterns/value_report", {"json": {"inputs": named}}),
        "pattern_pinned": ("POST", "/v1/patterns/value_report", {"json": {"inputs": named, "pack_id": "PP_2025-11-03"}}),
        "pattern_unknown_pack": ("POST", "/v1/patterns/value_report", {"json": {"inputs": named, "pack_id": "PP_1999-01-01"}}),
        "pattern_shock": ("POST", "/v1/patterns/shock_test", {"json": {"inputs": named}}),
        "execute": ("POST", "/v1/execute", {"json": {"pattern": "value_report", "inputs": named}}),
        "execute_beside": ("POST", "/v1/execute", {"json": {"pattern": "economy", **named}}),
        "execute_alias": ("POST", "/api/patterns/execute", {"json": {"pattern": "value_report", "inputs": named}}),
        "export_pdf": ("POST", "/v1/patterns/value_report/export/pdf", {"json": {"inputs": named}}),
        "export_csv": ("POST", "/v1/patterns/value_report/export/csv", {"json": named}),
        "export_excel": ("POST", "/v1/patterns/value_report/export/excel", {"json": {"inputs": named}}),
        "capability": ("POST", "/v1/capabilities/portfolio.value", {"json": named}),
        "capability_shock": ("POST", "/v1/capabilities/portfolio.shock", {"json": named}),
        "capability_ledger": ("POST", "/v1/capabilities/portfolio.value", {"json": named, "params": {"ledger": "0" * 64}}),
        "capability_about": ("POST", "/v1/capabilities/portfolio.owner", {"json": {"amount": "1"}, "params": named}),
        "capability_without": ("POST", "/v1/capabilities/macro.level", {"json": {}, "params": named}),
    }


WAYS = sorted(requests_about("", ""))
#: What users may not ask for, whosever portfolio it is about.
FOR_MANAGERS = ("export_pdf", "export_excel")


@pytest_asyncio.fixture
async def bobs_entry(application, join):
    """A booked entry of Bob's, and Bob."""
    await make_pack(application.database, date(2025, 11, 3))
    bob = await join("bob")
    booked = data(await bob.client.post(f"/v1/portfolios/{bob.portfolio.id}/transactions", json=ENTRY), 201)
    return bob, booked["transaction"]["id"]


@pytest.mark.parametrize("role", [Role.USER, Role.ADMIN])
async def test_somebody_elses_portfolio_answers_like_one_that_does_not_exist(join, bobs_entry, role):
    bob, entry = bobs_entry
    ada = await join("ada", role)
    others, missing = requests_about(bob.portfolio.id, entry), requests_about(uuid4(), uuid4())
    for way in WAYS:
        answers = []
        for method, path, body in (others[way], missing[way]):
            answers.append(await ada.client.request(method, path, **body))
        for answer in answers:
            problem(answer, *((403, "forbidden") if way in FOR_MANAGERS and role is Role.USER else (404, "portfolio_not_found")))
        assert without_when(answers[0]) == without_when(answers[1]), way
        assert _headers(answers[0]) == _headers(answers[1]), way


def _headers(response):
    return {name: value for name, value in response.headers.items() if name not in {"x-trace-id", "x-request-id"}}


async def test_the_same_requests_work_for_the_owner(bobs_entry):
    bob, entry = bobs_entry
    expected = {"book_wrongly": 422, "pattern_unknown_pack": 404, "capability_ledger": 404, "book": 201, "reverse": 201}
    expected |= dict.fromkeys(("action_preview", "action_apply", "action_reverse"), 404)  # of an action nobody proposed
    expected |= dict.fromkeys(FOR_MANAGERS, 403)
    expected |= dict.fromkeys(("suggestion", "suggestion_accept", "suggestion_reject", "suggestion_preview", "suggestion_execute"), 404)
    expected |= {"import_undo": 404, "statement": 201, "lock_open": 404, "alert": 201}
    expected["suggest"] = 422  # nothing with a price is held
    for way, (method, path, body) in sorted(requests_about(bob.portfolio.id, entry).items()):
        answer = await bob.client.request(method, path, **body)
        assert answer.status_code == expected.get(way, 200), f"{way}: {answer.text}"


async def test_every_route_that_can_name_a_portfolio_is_among_them(app):
    """A new route with a portfolio in it must be added above."""
    tried = {
        (
            method,
            path.partition("?")[0]
            .replace("value_report/export", "{pattern_id}/export")
            .replace(str(NO_SUGGESTION), "{suggestion_id}")
            .replace(str(NO_IMPORT), "{import_id}"),
        )
        for method, path, _ in requests_about("{portfolio_id}", "{transaction_id}", "{action_id}").values()
    }
    document = app.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "portfolio_id" in _names_in(operation, document):
                capability = path.startswith("/v1/capabilities/faults.") or path.endswith(("house.sweep", "report.print"))
                assert capability or (method.upper(), path) in tried, path


def _names_in(operation, document):
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    for media in operation.get("requestBody", {}).get("content", {}).values():
        names |= _properties(media["schema"], document)
    return names


def _properties(schema, document, depth=0):
    if "$ref" in schema and depth < 3:
        return _properties(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document, depth + 1)
    names = set(schema.get("properties", ()))
    for inner in schema.get("properties", {}).values():
        names |= _properties(inner, document, depth + 1)
    return names


async def test_lists_hold_ones_own_portfolios_only(join):
    ada, bob, root = await join("ada"), await join("bob"), await join("root", Role.ADMIN)
    for member in (ada, bob, root):
        assert [one["id"] for one in data(await member.client.get("/v1/portfolios"))] == [str(member.portfolio.id)]


async def test_an_entry_of_another_portfolio_cannot_be_reversed_through_ones_own(join, bobs_entry):
    _, entry = bobs_entry
    ada = await join("ada")
    path = f"/v1/portfolios/{ada.portfolio.id}/transactions/{{}}/reversal"
    other = await ada.client.post(path.format(entry), json={"reason": "mine now"})
    missing_id = uuid4()
    missing = await ada.client.post(path.format(missing_id), json={"reason": "mine now"})
    problem(other, 404, "transaction_not_found")
    assert without_when(other).replace(entry.encode(), b"") == without_when(missing).replace(str(missing_id).encode(), b"")


async def test_nothing_was_booked_for_anybody_else(join, bobs_entry):
    bob, entry = bobs_entry
    ada = await join("ada")
    for method, path, body in requests_about(bob.portfolio.id, entry).values():
        await ada.client.request(method, path, **body)
    page = data(await bob.client.get(f"/v1/portfolios/{bob.portfolio.id}/transactions"))
    assert page["total"] == 1
    assert Decimal(page["items"][0]["amount"]) == Decimal(100)
