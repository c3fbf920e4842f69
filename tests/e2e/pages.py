"""The pages as a reader uses them: by labels, roles and keys, never by the inside of the mark-up."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Locator, Page, expect

MISSING: Final = "—"


@dataclass(frozen=True)
class LoginPage:
    """Where a session begins."""

    page: Page

    def log_in(self, email: str, password: str) -> None:
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Log in").click()


@dataclass(frozen=True)
class Api:
    """The API as the browser's own session sees it: what the figures on the screen must equal."""

    page: Page

    def get(self, path: str) -> Any:
        answer = self.page.request.get(path)
        assert answer.ok, answer.text()
        return answer.json()["data"]

    def overview(self, portfolio_id: str, **more: Any) -> dict[str, Any]:
        lookback = more.pop("lookback_days", 252)
        body = {"inputs": {"portfolio_id": portfolio_id, "lookback_days": lookback}, **more}
        answer = self.page.request.post("/v1/patterns/portfolio_overview", data=body, headers={"X-Requested-With": "dawsos"})
        assert answer.ok, answer.text()
        return answer.json()


@dataclass(frozen=True)
class Dashboard:
    """The overview of a portfolio."""

    page: Page

    def wait(self) -> "Dashboard":
        expect(self.panel("holdings")).to_be_visible()
        return self

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlparse(self.page.url).query).items()}

    @property
    def portfolio_id(self) -> str:
        return urlparse(self.page.url).path.split("/")[2]

    @property
    def as_of(self) -> Locator:
        return self.page.get_by_role("region", name="As of")

    @property
    def pack_field(self) -> Locator:
        return self.as_of.get_by_role("combobox", name="Pricing pack")

    def panel(self, panel_id: str) -> Locator:
        return self.page.locator(f"[data-panel='{panel_id}']")

    def metric(self, label: str) -> str:
        strip = self.panel("performance_strip")
        return strip.locator("dt", has_text=label).locator("xpath=following-sibling::dd").inner_text().strip()

    def grid(self, panel_id: str) -> "Grid":
        return Grid(self.panel(panel_id))


@dataclass(frozen=True)
class Grid:
    """A table of the app inside its panel."""

    panel: Locator

    @property
    def table(self) -> Locator:
        return self.panel.locator("table").first

    def header(self, label: str) -> Locator:
        return self.table.get_by_role("columnheader").filter(has_text=label).first

    def labels(self) -> list[str]:
        return [text.strip() for text in self.table.locator("thead th button > span:first-child").all_inner_texts()]

    def rows(self) -> list[list[str]]:
        """The text of every cell, row by row, without the rows of lots and the totals."""
        script = """table => [...table.tBodies[0].rows].filter(row => row.querySelector(":scope > th"))
            .map(row => [...row.cells].map(cell => cell.innerText.trim()))"""
        found: list[list[str]] = self.table.evaluate(script)
        return found

    def column(self, label: str) -> list[str]:
        index = next(place for place, name in enumerate(self.labels()) if name.startswith(label))
        return [row[index] for row in self.rows()]

    def totals(self) -> list[str]:
        return [text.strip() for text in self.table.locator("tfoot tr > *").all_inner_texts()]

    def sort(self, label: str, *, further: bool = False) -> None:
        self.header(label).get_by_role("button").click(modifiers=["Shift"] if further else [])


def money(value: str) -> str:
    """An amount as an English reader sees it in a column."""
    return f"{Decimal(value):,.2f}"


def signed_money(value: str) -> str:
    amount = Decimal(value)
    return f"{amount:+,.2f}" if round(amount, 2) else f"{amount:,.2f}".lstrip("-")


def percentage(value: float) -> str:
    """A fraction as a percentage, rounded half to even as the screen does it."""
    return f"{_hundredths(value):,}%"


def signed_percentage(value: float) -> str:
    rounded = _hundredths(value)
    return f"{rounded:+,}%" if rounded else f"{abs(rounded):,}%"


def _hundredths(value: float) -> Decimal:
    return round(Decimal(repr(value)) * 100, 2)


def number(text: str) -> Decimal | None:
    """The value of a figure on the screen; None for a dash."""
    if text.startswith(MISSING):
        return None
    digits = "".join(character for character in text if character in "0123456789.-")
    return Decimal(digits)
