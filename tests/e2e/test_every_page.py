"""Every page there is, the patterns of the server's catalogue among them: no rule of accessibility broken, and room on a small screen."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.pages import Api, Dashboard, LoginPage
from tests.e2e.test_accessibility import use_theme, violations_in_both_themes

pytestmark = pytest.mark.e2e

SMALL = 375


def wrong_with(page: Page) -> list[str]:
    """What breaks a rule in either theme, and whether the page has to be scrolled sideways on a small screen."""
    page.set_viewport_size({"width": 1280, "height": 900})
    found = violations_in_both_themes(page)
    page.set_viewport_size({"width": SMALL, "height": 900})
    width = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"it is {width} pixels wide on a screen of {SMALL}"] if width > SMALL else [])


def answers(response: Response, pattern_id: str) -> bool:
    """Whether this is the answer of the pattern: the dashboard asks for its own by name, the other pages for any."""
    path, request = urlparse(response.url).path, response.request
    return path == f"/v1/patterns/{pattern_id}" or (path == "/v1/execute" and pattern_id in (request.post_data or ""))


def open_pattern(page: Page, portfolio_id: str, pattern_id: str, more: str) -> None:
    """Its page with every panel of its answer."""
    path = "overview" if pattern_id == "portfolio_overview" else f"patterns/{pattern_id}{more}"
    with page.expect_response(lambda one: answers(one, pattern_id)) as answer:
        page.goto(f"/portfolios/{portfolio_id}/{path}")
    for panel in answer.value.json()["panels"]:
        expect(page.locator(f"[data-panel='{panel['id']}']")).to_be_visible()


def holding(page: Page) -> str:
    """A security that is held, by the link of its row."""
    address = page.locator("[data-panel='holdings'] tbody th a").first.get_attribute("href") or ""
    return parse_qs(urlparse(address).query)["security_id"][0]


def test_every_pattern_of_the_catalogue_breaks_no_rule_and_fits_a_small_screen(new_page: Callable[[], Page]) -> None:
    page = new_page()
    use_theme(page, "light")
    page.goto("/")
    portfolio_id, security_id = Dashboard(page).wait().portfolio_id, holding(page)
    wrong = {}
    patterns = Api(page).get("/v1/patterns")
    for pattern in patterns:
        needs_security = any(one["name"] == "security_id" and one["required"] for one in pattern["inputs"])
        open_pattern(page, portfolio_id, pattern["id"], f"?security_id={security_id}" if needs_security else "")
        wrong[pattern["id"]] = wrong_with(page)
    assert len(patterns) >= 15
    assert {name: found for name, found in wrong.items() if found} == {}


def own_pages(page: Page) -> dict[str, str]:
    """The addresses of the pages in the navigation that are no pattern's, by their names."""
    links = page.get_by_role("navigation", name="Pages").first.get_by_role("link")
    named = links.evaluate_all("links => links.map(link => [link.innerText.trim(), link.getAttribute('href')])")
    return {name: address for name, address in named if "/patterns/" not in address and not _is_dashboard(address)}


def _is_dashboard(address: str) -> bool:
    """Without a portfolio, as for an administrator, the dashboard's link leads to the list of portfolios."""
    return address == "/" or urlparse(address).path.endswith("/overview")


def wrong_with_own_pages(page: Page) -> dict[str, list[str]]:
    wrong = {}
    for name, address in own_pages(page).items():
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        page.wait_for_load_state("networkidle")
        wrong[name] = wrong_with(page)
    return wrong


def test_the_pages_of_a_manager_break_no_rule_and_fit_a_small_screen(new_page: Callable[[], Page]) -> None:
    page = new_page()
    page.goto("/")
    Dashboard(page).wait()
    wrong = wrong_with_own_pages(page)
    assert {"Transactions", "Proposals", "Imports and statements", "Alerts", "Settings"} <= set(wrong)
    assert {name: found for name, found in wrong.items() if found} == {}


def test_the_pages_of_an_administrator_break_no_rule_and_fit_a_small_screen(browser: Browser, live_server: LiveServer) -> None:
    if live_server.administrator is None:
        pytest.skip("the server of this run names no administrator")
    with browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto("/login?next=/administration")
        LoginPage(page).log_in(live_server.administrator, live_server.password)
        expect(page.get_by_role("heading", level=1, name="Administration")).to_be_visible()
        wrong = wrong_with_own_pages(page)
    assert "Administration" in wrong
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("height", [900])
def test_the_navigation_is_seen_whole_on_a_laptop(new_page: Callable[[], Page], height: int) -> None:
    page = new_page()
    page.set_viewport_size({"width": 1440, "height": height})
    page.goto("/settings")
    expect(page.get_by_role("navigation", name="Pages").first.get_by_role("link", name="Settings")).to_be_in_viewport(ratio=1)
