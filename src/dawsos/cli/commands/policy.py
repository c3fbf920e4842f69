"""Pricing policies: which sources packs are built from."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.figures import written
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.identity import SYSTEM
from dawsos.services.packs import policies as service
from dawsos.store.packs import PolicyRecord

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command(name="list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List the policies."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[PolicyRecord]:
        return await service.list_policies(parts.database, SYSTEM)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Policy", "Prices from", "Rates from", "Dividends in prices", "Description")
    for one in found:
        table.add_row(
            one.policy, ", ".join(one.price_sources), ", ".join(one.rate_sources), written(one.dividend_adjusted), Text(one.description)
        )
    invocation.results.print(table)


@app.command(name="set")
def set_(
    context: typer.Context,
    policy: Annotated[str, typer.Argument(help="Its name, for example ECB_CLOSE.")],
    prices: Annotated[list[str], typer.Option("--prices", metavar="SOURCE", help="A source of prices; the first is preferred.")],
    rates: Annotated[list[str], typer.Option("--rates", metavar="SOURCE", help="A source of rates; the first is preferred.")],
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    dividend_adjusted: Annotated[
        bool, typer.Option("--dividend-adjusted", help="Its prices have dividends worked in, so none are booked.")
    ] = False,
) -> None:
    """Create a policy, or change it for packs built from now on."""
    invocation: Invocation = context.obj
    wanted = PolicyRecord(policy, description, prices, rates, dividend_adjusted=dividend_adjusted)

    async def work(parts: Application) -> PolicyRecord:
        return await service.put_policy(parts.database, SYSTEM, wanted, clock=parts.clock)

    kept = with_application(invocation, work)
    invocation.results.print(f"{kept.policy}: prices from {', '.join(kept.price_sources)}; rates from {', '.join(kept.rate_sources)}.")
