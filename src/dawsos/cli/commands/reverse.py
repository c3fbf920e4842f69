"""Take a booked entry back: book its reversal."""

from typing import Annotated
from uuid import UUID

import typer
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.finding import OwnedPortfolio, find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.errors import NotFound
from dawsos.services.ledger.correction import Reversal
from dawsos.services.portfolios import reverse_entry
from dawsos.store.ledger import booked_transactions

app = typer.Typer(add_completion=False)


@app.command()
def reverse(
    context: typer.Context,
    transaction: Annotated[str, typer.Argument(help="The entry: its number, reference or id, see 'dawsos transactions'.")],
    portfolio: InPortfolio,
    reason: Annotated[str, typer.Option(help="Why; it stays in the ledger.")],
    user: OfUser = None,
    as_json: AsJson = False,
) -> None:
    """Take a booked entry back: book its reversal, the same facts with the signs negated on the same date."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> Reversal:
        owned = await find_portfolio(parts, portfolio, user)
        entry = await _find(parts, owned, transaction)
        return await reverse_entry(parts.database, owned.actor, owned.portfolio.id, entry, reason=reason, identifiers=parts.identifiers)

    done = with_application(invocation, work)
    if as_json:
        invocation.print_json(done)
        return
    wrong = done.reversed
    what = f"{wrong.transaction_type.value} {wrong.symbol or ''} of {wrong.transaction_date}".replace("  ", " ")
    invocation.results.print(Text(f"Entry {wrong.sequence} ({what}) is reversed by entry {done.reversal.sequence}."))
    invocation.results.print(f"Ledger: {done.ledger_commit_hash}")


async def _find(parts: Application, owned: OwnedPortfolio, reference: str) -> UUID:
    async with parts.database.transaction(owned.actor, read_only=True) as tx:
        entries = await booked_transactions(tx, owned.portfolio.id)
    for entry in entries:
        if reference in {str(entry.id), str(entry.sequence), entry.external_ref}:
            return entry.id
    raise NotFound(
        f"'{owned.portfolio.name}' has no entry '{reference}'.",
        remedy=f"List them with 'dawsos transactions --portfolio \"{owned.portfolio.name}\"'.",
        code="transaction_not_found",
    )
