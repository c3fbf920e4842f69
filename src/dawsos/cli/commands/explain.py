"""Explain a figure: formula, positions, lots, transactions, prices, rates."""

from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.tree import Tree

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.services.explaining import Explanation, Part
from dawsos.services.explaining import explain as explained
from dawsos.services.opening import Pinning

app = typer.Typer(add_completion=False)
_MOST = 40


@app.command()
def explain(
    context: typer.Context,
    figure: Annotated[str, typer.Argument(help="The figure, for example nav, twr_ytd, fx_return or position:KO.")],
    portfolio: InPortfolio,
    pack: Annotated[str | None, typer.Option(help="The pricing pack; the newest one when not given.")] = None,
    asof: Annotated[date | None, typer.Option("--date", help="The newest pack on or before this date.")] = None,
    ledger: Annotated[str | None, typer.Option(help="The ledger state, by its hash.")] = None,
    user: OfUser = None,
    as_json: AsJson = False,
) -> None:
    """Explain a figure of the overview: its formula and everything it comes from, down to lots, transactions, prices and rates."""
    invocation: Invocation = context.obj

    async def work(app: Application) -> Explanation:
        owned = await find_portfolio(app, portfolio, user)
        pinning = Pinning(pack_id=pack, asof_date=asof, ledger_commit_hash=ledger)
        opened = await app.contexts.open(owned.actor, trace_id="cli", request_id="cli", portfolio_id=owned.portfolio.id, pinning=pinning)
        return await explained(opened, figure)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    value = found.value if found.value is not None else f"not known: {found.reason}"
    tree = Tree(escape(f"{found.figure} = {value} {found.currency or ''}".rstrip()))
    tree.add(escape(f"formula: {found.formula}"))
    tree.add(f"pack {found.pricing_pack_id}, ledger {found.ledger_commit_hash[:12]}, method {found.method_version}")
    _grow(tree, found.parts)
    invocation.results.print(tree)


def _grow(tree: Tree, parts: tuple[Part, ...]) -> None:
    for part in parts[:_MOST]:
        facts = ", ".join(f"{name} {value}" for name, value in part.facts.items())
        shown = f"{part.kind} {part.name}" + (f" = {part.value}" if part.value is not None else "") + (f" ({facts})" if facts else "")
        _grow(tree.add(escape(shown)), part.parts)
    if len(parts) > _MOST:
        tree.add(f"and {len(parts) - _MOST} more; --json has them all")
