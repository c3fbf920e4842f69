"""Prices: import a file, look at doubtful ones."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, OfPolicy
from dawsos.cli.files import size_of
from dawsos.cli.invocation import Invocation
from dawsos.cli.observing import refuse
from dawsos.cli.session import with_application
from dawsos.kernel.identity import SYSTEM
from dawsos.providers.price_csv import PriceCsv
from dawsos.services.packs.checking import Decision, decide, list_checks
from dawsos.services.packs.observing import ObservationReport, take_prices
from dawsos.store.price_checks import PriceCheckRecord

DoubtfulSource = Annotated[str, typer.Option(metavar="NAME", help="The source the price is from.")]
DoubtfulDay = Annotated[date, typer.Option("--date", help="The day of the price.")]
Symbol = Annotated[str, typer.Argument(help="The symbol of the security.")]
Note = Annotated[str, typer.Option(help="Why; it is kept.")]

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


@app.command()
def doubts(
    context: typer.Context,
    policy: OfPolicy = None,
    everything: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List prices that look wrong: in the wrong unit, against another source, far from the day before, or standing still."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[PriceCheckRecord]:
        return await list_checks(parts.database, SYSTEM, policy or parts.settings.policy, open_only=not everything)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Date", "Symbol", "Source", "Rule", "Finding", "Status", "Note")
    for one in found:
        table.add_row(str(one.date), one.symbol, one.source, one.rule, Text(one.finding), one.status, Text(one.note or ""))
    invocation.results.print(table)


@app.command()
def accept(context: typer.Context, symbol: Symbol, day: DoubtfulDay, source: DoubtfulSource, note: Note, policy: OfPolicy = None) -> None:
    """Say that a doubtful price is right."""
    _decide(context.obj, symbol, day, source, "accepted", note, policy)


@app.command()
def quarantine(
    context: typer.Context, symbol: Symbol, day: DoubtfulDay, source: DoubtfulSource, note: Note, policy: OfPolicy = None
) -> None:
    """Keep a doubtful price out of every pack built from now on; restate the packs that have it."""
    _decide(context.obj, symbol, day, source, "quarantined", note, policy)


def _decide(invocation: Invocation, symbol: str, day: date, source: str, decision: Decision, note: str, policy: str | None) -> None:
    async def work(parts: Application) -> None:
        name = policy or parts.settings.policy
        await decide(parts.database, SYSTEM, name, symbol, day, source, decision, note=note, clock=parts.clock)

    with_application(invocation, work)
    invocation.results.print(f"The price of {symbol} of {day} from {source} is {decision}.", markup=False)
