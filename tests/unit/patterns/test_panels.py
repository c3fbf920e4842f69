"""What each kind of panel shows."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter

from dawsos.kernel.errors import Internal
from dawsos.patterns.panels import PANEL_TYPES, AnyPanel, AnyPanelSpec
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.scope import Scope
from dawsos.patterns.values import Values
from dawsos.registry import Contract, Fraction, Money, Number, UnitOf

SPEC = TypeAdapter(AnyPanelSpec)


class Row(Contract):
    name: str
    value: Annotated[Decimal | None, Money("currency")] = None
    currency: str = "CAD"
    size: Annotated[float | None, UnitOf("unit")] = None
    unit: str | None = None
    reason: str | None = None


class Pair(Contract):
    factor: str
    phase: str
    beta: Annotated[float | None, Number]
    level: str | None = None
    reason: str | None = None
    met: bool | None = None


class Result(Contract):
    pairs: tuple[Pair, ...] = ()
    by_share: dict[str, Annotated[float, Fraction]] = Field(default_factory=dict)
    names: tuple[str, ...] = ()
    total: Annotated[Decimal | None, Money("currency")] = Decimal("12.50")
    share: Annotated[float | None, Fraction] = 0.25
    beta: Annotated[float | None, Number] = None
    state: str | None = "done"
    currency: str = "CAD"
    rows: tuple[Row, ...] | None = ()
    by_key: dict[str, Row] = Field(default_factory=dict)
    dates: tuple[date, ...] = ()
    shares: tuple[Annotated[float | None, Fraction], ...] = ()
    bare: Decimal = Field(default=Decimal("7.00"))
    reasons: dict[str, str] = Field(default_factory=dict)


ROWS = (
    Row(name="a", value=Decimal("1.00"), size=3.0, unit="percent"),
    Row(name="b", currency="USD", reason="no price", size=2.5, unit="index"),
)


def shown(result, missing=None, **panel):
    """The data, status and reason of a panel over step ``s``."""
    head = {"id": "p", "title": "T", "refresh_ttl": 60}
    spec = SPEC.validate_python(head | {name: tuple(value) if isinstance(value, list) else value for name, value in panel.items()})
    scope = Scope({}, {"s": Result, "gone": Result}, frozenset({"gone"}))
    filling = Filling(scope, Values(None, {}, {"s": result}, missing or {}), spec.currency, panel=spec.id)
    data = spec.fill(filling).plain()
    TypeAdapter(AnyPanel).validate_python(
        head
        | {"type": spec.type, "data": data, "status": filling.status, "reason": filling.reason}
        | {"description": None, "asof": None, "stale": False}
        | {"provenance": {"capabilities": (), "sources": (), "method_versions": (), "warnings": ()}}
    )
    return data, filling.status, filling.reason


def cell(label, value, form="auto", unit=None, currency=None, reason=None, color=None, threshold=None):
    return {
        "label": label, "value": value, "format": form, "unit": unit, "currency": currency, "reason": reason,
        "color_condition": color, "threshold": threshold,
    }  # fmt: skip


def ref(path):
    return f"{{{{ {path} }}}}"


def test_all_types_of_the_specification_are_known():
    assert set(PANEL_TYPES) == {
        "metrics_grid", "table", "line_chart", "pie_chart", "donut_chart", "bar_chart", "multi_line_chart", "stacked_area", "dual_line",
        "waterfall", "heatmap", "gauge_with_waterfall", "regime_widget", "cycle_card", "scorecard", "dual_list", "action_cards",
        "news_list", "comparison_table", "comparison_grid", "tabbed_content", "chart_with_metrics", "status", "report_viewer",
    }  # fmt: skip
    assert len(PANEL_TYPES) == 24


def test_a_metrics_grid_shows_values_with_unit_currency_and_reason():
    metrics = [
        {"label": "Total", "value": ref("s.total"), "format": "currency", "color_condition": "threshold_under", "threshold": 10.0},
        {"label": "Share", "value": ref("s.share"), "format": "percentage"},
        {"label": "Beta", "value": ref("s.beta"), "format": "decimal_2"},
        {"label": "Lost", "value": ref("gone.share")},
    ]
    result = Result(reasons={"beta": "too few days"})
    assert shown(result, {"gone": "FRED is away"}, type="metrics_grid", metrics=metrics) == (
        {
            "metrics": [
                cell("Total", "12.5", "currency", "money", "CAD", color="threshold_under", threshold=10.0),
                cell("Share", 0.25, "percentage", "fraction"),
                cell("Beta", None, "decimal_2", "number", reason="too few days"),
                cell("Lost", None, "auto", "fraction", reason="unavailable: FRED is away"),
            ]
        },
        "ok",
        "too few days; unavailable: FRED is away",
    )


def test_a_null_without_a_reason_says_that_there_is_none():
    data, status, reason = shown(Result(), type="metrics_grid", metrics=[{"label": "Beta", "value": ref("s.beta")}])
    assert data["metrics"][0]["reason"] == "No value, and no reason was given."
    assert (status, reason) == ("empty", "There is nothing to show.")


def test_a_panel_names_the_currency_of_amounts_that_name_none():
    metrics = [{"label": "Bare", "value": ref("s.bare"), "format": "currency"}]
    data, _, _ = shown(Result(), type="metrics_grid", currency=ref("s.currency"), metrics=metrics)
    assert data["metrics"][0]["currency"] == "CAD"


def test_a_status_shows_a_state_and_figures():
    data, status, _ = shown(Result(), type="status", state=ref("s.state"), items=[{"label": "Share", "value": ref("s.share")}])
    assert data == {"state": cell("status", "done", "text"), "items": [cell("Share", 0.25, unit="fraction")]}
    assert status == "ok"


COLUMNS = [
    {"field": "name", "label": "Name", "format": "text"},
    {"field": "value", "label": "Value", "format": "currency", "color_condition": "sign"},
    {"field": "size", "label": "Size"},
]


@pytest.mark.parametrize("kind", ["table", "news_list", "action_cards"])
def test_a_table_shows_rows_with_their_own_currency_unit_and_reason(kind):
    data, status, reason = shown(Result(rows=ROWS), type=kind, rows=ref("s.rows"), key="name", columns=COLUMNS)
    assert (data["key"], data["opens"]) == ("name", None)
    assert [(one["field"], one["unit"], one["format"], one["color_condition"]) for one in data["columns"]] == [
        ("name", None, "text", None),
        ("value", "money", "currency", "sign"),
        ("size", None, "auto", None),
    ]
    assert data["rows"] == [
        {"values": {"name": "a", "value": "1", "size": 3.0}, "currencies": {"value": "CAD"}, "units": {"size": "percent"}, "reasons": {}},
        {
            "values": {"name": "b", "value": None, "size": 2.5},
            "currencies": {"value": "USD"},
            "units": {"size": "index"},
            "reasons": {"value": "no price"},
        },
    ]
    assert (status, reason) == ("ok", "no price")


def test_a_table_keeps_the_field_that_identifies_a_row_though_it_is_no_column():
    data, _, _ = shown(Result(rows=ROWS), type="table", rows=ref("s.rows"), key="currency", columns=COLUMNS[:1])
    assert [row["values"] for row in data["rows"]] == [{"name": "a", "currency": "CAD"}, {"name": "b", "currency": "USD"}]


def test_the_entries_of_a_mapping_are_rows_with_a_key():
    columns = [{"field": "key", "label": "Currency"}, {"field": "value", "label": "Value"}]
    data, _, _ = shown(Result(by_key={"USD": ROWS[0]}), type="table", rows=ref("s.by_key"), columns=columns)
    assert data["rows"][0]["values"] == {"key": "USD", "value": "1"}


@pytest.mark.parametrize(
    ("result", "missing", "why"),
    [
        (Result(), {}, "There is nothing to show."),
        (Result(rows=None, reasons={"rows": "no positions"}), {}, "no positions"),
        (None, {"s": "it is away"}, "unavailable: it is away"),
    ],
)
def test_a_table_without_rows_is_empty_and_says_why(result, missing, why):
    data, status, reason = shown(result, missing, type="table", rows=ref("s.rows"), columns=COLUMNS)
    assert (data["rows"], status, reason) == ([], "empty", why)


def test_a_unit_that_is_data_and_missing_is_left_out():
    data, _, _ = shown(Result(rows=(Row(name="a", size=1.0),)), type="table", rows=ref("s.rows"), columns=COLUMNS)
    assert data["rows"][0]["units"] == {}


@pytest.mark.parametrize("kind", ["line_chart", "multi_line_chart", "stacked_area", "dual_line"])
def test_lines_have_one_value_per_point_of_the_axis(kind):
    result = Result(dates=(date(2025, 1, 2), date(2025, 1, 3)), shares=(0.5, None), reasons={"shares": "a holiday"})
    series = [{"label": "Share", "values": ref("s.shares"), "format": "percentage"}]
    data, status, reason = shown(result, type=kind, x=ref("s.dates"), series=series)
    expected = cell("Share", None, "percentage", "fraction", reason="a holiday") | {"values": [0.5, None]}
    del expected["value"]
    assert data == {"x": ["2025-01-02", "2025-01-03"], "x_format": "date", "series": [expected]}
    assert (status, reason) == ("ok", "a holiday")


def test_lines_of_mixed_currencies_have_none():
    series = [{"label": "Value", "values": ref("s.rows.*.value"), "format": "currency"}]
    data, _, _ = shown(Result(rows=ROWS), type="bar_chart", labels=ref("s.rows.*.name"), series=series, horizontal=True)
    assert (data["labels"], data["horizontal"]) == (["a", "b"], True)
    assert (data["series"][0]["values"], data["series"][0]["currency"], data["series"][0]["unit"]) == (["1", None], None, "money")


@pytest.mark.parametrize(
    "panel",
    [
        {"type": "line_chart", "x": ref("s.dates"), "series": [{"label": "S", "values": ref("s.shares")}]},
        {"type": "bar_chart", "labels": ref("s.dates"), "series": [{"label": "S", "values": ref("s.shares")}]},
        {"type": "pie_chart", "labels": ref("s.dates"), "values": ref("s.shares")},
    ],
)
def test_lists_that_belong_together_have_one_length(panel):
    with pytest.raises(Internal, match=r"Panel 'p'.*: 1 values for 2 names"):
        shown(Result(dates=(date(2025, 1, 2), date(2025, 1, 3)), shares=(0.5,)), **panel)


def test_a_line_of_a_missing_step_is_explained_once():
    series = [{"label": "S", "values": ref("gone.rows.*.value")}]
    data, status, reason = shown(Result(), {"gone": "it is away"}, type="line_chart", x=ref("gone.rows.*.name"), series=series)
    assert (data["x"], data["series"][0]["values"]) == ([], [])
    assert (status, reason) == ("empty", "unavailable: it is away")


def test_parts_are_named_in_the_file():
    slices = [{"label": "Local", "value": ref("s.share")}, {"label": "FX", "value": ref("s.beta")}]
    data, status, _ = shown(Result(reasons={"beta": "why"}), type="donut_chart", format="auto", slices=slices)
    assert data == {"slices": [cell("Local", 0.25, unit="fraction"), cell("FX", None, unit="number", reason="why")]}
    assert status == "ok"


def test_parts_come_from_a_list_and_keep_their_own_currency():
    data, _, _ = shown(Result(rows=ROWS), type="pie_chart", format="currency", labels=ref("s.rows.*.name"), values=ref("s.rows.*.value"))
    assert data == {
        "slices": [
            cell("a", "1", "currency", "money", "CAD"),
            cell("b", None, "currency", "money", "USD", reason="no price"),
        ]
    }


@pytest.mark.parametrize("kind", ["comparison_table", "comparison_grid"])
def test_a_comparison_shows_each_figure_for_every_case(kind):
    rows = [{"label": "Total", "format": "currency", "values": (ref("s.total"), ref("gone.total"))}]
    data, _, _ = shown(Result(), {"gone": "it is away"}, type=kind, columns=["now", "then"], rows=rows)
    assert data == {
        "columns": ["now", "then"],
        "rows": [
            {
                "label": "Total",
                "cells": [
                    cell("now", "12.5", "currency", "money", "CAD"),
                    cell("then", None, "currency", "money", reason="unavailable: it is away"),
                ],
            }
        ],
    }


PAIRS = (
    Pair(factor="rates", phase="early", beta=0.5, level="high", met=True),
    Pair(factor="rates", phase="late", beta=None, reason="too few days"),
    Pair(factor="credit", phase="late", beta=-0.25, level="low", met=True),
)


def pairs(**more):
    of = {name: ref(f"s.pairs.*.{field}") for name, field in (("rows", "factor"), ("columns", "phase"), ("values", "beta"))}
    return {"type": "heatmap", "format": "decimal_2", **of, "levels": ref("s.pairs.*.level"), **more}


def test_a_heatmap_has_a_cell_for_every_pair_and_says_which_pair_has_none():
    data, status, reason = shown(Result(pairs=PAIRS), **pairs())
    assert data["columns"] == ["early", "late"]
    assert [row["label"] for row in data["rows"]] == ["rates", "credit"]
    cells = {
        (row["label"], one["label"]): (one["value"], one["level"], one["reason"], one["unit"])
        for row in data["rows"]
        for one in row["cells"]
    }
    assert cells == {
        ("rates", "early"): (0.5, "high", None, "number"),
        ("rates", "late"): (None, None, "too few days", "number"),
        ("credit", "early"): (None, None, "There is no figure for this pair.", None),
        ("credit", "late"): (-0.25, "low", None, "number"),
    }
    assert (status, reason) == ("ok", "too few days")


def test_a_heatmap_refuses_two_figures_for_one_pair():
    with pytest.raises(Internal, match="two figures for rates and early"):
        shown(Result(pairs=(PAIRS[0], PAIRS[0])), **pairs())


def test_a_gauge_has_its_scale_its_limit_and_the_steps_it_is_made_of():
    waterfall = {"format": "currency", "slices": ({"label": "All", "value": ref("s.total")},)}
    metrics = ({"label": "Beta", "value": ref("s.beta")},)
    data, status, reason = shown(
        Result(reasons={"beta": "why"}), type="gauge_with_waterfall", label="Share", value=ref("s.share"), maximum=ref("s.share"),
        limit=ref("gone.share"), format="percentage", waterfall=waterfall, metrics=metrics, missing={"gone": "it is away"},
    )  # fmt: skip
    share = {"form": "percentage", "unit": "fraction"}
    assert data == {
        "value": cell("Share", 0.25, **share),
        "minimum": None,
        "maximum": cell("Maximum", 0.25, **share),
        "limit": cell("Limit", None, **share, reason="unavailable: it is away"),
        "waterfall": {"slices": [cell("All", "12.5", "currency", "money", "CAD")]},
        "metrics": [cell("Beta", None, unit="number", reason="why")],
    }
    assert (status, reason) == ("ok", "unavailable: it is away; why")


@pytest.mark.parametrize("kind", ["regime_widget", "cycle_card"])
def test_a_standing_has_its_state_probabilities_and_indicators(kind):
    probabilities = {"format": "auto", "labels": ref("s.by_share.*.key"), "values": ref("s.by_share.*.value")}
    indicators = {"rows": ref("s.rows"), "columns": tuple(COLUMNS[:1])}
    data, status, _ = shown(
        Result(rows=ROWS, by_share={"early": 0.75, "late": 0.25}), type=kind, state=ref("s.state"),
        metrics=({"label": "Confidence", "value": ref("s.share"), "format": "percentage"},), probabilities=probabilities, indicators=indicators,
    )  # fmt: skip
    assert data["state"] == cell("State", "done", "text")
    assert data["metrics"] == [cell("Confidence", 0.25, "percentage", "fraction")]
    assert [(one["label"], one["value"]) for one in data["probabilities"]["slices"]] == [("early", 0.75), ("late", 0.25)]
    assert [row["values"] for row in data["indicators"]["rows"]] == [{"name": "a"}, {"name": "b"}]
    assert status == "ok"


def test_a_state_alone_is_a_standing():
    data, _, _ = shown(Result(), type="cycle_card", state=ref("s.state"))
    assert (data["metrics"], data["probabilities"], data["indicators"]) == ([], None, None)


def test_a_scorecard_says_of_each_criterion_whether_it_is_met():
    criteria = {"rows": ref("s.pairs"), "columns": ({"field": "factor", "label": "Criterion"}, {"field": "beta", "label": "Found"})}
    data, status, reason = shown(
        Result(pairs=PAIRS), type="scorecard", metrics=({"label": "Score", "value": ref("s.share")},), criteria=criteria, passed="met"
    )
    assert data["passed"] == "met"
    assert [row["values"] for row in data["criteria"]["rows"]] == [
        {"met": True, "factor": "rates", "beta": 0.5},
        {"met": None, "factor": "rates", "beta": None},
        {"met": True, "factor": "credit", "beta": -0.25},
    ]
    assert data["criteria"]["rows"][1]["reasons"] == {"beta": "too few days"}
    assert (status, reason) == ("ok", "too few days")


def test_two_lists_stand_side_by_side():
    left = {"title": "Up", "rows": ref("s.rows"), "columns": tuple(COLUMNS[:1])}
    right = {"title": "Down", "rows": ref("gone.rows"), "columns": tuple(COLUMNS[:1])}
    data, status, reason = shown(Result(rows=ROWS), {"gone": "it is away"}, type="dual_list", left=left, right=right)
    assert (data["left"]["title"], len(data["left"]["table"]["rows"])) == ("Up", 2)
    assert (data["right"]["title"], data["right"]["table"]["rows"]) == ("Down", [])
    assert (status, reason) == ("ok", "unavailable: it is away")


def test_tabs_hold_parts_of_simple_kinds():
    parts = (
        {"type": "text", "title": "Words", "text": ref("s.state")},
        {"type": "metrics_grid", "metrics": ({"label": "Share", "value": ref("s.share")},)},
        {"type": "table", "rows": ref("s.rows"), "columns": tuple(COLUMNS[:1])},
        {"type": "bar_chart", "labels": ref("s.rows.*.name"), "series": ({"label": "Size", "values": ref("s.rows.*.size")},)},
        {"type": "waterfall", "slices": ({"label": "FX", "value": ref("s.share")},)},
        {"type": "dual_line", "x": ref("s.dates"), "series": ({"label": "Share", "values": ref("s.shares")},)},
        {"type": "comparison_table", "columns": ("now",), "rows": ({"label": "Share", "values": (ref("s.share"),)},)},
    )
    result = Result(rows=ROWS, dates=(date(2025, 1, 2),), shares=(0.5,))
    data, status, _ = shown(result, type="tabbed_content", tabs=({"label": "One", "parts": parts},))
    (tab,) = data["tabs"]
    assert tab["label"] == "One"
    assert [(part["type"], part["title"]) for part in tab["parts"]] == [
        ("text", "Words"), ("metrics_grid", None), ("table", None), ("bar_chart", None), ("waterfall", None), ("dual_line", None),
        ("comparison_table", None),
    ]  # fmt: skip
    assert tab["parts"][0]["data"] == {"paragraphs": ["done"]}
    assert tab["parts"][3]["data"]["series"][0]["values"] == [3.0, 2.5]
    assert tab["parts"][5]["data"]["x"] == ["2025-01-02"]
    assert status == "ok"


def test_a_chart_stands_above_its_figures():
    chart = {"type": "dual_line", "x": ref("s.dates"), "series": ({"label": "Share", "values": ref("s.shares"), "format": "percentage"},)}
    result = Result(dates=(date(2025, 1, 2),), shares=(0.5,))
    data, _, _ = shown(result, type="chart_with_metrics", chart=chart, metrics=({"label": "Share", "value": ref("s.share")},))
    assert (data["chart"]["type"], data["chart"]["data"]["series"][0]["values"]) == ("dual_line", [0.5])
    assert data["metrics"] == [cell("Share", 0.25, unit="fraction")]


def test_a_report_has_paragraphs_figures_and_a_file():
    data, status, reason = shown(
        Result(state="One.\n\nTwo.", names=("/v1/file",)), {"gone": "no key"}, type="report_viewer", text=ref("s.state"),
        items=({"label": "Share", "value": ref("s.share")},), download=ref("gone.state"),
    )  # fmt: skip
    assert data == {
        "paragraphs": ["One.", "Two."],
        "items": [cell("Share", 0.25, unit="fraction")],
        "download": cell("Download", None, "text", reason="unavailable: no key"),
    }
    assert (status, reason) == ("ok", "unavailable: no key")


def test_a_list_of_texts_is_a_list_of_paragraphs():
    data, status, _ = shown(Result(names=("a", "b")), type="report_viewer", text=ref("s.names"))
    assert (data["paragraphs"], status) == (["a", "b"], "ok")


def test_many_reasons_are_counted():
    rows = tuple(Row(name="x", reason=f"reason {number}") for number in range(5))
    _, _, reason = shown(Result(rows=rows), type="table", rows=ref("s.rows"), columns=COLUMNS)
    assert reason == "reason 0; reason 1; reason 2; and 2 more"
