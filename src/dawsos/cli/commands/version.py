"""Say which version this is."""

import platform
from importlib.metadata import version as installed

import typer

from dawsos.cli.choices import AsJson
from dawsos.cli.invocation import Invocation

app = typer.Typer(add_completion=False)


@app.command()
def version(context: typer.Context, as_json: AsJson = False) -> None:
    """Say which version this is."""
    invocation: Invocation = context.obj
    facts = {"dawsos": installed("dawsos"), "python": platform.python_version()}
    if as_json:
        invocation.print_json(facts)
    else:
        invocation.results.print(f"DawsOS {facts['dawsos']} on Python {facts['python']}", markup=False)
