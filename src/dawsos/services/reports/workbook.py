"""A document as Excel workbook: a sheet a section, numbers as numbers in the format of their unit, text as text that is never evaluated."""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from dawsos.services.reports.about import about
from dawsos.services.reports.clearing import Cleared
from dawsos.services.reports.document import Section, Value
from dawsos.services.reports.tabular import Grid, grids, heading
from dawsos.services.reports.typesetting import stamp
from dawsos.services.reports.writing import is_amount, number_of, written

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
_FORBIDDEN_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME: Final = 31
#: What one cell can hold.
_LONGEST_TEXT: Final = 32_767
_WIDEST: Final = 60


class _Formats:
    """The formats of one workbook, made when first needed."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str | None, bool, bool], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.subtitle = book.add_format({"bold": True, "font_size": 11})
        self.header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})

    def of(self, number_format: str | None, *, is_total: bool, is_quoted: bool = False) -> Any:
        """The format of a cell; ``is_quoted`` marks text that would be a formula were it typed."""
        key = (number_format, is_total, is_quoted)
        if key not in self._made:
            properties: dict[str, Any] = {"num_format": number_format} if number_format else {}
            properties |= {"bold": True, "top": 1} if is_total else {}
            properties |= {"quote_prefix": True} if is_quoted else {}
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def workbook(cleared: Cleared) -> bytes:
    """The document as .xlsx; the same document gives the same bytes."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - only who exports waits for it

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        document = cleared.document
        created = stamp(document.asof_date).replace(tzinfo=None)
        book.set_properties({"title": document.title, "subject": document.subject or "", "author": "DawsOS", "created": created})
        formats = _Formats(book)
        names = _names(cleared)
        _write_about(book.add_worksheet(next(names)), cleared, formats)
        for section in document.sections:
            _write_section(book.add_worksheet(next(names)), section, formats)
    return file.getvalue()


def _names(cleared: Cleared) -> Iterator[str]:
    """Names of sheets: short, of allowed characters, no two alike but for case."""
    taken: set[str] = set()
    for title in ("About", *(section.title for section in cleared.document.sections)):
        plain = _FORBIDDEN_IN_NAMES.sub(" ", title).strip("' ") or "Sheet"
        name, number = plain[:_LONGEST_NAME], 1
        while name.lower() in taken:
            number += 1
            name = f"{plain[: _LONGEST_NAME - 4]} ({number})"
        taken.add(name.lower())
        yield name


def _write_about(sheet: Any, cleared: Cleared, formats: _Formats) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    for row, (label, text) in enumerate(about(cleared)):
        sheet.write_string(row, 0, label, formats.subtitle)
        _write_text(sheet, row, 1, text, formats, is_total=False)


def _write_section(sheet: Any, section: Section, formats: _Formats) -> None:
    sheet.write_string(0, 0, section.title, formats.title)
    row, widths = 2, dict[int, int]()
    several = 0
    for grid in grids(section):
        several += 1
        row = _write_grid(sheet, row, grid, formats, widths) + 1
    for column, width in widths.items():
        sheet.set_column(column, column, min(max(width + 2, 10), _WIDEST))
    if several == 1:
        sheet.freeze_panes(3, 0)


def _write_grid(sheet: Any, row: int, grid: Grid, formats: _Formats, widths: dict[int, int]) -> int:
    if grid.title:
        sheet.write_string(row, 0, grid.title, formats.subtitle)
        row += 1
    for index, column in enumerate(grid.columns):
        sheet.write_string(row, index, heading(column), formats.header)
        widths[index] = max(widths.get(index, 0), min(len(column.label), 24))
    for number, values in enumerate(grid.rows):
        row += 1
        is_total = grid.has_total and number == len(grid.rows) - 1
        for index, value in enumerate(values):
            _write(sheet, row, index, value, formats, is_total=is_total)
            widths[index] = max(widths.get(index, 0), len(written(value)) if value.raw is not None else 0)
    return row + 1


def _write(sheet: Any, row: int, column: int, value: Value, formats: _Formats, *, is_total: bool) -> None:
    raw = value.raw
    number = number_of(value)
    if number is not None:
        sheet.write_number(row, column, float(number), formats.of(number_format(value, number), is_total=is_total))
    elif raw is None:
        sheet.write_blank(row, column, None, formats.of(None, is_total=is_total))
    elif isinstance(raw, bool):
        sheet.write_boolean(row, column, raw, formats.of(None, is_total=is_total))
    elif isinstance(raw, date):
        moment = raw if isinstance(raw, datetime) else datetime.combine(raw, time())
        sheet.write_datetime(row, column, moment.replace(tzinfo=None), formats.of("yyyy-mm-dd", is_total=is_total))
    else:
        _write_text(sheet, row, column, str(raw), formats, is_total=is_total)


def _write_text(sheet: Any, row: int, column: int, text: str, formats: _Formats, *, is_total: bool) -> None:
    is_quoted = text.startswith(_RISKY)
    sheet.write_string(row, column, text[:_LONGEST_TEXT], formats.of(None, is_total=is_total, is_quoted=is_quoted))


def number_format(value: Value, number: Decimal) -> str:
    """The format a number is shown in: by its unit, with the currency beside an amount that names one."""
    if value.form == "percentage" or (value.form == "auto" and value.unit == "fraction"):
        return "0.00%"
    if value.form == "bps":
        return "0.0" if value.unit == "basis_points" else "0.0000%"
    if is_amount(value):
        return "#,##0.00######" if value.unit == "price" else "#,##0.00"
    if value.form == "decimal_2" or value.unit in {"number", "score"}:
        return "#,##0.00"
    return "#,##0" if number == number.to_integral_value() else "#,##0.########"
