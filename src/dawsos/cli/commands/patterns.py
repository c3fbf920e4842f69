"""Patterns: list them."""

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import catalogue, pattern_folder
from dawsos.cli.choices import AsJson
from dawsos.cli.invocation import Invocation
from dawsos.patterns.checker import Pattern
from dawsos.patterns.library import load_library

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def group() -> None:
    """Patterns: the questions DawsOS answers."""


@app.command(name="list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List the patterns, what they are for and what they take. Needs no database."""
    invocation: Invocation = context.obj
    library = load_library(pattern_folder(invocation.settings), catalogue())
    if as_json:
        invocation.print_json([_plain(one) for one in library.values()])
        return
    table = Table("Pattern", "Name", "What for", "Inputs")
    for one in library.values():
        inputs = ", ".join(name if each.required else f"[{name}]" for name, each in one.inputs.items())
        table.add_row(*(Text(cell) for cell in (one.id, one.file.name, one.file.description, inputs)))
    invocation.results.print(table)


def _plain(one: Pattern) -> dict[str, object]:
    inputs = {name: {"description": each.description, "required": each.required} for name, each in one.inputs.items()}
    file = one.file
    return {"id": one.id, "name": file.name, "description": file.description, "version": file.version, "inputs": inputs}
