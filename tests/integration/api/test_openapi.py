"""The description of the API: complete, typed, the same every time."""

import json

import pytest

from dawsos.api.application import create_app

_described = {}


@pytest.fixture
def document(app):
    """The description, made once for all these tests: that another application gives the same is one of them."""
    if "document" not in _described:
        _described["document"] = app.openapi()
    return _described["document"]


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def is_a_file(content):
    return [media["schema"] for media in content.values()] == [{"type": "string", "format": "binary"}]


async def test_every_operation_has_a_name_of_its_own_a_typed_answer_and_problems(document):
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names)) > 30
    for place, operation in operations(document):
        assert operation.get("summary"), place
        good = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        assert good["content"].get("application/json", {}).get("schema") or is_a_file(good["content"]), place
        assert operation["responses"]["default"]["content"] == {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        }


async def test_every_reference_leads_somewhere(document):
    schemas = document["components"]["schemas"]

    def references(value):
        if isinstance(value, dict):
            if "$ref" in value:
                yield value["$ref"]
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    found = set(references(document))
    assert len(found) > 50
    assert {reference.rpartition("/")[2] for reference in found} <= set(schemas)
    assert all(reference.startswith("#/components/schemas/") for reference in found)
    assert not any("__" in name for name in schemas), "two models share a name"


async def test_units_are_kept(document):
    schemas = document["components"]["schemas"]
    assert (schemas["ValueResult"]["properties"]["nav"]["x-unit"], schemas["ValueResult"]["properties"]["nav"]["x-unit-field"]) == (
        "money", "currency",
    )  # fmt: skip
    assert schemas["Lot"]["properties"]["qty_open"]["x-unit"] == "quantity"
    assert schemas["PackRate"]["properties"]["rate"]["x-unit"] == "exchange_rate"


async def test_money_is_described_as_text(document):
    lot = document["components"]["schemas"]["Lot"]["properties"]
    assert lot["cost_basis"]["type"] == "string"


async def test_the_description_is_the_same_for_every_application(document, application):
    assert json.dumps(document) == json.dumps(create_app(application).openapi())


async def test_it_is_served(client, document):
    response = await client.get("/openapi.json")
    assert response.status_code == 200
    assert response.json() == json.loads(json.dumps(document))
