"""The pages of the patterns and of the ledger: reached in two clicks, with the figures the server gives, and no rule of accessibility broken."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages import Api, Dashboard, money, signed_percentage
from tests.e2e.test_accessibility import dashboard_of, open_page, violations_in_both_themes  # noqa: F401 (a fixture)

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]


def panel(page: Page, panel_id: str) -> Locator:
    return page.locator(f"[data-panel='{panel_id}']")


def deep_dive(page: Page, portfolio_id: str, security_id: str) -> dict:
    inputs = {"portfolio_id": portfolio_id, "security_id": security_id}
    answer = page.request.post("/v1/patterns/holding_deep_dive", data={"inputs": inputs}, headers={"X-Requested-With": "dawsos"})
    assert answer.ok, answer.text()
    return answer.json()["data"]


def open_first_holding(dashboard: Dashboard) -> str:
    """Follow the name of the first holding; its identifier."""
    link = dashboard.panel("holdings").locator("tbody th a").first
    symbol = link.inner_text()
    link.click()
    expect(dashboard.page.get_by_role("heading", level=1, name="Holding deep dive")).to_be_visible()
    expect(panel(dashboard.page, "position_summary")).to_contain_text(symbol)
    return dashboard.query["security_id"]


def test_a_holding_opens_with_the_figures_of_the_server(dashboard: Dashboard) -> None:
    page, portfolio_id, pack = dashboard.page, dashboard.portfolio_id, dashboard.query["pack"]
    security_id = open_first_holding(dashboard)
    found = deep_dive(page, portfolio_id, security_id)
    assert dashboard.query["pack"] == pack
    expect(panel(page, "position_summary")).to_contain_text(money(found["position"]["market_value"]))
    expect(panel(page, "performance")).to_contain_text(signed_percentage(found["position_perf"]["total_return"]))
    expect(panel(page, "risk_analysis")).to_contain_text(money(found["risk"]["var_1d"]))
    assert page.title().startswith("Holding deep dive")
    rows = panel(page, "transactions").locator("tbody tr")
    expect(rows).to_have_count(len(found["transactions"]["transactions"]))


def test_every_pattern_the_server_lists_is_one_click_away(dashboard: Dashboard) -> None:
    page = dashboard.page
    names = {one["name"] for one in Api(page).get("/v1/patterns") if one["id"] != "portfolio_overview"}
    pages = page.get_by_role("navigation", name="Pages").first
    links = set(pages.get_by_role("link").all_inner_texts())
    assert names <= {text.strip() for text in links}
    pages.get_by_role("link", name="Holding deep dive").click()
    expect(page.get_by_text("Choose the inputs marked with an asterisk")).to_be_visible()
    page.get_by_role("combobox", name="Security").click()
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(panel(page, "position_summary")).to_be_visible()


def test_transactions_are_filtered_and_turned(dashboard: Dashboard) -> None:
    page = dashboard.page
    total = Api(page).get(f"/v1/portfolios/{dashboard.portfolio_id}/transactions?page_size=1")["total"]
    page.get_by_role("navigation", name="Pages").first.get_by_role("link", name="Transactions").click()
    expect(page.get_by_role("heading", level=1, name="Transactions")).to_be_visible()
    expect(page.get_by_text(f"of {total:,}")).to_be_visible()
    page.get_by_role("combobox", name="Type").click()
    page.get_by_role("option", name="SELL").click()
    page.get_by_role("button", name="Filter", exact=True).click()
    kinds = page.get_by_role("region", name="Entries", exact=True).locator("tbody tr td:nth-child(2)")
    expect(kinds.first).to_contain_text("SELL")
    assert {text.split(",")[0].strip() for text in kinds.all_inner_texts()} == {"SELL"}


def test_the_tables_behind_the_charts_of_a_holding_break_no_rule(open_page: Open) -> None:  # noqa: F811 (the fixture)
    page = open_page()
    open_first_holding(dashboard_of(page))
    expect(page.locator("canvas").first).to_be_visible()
    page.locator("main").press("t")
    assert violations_in_both_themes(page) == []
