"""Shows what taking a file or a publication in did, and why lines were refused."""

from collections.abc import Iterable
from typing import Protocol

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

REFUSED = 2


class Problem(Protocol):
    """Something wrong with a line."""

    @property
    def line(self) -> int: ...
    @property
    def field(self) -> str: ...
    @property
    def reason(self) -> str: ...


def refuse(console: Console, file: str, problems: Iterable[Problem], *, most: int = 1000) -> None:
    """Show what is wrong with each line, and end with exit code 2."""
    listed = list(problems)
    table = Table(title=f"Problems in {file}", title_justify="left")
    table.add_column("Line", justify="right")
    table.add_column("Field")
    table.add_column("Reason", overflow="fold")
    for problem in listed[:most]:
        table.add_row(str(problem.line) if problem.line else "", Text(problem.field), Text(problem.reason))
    console.print(table)
    more = f" ({len(listed) - most:,} more are not listed)" if len(listed) > most else ""
    console.print(Text(f"Refused: nothing was written{more}.", style="bold red"))
    raise typer.Exit(REFUSED)
