"""Compare a ledger with the database, and show what differs and why."""

from datetime import date
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.identity import SYSTEM
from dawsos.services.holdings import PackMarket
from dawsos.services.opening import Pinning
from dawsos.services.packs.verification import read_pack
from dawsos.services.reconciliation.independent import find_beancount
from dawsos.services.reconciliation.ledgers import Reconciliation, reconcile_block

app = typer.Typer(add_completion=False)
_DIFFERS = 9


@app.command()
def reconcile(
    context: typer.Context,
    portfolio: InPortfolio,
    pack: Annotated[str | None, typer.Option(help="The pricing pack; the newest one when not given.")] = None,
    asof: Annotated[date | None, typer.Option("--date", help="The newest pack on or before this date.")] = None,
    user: OfUser = None,
    as_json: AsJson = False,
) -> None:
    """Replay a ledger independently (by Beancount, where it is installed) and compare with the database. Exit code 9 when they differ."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> Reconciliation:
        owned = await find_portfolio(parts, portfolio, user)
        pins = await parts.contexts.pins(owned.actor, owned.portfolio.id, Pinning(pack_id=pack, asof_date=asof))
        async with parts.database.transaction(SYSTEM) as tx:
            contents = await read_pack(tx, pins.pack.id)
            (found,) = await reconcile_block(tx, PackMarket.of(contents), [pins], beancount=find_beancount(), moment=parts.clock.now())
            return found

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(
            {
                "pricing_pack_id": found.pins.pack.id,
                "ledger_commit_hash": found.pins.ledger.commit_hash,
                "checked_with": found.checked_with,
                "passed": found.passed,
                "ledger_nav": found.ledger_nav,
                "db_nav": found.db_nav,
                "error_bps": found.error_bps,
                "discrepancies": found.discrepancies,
            }
        )
    else:
        table = Table("Kind", "What", "Ledger", "Database", "Probable cause")
        for one in found.discrepancies:
            table.add_row(one.kind, one.subject, str(one.ledger or ""), str(one.database or ""), Text(one.probable_cause))
        table.caption = f"{found.ledger_position_count} positions under {found.pins.pack.id}, replayed by {found.checked_with}: " + (
            "nothing differs" if found.passed else f"{len(found.discrepancies)} differences"
        )
        invocation.results.print(table)
    if not found.passed:
        raise typer.Exit(_DIFFERS)
