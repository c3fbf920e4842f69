"""The database: start, stop, look at it, migrate, dump, restore, psql."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from dawsos.cli.choices import AsJson
from dawsos.cli.database import migrate_database, own_server, prepared_database, ready_database
from dawsos.cli.figures import written
from dawsos.cli.invocation import Invocation
from dawsos.kernel.errors import Invalid
from dawsos.store.access import DatabaseAccess
from dawsos.store.dump import dump as dump_database
from dawsos.store.dump import restore as restore_database
from dawsos.store.embedded import ServerStatus, find_binaries
from dawsos.store.embedded.psql import run_psql

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def start(context: typer.Context) -> None:
    """Start DawsOS's own PostgreSQL; it goes on until it is stopped."""
    invocation: Invocation = context.obj
    invocation.results.print(f"PostgreSQL answers on {own_server(invocation).start()}")


@app.command()
def stop(
    context: typer.Context,
    immediate: Annotated[bool, typer.Option("--immediate", help="At once, as in a crash; it recovers at the next start.")] = False,
) -> None:
    """Stop DawsOS's own PostgreSQL."""
    invocation: Invocation = context.obj
    was_running = own_server(invocation).stop(immediate=immediate)
    invocation.results.print("PostgreSQL has stopped." if was_running else "PostgreSQL was not running.")


@app.command()
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Say whether PostgreSQL runs and where; changes nothing."""
    invocation: Invocation = context.obj
    found = own_server(invocation).status()
    if as_json:
        invocation.print_json({**_facts(found), "size_bytes": found.size_bytes})
        return
    table = Table(show_header=False)
    for name, value in _facts(found).items():
        table.add_row(name, str(value) if name == "pid" and value else written(value))
    table.add_row("size", f"{found.size_bytes / 1e6:,.1f} MB")
    invocation.results.print(table)


def _facts(found: ServerStatus) -> dict[str, object]:
    return {
        "running": found.running,
        "ready": found.ready,
        "directory": str(found.directory),
        "address": found.address,
        "version": found.version,
        "data_version": found.data_version,
        "pid": found.pid,
        "since": found.since,
    }


@app.command()
def migrate(context: typer.Context) -> None:
    """Set the database up, or bring it to this version's schema."""
    invocation: Invocation = context.obj
    applied = migrate_database(invocation)
    for name in applied:
        invocation.results.print(f"Applied {name}")
    invocation.results.print("The database has this version's schema.")


@app.command()
def dump(context: typer.Context, file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write the whole database to one file, which 'dawsos db restore' and pg_restore read."""
    invocation: Invocation = context.obj
    access = ready_database(invocation)
    with invocation.notes.status(f"Writing {file}"):
        size = dump_database(access.administrator_of(access.database), file, find_binaries(invocation.settings.pg_bindir))
    invocation.results.print(f"{file}: {size / 1e6:,.1f} MB. It holds everything, password hashes too; keep it safe.")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file written by 'dawsos db dump'.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Replace the whole database by what a dump holds: wholly, or not at all."""
    invocation: Invocation = context.obj
    _confirm(file, yes=yes)
    access = prepared_database(invocation)
    with invocation.notes.status(f"Restoring {file}"):
        restore_database(access.administrator_of("postgres"), access.database, file, find_binaries(invocation.settings.pg_bindir))
        # A dump may be of an earlier version.
        migrate_database(invocation)
    invocation.results.print(f"The database is what {file} holds.")


def _confirm(file: Path, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise Invalid("Restoring replaces everything in the database.", remedy="Say --yes if that is meant.", code="not_confirmed")
    typer.confirm(f"Replace everything in the database by what {file} holds?", abort=True, err=True)


@app.command(context_settings={"ignore_unknown_options": True})
def psql(
    context: typer.Context,
    arguments: Annotated[list[str] | None, typer.Argument(help="Arguments for psql, after --.")] = None,
    role: Annotated[
        Literal["app", "admin"], typer.Option(help="app sees what row-level security lets it see; admin sees everything.")
    ] = "app",
) -> None:
    """Open psql on the database, or hand it arguments: dawsos db psql -- -c 'select …'."""
    invocation: Invocation = context.obj
    access = ready_database(invocation)
    raise typer.Exit(run_psql(find_binaries(invocation.settings.pg_bindir), _dsn(access, role), arguments or []))


def _dsn(access: DatabaseAccess, role: str) -> str:
    return access.app_dsn if role == "app" else access.administrator_of(access.database)
