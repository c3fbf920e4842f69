"""Call one capability and show its result."""

from datetime import date
from typing import Annotated, Any

import typer

from dawsos.bootstrap import Application
from dawsos.cli.asking import open_context, pinning, read_inputs, with_portfolio
from dawsos.cli.choices import AsJson, OfUser
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.results import show_result
from dawsos.cli.session import with_application
from dawsos.cli.warming import answered
from dawsos.registry.catalogue import CapabilityResult
from dawsos.services.opening import Pinning

app = typer.Typer(add_completion=False)


@app.command()
def call(
    context: typer.Context,
    capability: Annotated[str, typer.Argument(help="The capability, for example ledger.positions; see 'dawsos capabilities list'.")],
    portfolio: Annotated[str | None, typer.Option(metavar="NAME", help="The portfolio, by name or id.")] = None,
    user: OfUser = None,
    pack: Annotated[str | None, typer.Option(metavar="PP_…", help="The pricing pack; the newest one when not given.")] = None,
    day: Annotated[date | None, typer.Option("--date", help="The newest pack on or before this date.")] = None,
    ledger: Annotated[str | None, typer.Option(metavar="HASH", help="The ledger state; everything booked when not given.")] = None,
    inputs: Annotated[list[str] | None, typer.Option("--input", metavar="NAME=VALUE", help="A field of the request.")] = None,
    as_json: AsJson = False,
) -> None:
    """Call one capability and show its result, and where that came from."""
    invocation: Invocation = context.obj
    given, wanted = read_inputs(inputs or []), pinning(pack, day, ledger)
    answer = with_application(
        invocation, lambda parts: answered(lambda: _call(parts, capability, portfolio, user, given, wanted), invocation.notes)
    )
    if as_json:
        invocation.print_json({"data": answer.result.plain(), "provenance": answer.provenance})
    else:
        show_result(invocation.results, answer)


async def _call(
    app: Application, name: str, portfolio: str | None, user: str | None, given: dict[str, Any], wanted: Pinning
) -> CapabilityResult:
    known = app.registry.get(name).request.model_fields
    owned = None if portfolio is None else await find_portfolio(app, portfolio, user)
    opened = await open_context(app, owned, wanted)
    request = with_portfolio(given, known, owned)
    if "pack_id" in known and opened.pricing_pack_id is not None:
        request = {"pack_id": opened.pricing_pack_id, **request}
    return await app.registry.call(name, opened, request)
