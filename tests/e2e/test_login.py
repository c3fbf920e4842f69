"""Logging in and out, in a real browser."""

from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.pages import Dashboard, LoginPage

pytestmark = pytest.mark.e2e


def test_a_stranger_is_led_to_the_login_and_back_to_the_page_they_came_for(
    page: Page, live_server: LiveServer, dashboard: Dashboard
) -> None:
    wanted = f"/portfolios/{dashboard.portfolio_id}/overview?pack={dashboard.query['pack']}&lookback=126"
    page.goto(wanted)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    LoginPage(page).log_in(live_server.email, live_server.password)
    Dashboard(page).wait()
    assert page.url == live_server.url + wanted


def test_a_wrong_password_is_refused_with_words_and_opens_no_session(page: Page, live_server: LiveServer) -> None:
    page.goto("/login")
    with page.expect_response("**/v1/auth/login") as answer:
        LoginPage(page).log_in(live_server.email, "not the password")
    problem = answer.value.json()
    expect(page.get_by_role("alert")).to_contain_text(problem["detail"])
    assert answer.value.status == 401
    assert urlparse(page.url).path == "/login"
    assert page.request.get("/v1/auth/me").status == 401


def test_logging_out_ends_the_session_for_good(page: Page, live_server: LiveServer) -> None:
    page.goto("/")
    LoginPage(page).log_in(live_server.email, live_server.password)
    Dashboard(page).wait()
    page.get_by_role("button", name=f"Account of {live_server.email}").click()
    page.get_by_role("menuitem", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert page.request.get("/v1/auth/me").status == 401
    page.goto("/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_the_page_talks_to_its_own_server_only_and_breaks_no_rule_of_its_policy(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/login")
    LoginPage(page).log_in(live_server.email, live_server.password)
    Dashboard(page).wait()
    expect(page.locator("canvas").first).to_be_visible()
    assert {url for url in asked if not url.startswith(live_server.url)} == set()
    assert [text for text in complaints if "401" not in text] == []
