"""Prices: import a file."""

from pathlib import Path
from typing import Annotated

import typer

from dawsos.bootstrap import Application
from dawsos.cli.files import size_of
from dawsos.cli.invocation import Invocation
from dawsos.cli.observing import refuse
from dawsos.cli.session import with_application
from dawsos.kernel.identity import SYSTEM
from dawsos.providers.price_csv import PriceCsv
from dawsos.services.packs.observing import ObservationReport, take_prices

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def group() -> None:
    """Prices as sources gave them; packs are built from them."""


@app.command(name="import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV, plain or gzip, as described in docs/reference/price-csv.md.")],
    source: Annotated[str, typer.Option(metavar="NAME", help="Who says so; pricing policies name sources.")],
) -> None:
    """Keep the prices of a file: all of them, or none. The same file twice changes nothing."""
    invocation: Invocation = context.obj
    size_of(file)

    async def work(parts: Application) -> ObservationReport:
        with invocation.notes.status(f"Reading {file.name}"):
            return await take_prices(parts.database, SYSTEM, PriceCsv(file, source), fetched_at=parts.clock.now())

    report = with_application(invocation, work)
    if report.problems:
        refuse(invocation.results, file.name, report.problems)
    invocation.results.print(f"{report.read:,} prices read, {report.kept:,} new or different, source {report.source}.", markup=False)
