"""A journey by keyboard alone, and the marks that show where one is."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

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


def sheets(document: bytes) -> int:
    """The number of pages of a PDF whose table of objects is where its end says."""
    assert document.startswith(b"%PDF-")
    end = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", document)
    assert end, "the document does not end as a PDF does"
    table = document[int(end[1]) :]
    assert table.startswith(b"xref") or re.match(rb"\d+ \d+ obj", table)
    return len(re.findall(rb"/Type\s*/Page\b", document))


def tab_to(page: Page, wanted: Locator, most: int = 90) -> None:
    """Press Tab until this control has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("control => control === document.activeElement"):
            return
    raise AssertionError(f"{wanted} was not reached with {most} presses of Tab")


def go_to(page: Page, name: str) -> None:
    """Open a page by the palette."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find a page or command")).to_be_focused()
    page.keyboard.type(name)
    wanted = page.get_by_role("option").filter(has_text=name).first
    expect(wanted).to_be_visible()
    while wanted.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_a_whole_visit_by_keyboard_from_the_login_to_the_report_in_hand(page: Page, live_server: LiveServer, tmp_path: Path) -> None:
    page.goto("/login")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(live_server.email)
    page.keyboard.press("Tab")
    page.keyboard.type(live_server.password)
    page.keyboard.press("Enter")
    dashboard = Dashboard(page).wait()

    holding = dashboard.panel("holdings").locator("tbody th a").first
    symbol = holding.inner_text()
    page.keyboard.press("/")
    tab_to(page, holding)
    page.keyboard.press("Enter")
    expect(dashboard.panel("position_summary")).to_contain_text(symbol)

    go_to(page, "Scenarios")
    summary = dashboard.panel("scenario_summary")
    before = summary.inner_text()
    tab_to(page, page.get_by_role("combobox", name="Scenario"))
    page.keyboard.press("Control+a")
    page.keyboard.type("Default")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Show", exact=True))
    page.keyboard.press("Enter")
    expect(summary).to_contain_text("default")
    assert summary.inner_text() != before

    go_to(page, "Portfolio report")
    expect(dashboard.panel("report_status")).to_contain_text("complete")
    tab_to(page, page.get_by_role("button", name="PDF", exact=True))
    with page.expect_download() as arriving:
        page.keyboard.press("Enter")
    file = tmp_path / arriving.value.suggested_filename
    arriving.value.save_as(file)
    assert file.suffix == ".pdf"
    assert sheets(file.read_bytes()) >= 1


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
    # The figures may be there before the list of packs is: until then there is no older one to step to.
    expect(dashboard.page.get_by_role("button", name="Older pack")).to_be_enabled()
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
