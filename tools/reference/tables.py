"""The page of tables: every table, view and column with its comment, read from the schema as it is written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.reference.markdown import code, page, table

_ABOUT: Final = """\
`public` holds the documented tables, `app` everything DawsOS keeps beside them. Tables with *own* rows are under row-level
security: whoever asks sees what is theirs. The schema stands in `db/schema/`; migrations bring a database to it."""
_TABLE: Final = re.compile(r"^create table (?P<name>[\w.]+) \((?P<body>.*?)^\)", re.MULTILINE | re.DOTALL)
_VIEW: Final = re.compile(r"^create view (?P<name>[\w.]+)", re.MULTILINE)
_TEXT: Final = r"'(?P<text>(?:[^']|'')*)'"
_TABLE_COMMENT: Final = re.compile(rf"^comment on (?:table|view) (?P<name>[\w.]+) is\s+{_TEXT};", re.MULTILINE)
_COLUMN_COMMENT: Final = re.compile(rf"^comment on column (?P<name>[\w.]+)\.(?P<column>\w+) is\s+{_TEXT};", re.MULTILINE)
_SECURED: Final = re.compile(r"^alter table (?P<name>[\w.]+) enable row level security", re.MULTILINE)
_COLUMN: Final = re.compile(r"^    (?P<name>[a-z_]\w*) (?P<type>.+?)(?:,)?$")
_AFTER_TYPE: Final = re.compile(r"\s(?:primary key|not null|default|references|unique|generated|check|constraint|collate)\b.*")
_NO_COLUMNS: Final = frozenset({"constraint", "primary", "unique", "check", "foreign", "exclude", "like"})


@dataclass(slots=True)
class Table:
    """A table or view as written."""

    name: str
    columns: dict[str, tuple[str, bool]] = field(default_factory=dict)
    comment: str = ""
    comments: dict[str, str] = field(default_factory=dict)
    is_secured: bool = False


def tables_page(schema: Path) -> str:
    """The page for the schema files in ``schema``."""
    sections = []
    for path in sorted(schema.glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        found = read_tables(text)
        if found:
            heading = text.partition("\n")[0].removeprefix("--").strip()
            sections.append("\n\n".join((f"## {path.stem[3:].replace('_', ' ').capitalize()}", heading, *map(_section, found))))
    return page("Tables", _ABOUT, *sections)


def read_tables(text: str) -> list[Table]:
    """The tables and views of one schema file, in the order they stand there."""
    found = {match["name"]: Table(match["name"], dict(_columns(match["body"]))) for match in _TABLE.finditer(text)}
    found |= {match["name"]: Table(match["name"]) for match in _VIEW.finditer(text)}
    for match in _TABLE_COMMENT.finditer(text):
        found[match["name"]].comment = _plain(match["text"])
    for match in _COLUMN_COMMENT.finditer(text):
        found[match["name"]].comments[match["column"]] = _plain(match["text"])
    for match in _SECURED.finditer(text):
        found[match["name"]].is_secured = True
    return list(found.values())


def _plain(text: str) -> str:
    return text.replace("''", "'")


def _columns(body: str) -> Iterator[tuple[str, tuple[str, bool]]]:
    for line in body.splitlines():
        match = _COLUMN.match(line)
        if match and match["name"] not in _NO_COLUMNS:
            is_needed = "not null" in match["type"] or "primary key" in match["type"]
            yield match["name"], (_AFTER_TYPE.sub("", match["type"]), is_needed)


def _section(one: Table) -> str:
    columns = one.columns or dict.fromkeys(one.comments, ("", False))
    rows = (
        (code(name), kind, "" if is_needed or not kind else "may be null", one.comments.get(name, ""))
        for name, (kind, is_needed) in columns.items()
    )
    own = " Own rows only." if one.is_secured else ""
    return f"### {one.name}\n\n{one.comment}{own}\n\n{table(('column', 'type', '', ''), rows)}".rstrip()
