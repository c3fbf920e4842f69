"""The securities master: import a file, list."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.files import chunks_of, size_of
from dawsos.cli.invocation import Invocation
from dawsos.cli.observing import refuse
from dawsos.cli.session import with_application
from dawsos.kernel.identity import SYSTEM
from dawsos.services import securities as service
from dawsos.services.securities import SecuritiesReport
from dawsos.store.securities import SecurityRecord

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command(name="import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV with symbol,name,security_type,currency,sector,industry,exchange.")],
) -> None:
    """Add securities, or complete those whose symbols are known: all of a file, or nothing."""
    invocation: Invocation = context.obj
    size_of(file)

    async def work(parts: Application) -> SecuritiesReport:
        return await service.import_securities(parts.database, SYSTEM, chunks_of(file), file_name=file.name, identifiers=parts.identifiers)

    report = with_application(invocation, work)
    if report.problems:
        refuse(invocation.results, file.name, report.problems)
    invocation.results.print(f"{report.rows:,} securities: {report.added:,} added, {report.completed:,} known before and completed.")


@app.command(name="list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List all securities."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[SecurityRecord]:
        return await service.list_securities(parts.database, SYSTEM)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    names = ("symbol", "name", "security_type", "currency", "sector", "industry", "exchange")
    table = Table("Symbol", "Name", "Type", "Currency", "Sector", "Industry", "Exchange")
    for one in found:
        table.add_row(*(Text(getattr(one, name) or "") for name in names))
    invocation.results.print(table)
