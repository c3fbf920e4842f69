from playwright.sync_api import Page, expect


def test_shot(page: Page, live_server) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(live_server.email)
    page.get_by_label("Password", exact=True).fill(live_server.password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("897,308.36").first).to_be_visible()
    page.wait_for_timeout(2500)
    page.screenshot(path="docs/images/dashboard-light.png")
