"""Compare a broker's statement with the ledger, and settle the period it confirms."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.files import size_of
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.services.ledger.periods import lock_period, open_period
from dawsos.services.reconciliation.statements import StatementComparison, compare_statement, read_statement

app = typer.Typer(no_args_is_help=True, add_completion=False)
_DIFFERS = 9


@app.command()
def compare(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV with the columns kind (POSITION or CASH), name, amount.")],
    portfolio: InPortfolio,
    day: Annotated[date, typer.Option("--date", help="The date of the statement.")],
    source: Annotated[str, typer.Option(help="Whose statement it is.")] = "broker",
    lock: Annotated[bool, typer.Option("--lock", help="Settle the period through that date when nothing differs.")] = False,
    user: OfUser = None,
    as_json: AsJson = False,
) -> None:
    """Compare quantities and cash with the ledger on a date: every difference with its probable cause. Exit code 9 when there is one."""
    invocation: Invocation = context.obj
    size_of(file)
    statement = read_statement(file.read_bytes(), source)

    async def work(parts: Application) -> StatementComparison:
        owned = await find_portfolio(parts, portfolio, user)
        return await compare_statement(
            parts.database, owned.actor, owned.portfolio.id, statement, day, identifiers=parts.identifiers, lock=lock
        )

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
    elif found.agrees:
        settled = f" The ledger is settled through {found.locked_through}." if found.locked_through else ""
        invocation.results.print(f"The statement and the ledger agree.{settled}")
    else:
        table = Table("What", "Stated", "Booked", "Probable cause")
        for one in found.differences:
            table.add_row(one.subject, str(one.ledger or 0), str(one.database or 0), Text(one.probable_cause))
        invocation.results.print(table)
    if not found.agrees:
        raise typer.Exit(_DIFFERS)


@app.command()
def lock(
    context: typer.Context,
    portfolio: InPortfolio,
    through: Annotated[date, typer.Option(help="The last settled day.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    user: OfUser = None,
) -> None:
    """Settle a ledger through a date: entries on or before it need a reason from then on."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> None:
        owned = await find_portfolio(parts, portfolio, user)
        async with parts.database.transaction(owned.actor) as tx:
            await lock_period(tx, owned.actor, owned.portfolio.id, through, reason=reason, moment=parts.clock.now())

    with_application(invocation, work)
    invocation.results.print(f"Settled through {through}.")


@app.command(name="open")
def open_(context: typer.Context, portfolio: InPortfolio, reason: Annotated[str, typer.Option(help="Why.")], user: OfUser = None) -> None:
    """Open the settled period of a ledger again."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> None:
        owned = await find_portfolio(parts, portfolio, user)
        async with parts.database.transaction(owned.actor) as tx:
            await open_period(tx, owned.actor, owned.portfolio.id, reason=reason, moment=parts.clock.now())

    with_application(invocation, work)
    invocation.results.print("Nothing is settled any more.")
