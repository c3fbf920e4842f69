"""A cleared document as the plain values its template reads: everything written out, so that the template only places it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dawsos.services.reports.axes import bars, plot
from dawsos.services.reports.clearing import Cleared
from dawsos.services.reports.document import Bars, Block, Figure, Figures, Lines, Prose, Section, Table, Value, nulls
from dawsos.services.reports.writing import MINUS, is_amount, number_of, written
from dawsos.services.rights import rights_of


def laid_out(cleared: Cleared) -> dict[str, Any]:
    """The whole of the document for the template."""
    document = cleared.document
    day = document.asof_date
    return {
        "title": document.title,
        "subject": document.subject,
        "style": document.style,
        "asof": day.isoformat() if day else None,
        "date": [day.year, day.month, day.day] if day else None,
        "base_currency": document.base_currency,
        "pack": document.pricing_pack_id,
        "ledger": document.ledger_commit_hash,
        "footer": document.footer,
        "watermark": cleared.watermark,
        "facts": [_figure(one) for one in document.facts],
        "sections": [_section(one) for one in document.sections],
        "sources": [_source(source) for source in document.sources],
    }


def _source(source: str) -> list[str]:
    """The name of a source and the line that must stand beside its figures; a filing is its own line."""
    found = rights_of(source)
    line = (found.attribution if found is not None else None) or "Own records"
    return ["Filing" if line == source else source, line]


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "notice": section.notice,
        "remarks": list(section.remarks),
        "blocks": [_block(one) for one in section.blocks],
        "sources": list(section.sources),
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Figures():
            return {"kind": "figures", "title": block.title, "figures": [_figure(one) for one in block.figures]}
        case Table():
            return _table(block)
        case Lines():
            return _lines(block)
        case Bars():
            drawn = [asdict(one) for one in bars(block)]
            missing = _missing([one.label for one in block.figures], [one.value for one in block.figures])
            return {"kind": "bars", "title": block.title, "bars": drawn, "missing": missing}
        case Prose():
            return {"kind": "prose", "paragraphs": list(block.paragraphs)}


def _figure(figure: Figure) -> dict[str, Any]:
    value = figure.value
    return {
        "label": figure.label,
        "text": written(value),
        "reason": value.reason if value.raw is None else None,
        "negative": _is_negative(value),
    }


def _is_negative(value: Value) -> bool:
    return number_of(value) is not None and written(value).startswith(MINUS)


def _table(table: Table) -> dict[str, Any]:
    columns = [
        {"label": one.label, "unit": one.currency or "", "numeric": one.is_numeric, "wide": index == _widest(table)}
        for index, one in enumerate(table.columns)
    ]
    reasons: dict[str, None] = {}
    for index, column in enumerate(table.columns):
        for reason in nulls([row[index] for row in table.rows]):
            reasons[f"{column.label}: {reason.rstrip('.')}"] = None
    return {
        "kind": "table",
        "title": table.title,
        "columns": columns,
        "rows": [_row(table, row) for row in table.rows],
        "total": _row(table, table.total) if table.total is not None else None,
        "missing": list(reasons),
    }


def _row(table: Table, row: Sequence[Value]) -> list[dict[str, Any]]:
    return [
        {
            "text": written(value, with_currency=not (column.currency and value.currency == column.currency and is_amount(value))),
            "negative": _is_negative(value),
        }
        for column, value in zip(table.columns, row, strict=True)
    ]


def _widest(table: Table) -> int | None:
    """The column of words with the longest text: it takes the room the others leave."""
    lengths = {
        index: max((len(written(row[index])) for row in table.rows), default=0)
        for index, column in enumerate(table.columns)
        if not column.is_numeric
    }
    return max(lengths, key=lambda index: lengths[index]) if lengths else None


def _lines(lines: Lines) -> dict[str, Any]:
    found = plot(lines)
    if found is None:
        return {"kind": "prose", "paragraphs": [f"{lines.title or 'The chart'}: there is no value to draw."]}
    return {"kind": "lines", "title": lines.title, "fills": lines.fills, **asdict(found)}


def _missing(labels: Sequence[str], values: Sequence[Value]) -> list[str]:
    return [
        f"{label}: {value.reason.rstrip('.')}" for label, value in zip(labels, values, strict=True) if value.raw is None and value.reason
    ]
