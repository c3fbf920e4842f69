"""List the entries of a portfolio's ledger."""

from datetime import date
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.figures import NOTHING, written
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.ledger import TransactionType
from dawsos.services.portfolios import EntryFilter, LedgerPage, ledger_page
from dawsos.store.ledger import ListedTransaction

app = typer.Typer(add_completion=False)


@app.command()
def transactions(
    context: typer.Context,
    portfolio: InPortfolio,
    user: OfUser = None,
    symbol: Annotated[str | None, typer.Option(help="Only entries of this security.")] = None,
    kind: Annotated[TransactionType | None, typer.Option("--type", help="Only entries of this type.")] = None,
    first: Annotated[date | None, typer.Option("--from", help="Only entries on or after this date.")] = None,
    last: Annotated[date | None, typer.Option("--to", help="Only entries on or before this date.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the entries of a portfolio's ledger, newest first, each with the hash of the ledger after it."""
    invocation: Invocation = context.obj
    chosen = EntryFilter(symbol=symbol, transaction_type=kind, first=first, last=last)

    async def work(parts: Application) -> LedgerPage:
        owned = await find_portfolio(parts, portfolio, user)
        return await ledger_page(parts.database, owned.actor, owned.portfolio.id, chosen, page=1, page_size=limit)

    page = with_application(invocation, work)
    if as_json:
        invocation.print_json({"items": page.items, "total": page.total})
    else:
        invocation.results.print(_table(page))


def _table(page: LedgerPage) -> Table:
    table = Table(caption=f"{len(page.items):,} of {page.total:,} entries")
    for name in ("#", "Date", "Type", "Symbol", "Quantity", "Price", "Amount", "Fee + tax", "Realised P&L", "Reference", "Ledger after"):
        numeric = name in {"#", "Quantity", "Price", "Amount", "Fee + tax", "Realised P&L"}
        table.add_column(name, justify="right" if numeric else "left", no_wrap=name != "Reference", overflow="fold")
    for one in page.items:
        table.add_row(*(Text(cell) for cell in _cells(one, page.portfolio.base_currency)))
    return table


def _cells(one: ListedTransaction, base: str) -> tuple[str, ...]:
    costs = one.fee + one.withholding_tax
    return (
        str(one.sequence),
        str(one.transaction_date),
        f"{one.transaction_type.value}{' (reversal)' if one.is_reversal else ''}",
        one.symbol or "",
        "" if one.quantity is None else written(one.quantity, unit="quantity"),
        "" if one.price is None else written(one.price, unit="price"),
        written(one.amount, unit="money", currency=one.currency),
        written(costs, unit="money") if costs else "",
        "" if one.realized_pl is None else written(one.realized_pl, unit="money", currency=base),
        one.external_ref or "",
        (one.ledger_commit_hash or NOTHING)[:12],
    )
