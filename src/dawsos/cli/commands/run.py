"""Run a pattern and show its panels."""

import asyncio
import random
from datetime import date
from typing import Annotated, Any

import typer

from dawsos.bootstrap import Application
from dawsos.cli.asking import open_context, pinning, read_inputs, with_portfolio
from dawsos.cli.choices import AsJson, OfUser
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.panels import show_answer
from dawsos.cli.session import with_application
from dawsos.cli.warming import answered
from dawsos.patterns.answer import PatternResult
from dawsos.patterns.checker import Pattern
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.patterns.values import json_bytes
from dawsos.services.opening import Pinning

app = typer.Typer(add_completion=False)


@app.command()
def run(
    context: typer.Context,
    pattern: Annotated[str, typer.Argument(help="The pattern, for example portfolio_overview; see 'dawsos patterns list'.")],
    portfolio: Annotated[str | None, typer.Option(metavar="NAME", help="The portfolio, by name or id.")] = None,
    user: OfUser = None,
    pack: Annotated[str | None, typer.Option(metavar="PP_…", help="The pricing pack; the newest one when not given.")] = None,
    day: Annotated[date | None, typer.Option("--date", help="The newest pack on or before this date.")] = None,
    ledger: Annotated[str | None, typer.Option(metavar="HASH", help="The ledger state; everything booked when not given.")] = None,
    inputs: Annotated[list[str] | None, typer.Option("--input", metavar="NAME=VALUE", help="An input of the pattern.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run a pattern and show its panels.

    With the same pack, ledger state and inputs, 'data' of the JSON is the same byte for byte.
    """
    invocation: Invocation = context.obj
    given, wanted = read_inputs(inputs or []), pinning(pack, day, ledger)
    found, answer = with_application(
        invocation, lambda parts: answered(lambda: _run(parts, pattern, portfolio, user, given, wanted), invocation.notes)
    )
    if as_json:
        invocation.print_json(json_bytes(answer.plain()))
    else:
        show_answer(invocation.results, found.file.name, answer)


async def _run(
    app: Application, name: str, portfolio: str | None, user: str | None, given: dict[str, Any], wanted: Pinning
) -> tuple[Pattern, PatternResult]:
    pattern = app.patterns.find(name)
    owned = None if portfolio is None else await find_portfolio(app, portfolio, user)
    opened = await open_context(app, owned, wanted)
    orchestrator = Orchestrator(app.registry, sleep=asyncio.sleep, chance=random.Random())  # noqa: S311 - spreads retries
    return pattern, await orchestrator.run(pattern, with_portfolio(given, pattern.inputs, owned), opened)
