"""The little Markdown the reference pages need."""

from collections.abc import Iterable, Sequence
from typing import Final

NOTICE: Final = "<!-- Made by `python -m tools.generated`; edit what it describes, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A whole page; empty parts are left out."""
    return "\n\n".join((f"# {title}", NOTICE, *(part for part in parts if part))) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, or nothing when it has no rows."""
    lines = [_line([_cell(value) for value in row]) for row in rows]
    return "\n".join((_line(header), _line(["---"] * len(header)), *lines)) if lines else ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: object) -> str:
    """Text as code; nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def sentence(text: str | None) -> str:
    """Docstring text as prose: double backquotes become single ones, lines are joined."""
    return " ".join((text or "").split()).replace("``", "`")
