"""Say what changed between two packs or ledger states, and why."""

from decimal import Decimal
from typing import Annotated

import typer
from rich.table import Table

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.services.comparing import Comparison, compare_states
from dawsos.services.opening import Pinning

app = typer.Typer(add_completion=False)
_STATE = "PACK[,LEDGER]"


@app.command()
def diff(
    context: typer.Context,
    portfolio: InPortfolio,
    before: Annotated[
        str, typer.Option("--from", metavar=_STATE, help="The earlier state: a pack, and a ledger hash if not the present one.")
    ],
    after: Annotated[str, typer.Option("--to", metavar=_STATE, help="The later state.")],
    user: OfUser = None,
    as_json: AsJson = False,
) -> None:
    """Take the change of value and return between two states apart: every piece with the entry, price or rate that caused it."""
    invocation: Invocation = context.obj

    async def work(app: Application) -> Comparison:
        owned = await find_portfolio(app, portfolio, user)
        opened = [
            await app.contexts.open(owned.actor, trace_id="cli", request_id="cli", portfolio_id=owned.portfolio.id, pinning=_pinning(state))
            for state in (before, after)
        ]
        return await compare_states(opened[0], opened[1])

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    bridge = found.bridge
    table = Table("What", "Date", "Before", "After", f"NAV ({found.base_currency})", "Return of the year")
    table.add_row(
        "from",
        str(found.from_state.asof_date),
        found.from_state.pricing_pack_id,
        "",
        f"{bridge.before.nav:,}",
        _share(bridge.before.twr_ytd),
    )
    for one in bridge.causes:
        table.add_row(
            f"{one.kind} {one.subject}",
            str(one.date),
            one.before or "",
            one.after or "",
            f"{one.nav_change:+,}",
            _share(one.twr_ytd_change),
        )
    table.add_row(
        "to", str(found.to_state.asof_date), found.to_state.pricing_pack_id, "", f"{bridge.after.nav:,}", _share(bridge.after.twr_ytd)
    )
    invocation.results.print(table)


def _pinning(state: str) -> Pinning:
    pack, _, ledger = state.partition(",")
    return Pinning(pack_id=pack, ledger_commit_hash=ledger or None)


def _share(value: Decimal | None) -> str:
    return "" if value is None else f"{value:+.6%}"
