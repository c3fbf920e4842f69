"""A proposal from the question to the ledger: nothing is booked before every entry was shown. It runs last: it books."""

import pytest
from playwright.sync_api import expect

from tests.e2e.pages import Api, Dashboard

pytestmark = pytest.mark.e2e


def test_a_proposal_is_made_accepted_shown_and_booked(dashboard: Dashboard) -> None:
    page, ledger = dashboard.page, f"/v1/portfolios/{dashboard.portfolio_id}/transactions?page_size=1"
    before = Api(page).get(ledger)["total"]
    page.get_by_role("navigation", name="Pages").first.get_by_role("link", name="Proposals").click()
    expect(page.get_by_role("heading", level=1, name="Proposals")).to_be_visible()
    page.get_by_label("Largest position, %").fill("8")
    page.get_by_role("button", name="Propose trades").click()
    page.get_by_role("button", name="Accept").click()
    question = page.get_by_role("dialog", name="Accept")
    question.get_by_role("button", name="Accept", exact=True).click()
    page.get_by_role("button", name="Execute").click()
    shown = page.get_by_role("dialog", name="What would be booked")
    entries = shown.locator("tbody tr")
    expect(entries.first).to_be_visible()
    count = entries.count()
    assert Api(page).get(ledger)["total"] == before
    shown.get_by_role("button", name=f"Book these {count} entries").click()
    expect(page.locator("summary").first).to_contain_text("executed")
    assert Api(page).get(ledger)["total"] == before + count
    (kept,) = Api(page).get(f"/v1/portfolios/{dashboard.portfolio_id}/suggestions")["suggestions"]
    assert kept["status"] == "executed"
    newest = Api(page).get(f"/v1/portfolios/{dashboard.portfolio_id}/transactions?page_size={count}")["items"]
    assert {entry["source"] for entry in newest} == {"rebalancing"}
