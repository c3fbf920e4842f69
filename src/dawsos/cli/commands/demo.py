"""Set up the demo and open it: database, data, pricing packs, web server."""

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from dawsos.bootstrap import application
from dawsos.cli.configuration import read_settings
from dawsos.cli.database import prepared_database
from dawsos.cli.invocation import Invocation
from dawsos.cli.serving import load_server, serve
from dawsos.cli.stages import Stages, stages
from dawsos.cli.warming import WarmUp, warm_up_process
from dawsos.services.demo.seed import DemoLogin, DemoParts, demo_users, seed_demo
from dawsos.settings import Settings
from dawsos.store.access import DatabaseAccess

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, or only set it up.")] = True,
) -> None:
    """Set up the demo and open it: database, data, pricing packs, web server.

    Can be repeated: what is there already stays, what a killed run left undone is completed.
    """
    invocation: Invocation = context.obj
    settings = read_settings(invocation.settings.home, host=host, port=port)
    with warm_up_process() as kernels, stages(invocation.notes) as stage:
        stage("PostgreSQL and its schema")
        access = prepared_database(invocation)
        logins = asyncio.run(_seed(settings, access, stage, kernels))
        seconds = stage.finish()
    invocation.notes.print(f"The demo is ready after {seconds:.1f} s.")
    _show_logins(invocation, logins)
    if serve_it:
        serve(invocation, settings, access, exposed=False, ready=lambda address: _open(invocation, address))


async def _seed(settings: Settings, access: DatabaseAccess, stage: Stages, kernels: WarmUp) -> list[DemoLogin]:
    stage("Capabilities and patterns")
    async with application(settings, access) as parts:
        demo_parts = DemoParts(parts.database, parts.identifiers, parts.accounts, parts.packs, parts.nightly)

        async def ready_to_compute() -> None:
            stage("Numeric kernels, compiled once per installation")
            await asyncio.gather(kernels.finished(), asyncio.to_thread(load_server))

        return await seed_demo(demo_parts, stage, before_history=ready_to_compute)


def _show_logins(invocation: Invocation, logins: list[DemoLogin]) -> None:
    if logins:
        table = Table("User", "Password", "Role", title="Logins, shown this once", title_justify="left")
        for login in logins:
            table.add_row(login.email, login.password, login.role.value)
        invocation.results.print(table)
    made = {login.email for login in logins}
    earlier = [email for email in demo_users() if email not in made]
    if earlier:
        invocation.results.print(f"These users were there already: {', '.join(earlier)}.")
        invocation.results.print("Set a new password with: dawsos user password EMAIL")


def _open(invocation: Invocation, address: str) -> None:
    invocation.results.print(f"DawsOS is at [bold]{address}[/] (stop it with Ctrl-C)")
