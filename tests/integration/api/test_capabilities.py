"""Capabilities over HTTP: typed, pinned, and with where the result came from."""

from datetime import date

from tests.integration.api.clients import data, make_pack, problem

VALUE = "/v1/capabilities/portfolio.value"


async def test_a_capability_answers_with_its_result_and_where_that_came_from(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    response = await ada.client.post(VALUE, json={"portfolio_id": str(ada.portfolio.id), "factor": "2"})
    assert data(response)["nav"] == "2501"
    document = response.json()
    assert document["warnings"] == ["OLD has no price."]
    provenance = document["provenance"]
    assert (provenance["pricing_pack_id"], provenance["sources"], provenance["asof"]) == ("PP_2025-11-03", ["ledger"], "2025-11-03")
    assert (provenance["method_version"], provenance["origin"]) == ("value/1", "computed")


async def test_the_query_pins_a_capability(join, application):
    for day in (date(2025, 10, 31), date(2025, 11, 3)):
        await make_pack(application.database, day)
    ada = await join("ada")

    async def used(body=None, **params):
        response = await ada.client.post(VALUE, json={"portfolio_id": str(ada.portfolio.id), **(body or {})}, params=params)
        return data(response)["pack_id"]

    assert await used() == "PP_2025-11-03"
    assert await used(pack_id="PP_2025-10-31") == "PP_2025-10-31"
    assert await used(asof_date="2025-11-01") == "PP_2025-10-31"
    assert await used({"pack_id": "PP_2025-10-31"}) == "PP_2025-10-31"


async def test_a_request_that_names_one_pack_and_is_pinned_to_another_is_refused(join, application):
    for day in (date(2025, 10, 31), date(2025, 11, 3)):
        await make_pack(application.database, day)
    ada = await join("ada")
    body = {"portfolio_id": str(ada.portfolio.id), "pack_id": "PP_2025-10-31"}
    problem(await ada.client.post(VALUE, json=body, params={"pack_id": "PP_2025-11-03"}), 422, "validation_error")


async def test_a_capability_whose_request_names_no_portfolio_is_told_by_the_query(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    response = await ada.client.post(
        "/v1/capabilities/portfolio.owner", json={"amount": "1"}, params={"portfolio_id": str(ada.portfolio.id)}
    )
    assert data(response) == {"portfolio_name": "ada's"}


async def test_equal_requests_have_equal_data(join, application):
    await make_pack(application.database, date(2025, 11, 3))
    ada = await join("ada")
    bodies = [(await ada.client.post(VALUE, json={"portfolio_id": str(ada.portfolio.id)})).content for _ in range(2)]
    assert bodies[0][: bodies[0].index(b',"provenance"')] == bodies[1][: bodies[1].index(b',"provenance"')]


async def test_an_unknown_capability_is_answered_with_the_near_ones(join):
    ada = await join("ada")
    document = problem(await ada.client.post("/v1/capabilities/portfolio.valu", json={}), 404, "capability_not_found")
    assert document["remedy"].startswith("Did you mean 'portfolio.value'")


async def test_the_catalogue_describes_every_capability(join, application):
    ada = await join("ada")
    listed = {one["name"]: one for one in data(await ada.client.get("/v1/capabilities"))}
    assert list(listed) == list(application.registry.names)
    value = listed["portfolio.value"]
    assert (value["agent"], value["summary"], value["rights"], value["ttl"]) == (
        "Tester", "What the portfolio is worth.", ["portfolio_read"], 60,
    )  # fmt: skip
    nav = value["result"]["properties"]["nav"]
    assert (nav["x-unit"], nav["x-unit-field"]) == ("money", "currency")
    assert value["request"]["required"] == ["portfolio_id"]
