"""Portfolios: create, list, show."""

from dataclasses import dataclass
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, OfPolicy, OfUser
from dawsos.cli.figures import written
from dawsos.cli.finding import OwnedPortfolio, find_owner, find_portfolio, owned_portfolios
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH, LotMethod
from dawsos.services.portfolios import EntryFilter, NewPortfolio, create_portfolio, ledger_page, list_lots
from dawsos.store.ledger import LotRecord
from dawsos.store.portfolios import PortfolioRecord

app = typer.Typer(no_args_is_help=True, add_completion=False)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A portfolio with the state of its ledger."""

    portfolio: PortfolioRecord
    owner: str
    transactions: int
    ledger_commit_hash: str
    lots: tuple[LotRecord, ...]


@app.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name; one of its owner's portfolios has it.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="The currency its value is told in, for example CAD.")],
    user: Annotated[str | None, typer.Option("--user", metavar="EMAIL", help="Its owner; the only user when not given.")] = None,
    method: Annotated[LotMethod, typer.Option(help="Which lots a sale closes.")] = LotMethod.FIFO,
    policy: OfPolicy = None,
    description: Annotated[str | None, typer.Option(help="What it is.")] = None,
    benchmark: Annotated[str | None, typer.Option(metavar="SYMBOL", help="The security its returns are compared with.")] = None,
) -> None:
    """Create an empty portfolio."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> PortfolioRecord:
        owner = await find_owner(parts, user)
        wanted = NewPortfolio(
            name=name,
            base_currency=currency,
            pricing_policy=policy or invocation.settings.policy,
            cost_basis_method=method,
            description=description,
            benchmark_id=benchmark,
        )
        return await create_portfolio(parts.database, Actor(owner.id, owner.role), wanted, identifiers=parts.identifiers)

    made = with_application(invocation, work)
    invocation.results.print(Text(f"Created '{made.name}' in {made.base_currency} ({made.id})."))


@app.command(name="list")
def list_(context: typer.Context, user: OfUser = None, as_json: AsJson = False) -> None:
    """List portfolios of all users, or of one."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[OwnedPortfolio]:
        return await owned_portfolios(parts, user)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json([{"portfolio": one.portfolio, "owner": one.owner.email} for one in found])
        return
    table = Table("Name", "Currency", "Lots", "Policy", "Owner", "Id")
    for one in found:
        portfolio = one.portfolio
        table.add_row(
            Text(portfolio.name), portfolio.base_currency, portfolio.cost_basis_method.value, portfolio.pricing_policy,
            one.owner.email, str(portfolio.id),
        )  # fmt: skip
    invocation.results.print(table)


@app.command()
def show(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Its name or id.")], user: OfUser = None, as_json: AsJson = False
) -> None:
    """Show a portfolio: its facts, the state of its ledger, its open lots."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> _Shown:
        owned = await find_portfolio(parts, name, user)
        chosen = (parts.database, owned.actor, owned.portfolio.id)
        newest = await ledger_page(*chosen, EntryFilter(), page=1, page_size=1)
        lots = await list_lots(*chosen, open_only=True)
        state = (newest.items[0].ledger_commit_hash if newest.items else None) or EMPTY_LEDGER_HASH
        return _Shown(owned.portfolio, owned.owner.email, newest.total, state, lots.lots)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    invocation.results.print(_facts(found))
    invocation.results.print(_lots(found))


def _facts(found: _Shown) -> Table:
    table = Table(show_header=False)
    for name in ("name", "id", "description", "base_currency", "cost_basis_method", "pricing_policy", "benchmark_id", "created_at"):
        table.add_row(name, Text(written(getattr(found.portfolio, name))))
    table.add_row("owner", found.owner)
    table.add_row("transactions", f"{found.transactions:,}")
    table.add_row("ledger_commit_hash", found.ledger_commit_hash)
    return table


def _lots(found: _Shown) -> Table:
    table = Table(title="Open lots", title_justify="left")
    table.add_column("Symbol")
    table.add_column("Acquired")
    for name in ("Open", "Of", "Cost", "Cost in base currency"):
        table.add_column(name, justify="right")
    for lot in found.lots:
        table.add_row(
            lot.symbol or "",
            str(lot.acquisition_date),
            written(lot.qty_open, unit="quantity"),
            written(lot.qty_original, unit="quantity"),
            written(lot.cost_basis, unit="money", currency=lot.currency),
            written(lot.cost_basis_base, unit="money", currency=found.portfolio.base_currency),
        )
    return table
