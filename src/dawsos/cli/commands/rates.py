"""Exchange rates: import a publication."""

from datetime import date
from typing import Annotated, Literal

import typer

from dawsos.bootstrap import Application
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import SYSTEM
from dawsos.providers.ecb import load_ecb_rates
from dawsos.services.packs.observing import ObservationReport, take_rates

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def group() -> None:
    """Exchange rates as sources published them; packs are built from them."""


@app.command(name="import")
def import_(
    context: typer.Context,
    source: Annotated[Literal["ecb"], typer.Argument(help="ecb: the euro reference rates of the European Central Bank, since 1999.")],
    first: Annotated[date | None, typer.Option("--from", help="The first day; the source's own when not given.")] = None,
    last: Annotated[date | None, typer.Option("--to", help="The last day; the source's own when not given.")] = None,
) -> None:
    """Keep the rates a source published; doing it again changes nothing. Needs no network."""
    invocation: Invocation = context.obj
    with invocation.notes.status(f"Reading the rates of {source.upper()}"):
        rates = load_ecb_rates()
    start, end = first or rates.first_date, last or rates.last_date
    if end < start:
        raise Invalid(f"The range from {start} to {end} is empty.", remedy=f"Rates go from {rates.first_date} to {rates.last_date}.")

    async def work(parts: Application) -> ObservationReport:
        with invocation.notes.status("Keeping the rates"):
            return await take_rates(parts.database, SYSTEM, rates, start, end, fetched_at=parts.clock.now())

    report = with_application(invocation, work)
    invocation.results.print(f"{report.read:,} rates from {start} to {end} read, {report.kept:,} new or different, source {report.source}.")
