"""Alerts over HTTP: created once, paused, deleted; each the business of one user."""

from uuid import uuid4

from dawsos.kernel.identity import Role
from tests.integration.api.clients import data, problem

DRAWDOWN = {"alert_type": "drawdown_limit", "condition": {"threshold": 0.15}}


def wanted(member, **more):
    return {**DRAWDOWN, "portfolio_id": str(member.portfolio.id), **more}


async def test_an_alert_is_created_listed_paused_and_deleted(join):
    ada = await join("ada")
    made = data(await ada.client.post("/v1/alerts", json=wanted(ada, name="Deep", severity="critical")), 201)
    assert (made["name"], made["watches"], made["severity"], made["is_active"]) == ("Deep", "Drawdown deeper than 15 %", "critical", True)
    assert made["condition"] == {"threshold": 0.15}
    again = data(await ada.client.post("/v1/alerts", json=wanted(ada)), 200)
    assert again == made
    assert data(await ada.client.get("/v1/alerts")) == [made]
    paused = data(await ada.client.patch(f"/v1/alerts/{made['id']}", json={"is_active": False}))
    assert (paused["id"], paused["is_active"]) == (made["id"], False)
    assert data(await ada.client.delete(f"/v1/alerts/{made['id']}")) == {"id": made["id"]}
    assert data(await ada.client.get("/v1/alerts")) == []
    problem(await ada.client.delete(f"/v1/alerts/{made['id']}"), 404, "alert_not_found")


async def test_nobody_reaches_another_users_alert_or_watches_another_users_portfolio(join):
    ada, bob = await join("ada"), await join("bob", Role.ADMIN)
    made = data(await ada.client.post("/v1/alerts", json=wanted(ada)), 201)
    assert data(await bob.client.get("/v1/alerts")) == []
    for answer in (
        await bob.client.patch(f"/v1/alerts/{made['id']}", json={"is_active": False}),
        await bob.client.delete(f"/v1/alerts/{made['id']}"),
    ):
        problem(answer, 404, "alert_not_found")
    others = await bob.client.post("/v1/alerts", json=wanted(ada))
    missing = await bob.client.post("/v1/alerts", json={**DRAWDOWN, "portfolio_id": str(uuid4())})
    problem(others, 404, "portfolio_not_found")
    problem(missing, 404, "portfolio_not_found")
    assert data(await ada.client.get("/v1/alerts")) == [made]


async def test_a_viewer_may_not_and_a_condition_that_says_nothing_is_refused(join):
    viewer, ada = await join("viewer", Role.VIEWER), await join("ada")
    problem(await viewer.client.get("/v1/alerts"), 403, "forbidden")
    problem(await viewer.client.post("/v1/alerts", json=wanted(viewer)), 403, "forbidden")
    refused = await ada.client.post("/v1/alerts", json=wanted(ada, condition={"threshold": 0.9, "depth": 1}))
    document = problem(refused, 422, "condition_refused")
    assert "threshold must lie between 0.1 and 0.4" in document["detail"]
    problem(await ada.client.post("/v1/alerts", json={"alert_type": "rain"}), 422, "unknown_alert_type")
    assert data(await ada.client.get("/v1/alerts")) == []
