"""Run the nightly chain: pack, checks, reconciliation, figures, release."""

from datetime import date, timedelta
from typing import Annotated

import typer
from rich.table import Table

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, OfPolicy
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.clock import today
from dawsos.kernel.dates import is_weekday
from dawsos.kernel.errors import Invalid
from dawsos.services.nightly.chain import NightReport

app = typer.Typer(add_completion=False)
_FAILED = 9
_A_FEW = 31


@app.command()
def nightly(
    context: typer.Context,
    day: Annotated[
        date | None, typer.Option("--date", help="The date to work through; the last weekday that is over if not given.")
    ] = None,
    first: Annotated[date | None, typer.Option("--from", help="The first date of a range.")] = None,
    last: Annotated[date | None, typer.Option("--to", help="The last date of a range.")] = None,
    policy: OfPolicy = None,
    restate: Annotated[str | None, typer.Option(metavar="REASON", help="Replace complete packs that would change.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build the pack of a date, check and reconcile it, compute every portfolio's figures, and release it. May be repeated at any time."""
    invocation: Invocation = context.obj
    if (first is None) != (last is None) or (day is not None and first is not None):
        raise Invalid("The dates to work through are not clear.", remedy="Give --date DAY, or --from DAY and --to DAY, or neither.")

    async def work(app: Application) -> list[NightReport]:
        start, end = (first, last) if first and last else (day or _last_weekday(today(app.clock)),) * 2
        name = policy or app.settings.policy
        with invocation.notes.status(f"Working through {name}, {start} to {end}") as status:
            reports = app.nightly.run_range(name, start, end, restate_because=restate, progress=status.update)
            return [report async for report in reports]

    reports = with_application(invocation, work)
    if as_json:
        invocation.print_json(reports)
    else:
        invocation.results.print(_table(reports))
    if any(report.outcome == "failed" for report in reports):
        raise typer.Exit(_FAILED)


def _last_weekday(day: date) -> date:
    before = day - timedelta(days=1)
    while not is_weekday(before):
        before -= timedelta(days=1)
    return before


def _table(reports: list[NightReport]) -> Table:
    """Nights that need a look one by one, all others in numbers."""
    table = Table("Date", "Outcome", "Pack", "Steps", "Problem")
    counts: dict[str, int] = {}
    for report in reports:
        counts[report.outcome] = counts.get(report.outcome, 0) + 1
        if report.outcome == "failed" or len(reports) <= _A_FEW:
            done = sum(step.status == "succeeded" for step in report.steps)
            table.add_row(str(report.date), report.outcome, report.pack_id or "", str(done), report.problem or "")
    table.caption = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items())) or "no weekday in this range"
    return table
