"""No page breaks a rule that a machine can check, in either theme; and every page works on a small screen and on paper."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.pages import Dashboard

pytestmark = pytest.mark.e2e

RULES: dict[str, object] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # Of what breaks no rule one example is told, not every cell of every table.
    "resultTypes": ["violations"],
}
#: All that a change of colours can break; everything else is the same in every theme.
COLOUR_RULES = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
Open = Callable[..., Page]
THEMES = ("dark", "light")
#: Colours are those of the new theme once they were drawn and no longer change.
SETTLED = """async () => {
    const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    await drawn();
    await Promise.allSettled(document.getAnimations().map(one => one.finished));
    await drawn();
}"""


@pytest.fixture
def open_page(new_page: Callable[[], Page], request: pytest.FixtureRequest) -> Open:
    def opened(theme: str = "dark", *, logged_in: bool = True, width: int = 1280) -> Page:
        chosen: Page = new_page() if logged_in else request.getfixturevalue("page")
        chosen.set_viewport_size({"width": width, "height": 900})
        use_theme(chosen, theme)
        return chosen

    return opened


def use_theme(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")


def violations(page: Page, rules: dict[str, object] = RULES) -> list[str]:
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']]}" for one in found]


def violations_in_both_themes(page: Page) -> list[str]:
    """What breaks a rule in the one or the other: the page follows the system's theme without being loaded anew."""
    found = []
    for theme, rules in zip(THEMES, (RULES, COLOUR_RULES), strict=True):
        use_theme(page, theme)
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", theme)
        page.evaluate(SETTLED)
        found += [f"{theme}: {one}" for one in violations(page, rules)]
    return found


def dashboard_of(page: Page) -> Dashboard:
    page.goto("/")
    dashboard = Dashboard(page).wait()
    expect(page.locator("canvas").first).to_be_visible()
    return dashboard


def test_the_login_page_and_a_refused_login_break_no_rule(open_page: Open) -> None:
    page = open_page(logged_in=False)
    page.goto("/login")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert violations_in_both_themes(page) == []
    page.route("**/v1/auth/login", lambda route: route.fulfill(status=429, json={"detail": "Too many.", "status": 429, "retry_after": 60}))
    page.get_by_label("E-mail").fill("a@example.org")
    page.get_by_label("Password", exact=True).fill("x")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations_in_both_themes(page) == []


def test_the_tables_of_the_charts_and_open_lots_break_no_rule(open_page: Open) -> None:
    page = open_page()
    dashboard = dashboard_of(page)
    page.keyboard.press("t")
    dashboard.panel("holdings").get_by_role("button", name="Lots of").first.click()
    assert violations_in_both_themes(page) == []


def test_what_lies_over_the_dashboard_breaks_no_rule(open_page: Open) -> None:
    page = open_page()
    dashboard = dashboard_of(page)
    dialog = page.get_by_role("dialog")
    dashboard.panel("holdings").get_by_role("button", name="How was").click()
    expect(dialog).to_be_visible()
    assert violations_in_both_themes(page) == []
    for keys in ("?", "Control+k"):
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        page.keyboard.press(keys)
        expect(dialog).to_be_visible()
        assert violations_in_both_themes(page) == []


def test_an_unknown_pack_and_an_unknown_address_break_no_rule(open_page: Open) -> None:
    page = open_page()
    dashboard = dashboard_of(page)
    page.goto(f"/portfolios/{dashboard.portfolio_id}/overview?pack=PP_1990-01-01")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations_in_both_themes(page) == []
    page.goto("/no/such/page")
    expect(page.get_by_text("There is no page at this address.")).to_be_visible()
    assert violations_in_both_themes(page) == []


def test_the_dashboard_fits_a_small_screen_without_scrolling_sideways(open_page: Open) -> None:
    page = open_page("light", width=1024)
    dashboard_of(page)
    for width in (1024, 768, 375, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []


def test_navigation_on_a_small_screen_is_behind_a_button(open_page: Open) -> None:
    page = open_page("dark", width=375)
    dashboard_of(page)
    page.get_by_role("button", name="Navigation").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("link", name="Dashboard")).to_be_visible()
    assert violations(page) == []


def test_paper_is_light_and_holds_the_whole_table(open_page: Open) -> None:
    page = open_page("dark")
    dashboard = dashboard_of(page)
    rows = len(dashboard.grid("holdings").rows())
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("html").get_attribute("data-mantine-color-scheme") == "light"
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    hidden = dashboard.panel("holdings").locator("section").evaluate("box => box.scrollHeight - box.clientHeight")
    assert hidden <= 0
    assert len(dashboard.grid("holdings").rows()) == rows
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("html").get_attribute("data-mantine-color-scheme") == "dark"
