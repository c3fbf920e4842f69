"""What leaves as a file: only what the rights of its sources allow, the same bytes every time, and nothing a spreadsheet would run."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dawsos.kernel.errors import Forbidden
from dawsos.services.reports import typesetting
from dawsos.services.reports.axes import bars, nice_ticks, plot
from dawsos.services.reports.clearing import clear
from dawsos.services.reports.document import Bars, Column, Document, Figure, Figures, Lines, Section, Series, Table, Value, numbers
from dawsos.services.reports.from_panels import section_of
from dawsos.services.reports.layout import laid_out
from dawsos.services.reports.separated import separated, without_formula
from dawsos.services.reports.typeset_files import TypesetFiles
from dawsos.services.reports.typesetting import typeset, typeset_anew, typeset_pages
from dawsos.services.reports.workbook import workbook
from dawsos.services.reports.writing import written
from dawsos.services.rights import FILTERING, ExportPolicy, Use, watermark

DAY = date(2022, 12, 28)
LEDGER = "c" * 64
LICENSED = ExportPolicy(frozenset({"FMP"}))
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def section(name: str, *sources: str) -> Section:
    return Section(name, name.capitalize(), sources, (Figures((Figure("Return", Value(0.125, "fraction")),)),))


def document(*sections: Section, **facts) -> Document:
    return Document(
        title="Portfolio report",
        subject="Household",
        asof_date=DAY,
        base_currency="CAD",
        pricing_pack_id="PP_2022-12-28",
        ledger_commit_hash=LEDGER,
        sections=sections,
        **facts,
    )


def holdings(count: int, *names: str) -> Section:
    rows = [(Value(f"S{n}"), Value(D(n) * D("1000.50"), "money", "CAD"), Value(n / 1000, "fraction"), Value(DAY)) for n in range(count)]
    rows += [(Value(name), Value(None, "money", "CAD", reason="no price"), Value(-0.5, "fraction"), Value(DAY)) for name in names]
    columns = (Column("Symbol"), numbers("Value", "money", "CAD"), numbers("Weight", "fraction"), Column("Bought"))
    total = (Value("Total"), Value(D("1234.56"), "money", "CAD"), Value(1.0, "fraction"), Value(None))
    return Section("holdings", "Holdings", ("ledger",), (Table(columns, tuple(rows), total),))


def cleared(*sections: Section, use: Use = Use.PDF, **facts):
    return clear(document(*sections, **facts), use, FILTERING)


# --- rights -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("use", [Use.PDF, Use.TABLE])
def test_r32_newsapi_content_is_blocked(use):
    with pytest.raises(Forbidden) as refused:
        clear(document(section("news", "NEWSAPI")), use, FILTERING)
    assert refused.value.code == "rights_blocked"
    assert refused.value.details == {"blocked_sections": {"news": f"NEWSAPI: its terms do not allow '{use.value}'"}}


def test_r32_fmp_alone_is_allowed_with_the_licence_only():
    allowed = clear(document(section("ratios", "FMP", "ledger")), Use.PDF, LICENSED)
    assert allowed.blocked == {}
    assert allowed.attributions == ("Data provided by Financial Modeling Prep",)
    assert allowed.watermark == "NOT FOR REDISTRIBUTION"
    with pytest.raises(Forbidden, match="without a licence"):
        clear(document(section("ratios", "FMP", "ledger")), Use.PDF, FILTERING)


def test_r32_mixed_sources_are_filtered_section_by_section():
    found = clear(document(section("holdings", "ledger", "ECB"), section("news", "NEWSAPI", "ledger")), Use.PDF, FILTERING)
    assert list(found.blocked) == ["news"]
    kept, removed = found.document.sections
    assert kept.blocks and kept.notice is None
    assert removed.blocks == () and removed.notice == "This section is left out: NEWSAPI: its terms do not allow 'pdf'."
    assert found.document.sources == ("ECB", "ledger")
    assert found.attributions == ("Source: European Central Bank",)
    assert found.watermark is None


@pytest.mark.parametrize(("strict", "policy"), [(True, FILTERING), (False, ExportPolicy(strict=True))])
def test_r32_strict_refuses_the_whole(strict, policy):
    with pytest.raises(Forbidden) as refused:
        clear(document(section("holdings", "ledger"), section("news", "NEWSAPI")), Use.PDF, policy, strict=strict)
    assert list(refused.value.details["blocked_sections"]) == ["news"]


def test_r32_what_nobody_knows_the_terms_or_the_origin_of_is_blocked():
    found = clear(document(section("a", "ledger"), section("b", "SOMEWHERE"), section("c")), Use.TABLE, FILTERING)
    assert found.blocked == {"b": "SOMEWHERE: its terms are not known", "c": "where its figures come from is not known"}


def test_one_owns_what_one_booked_and_demo_data_is_marked():
    assert clear(document(section("a", "ledger", "manual", "securities")), Use.REDISTRIBUTE, FILTERING).blocked == {}
    assert watermark(["ledger", "SKFOLIO"]) == "DEMO DATA"
    assert watermark(["ledger", "ECB"]) is None


# --- PDF --------------------------------------------------------------------------------------------------------------------------------


def test_r66_the_report_is_a_pdf_with_a_footer_a_cover_and_the_same_bytes_every_time():
    found = cleared(holdings(130, "X"), section("news", "NEWSAPI"), style="report")
    first, second = typeset_anew(found), typeset_anew(found)
    assert first == second == typeset(found)
    assert first.startswith(b"%PDF-1.7") and first.rstrip().endswith(b"%%EOF")
    assert b"20221228" in first.replace(b"-", b"")  # the stamp is the day of the figures, not of the clock
    pages = typeset_pages(found, dots_per_inch=20)
    assert len(pages) == 4  # the cover, two and a half pages of holdings
    assert max(map(int, re.findall(rb"/Count (\d+)", first))) == len(pages)
    shown = laid_out(found)
    assert shown["footer"] == f"Pack:PP_2022-12-28 • Ledger:{LEDGER} • 2022-12-28"
    assert shown["sections"][0]["blocks"][0]["missing"] == ["Value: no price"]
    assert shown["sections"][0]["blocks"][0]["total"][1]["text"] == "1,234.56"
    assert shown["sections"][1]["notice"].startswith("This section is left out")
    assert shown["sources"] == [["ledger", "Own records"]]


def test_a_typeset_file_is_that_of_its_document_and_of_no_other(monkeypatch):
    def figure(raw, **facts):
        return Section("a", "A", ("ledger",), (Figures((Figure("Sum", Value(raw, **facts)),)),))

    compiled = []
    monkeypatch.setattr(typesetting, "_FILES", TypesetFiles())
    monkeypatch.setattr(typesetting, "typeset_anew", lambda document: compiled.append(document) or str(len(compiled)).encode())
    found = cleared(figure(D("1.0")))
    others = [
        cleared(figure(D("1.00"))), cleared(figure(1.0)), cleared(figure(1)), cleared(figure(bool(1))), cleared(figure("1.0")),
        cleared(figure(D("1.0"), unit="fraction")), replace(found, watermark="DEMO DATA"), replace(found, attributions=("Somebody",)),
        replace(found, document=replace(found.document, asof_date=date(2022, 12, 29))), cleared(figure(D("1.0")), style="report"),
    ]  # fmt: skip
    made = [typeset(one) for one in (found, *others)]
    assert len(set(made)) == len(compiled) == len(others) + 1
    assert [typeset(one) for one in (cleared(figure(D("1.0"))), *others)] == made
    assert len(compiled) == len(made)


def test_typeset_files_are_kept_within_bounds_and_what_fails_is_not():
    kept, made = TypesetFiles(10), []

    def make(name, size=4):
        return kept.once(name, lambda: made.append(name) or name.encode() * size)

    assert [make(name) for name in "abacab"] == [name.encode() * 4 for name in "abacab"]
    assert made == ["a", "b", "c", "b"]
    assert kept.size == 8
    assert make("d", 11) == make("d", 11) == b"d" * 11
    assert (made[4:], kept.size) == (["d", "d"], 8)
    with pytest.raises(ZeroDivisionError):
        kept.once("e", lambda: 1 // 0)
    assert kept.once("e", lambda: b"e") == b"e"


def test_charts_of_all_kinds_are_typeset():
    days = tuple(date(2022, month, 1) for month in range(1, 13))
    lines = Lines(days, (Series("NAV", (1.0, None, *range(10)), "money", "CAD"), Series("B", (None,) * 12)), "Value")
    effects = Bars((Figure("Local", Value(-0.02, "fraction")), Figure("FX", Value(None, "fraction", reason="unknown"))))
    charts = Section("charts", "Charts", ("ledger",), (lines, effects, Lines((), (), "None")))
    assert typeset(cleared(charts)).startswith(b"%PDF")


def test_places_of_a_chart_follow_the_values_and_the_days():
    days = (date(2022, 1, 1), date(2022, 1, 11), date(2022, 1, 21))
    found = plot(Lines(days, (Series("NAV", (100.0, 150.0, 200.0), "money", "CAD"),)))
    assert [tick.label for tick in found.y] == ["100", "125", "150", "175", "200"]
    assert found.curves[0].stretches == (((0.0, 0.0), (0.5, 0.5), (1.0, 1.0)),)
    gap = plot(Lines(days, (Series("NAV", (100.0, None, 200.0)),)))
    assert [len(stretch) for stretch in gap.curves[0].stretches] == [1, 1]
    assert plot(Lines(days, (Series("NAV", (None, None, None)),))) is None
    drawn = bars(Bars((Figure("a", Value(-1.0, "number")), Figure("b", Value(3.0, "number")))))
    assert [(bar.start, bar.length, bar.is_negative) for bar in drawn] == [(0.0, 0.25, True), (0.25, 0.75, False)]


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
@example(low=-6.103515625e-05, spread=200001.0)
@example(low=1e8, spread=1e-7)
@example(low=0.0, spread=5e-324)
def test_ticks_enclose_what_they_measure(low, spread):
    ticks = nice_ticks(low, low + spread)
    assert 2 <= len(ticks) <= 9
    # A millionth of a step is less than a printer's dot.
    near = 1e-6 * (ticks[1] - ticks[0]) + 1e-12 * max(abs(low), abs(low + spread))
    assert ticks[0] <= low + near and ticks[-1] >= low + spread - near


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Value(D("-1234567.891"), "money", "CAD"), "−1,234,567.89 CAD"),
        (Value("0.125", "fraction"), "12.50%"),
        (Value(-0.00001, "fraction"), "0.00%"),
        (Value(D("12.3456"), "price", "USD"), "12.3456 USD"),
        (Value(D("10.50000000"), "quantity"), "10.5"),
        (Value(12.5, "basis_points", form="bps"), "12.5 bp"),
        (Value(None, "money", "CAD"), "—"),
        (Value("1234"), "1234"),
        (Value(raw=True), "yes"),
        (Value(DAY), "2022-12-28"),
    ],
)
def test_values_are_written_by_their_unit(value, text):
    assert written(value) == text


# --- CSV --------------------------------------------------------------------------------------------------------------------------------

RISKY = ["=1+1", "+1", "-cmd|'/c calc'!A1", "@SUM(A1)", "\tx", "\rx", "'quoted", 'say "so", please\nnow', "plain"]


def test_csv_is_read_back_as_it_was_and_nothing_in_it_is_a_formula():
    content = separated(cleared(holdings(2, *RISKY), use=Use.TABLE))
    lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert len({len(line) for line in lines}) == 1
    assert lines[0][:2] == ["Section", "Line"]
    rows = [line for line in lines if line[0] == "Holdings"]
    assert rows[0][1:] == ["header", "Symbol", "Value [CAD]", "Weight [fraction]", "Bought", "Missing because"]
    assert rows[2][1:] == ["data", "S1", "1000.5", "0.001", "2022-12-28", ""]
    read = [line[2] for line in rows[3:-1]]
    assert [text.removeprefix("'") for text in read] == RISKY
    assert not [text for text in read if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {tuple(line[3:]) for line in rows[3:-1]} == {("", "-0.5", "2022-12-28", "Value: no price")}
    assert rows[-1][1:] == ["total", "Total", "1234.56", "1", "", ""]
    about = {line[2]: line[3] for line in lines if line[0] == "About"}
    assert about["Pricing pack"] == "PP_2022-12-28" and about["Ledger state"] == LEDGER
    assert separated(cleared(holdings(2, *RISKY), use=Use.TABLE)) == content


@given(st.text())
def test_text_keeps_its_meaning_and_is_never_a_formula(text):
    safe = without_formula(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert (safe.removeprefix("'") if safe != text else safe) == text


# --- workbook ---------------------------------------------------------------------------------------------------------------------------


def cells(content: bytes, sheet: int) -> tuple[dict[str, ET.Element], list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = ET.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
        shared = ET.fromstring(archive.read("xl/sharedStrings.xml"))
    # The format writes a return within text as _x000D_.
    texts = ["".join(part.text or "" for part in item.iter(f"{MAIN}t")).replace("_x000D_", "\r") for item in shared]
    return {cell.get("r"): cell for cell in found.iter(f"{MAIN}c")}, texts


def test_r66_a_workbook_holds_numbers_as_numbers_dates_as_dates_and_text_as_text():
    content = workbook(cleared(holdings(2, *RISKY), use=Use.TABLE))
    found, texts = cells(content, 2)
    assert not [cell for cell in found.values() if cell.find(f"{MAIN}f") is not None]
    assert texts[int(found["A3"].findtext(f"{MAIN}v"))] == "Symbol"
    assert texts[int(found["B3"].findtext(f"{MAIN}v"))] == "Value [CAD]"
    assert (found["B5"].get("t"), float(found["B5"].findtext(f"{MAIN}v"))) == (None, 1000.5)
    assert float(found["C5"].findtext(f"{MAIN}v")) == 0.001
    assert float(found["D5"].findtext(f"{MAIN}v")) == 44923  # 2022-12-28 in the days of a spreadsheet
    assert len({found[f"{column}5"].get("s") for column in "BCD"}) == 3
    assert [(found[f"A{row}"].get("t"), texts[int(found[f"A{row}"].findtext(f"{MAIN}v"))]) for row in range(6, 15)] == [
        ("s", text) for text in RISKY
    ]
    assert found["B6"].find(f"{MAIN}v") is None
    assert texts[int(found["E6"].findtext(f"{MAIN}v"))] == "Value: no price"
    assert float(found["B15"].findtext(f"{MAIN}v")) == 1234.56


def test_a_workbook_has_the_same_bytes_every_time_and_sheets_with_sound_names():
    sections = (
        section("holdings", "ledger"),
        Section("h2", "Holdings", ("ledger",), ()),
        Section("x", "A: B/C [" + "n" * 40, ("ledger",), ()),
    )
    made = [workbook(cleared(*sections, use=Use.TABLE)) for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        book = ET.fromstring(archive.read("xl/workbook.xml"))
        core = archive.read("docProps/core.xml").decode()
    names = [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]
    assert names[:3] == ["About", "Holdings", "Holdings (2)"] and len(names[3]) == 31
    assert "2022-12-28T00:00:00Z" in core


# --- panels -----------------------------------------------------------------------------------------------------------------------------


def test_a_panel_becomes_a_section_with_its_sources_and_what_is_missing():
    column = {"field": "value", "label": "Value", "format": "currency", "unit": "money", "color_condition": None, "threshold": None}
    row = {"values": {"value": "12.50"}, "currencies": {"value": "CAD"}, "units": {}, "reasons": {}}
    missing = {"values": {"value": None}, "currencies": {}, "units": {}, "reasons": {"value": "no price"}}
    panel = {
        "id": "holdings", "title": "Holdings", "type": "table", "status": "ok", "stale": False, "asof": "2022-12-28",
        "reason": "no price", "data": {"key": None, "opens": None, "columns": [column], "rows": [row, missing]},
        "provenance": {"sources": ["ledger", "ECB"], "warnings": ["OLD is old."], "capabilities": [], "method_versions": []},
    }  # fmt: skip
    found = section_of(panel)
    assert found.sources == ("ledger", "ECB")
    assert found.remarks == ("Some figures are missing: no price", "OLD is old.")
    (table,) = found.blocks
    assert table.columns == (Column("Value", is_numeric=True, unit="money", currency="CAD"),)
    assert [written(cell) for (cell,) in table.rows] == ["12.50 CAD", "—"]
    assert table.rows[1][0].reason == "no price"
    empty = section_of({**panel, "status": "unavailable", "data": None, "reason": "unavailable: no key"})
    assert (empty.blocks, empty.notice) == ((), "unavailable: no key")
