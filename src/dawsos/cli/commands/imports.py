"""Imports: list them, take one back."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.ledger import Transaction
from dawsos.services.imports.undo import list_imports, undo_import
from dawsos.store.ledger import ListedBatch

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command(name="list")
def list_(context: typer.Context, portfolio: InPortfolio, user: OfUser = None, as_json: AsJson = False) -> None:
    """List what was imported into a portfolio, the newest first."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[ListedBatch]:
        owned = await find_portfolio(parts, portfolio, user)
        return await list_imports(parts.database, owned.actor, owned.portfolio.id)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Imported", "File", "Format", "Booked", "Standing", "Id")
    for one in found:
        table.add_row(
            *map(
                Text, (f"{one.created_at:%Y-%m-%d %H:%M}", one.file_name, one.format, str(one.rows_booked), str(one.standing), str(one.id))
            )
        )
    invocation.results.print(table)


@app.command()
def undo(
    context: typer.Context,
    import_id: Annotated[UUID, typer.Argument(metavar="IMPORT", help="The import's id, see 'dawsos imports list'.")],
    portfolio: InPortfolio,
    reason: Annotated[str, typer.Option(help="Why; it stays in the ledger.")],
    user: OfUser = None,
) -> None:
    """Take an import back as a whole: reverse every entry it booked, or none."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> Sequence[Transaction]:
        owned = await find_portfolio(parts, portfolio, user)
        return await undo_import(parts.database, owned.actor, owned.portfolio.id, import_id, reason=reason, identifiers=parts.identifiers)

    invocation.results.print(f"{len(with_application(invocation, work))} entries reversed.")
