"""Export a ledger for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from dawsos.bootstrap import Application
from dawsos.cli.choices import InPortfolio, OfUser
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.services.imports.beancount_file import export_beancount

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def group() -> None:
    """Ledgers in the formats of other programs."""


@app.command()
def beancount(
    context: typer.Context,
    portfolio: InPortfolio,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write; standard output if not given.")] = None,
    user: OfUser = None,
) -> None:
    """Write a portfolio's ledger as a Beancount file, which 'dawsos import' can read back."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> str:
        owned = await find_portfolio(parts, portfolio, user)
        return await export_beancount(parts.database, owned.actor, owned.portfolio.id)

    text = with_application(invocation, work)
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    invocation.notes.print(f"{output} is written.", markup=False)
