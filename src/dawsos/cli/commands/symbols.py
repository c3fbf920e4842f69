"""What sources call securities, where their rules do not fit."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.identity import SYSTEM
from dawsos.services.feeds import overrides as service
from dawsos.store.sources import OverrideRecord

Provider = Annotated[str, typer.Argument(help="The source, for example FMP.")]
Symbol = Annotated[str, typer.Argument(help="The symbol of the security here.")]

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def group() -> None:
    """Tickers of securities at sources."""


@app.command(name="list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List the tickers that were set."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[OverrideRecord]:
        return await service.list_overrides(parts.database, SYSTEM)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Source", "Symbol", "Ticker there", "Note")
    for one in found:
        table.add_row(*map(Text, (one.provider, one.symbol, one.ticker, one.note or "")))
    invocation.results.print(table)


@app.command(name="set")
def set_(
    context: typer.Context,
    provider: Provider,
    symbol: Symbol,
    ticker: Annotated[str, typer.Argument(help="What the source calls it.")],
    note: Annotated[str | None, typer.Option(help="Why; it is kept.")] = None,
) -> None:
    """Say what a source calls a security, instead of what the rules make of its symbol."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> None:
        await service.put_override(parts.database, SYSTEM, provider, symbol, ticker, note=note, clock=parts.clock)

    with_application(invocation, work)
    invocation.results.print(f"{symbol} is {ticker} at {provider}.", markup=False)


@app.command()
def remove(context: typer.Context, provider: Provider, symbol: Symbol) -> None:
    """Let the rules decide again."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> None:
        await service.remove_override(parts.database, SYSTEM, provider, symbol, clock=parts.clock)

    with_application(invocation, work)
    invocation.results.print(f"What {provider} calls {symbol} is decided by the rules again.", markup=False)
