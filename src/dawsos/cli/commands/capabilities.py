"""Capabilities: list them."""

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import catalogue
from dawsos.cli.choices import AsJson
from dawsos.cli.invocation import Invocation

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def group() -> None:
    """Capabilities: what patterns are made of."""


@app.command(name="list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List the capabilities, what they do and what they take. Needs no database."""
    invocation: Invocation = context.obj
    registry = catalogue()
    if as_json:
        names = ("name", "agent", "summary", "description", "rights", "ttl", "timeout", "cost", "example")
        invocation.print_json([{name: getattr(one, name) for name in names} for one in registry])
        return
    table = Table("Capability", "Agent", "What it does", "Takes")
    for one in registry:
        takes = ", ".join(name if field.is_required() else f"[{name}]" for name, field in one.request.model_fields.items())
        table.add_row(*(Text(cell) for cell in (one.name, one.agent, one.summary, takes)))
    invocation.results.print(table)
