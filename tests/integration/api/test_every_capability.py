"""The real capabilities and patterns over HTTP: whatever agents and the library grow by must keep these."""

import os
from datetime import date
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest

from dawsos.api.application import create_app
from dawsos.bootstrap import assemble, catalogue
from dawsos.kernel.identity import Role
from dawsos.services.passwords import Argon2id
from dawsos.settings import Settings
from tests.integration.api.clients import data, make_pack, problem, without_when

ROOT = Path(__file__).parents[3]
real_registry = cache(catalogue)


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, patterns=ROOT / "patterns", allowed_hosts=("localhost",))


@pytest.fixture
def application(settings, database, clock):
    return assemble(settings, database, real_registry(), clock, Argon2id(time_cost=1, memory_cost=8, parallelism=1), os.urandom)


def about(one, portfolio_id):
    """The example request of a capability, about ``portfolio_id`` in its body or its query."""
    if "portfolio_id" in one.request.model_fields:
        return {"json": {**one.example, "portfolio_id": str(portfolio_id)}}
    return {"json": dict(one.example), "params": {"portfolio_id": str(portfolio_id)}}


async def test_r60_every_capability_keeps_somebody_elses_portfolio_apart(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada, bob = await join("ada", Role.ADMIN), await join("bob")
    for one in application.registry:
        path = f"/v1/capabilities/{one.name}"
        others = await ada.client.post(path, **about(one, bob.portfolio.id))
        missing = await ada.client.post(path, **about(one, uuid4()))
        problem(others, 404, "portfolio_not_found")
        assert without_when(others) == without_when(missing), one.name


async def test_every_pattern_keeps_somebody_elses_portfolio_apart(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada, bob = await join("ada", Role.ADMIN), await join("bob")
    asked = [one for one in application.patterns.values() if "portfolio_id" in one.inputs]
    assert asked
    for one in asked:
        answers = []
        for portfolio_id in (bob.portfolio.id, uuid4()):
            others = {each.name: None for each in one.inputs.values() if each.required}
            body = {"pattern": one.id, "inputs": {**others, "portfolio_id": str(portfolio_id)}}
            answers.append(await ada.client.post("/v1/execute", json=body))
        problem(answers[0], 404, "portfolio_not_found")
        assert without_when(answers[0]) == without_when(answers[1]), one.id


async def test_the_example_of_every_capability_is_answered_or_refused_but_never_breaks(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada", Role.ADMIN)
    for one in application.registry:
        path = f"/v1/capabilities/{one.name}"
        for request in (about(one, ada.portfolio.id), {"json": dict(one.example)}):
            answer = await ada.client.post(path, **request)
            assert answer.status_code in {200, 404, 409, 422, 503}, f"{one.name}: {answer.text}"


async def test_the_report_is_downloaded_and_kept_apart(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada, bob = await join("ada", Role.ADMIN), await join("bob")
    answer = await ada.client.get(f"/v1/portfolios/{ada.portfolio.id}/report.pdf", params={"include_performance": False})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    assert answer.content.startswith(b"%PDF-1.7")
    problem(await ada.client.get(f"/v1/portfolios/{bob.portfolio.id}/report.pdf"), 404, "portfolio_not_found")
    problem(await bob.client.get(f"/v1/portfolios/{bob.portfolio.id}/report.pdf"), 403, "forbidden")


async def test_the_description_of_all_of_it_has_one_model_for_each_name(application):
    schemas = create_app(application).openapi()["components"]["schemas"]
    assert not [name for name in schemas if "__" in name]
    for one in application.patterns.values():
        assert f"{''.join(part.capitalize() for part in one.id.split('_'))}PatternAnswer" in schemas


async def test_a_portfolio_nothing_was_booked_in_has_an_overview_that_says_so(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    answer = await ada.client.post("/v1/patterns/portfolio_overview", json={"inputs": {"portfolio_id": str(ada.portfolio.id)}})
    found = data(answer)
    assert found["valued_positions"]["nav"] == "0"
    assert found["historical_nav"]["data"] == []
    metrics = found["perf_metrics"]
    assert (metrics["twr"], metrics["n_obs"]) == (None, 0)
    assert metrics["reasons"]["twr"]
    assert found["currency_attr"]["total_return"] is None
    assert found["currency_attr"]["reasons"]
