"""The panels of an answer, as they go over the wire, as sections of a document: so that every pattern can be exported as it is shown."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from dawsos.services.reports.document import Bars, Block, Column, Figure, Figures, Lines, Prose, Raw, Section, Series, Table, Value, numbers
from dawsos.services.reports.writing import is_numeric

Wire = Mapping[str, Any]


def section_of(panel: Wire) -> Section:
    """A panel as a section with the sources of everything it shows; one without data says why."""
    provenance = panel["provenance"]
    data = panel["data"]
    sources = tuple(provenance["sources"])
    if panel["status"] != "ok" or data is None:
        return Section(panel["id"], panel["title"], sources, (), notice=panel["reason"] or "There is nothing to show.")
    partial = (f"Some figures are missing: {panel['reason']}",) if panel["reason"] else ()
    stale = (f"The oldest figure is of {panel['asof']}.",) if panel["stale"] else ()
    remarks = (*partial, *stale, *provenance["warnings"])
    return Section(panel["id"], panel["title"], sources, tuple(_blocks(panel["type"], data, None)), remarks)


def _blocks(kind: str, data: Wire, title: str | None) -> Iterable[Block]:
    return _KINDS[kind](data, title)


def _value(look: Wire, value: Any, reason: str | None = None) -> Value:
    raw = _dated(value) if look["format"] == "date" else value
    return Value(raw, look["unit"], look["currency"], look["format"], (reason or look["reason"]) if value is None else None)


def _dated(value: Any) -> Raw:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value if isinstance(value, str | None) else str(value)


def _cell(cell: Wire) -> Figure:
    return Figure(cell["label"], _value(cell, cell["value"]))


def _metrics(data: Wire, title: str | None) -> list[Block]:
    return [Figures(tuple(map(_cell, data["metrics"])), title)]


def _status(data: Wire, title: str | None) -> list[Block]:
    return [Figures((_cell({**data["state"], "label": "Status"}), *map(_cell, data["items"])), title)]


def _slices(data: Wire, title: str | None) -> list[Block]:
    return [Bars(tuple(map(_cell, data["slices"])), title)]


def _rows(data: Wire, title: str | None) -> list[Block]:
    columns, rows = data["columns"], data["rows"]
    return [
        Table(tuple(_column(one, rows) for one in columns), tuple(tuple(_field(row, one) for one in columns) for row in rows), title=title)
    ]


def _column(column: Wire, rows: Iterable[Wire]) -> Column:
    currencies = {row["currencies"].get(column["field"]) for row in rows if row["values"][column["field"]] is not None}
    shared = currencies.pop() if len(currencies) == 1 else None
    return Column(column["label"], is_numeric(column["unit"], column["format"]), column["unit"], shared)


def _field(row: Wire, column: Wire) -> Value:
    field = column["field"]
    value = row["values"][field]
    raw = _dated(value) if column["format"] == "date" else value
    unit = row["units"].get(field, column["unit"])
    reason = row["reasons"].get(field) if value is None else None
    return Value(raw, unit, row["currencies"].get(field), column["format"], reason)


def _lines(data: Wire, title: str | None) -> list[Block]:
    axis = tuple(_dated(one) if data["x_format"] == "date" else one for one in data["x"])
    return [Lines(axis, tuple(_series(one) for one in data["series"]), title)]


def _series(series: Wire) -> Series:
    values = tuple(None if one is None else float(one) for one in series["values"])
    return Series(series["label"], values, series["unit"], series["currency"], series["format"])


def _bars(data: Wire, title: str | None) -> list[Block]:
    found: list[Block] = []
    for series in data["series"]:
        pairs = zip(data["labels"], series["values"], strict=True)
        figures = tuple(Figure(str(label), _value(series, value)) for label, value in pairs)
        found.append(Bars(figures, series["label"] if len(data["series"]) > 1 else title))
    return found


def _comparison(data: Wire, title: str | None) -> list[Block]:
    columns = (Column(""), *(numbers(str(one)) for one in data["columns"]))
    rows = tuple((Value(row["label"]), *(_value(cell, cell["value"]) for cell in row["cells"])) for row in data["rows"])
    return [Table(columns, rows, title=title)]


def _gauge(data: Wire, title: str | None) -> list[Block]:
    cells = [data["value"], data["minimum"], data["maximum"], data["limit"], *data["metrics"]]
    found: list[Block] = [Figures(tuple(_cell(one) for one in cells if one), title)]
    return [*found, *(_slices(data["waterfall"], None) if data["waterfall"] else [])]


def _standing(data: Wire, title: str | None) -> list[Block]:
    found: list[Block] = [Figures(tuple(map(_cell, (data["state"], *data["metrics"]))), title)]
    found += _slices(data["probabilities"], None) if data["probabilities"] else []
    return [*found, *(_rows(data["indicators"], None) if data["indicators"] else [])]


def _scorecard(data: Wire, title: str | None) -> list[Block]:
    found = _metrics(data, title) if data["metrics"] else []
    return [*found, *(_rows(data["criteria"], None) if data["criteria"] else [])]


def _dual_list(data: Wire, _title: str | None) -> list[Block]:
    return [block for side in (data["left"], data["right"]) for block in _rows(side["table"], side["title"])]


def _tabs(data: Wire, _title: str | None) -> list[Block]:
    return [block for tab in data["tabs"] for part in tab["parts"] for block in _part(part, tab["label"])]


def _part(part: Wire, around: str | None) -> Iterable[Block]:
    name = ": ".join(one for one in (around, part["title"]) if one)
    return _blocks(part["type"], part["data"], name or None)


def _chart_with_metrics(data: Wire, title: str | None) -> list[Block]:
    return [*_part(data["chart"], title), *_metrics(data, None)]


def _report(data: Wire, title: str | None) -> list[Block]:
    return [*_prose(data, title), *([Figures(tuple(map(_cell, data["items"])))] if data["items"] else [])]


def _prose(data: Wire, _title: str | None) -> list[Block]:
    return [Prose(tuple(data["paragraphs"]))] if data["paragraphs"] else []


_KINDS: Final[Mapping[str, Callable[[Wire, str | None], Iterable[Block]]]] = {
    "metrics_grid": _metrics,
    "status": _status,
    **dict.fromkeys(("table", "news_list", "action_cards"), _rows),
    **dict.fromkeys(("line_chart", "multi_line_chart", "stacked_area", "dual_line"), _lines),
    "bar_chart": _bars,
    **dict.fromkeys(("pie_chart", "donut_chart", "waterfall"), _slices),
    **dict.fromkeys(("comparison_table", "comparison_grid", "heatmap"), _comparison),
    "gauge_with_waterfall": _gauge,
    **dict.fromkeys(("regime_widget", "cycle_card"), _standing),
    "scorecard": _scorecard,
    "dual_list": _dual_list,
    "tabbed_content": _tabs,
    "chart_with_metrics": _chart_with_metrics,
    "report_viewer": _report,
    "text": _prose,
}
