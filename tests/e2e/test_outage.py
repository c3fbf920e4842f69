"""When the database goes away under an open page: the page says so, keeps its figures, and recovers by itself."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LiveServer
from tests.e2e.pages import Dashboard

pytestmark = pytest.mark.e2e


def test_the_page_says_that_the_database_is_down_and_recovers_without_a_reload(dashboard: Dashboard, live_server: LiveServer) -> None:
    page = dashboard.page
    value = dashboard.metric("Total value")
    page.evaluate("window.stillTheSamePage = true")
    banner = page.get_by_role("alert").filter(has=page.get_by_role("button", name="Try now"))
    with live_server.database_down():
        page.get_by_text("6M", exact=True).click()
        expect(banner).to_be_visible()
        expect(banner).to_contain_text("next try in")
    expect(banner).to_be_hidden(timeout=90_000)
    dashboard.wait()
    assert page.evaluate("window.stillTheSamePage") is True
    assert dashboard.metric("Total value") == value
    assert dashboard.query["lookback"] == "126"
