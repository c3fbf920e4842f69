"""The holdings table in a real browser: sorted, filtered, opened to its lots, exported."""

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, expect

from tests.e2e.pages import Api, Dashboard, Grid, money, number, percentage, signed_money

pytestmark = pytest.mark.e2e


@pytest.fixture
def positions(dashboard: Dashboard) -> list[dict[str, Any]]:
    answer = Api(dashboard.page).overview(dashboard.portfolio_id, pack_id=dashboard.query["pack"])
    found: list[dict[str, Any]] = answer["data"]["valued_positions"]["positions"]
    return found


@pytest.fixture
def grid(dashboard: Dashboard) -> Iterator[Grid]:
    return dashboard.grid("holdings")


def test_every_position_is_there_with_its_figures(grid: Grid, positions: list[dict[str, Any]]) -> None:
    shown = {row[0]: row for row in grid.rows()}
    assert set(shown) == {position["symbol"] for position in positions}
    for position in positions:
        row = shown[position["symbol"]]
        assert money(position["market_value"]) in row
        assert percentage(position["weight"]) in row
        if position["unrealized_pl"] is not None:
            assert signed_money(position["unrealized_pl"]) in row


def test_the_totals_are_the_servers(dashboard: Dashboard, grid: Grid) -> None:
    valued = Api(dashboard.page).overview(dashboard.portfolio_id, pack_id=dashboard.query["pack"])["data"]["valued_positions"]
    totals = grid.totals()
    assert totals[0] == "Net asset value"
    assert money(valued["nav"]) in totals
    assert signed_money(valued["unrealized_pl"]) in totals


def test_sorting_orders_by_value_either_way(grid: Grid, positions: list[dict[str, Any]]) -> None:
    expected = sorted((Decimal(position["market_value"]) for position in positions), reverse=True)
    grid.sort("Value")
    assert [number(text) for text in grid.column("Value")] == expected
    grid.sort("Value")
    assert [number(text) for text in grid.column("Value")] == expected[::-1]
    expect(grid.header("Value")).to_have_attribute("aria-sort", "ascending")


def test_a_second_column_sorts_within_the_first(grid: Grid) -> None:
    grid.panel.get_by_role("button", name="Columns").click()
    grid.panel.page.get_by_role("checkbox", name="Currency", exact=True).check()
    grid.panel.page.keyboard.press("Escape")
    grid.sort("Currency")
    grid.sort("Value", further=True)
    pairs = list(zip(grid.column("Currency"), [number(text) or Decimal(0) for text in grid.column("Value")], strict=True))
    assert pairs == sorted(pairs, key=lambda pair: (pair[0], -pair[1]))


def test_the_filter_leaves_what_it_names(dashboard: Dashboard, grid: Grid) -> None:
    symbol = grid.rows()[0][0]
    dashboard.page.keyboard.press("/")
    dashboard.page.keyboard.type(symbol)
    expect(grid.panel.get_by_text(re.compile(r"^\d+ of \d+ holdings$"))).to_be_visible()
    assert symbol in grid.column("Symbol")
    assert all(symbol.lower() in " ".join(row).lower() for row in grid.rows())


def test_the_lots_of_a_position_are_those_of_the_api(grid: Grid, positions: list[dict[str, Any]]) -> None:
    position = max(positions, key=lambda one: len(one["lots"]))
    grid.panel.get_by_role("button", name=f"Lots of {position['symbol']}").click()
    lots = grid.panel.get_by_role("table", name=f"Lots of {position['symbol']}")
    rows = lots.locator("tbody tr")
    expect(rows).to_have_count(len(position["lots"]))
    for row, lot in zip(rows.all(), position["lots"], strict=True):
        cells = [cell.strip() for cell in row.locator("td").all_inner_texts()]
        assert [number(cells[1]), number(cells[2])] == [Decimal(lot["qty_original"]), Decimal(lot["qty_open"])]
        assert cells[3] == money(lot["cost_basis"])


def exported(download: Download, folder: Path) -> list[list[str]]:
    path = folder / download.suggested_filename
    download.save_as(path)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def test_the_exported_file_holds_exactly_what_is_shown(dashboard: Dashboard, grid: Grid, tmp_path: Path) -> None:
    page = dashboard.page
    grid.sort("Weight")
    grid.panel.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Name", exact=True).uncheck()
    page.keyboard.press("Escape")
    grid.panel.get_by_role("button", name="Export").click()
    with page.expect_download() as started:
        page.get_by_role("menuitem", name="CSV, as shown").click()
    lines = exported(started.value, tmp_path)
    assert started.value.suggested_filename == f"{dashboard.query['pack']}-holdings.csv"
    shown = [[text.partition("\n")[0].replace("—", "").replace("\u00a0", " ") for text in row] for row in grid.rows()]
    assert "Name" not in lines[0]
    assert [[cell.replace("\u00a0", " ") for cell in line] for line in lines[1:-1]] == shown
    assert lines[-1][0] == "Net asset value"


def test_the_exact_file_keeps_every_digit_of_the_api(
    dashboard: Dashboard, grid: Grid, positions: list[dict[str, Any]], tmp_path: Path
) -> None:
    grid.panel.get_by_role("button", name="Export").click()
    with dashboard.page.expect_download() as started:
        dashboard.page.get_by_role("menuitem", name="CSV, full precision").click()
    header, *lines = exported(started.value, tmp_path)
    weight = header.index("Weight")
    by_symbol = {line[0]: line for line in lines}
    for position in positions:
        assert float(by_symbol[position["symbol"]][weight]) == position["weight"]


def test_copying_puts_the_shown_rows_on_the_clipboard(dashboard: Dashboard, grid: Grid) -> None:
    grid.panel.get_by_role("button", name="Copy", exact=True).click()
    expect(grid.panel.get_by_role("button", name="Copied")).to_be_visible()
    text: str = dashboard.page.evaluate("navigator.clipboard.readText()")
    lines = text.split("\n")
    assert len(lines) == len(grid.rows()) + 2
    assert lines[1].split("\t")[0] == grid.rows()[0][0]
