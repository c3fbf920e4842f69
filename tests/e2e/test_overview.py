"""The dashboard in a real browser: its figures are the API's, and its address says what they rest on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import Api, Dashboard, money, percentage, signed_percentage

pytestmark = pytest.mark.e2e


def test_the_figures_are_those_of_the_api(read_dashboard: Dashboard) -> None:
    answer = Api(read_dashboard.page).overview(read_dashboard.portfolio_id, pack_id=read_dashboard.query["pack"])
    metrics, nav = answer["data"]["perf_metrics"], answer["data"]["valued_positions"]["nav"]
    assert read_dashboard.metric("TWR") == signed_percentage(metrics["twr_1y"])
    assert read_dashboard.metric("Volatility") == percentage(metrics["volatility"])
    assert read_dashboard.metric("Maximum drawdown") == signed_percentage(metrics["max_drawdown"])
    assert read_dashboard.metric("Total value").startswith(money(nav))


def test_every_panel_of_the_answer_is_shown_under_its_title(read_dashboard: Dashboard) -> None:
    panels = Api(read_dashboard.page).overview(read_dashboard.portfolio_id, pack_id=read_dashboard.query["pack"])["panels"]
    for panel in panels:
        shown = read_dashboard.panel(panel["id"])
        expect(shown.get_by_role("heading", name=panel["title"], exact=True)).to_be_visible()
        assert shown.get_by_role("alert").count() == 0


def test_the_attribution_by_currency_adds_up_on_the_screen(read_dashboard: Dashboard) -> None:
    attribution = Api(read_dashboard.page).overview(read_dashboard.portfolio_id, pack_id=read_dashboard.query["pack"])["data"][
        "currency_attr"
    ]
    table = read_dashboard.page.get_by_role("table", name="Attribution by currency")
    for currency, effect in attribution["attribution_by_currency"].items():
        row = table.get_by_role("row").filter(has=read_dashboard.page.get_by_role("rowheader", name=currency, exact=True))
        expect(row).to_contain_text(signed_percentage(effect["total"]))
        expect(row).to_contain_text(percentage(effect["weight"]))
    assert abs(attribution["error_bps"]) < 0.1
    expect(read_dashboard.page.get_by_text(re.compile("identity error", re.IGNORECASE)).first).to_be_visible()
    expect(read_dashboard.page.get_by_text("0.00 bps").first).to_be_visible()


def test_the_newest_pack_enters_the_address_and_the_bar(read_dashboard: Dashboard) -> None:
    newest = Api(read_dashboard.page).get(f"/v1/packs?portfolio_id={read_dashboard.portfolio_id}&limit=1")[0]
    assert read_dashboard.query["pack"] == newest["id"]
    expect(read_dashboard.pack_field).to_have_value(newest["id"])


def test_an_old_pack_opens_by_its_address_with_the_figures_of_its_day(dashboard: Dashboard) -> None:
    page, api = dashboard.page, Api(dashboard.page)
    old = api.get(f"/v1/packs?portfolio_id={dashboard.portfolio_id}&limit=400")[-1]
    page.goto(f"/portfolios/{dashboard.portfolio_id}/overview?pack={old['id']}")
    dashboard.wait()
    expect(dashboard.pack_field).to_have_value(old["id"])
    expect(dashboard.as_of.get_by_text("Historical")).to_be_visible()
    then = api.overview(dashboard.portfolio_id, pack_id=old["id"])
    assert dashboard.metric("Total value").startswith(money(then["data"]["valued_positions"]["nav"]))
    dashboard.as_of.get_by_role("button", name="Go to latest").click()
    expect(dashboard.as_of.get_by_text("Historical")).to_be_hidden()


def test_a_date_that_is_typed_finds_the_pack_of_years_ago(dashboard: Dashboard) -> None:
    dashboard.pack_field.click()
    dashboard.pack_field.fill("2016-05-02")
    dashboard.page.get_by_role("option", name=re.compile("PP_2016-05-02")).click()
    expect(dashboard.pack_field).to_have_value("PP_2016-05-02")
    dashboard.wait()
    assert dashboard.query["pack"] == "PP_2016-05-02"


def test_a_copied_link_pins_pack_and_ledger(dashboard: Dashboard) -> None:
    page = dashboard.page
    answer = Api(page).overview(dashboard.portfolio_id, pack_id=dashboard.query["pack"])
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    page.goto(link)
    dashboard.wait()
    assert dashboard.query["ledger"] == answer["trace"]["ledger_commit_hash"]
    expect(dashboard.as_of.get_by_text("Pinned")).to_be_visible()
    assert dashboard.metric("Total value").startswith(money(answer["data"]["valued_positions"]["nav"]))


def test_the_window_changes_what_the_figures_look_back_on(dashboard: Dashboard) -> None:
    page = dashboard.page
    with page.expect_response("**/v1/patterns/portfolio_overview") as answer:
        page.get_by_text("3M", exact=True).click()
    assert answer.value.request.post_data_json["inputs"]["lookback_days"] == 63
    expect(dashboard.panel("historical_nav")).to_be_visible()
    assert dashboard.query["lookback"] == "63"


def test_the_chart_turns_into_a_table_of_the_same_figures_by_one_key(dashboard: Dashboard) -> None:
    answer = Api(dashboard.page).overview(dashboard.portfolio_id, pack_id=dashboard.query["pack"])
    history = answer["data"]["historical_nav"]["data"]
    dashboard.page.keyboard.press("t")
    rows = dashboard.grid("historical_nav").rows()
    assert len(rows) == len(history)
    assert [rows[0][1], rows[-1][1]] == [money(history[0]["nav"]), money(history[-1]["nav"])]
    dashboard.page.keyboard.press("t")
    expect(dashboard.panel("historical_nav").get_by_role("img")).to_be_visible()


def test_a_chart_tells_its_figures_to_those_who_do_not_see_it(read_dashboard: Dashboard) -> None:
    history = Api(read_dashboard.page).overview(read_dashboard.portfolio_id, pack_id=read_dashboard.query["pack"])["data"][
        "historical_nav"
    ]["data"]
    words = read_dashboard.panel("historical_nav").get_by_role("img").get_attribute("aria-label") or ""
    assert money(history[-1]["nav"]) in words
    assert "lowest" in words
    assert "highest" in words


def test_a_panel_tells_how_it_was_computed(read_dashboard: Dashboard) -> None:
    trace = Api(read_dashboard.page).overview(read_dashboard.portfolio_id, pack_id=read_dashboard.query["pack"])["trace"]
    read_dashboard.panel("historical_nav").get_by_role("button", name=re.compile("How was")).click()
    drawer = read_dashboard.page.get_by_role("dialog")
    for fact in (trace["ledger_commit_hash"], trace["pack_hash"], trace["pricing_pack_id"]):
        expect(drawer.get_by_text(fact, exact=True)).to_be_visible()
    expect(drawer.get_by_text(re.compile("portfolio.historical_nav")).first).to_be_visible()
    read_dashboard.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_a_pack_that_does_not_exist_is_said_to_be_unknown(dashboard: Dashboard) -> None:
    page = dashboard.page
    page.goto(f"/portfolios/{dashboard.portfolio_id}/overview?pack=PP_1990-01-01")
    expect(page.get_by_role("alert")).to_contain_text("PP_1990-01-01")
    page.get_by_role("button", name="Go to the latest pack").click()
    dashboard.wait()


def test_the_portfolio_of_somebody_else_is_unknown(reader: Page) -> None:
    reader.goto("/portfolios/01900000-0000-7000-8000-000000000000/overview")
    expect(reader.get_by_role("alert")).to_contain_text("There is no such portfolio.")


def test_an_unknown_address_says_so(reader: Page) -> None:
    reader.goto("/no/such/page")
    expect(reader.get_by_text("There is no page at this address.")).to_be_visible()
    reader.get_by_role("link", name="Go to the dashboard").click()
    Dashboard(reader).wait()


def test_the_theme_is_switched_and_kept(dashboard: Dashboard) -> None:
    page = dashboard.page
    scheme = page.locator("html").get_attribute("data-mantine-color-scheme")
    other = "dark" if scheme == "light" else "light"
    page.get_by_role("button", name=f"Use the {other} theme").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", other)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", other)
