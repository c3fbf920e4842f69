"""Shows the answer of a pattern as tables, one for each panel."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dawsos.cli.figures import is_numeric, written
from dawsos.patterns.answer import PatternResult

#: A chart of years is told by its ends; every point is in the JSON.
_MOST_POINTS: Final = 12
_DIM: Final = "dim"


def show_answer(console: Console, title: str, answer: PatternResult) -> None:
    """Every panel, then the warnings, then what the answer was computed from."""
    content, trace = answer.content, answer.trace
    console.print(Text(title, style="bold"))
    console.print(_pins(trace.asof_date, trace.pricing_pack_id, trace.ledger_commit_hash))
    for panel in content["panels"]:
        console.print()
        console.print(Text(panel["title"], style="bold"))
        console.print(_panel(panel))
    for warning in answer.warnings:
        console.print(Text(f"Note: {warning}", style="yellow"))


def _pins(day: object, pack: str | None, ledger: str | None) -> Text:
    facts = [f"as of {day}" if day else "", f"pack {pack}" if pack else "", f"ledger {ledger[:12]}…" if ledger else ""]
    return Text(" · ".join(fact for fact in facts if fact), style=_DIM)


def _panel(panel: dict[str, Any]) -> RenderableType:
    data = panel["data"]
    if data is None:
        return Text(panel["reason"] or "", style=_DIM)
    shown = _SHOWN[panel["type"]](data)
    return Group(shown, Text(panel["reason"], style=_DIM)) if panel["reason"] else shown


def _metrics(data: dict[str, Any]) -> RenderableType:
    return _cells(data["metrics"])


def _slices(data: dict[str, Any]) -> RenderableType:
    return _cells(data["slices"])


def _status(data: dict[str, Any]) -> RenderableType:
    return _cells([data["state"], *data["items"]])


def _cells(cells: Iterable[dict[str, Any]]) -> Table:
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style=_DIM)
    for cell in cells:
        table.add_row(Text(cell["label"]), _cell(cell), Text(cell["reason"] or ""))
    return table


def _cell(cell: dict[str, Any], value: object = ...) -> Text:
    shown = cell["value"] if value is ... else value
    return _colored(written(shown, unit=cell["unit"], form=cell["format"], currency=cell["currency"]), shown, cell)


def _colored(text: str, value: object, look: dict[str, Any]) -> Text:
    if look["color_condition"] != "sign" or not isinstance(value, int | float | str):
        return Text(text)
    return Text(text, style="red" if str(value).startswith("-") else "green")


def _rows(data: dict[str, Any]) -> RenderableType:
    table = Table()
    for column in data["columns"]:
        table.add_column(Text(column["label"]), justify="right" if is_numeric(column["unit"], column["format"]) else "left")
    for row in data["rows"]:
        table.add_row(*(_table_cell(row, column) for column in data["columns"]))
    return table


def _table_cell(row: dict[str, Any], column: dict[str, Any]) -> Text:
    field = column["field"]
    value, unit = row["values"][field], row["units"].get(field, column["unit"])
    if value is None and field in row["reasons"]:
        return Text(row["reasons"][field], style=_DIM)
    return _colored(written(value, unit=unit, form=column["format"], currency=row["currencies"].get(field)), value, column)


def _comparison(data: dict[str, Any]) -> RenderableType:
    table = Table("")
    for name in data["columns"]:
        table.add_column(Text(name), justify="right")
    for row in data["rows"]:
        table.add_row(Text(row["label"]), *(_cell(cell) for cell in row["cells"]))
    return table


def _lines(data: dict[str, Any]) -> RenderableType:
    return _points(data["x"], data["series"])


def _bars(data: dict[str, Any]) -> RenderableType:
    return _points(data["labels"], data["series"])


def _points(names: list[Any], series: list[dict[str, Any]]) -> Table:
    table = Table("")
    for one in series:
        table.add_column(Text(one["label"]), justify="right")
    for index in _shown_points(len(names)):
        if index is None:
            table.add_row("…", *("…" for _ in series))
        else:
            table.add_row(Text(str(names[index])), *(_cell(one, one["values"][index]) for one in series))
    return table


def _shown_points(count: int) -> Iterator[int | None]:
    """All of few; of many the first and the last ones, and None for those between."""
    if count <= _MOST_POINTS:
        yield from range(count)
        return
    half = _MOST_POINTS // 2
    yield from range(half)
    yield None
    yield from range(count - half, count)


def _gauge(data: dict[str, Any]) -> RenderableType:
    marks = [data[name] for name in ("value", "minimum", "maximum", "limit") if data[name] is not None]
    return _together(_cells([*marks, *data["metrics"]]), data["waterfall"] and _slices(data["waterfall"]))


def _standing(data: dict[str, Any]) -> RenderableType:
    parts = data["probabilities"] and _slices(data["probabilities"]), data["indicators"] and _rows(data["indicators"])
    return _together(_cells([data["state"], *data["metrics"]]), *parts)


def _scorecard(data: dict[str, Any]) -> RenderableType:
    return _together(data["metrics"] and _cells(data["metrics"]), data["criteria"] and _rows(data["criteria"]))


def _dual_list(data: dict[str, Any]) -> RenderableType:
    sides = (data["left"], data["right"])
    return _together(*(part for side in sides for part in (Text(side["title"]), _rows(side["table"]))))


def _tabs(data: dict[str, Any]) -> RenderableType:
    return _together(*(shown for tab in data["tabs"] for shown in (Text(tab["label"], style="italic"), *map(_part, tab["parts"]))))


def _chart_with_metrics(data: dict[str, Any]) -> RenderableType:
    return _together(_part(data["chart"]), _cells(data["metrics"]))


def _report(data: dict[str, Any]) -> RenderableType:
    figures = [*data["items"], *([data["download"]] if data["download"] else [])]
    return _together(_prose(data), figures and _cells(figures))


def _prose(data: dict[str, Any]) -> RenderableType:
    return Text("\n\n".join(data["paragraphs"]))


def _part(part: dict[str, Any]) -> RenderableType:
    shown = _SHOWN[part["type"]](part["data"])
    return Group(Text(part["title"]), shown) if part["title"] else shown


def _together(*parts: Any) -> RenderableType:
    """The parts there are, one below the other."""
    return Group(*(part for part in parts if part))


_SHOWN: Final[dict[str, Callable[[dict[str, Any]], RenderableType]]] = {
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
