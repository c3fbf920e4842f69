"""Mappings of brokers' CSV files: list, save, remove."""

import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.files import size_of
from dawsos.cli.finding import find_user
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import Actor
from dawsos.services.imports import mappings as service
from dawsos.services.imports.mappings import MappingTerms, SavedMapping

Name = Annotated[str, typer.Argument(help="What the mapping is called.")]
Whose = Annotated[str, typer.Option("--user", metavar="EMAIL", help="Whose mappings.")]

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def group() -> None:
    """How your brokers write their CSV files; used for every file whose header has the columns a mapping needs."""


@app.command(name="list")
def list_(context: typer.Context, user: Whose, as_json: AsJson = False) -> None:
    """List the mappings that are kept."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[SavedMapping]:
        return await service.list_mappings(parts.database, await _actor(parts, user))

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Mapping", "Columns of the broker", "Words", "Dates", "Saved")
    for one in found:
        columns = ", ".join(one.terms.columns.values())
        table.add_row(*map(Text, (one.name, columns, ", ".join(one.terms.types), one.terms.date_format, f"{one.saved_at:%Y-%m-%d}")))
    invocation.results.print(table)


@app.command()
def save(
    context: typer.Context,
    name: Name,
    file: Annotated[Path, typer.Argument(help="JSON: columns, types, date_format; delimiter, decimal_comma and constants where needed.")],
    user: Whose,
) -> None:
    """Keep a mapping; one of the same name is replaced."""
    invocation: Invocation = context.obj
    size_of(file)
    try:
        terms = TypeAdapter(MappingTerms).validate_python(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, ValidationError) as error:
        raise Invalid(f"'{file.name}' is no mapping: {error}", remedy="See 'dawsos mappings save --help'.") from error

    async def work(parts: Application) -> SavedMapping:
        return await service.save_mapping(parts.database, await _actor(parts, user), name, terms, clock=parts.clock)

    kept = with_application(invocation, work)
    invocation.results.print(f"Kept as {kept.name}.", markup=False)


@app.command()
def remove(context: typer.Context, name: Name, user: Whose) -> None:
    """Forget a mapping; what was imported by it stays."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> None:
        await service.remove_mapping(parts.database, await _actor(parts, user), name, clock=parts.clock)

    with_application(invocation, work)
    invocation.results.print(f"{name} is forgotten.", markup=False)


async def _actor(parts: Application, email: str) -> Actor:
    user = await find_user(parts, email)
    return Actor(user.id, user.role)
