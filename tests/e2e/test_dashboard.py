"""The dashboard in a real browser, against the real server and the demo."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer


def log_in(page: Page, server: LiveServer) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(server.email)
    page.get_by_label("Password", exact=True).fill(server.password)
    page.get_by_role("button", name="Log in").click()


def test_the_overview_of_the_household_opens_after_login(page: Page, live_server: LiveServer) -> None:
    log_in(page, live_server)
    expect(page.get_by_text("897,308.36").first).to_be_visible()
    page.screenshot(path="/tmp/dash.png", full_page=True)
