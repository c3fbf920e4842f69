"""Corporate actions over HTTP: honest about what is not known, strict about what is asked."""

from uuid import uuid4

import pytest
import pytest_asyncio

from dawsos.kernel.identity import Role
from tests.integration.api.clients import data, problem
from tests.support.postgres import make_securities

SPLIT = {"symbol": "RY", "action_type": "SPLIT", "ex_date": "2025-10-15", "split_from": "1", "split_to": "2"}


@pytest_asyncio.fixture
async def ada(join, database):
    await make_securities(database, "RY", "TD")
    return await join("ada")


async def book(member):
    deposit = {"transaction_date": "2025-10-01", "transaction_type": "DEPOSIT", "currency": "CAD", "amount": "10000.00"}
    buy = {"transaction_date": "2025-10-02", "transaction_type": "BUY", "symbol": "RY", "quantity": "100", "price": "50", "currency": "CAD"}
    for entry in (deposit, buy):
        data(await member.client.post(f"/v1/portfolios/{member.portfolio.id}/transactions", json=entry), 201)


@pytest.mark.parametrize(
    "query", ["", "portfolio_id=", "portfolio_id=00000000-0000-0000-0000-00000000000x", "portfolio_id=123456789012345678901234567890123456"]
)
async def test_without_a_true_uuid_nothing_is_answered(ada, query):
    problem(await ada.client.get(f"/api/corporate-actions?{query}"), 422, "validation_error")


@pytest.mark.parametrize("days", ["0", "366", "x"])
async def test_the_horizon_is_between_a_day_and_a_year(ada, days):
    problem(await ada.client.get(f"/api/corporate-actions?portfolio_id={ada.portfolio.id}&days_ahead={days}"), 422, "validation_error")


async def test_the_portfolio_of_somebody_else_is_not_there(ada, join):
    bob = await join("bob")
    for wanted in (bob.portfolio.id, uuid4()):
        problem(await ada.client.get(f"/api/corporate-actions?portfolio_id={wanted}"), 404, "portfolio_not_found")


async def test_where_nobody_has_told_anything_the_answer_is_empty_and_says_so(ada):
    await book(ada)
    found = data(await ada.client.get(f"/api/corporate-actions?portfolio_id={ada.portfolio.id}"))
    assert (found["actions"], found["time_horizon_days"], found["metadata"]["data_available"]) == ([], 30, False)
    assert "No source" in found["metadata"]["message"]
    assert found["summary"]["total_actions"] == 0
    assert found["summary"]["earnings_releases"] is None
    assert found["summary"]["reasons"]["earnings_releases"]


async def test_an_action_goes_through_the_queue_into_the_lots_and_out_again(ada, join):
    await book(ada)
    admin = await join("root", role=Role.ADMIN)
    problem(await ada.client.post("/v1/corporate-actions", json=SPLIT), 403, "forbidden")
    proposed = data(await admin.client.post("/v1/corporate-actions", json=SPLIT), 201)
    problem(await admin.client.post("/v1/corporate-actions", json=SPLIT), 409, "action_in_queue")
    here = f"/v1/portfolios/{ada.portfolio.id}/corporate-actions/{proposed['id']}"
    problem(await ada.client.post(f"{here}/application"), 409, "action_not_approved")
    shown = data(await ada.client.get(f"{here}/preview"))
    assert (shown["application_id"], shown["lots_after"][0]["qty_open"], shown["lots_after"][0]["cost_basis"]) == (None, "200", "5000")
    data(await admin.client.post(f"/v1/corporate-actions/{proposed['id']}/approval"))
    problem(await admin.client.post(f"/v1/corporate-actions/{proposed['id']}/rejection"), 409, "action_decided")
    done = data(await ada.client.post(f"{here}/application"), 201)
    assert (done["quantity"], done["realized_pl"]) == ("100", "0")
    (listed,) = data(await ada.client.get(f"/v1/portfolios/{ada.portfolio.id}/corporate-actions?from=2025-10-01&to=2025-10-31"))["actions"]
    assert (listed["id"], listed["standing"]) == (proposed["id"], "applied")
    problem(await ada.client.post(f"{here}/application"), 409, "action_applied")
    taken = data(await ada.client.post(f"{here}/reversal", json={"reason": "It was announced and withdrawn"}), 201)
    assert len(taken["reversals"]) == 1
    (lot,) = data(await ada.client.get(f"/v1/portfolios/{ada.portfolio.id}/lots"))["lots"]
    assert (lot["qty_open"], lot["cost_basis"]) == ("100", "5000")
