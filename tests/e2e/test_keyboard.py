"""A journey by keyboard alone, and the marks that show where one is."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.pages import Dashboard

pytestmark = pytest.mark.e2e


def tab_until(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until the control with this name has the focus; it must be reachable, and seen to have the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
            return {name: e.getAttribute("aria-label") ?? e.innerText ?? "", width: s.outlineWidth, style: s.outlineStyle}; }"""
        )
        if name in focused["name"]:
            assert (focused["width"], focused["style"]) == ("2px", "solid"), f"'{name}' does not show its focus"
            return
    raise AssertionError(f"'{name}' was not reached with {most} presses of Tab")


def test_a_reader_without_a_mouse_logs_in_reads_sorts_and_opens_lots(page: Page, live_server: LiveServer) -> None:
    page.goto("/login")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(live_server.email)
    page.keyboard.press("Tab")
    page.keyboard.type(live_server.password)
    page.keyboard.press("Enter")
    dashboard = Dashboard(page).wait()

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Filter holdings")).to_be_focused()
    grid = dashboard.grid("holdings")
    tab_until(page, "Symbol")
    page.keyboard.press("Enter")
    symbols = grid.column("Symbol")
    assert symbols == sorted(symbols, key=str.lower)

    tab_until(page, "Lots of")
    page.keyboard.press("Enter")
    expect(grid.panel.get_by_role("table").nth(1)).to_be_visible()


def test_the_palette_goes_to_a_pack_by_its_date(dashboard: Dashboard) -> None:
    page = dashboard.page
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find a page or command")).to_be_focused()
    page.keyboard.type("2021-06-15")
    expect(page.get_by_role("option").first).to_contain_text("PP_2021-06-15")
    page.keyboard.press("Enter")
    expect(dashboard.pack_field).to_have_value("PP_2021-06-15")


def test_brackets_step_through_the_packs(dashboard: Dashboard) -> None:
    newest = dashboard.query["pack"]
    dashboard.page.keyboard.press("[")
    expect(dashboard.pack_field).not_to_have_value(newest)
    dashboard.wait()
    dashboard.page.keyboard.press("]")
    expect(dashboard.pack_field).to_have_value(newest)


def test_the_question_mark_lists_the_shortcuts_and_escape_returns(dashboard: Dashboard) -> None:
    page = dashboard.page
    page.keyboard.press("?")
    overlay = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(overlay.get_by_text("Older pricing pack")).to_be_visible()
    expect(overlay.get_by_text("Show charts as tables and back")).to_be_visible()
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
