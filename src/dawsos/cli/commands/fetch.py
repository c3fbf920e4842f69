"""Fetch what is new of every source, or see what was fetched."""

from datetime import date, timedelta
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.clock import today
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import SYSTEM
from dawsos.store.sources import FetchRecord, list_fetches

app = typer.Typer(add_completion=False)
_NIGHTS = 70


@app.command()
def fetch(
    context: typer.Context,
    day: Annotated[date | None, typer.Option("--date", help="Up to which day; yesterday if not given.")] = None,
    first: Annotated[date | None, typer.Option("--from", help="From which day on, instead of what is not known yet.")] = None,
    last: Annotated[bool, typer.Option("--last", help="Ask nobody; show what was fetched for the last nights.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask every configured source for what is new, as the worker does before each night, and say what was not fetched and why."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[FetchRecord]:
        if last:
            async with parts.database.transaction(SYSTEM, read_only=True) as tx:
                return await list_fetches(tx, _NIGHTS)
        until = day or today(parts.clock) - timedelta(days=1)
        if first is not None and first > until:
            raise Invalid(f"The range from {first} to {until} is empty.", remedy="Give the earlier date with --from.")
        with invocation.notes.status("Asking the sources") as status:
            return await parts.fetch.run(until, first=first, say=status.update)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Night", "Source", "What", "Outcome", "Told", "New", "Problem")
    for one in found:
        outcome = one.status.replace("_", " ")
        row = (
            str(one.asof_date),
            one.provider,
            one.subject.replace("_", " "),
            outcome,
            f"{one.told:,}",
            f"{one.kept:,}",
            one.problem or "",
        )
        table.add_row(*map(Text, row))
    invocation.results.print(table)
