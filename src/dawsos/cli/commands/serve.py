"""Serve DawsOS on your own data."""

from typing import Annotated

import typer

from dawsos.cli.configuration import read_settings
from dawsos.cli.database import prepared_database
from dawsos.cli.invocation import Invocation
from dawsos.cli.serving import serve as answer
from dawsos.cli.warming import warm_up_thread

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    exposed: Annotated[bool, typer.Option("--exposed", help="Listen on an address other machines reach although it is not TLS.")] = False,
) -> None:
    """Serve DawsOS on your own data, setting up or updating the database first where that is needed."""
    invocation: Invocation = context.obj
    settings = read_settings(invocation.settings.home, host=host, port=port)
    access = prepared_database(invocation)
    warm_up_thread()
    answer(
        invocation,
        settings,
        access,
        exposed=exposed,
        ready=lambda address: invocation.results.print(f"DawsOS is at [bold]{address}[/] (stop it with Ctrl-C)"),
    )
