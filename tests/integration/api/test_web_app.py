"""The web app's files, and the page for every address that is nobody else's."""

import pytest

from dawsos.api.application import create_app
from tests.integration.api.clients import make_client, problem


@pytest.mark.parametrize("path", ["/", "/portfolio/123/overview", "/login?next=%2F", "/index.html", "/v10/x", "/healthy"])
async def test_every_address_of_a_person_is_the_start_page(client, path):
    response = await client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["cache-control"] == "no-cache"
    assert "<title>DawsOS</title>" in response.text


async def test_hashed_files_are_kept_forever_and_others_asked_for_again(client):
    script = await client.get("/assets/app-4f3a9b.js")
    assert script.text == "export const answer = 42;"
    assert "javascript" in script.headers["content-type"]
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    icon = await client.get("/icon.svg")
    assert icon.headers["content-type"] == "image/svg+xml"
    assert icon.headers["cache-control"] == "no-cache"
    unchanged = await client.get("/icon.svg", headers={"If-None-Match": icon.headers["etag"]})
    assert unchanged.status_code == 304


async def test_a_hashed_file_that_is_gone_is_not_the_start_page(client):
    problem(await client.get("/assets/app-000000.js"), 404, "not_found")


@pytest.mark.parametrize(
    "path", ["/../pyproject.toml", "/assets/../../secret", "/%2e%2e/%2e%2e/etc/passwd", "/assets/%2e%2e/%2e%2e/secret", "//etc/passwd"]
)
async def test_nothing_outside_the_folder_is_served(client, web_root, path):
    (web_root.parent / "secret").write_text("SECRET")
    response = await client.get(path)
    assert "SECRET" not in response.text
    assert "root:" not in response.text
    assert response.status_code in {200, 404}


async def test_only_reading_is_answered_with_a_page(client):
    assert (await client.head("/")).status_code == 200
    problem(await client.post("/portfolio"), 404, "not_found")


async def test_without_a_build_the_page_says_how_to_make_one(application, tmp_path):
    async with make_client(create_app(application, web_app=tmp_path / "nowhere")) as client:
        response = await client.get("/")
        assert response.status_code == 503
        assert response.headers["content-type"].startswith("text/plain")
        assert "make web" in response.text
        assert (await client.get("/health")).status_code == 200
