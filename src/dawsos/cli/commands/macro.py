"""Economic series: which there are, what is kept of them, and fetching them."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.identity import SYSTEM
from dawsos.providers.catalogue import FRED
from dawsos.services.feeds.fetching import Feeds, FetchReport
from dawsos.services.macro.catalogue import series_catalogue
from dawsos.store.indicators import IndicatorSpan, indicator_spans

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def group() -> None:
    """Economic series and the indicators made of them."""


@app.command()
def series(context: typer.Context) -> None:
    """List every series of the catalogue: its unit, how often it is observed, and when it is usually published."""
    table = Table("Series", "Title", "Unit", "Frequency", "Published after", "Attribution")
    for one in series_catalogue().values():
        lag = f"{one.release_lag_days} days"
        table.add_row(*map(Text, (one.series_id, one.title, one.unit, one.frequency.value, lag, one.attribution)))
    context.obj.results.print(table)


@app.command(name="list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List what is kept: raw series under their ids, indicators under their names."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[IndicatorSpan]:
        async with parts.database.transaction(SYSTEM, read_only=True) as tx:
            return await indicator_spans(tx)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Indicator", "Unit", "Source", "First", "Last", "Values")
    for one in found:
        row = (one.indicator_name, one.unit or "", one.source or "", str(one.first_date), str(one.last_date), f"{one.observations:,}")
        table.add_row(*map(Text, row))
    invocation.results.print(table)


@app.command()
def fetch(
    context: typer.Context,
    series_ids: Annotated[list[str] | None, typer.Argument(metavar="SERIES", help="Series to fetch; the whole catalogue if none.")] = None,
) -> None:
    """Fetch series from FRED, with the days they were published, and make the indicators anew. Needs DAWSOS_FRED_API_KEY."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> FetchReport:
        with invocation.notes.status("Asking FRED"):
            gateway = parts.sources.gateway(FRED)
            return await Feeds(parts.database, parts.identifiers, parts.letters).economic_series(
                gateway, series_ids or list(series_catalogue())
            )

    done = with_application(invocation, work)
    taken = done.taken
    invocation.results.print(
        f"{taken.series} series: {taken.observations:,} figures and {taken.indicators:,} values of indicators new or different."
    )
    for series_id, reason in done.failed.items():
        invocation.results.print(Text(f"{series_id}: {reason}", style="red"))
    if done.failed:
        raise typer.Exit(1)
