"""What administrators look after over HTTP: nobody else sees it, and what is done is done once."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from dawsos.kernel.identity import SYSTEM, Role
from dawsos.store import runs
from dawsos.store.runs import StepKey
from dawsos.store.sources import FetchRecord, put_fetch
from tests.integration.api.clients import Member, data, make_pack, problem
from tests.support.postgres import make_securities

DEPOSIT = {"transaction_date": "2025-11-03", "transaction_type": "DEPOSIT", "currency": "CAD", "amount": "100.00"}
READS = (
    "/v1/admin/jobs",
    "/v1/admin/dlq",
    "/v1/admin/price-doubts",
    "/v1/admin/cache",
    "/v1/admin/audit",
    "/v1/admin/fetches",
    "/v1/admin/symbol-overrides",
)


@pytest.mark.parametrize("role", [Role.USER, Role.MANAGER, Role.VIEWER])
async def test_only_administrators_see_any_of_it(join, role) -> None:
    member = await join("ada", role)
    for path in READS:
        problem(await member.client.get(path), 403, "forbidden")
    for path in ("/v1/admin/dlq/replay-batch", f"/v1/admin/dlq/{uuid4()}/replay"):
        problem(await member.client.post(path), 403, "forbidden")


async def test_a_dead_letter_is_replayed_settled_and_listed(join, application) -> None:
    root = await join("root", Role.ADMIN)
    assert data(await root.client.get("/v1/admin/dlq")) == []
    letter = await application.letters.keep("unknown:x", {"day": "2025-11-03"}, "it failed")
    (listed,) = data(await root.client.get("/v1/admin/dlq"))
    assert (listed["id"], listed["queue_name"], listed["message"], listed["status"]) == (
        str(letter),
        "unknown:x",
        {"day": "2025-11-03"},
        "pending",
    )
    tried = data(await root.client.post(f"/v1/admin/dlq/{letter}/replay"))
    assert (tried["status"], tried["error"]) == ("pending", "nothing handles the queue unknown:x")
    assert data(await root.client.post("/v1/admin/dlq/replay-batch")) == []  # not due yet
    problem(await root.client.post(f"/v1/admin/dlq/{letter}/resolve", json={"note": " "}), 422, "validation_error")
    data(await root.client.post(f"/v1/admin/dlq/{letter}/resolve", json={"note": "done by hand"}))
    problem(await root.client.post(f"/v1/admin/dlq/{letter}/replay"), 409, "dead_letter_settled")
    problem(await root.client.post(f"/v1/admin/dlq/{uuid4()}/replay"), 404, "dead_letter_not_found")
    assert data(await root.client.get("/v1/admin/dlq")) == []
    (settled,) = data(await root.client.get("/v1/admin/dlq?resolved=true"))
    assert settled["error"] == "settled by hand: done by hand"
    audit = data(await root.client.get("/v1/admin/audit"))
    assert ("resolve", "dead_letter", str(letter)) in {(one["action"], one["entity_type"], one["entity_id"]) for one in audit}


async def test_nights_are_listed_step_by_step(join, application, clock) -> None:
    root = await join("root", Role.ADMIN)
    key = StepKey("ECB_CLOSE", date(2025, 10, 31), "reconcile")
    async with application.database.transaction(SYSTEM) as tx:
        await runs.start_run(tx, key, place=2, pricing_pack_id=None, moment=clock.now())
        await runs.finish_run(tx, key, status="failed", moment=clock.now(), error="one ledger differs", warnings=["look at it"])
    (step,) = data(await root.client.get("/v1/admin/jobs"))
    assert (step["job"], step["status"], step["error"], step["warnings"]) == ("reconcile", "failed", "one ledger differs", ["look at it"])


async def test_kept_results_tell_hits_misses_and_ages(join, application) -> None:
    root = await join("root", Role.ADMIN)
    application.meters.derivations.labels("metrics", "miss").inc()
    application.meters.derivations.labels("metrics", "hit").inc(3)
    application.meters.derivation_age.labels("metrics").observe(10)
    application.meters.derivation_age.labels("metrics").observe(30)
    (one,) = data(await root.client.get("/v1/admin/cache"))
    assert (one["derivation"], one["hits"], one["misses"], one["hit_rate"]) == ("metrics", 3, 1, 0.75)
    assert (one["mean_age_seconds"], one["kept"], one["oldest"]) == (20.0, 0, None)


async def test_kept_answers_are_told_beside_kept_results_and_go_with_what_they_were_made_of(join, application) -> None:
    root, ada, bob = await join("root", Role.ADMIN), await join("ada"), await join("bob")
    await make_pack(application.database, date(2025, 11, 3))

    async def told() -> dict[str, Any]:
        return {one["derivation"]: one for one in data(await root.client.get("/v1/admin/cache"))}

    async def asked(member: Member, portfolio: Any) -> Any:
        body = {"inputs": {"portfolio_id": str(portfolio.id)}}
        return await member.client.post("/v1/patterns/shock_test", json=body)

    async def overall(member: Member) -> str:
        answer = await asked(member, member.portfolio)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["trace"]["data_provenance"]["overall"])

    kinds = [await overall(ada) for _ in range(3)]
    assert kinds[1:] == ["cached", "cached"] != kinds[:1]
    assert await overall(bob) == kinds[0], "nobody is answered with what was kept for another"
    assert (await asked(bob, ada.portfolio)).status_code == 404
    one = (await told())["answer/shock_test"]
    assert (one["hits"], one["misses"], one["kept"]) == (2, 2, 2)
    assert one["mean_age_seconds"] >= 0
    booked = await bob.client.post(f"/v1/portfolios/{bob.portfolio.id}/transactions", json=DEPOSIT)
    assert booked.status_code == 201, booked.text
    assert await overall(ada) == "cached", "what others book is no change of hers"
    assert await overall(bob) == kinds[0], "what he booked is one of his"
    metrics = (await root.client.get("/metrics")).text
    assert 'dawsos_derivation_requests_total{derivation="answer/shock_test",outcome="hit"} 3.0' in metrics
    assert "dawsos_kept_answer_bytes" in metrics


async def test_a_doubt_nobody_has_cannot_be_decided_and_sources_tell_their_rights(join) -> None:
    root, ada = await join("root", Role.ADMIN), await join("ada")
    decision = {"symbol": "RY", "date": "2025-11-03", "source": "TEST", "decision": "accepted", "note": "seen on the exchange"}
    assert data(await root.client.get("/v1/admin/price-doubts")) == []
    problem(await root.client.post("/v1/admin/price-doubts/decision", json=decision), 404, "price_check_not_found")
    problem(await root.client.post("/v1/admin/price-doubts/decision", json={**decision, "decision": "maybe"}), 422, "validation_error")
    sources = {one["name"]: one for one in data(await ada.client.get("/v1/sources"))}
    assert sources["ECB"]["is_configured"] is True
    assert sources["FRED"]["key_setting"] and sources["FRED"]["newest"] is None


async def test_tickers_are_set_and_removed_and_what_was_fetched_is_listed(join, database, application, clock) -> None:
    root = await join("root", role=Role.ADMIN)
    await make_securities(database, "BRK.B", currency="USD")
    path = "/v1/admin/symbol-overrides/FMP/BRK.B"
    (one,) = data(await root.client.put(path, json={"ticker": "BRK-B", "note": "share classes"}))
    assert (one["provider"], one["symbol"], one["ticker"], one["note"]) == ("FMP", "BRK.B", "BRK-B", "share classes")
    problem(await root.client.put("/v1/admin/symbol-overrides/YAHOO/BRK.B", json={"ticker": "X"}), 422, "validation_error")
    problem(await root.client.put("/v1/admin/symbol-overrides/FMP/NOSUCH", json={"ticker": "X"}), 404, "security_not_found")
    assert data(await root.client.delete(path)) == []
    problem(await root.client.delete(path), 404, "override_not_found")
    assert data(await root.client.get("/v1/admin/audit"))[0]["entity_ref"] == "FMP BRK.B"

    async with database.transaction(SYSTEM) as tx:
        await put_fetch(tx, FetchRecord(date(2022, 12, 28), "FRED", "series", "not_configured", 0, 0, "no key", [], clock.now()))
    (found,) = data(await root.client.get("/v1/admin/fetches"))
    assert (found["asof_date"], found["status"], found["problem"]) == ("2022-12-28", "not_configured", "no key")
    sources = {one["name"]: one for one in data(await root.client.get("/v1/sources"))}
    assert (sources["FMP"]["bytes_this_month"], sources["FMP"]["allowance_used"]) == (0, None)
