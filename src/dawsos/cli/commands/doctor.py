"""Say what is configured, reachable, allowed and how old."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.clock import today
from dawsos.services.feeds.doctor import SourceHealth, examine
from dawsos.services.feeds.usage import Used

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    context: typer.Context,
    ask: Annotated[bool, typer.Option("--ask", help="Send each configured source one small request to see whether it answers.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say of every source whether it is configured and reachable, what may be done with its figures, and how old they are."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[SourceHealth]:
        settings = parts.settings
        return await examine(
            parts.database,
            lambda provider: settings.provider_key(provider.key_setting),
            parts.sources.gateway,
            licensed=settings.licensed_sources,
            megabytes=settings.monthly_megabytes,
            today=today(parts.clock),
            ask=ask,
        )

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Source", "Configured", "Reachable", "May be used for", "Newest figure", "This month", "Dead letters")
    for one in found:
        configured = "yes" if one.is_configured else f"no: set DAWSOS_{(one.key_setting or '').upper()}"
        reachable = {None: "not asked", True: "yes", False: one.problem or "no"}[one.is_reachable]
        uses = ", ".join(use.value for use in one.uses)
        row = (one.title, configured, reachable, uses, str(one.newest or "nothing yet"), _used(one.used), str(one.dead_letters))
        table.add_row(*map(Text, row))
    invocation.results.print(table)
    invocation.results.print("Without keys and without a network everything that does not need a source works on what is stored.")


def _used(used: Used) -> str:
    amount = f"{used.bytes / 1e6:,.1f} MB"
    if used.share is None:
        return amount
    return f"{amount}, {used.share:.0%} of the allowance" + (" (alarm)" if used.alarm else "")
