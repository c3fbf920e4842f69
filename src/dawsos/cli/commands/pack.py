"""Build, list, show and verify pricing packs."""

from datetime import date
from typing import Annotated

import typer
from rich.table import Table

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, OfPolicy
from dawsos.cli.figures import written
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.errors import Conflict, Invalid
from dawsos.kernel.identity import SYSTEM
from dawsos.services.nightly.chain import NightReport
from dawsos.services.packs.building import BuildOutcome
from dawsos.services.packs.verification import PackContents, Verification, read_pack, verify_pack
from dawsos.store.packs import PackRecord, list_packs

app = typer.Typer(no_args_is_help=True, add_completion=False)
PackId = Annotated[str, typer.Argument(metavar="PACK", help="The pack's id, for example PP_2022-12-28.")]
_FAILED = 9


@app.command()
def build(
    context: typer.Context,
    day: Annotated[date | None, typer.Option("--date", help="The one date to build.")] = None,
    first: Annotated[date | None, typer.Option("--from", help="The first date to build.")] = None,
    last: Annotated[date | None, typer.Option("--to", help="The last date to build.")] = None,
    policy: OfPolicy = None,
    restate: Annotated[str | None, typer.Option(metavar="REASON", help="Replace complete packs that would change.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build the pack of one date, or of every day of a range, and make them ready; packs that would not change are left alone."""
    invocation: Invocation = context.obj
    start, end = _range(day, first, last)
    name = policy or invocation.settings.policy
    reports: list[NightReport] = []

    async def work(app: Application) -> list[BuildOutcome]:
        with invocation.notes.status(f"Building packs of {name} from {start} to {end}") as status:
            if day is not None:
                built = [await app.packs.build_day(name, day, restate_because=restate)]
            else:
                built = await app.packs.build(
                    name, start, end, restate_because=restate, progress=lambda done: status.update(f"Building packs of {name}: {done.date}")
                )
            new = [one.pack_id for one in built if one.outcome in {"built", "restated"} and one.pack_id]
            if new:
                reports.append(await app.nightly.make_ready(new[-1], releases_earlier=True, progress=status.update))
        return built

    outcomes = with_application(invocation, work)
    if as_json:
        invocation.print_json(outcomes)
    else:
        invocation.results.print(_outcomes(outcomes))
    for problem in (report.problem for report in reports if report.outcome == "failed"):
        invocation.notes.print(problem)
    if any(one.outcome == "failed" for one in outcomes) or any(one.outcome == "failed" for one in reports):
        raise typer.Exit(_FAILED)


def _range(day: date | None, first: date | None, last: date | None) -> tuple[date, date]:
    if day is not None and first is None and last is None:
        return day, day
    if day is None and first is not None and last is not None:
        return first, last
    raise Invalid("The dates to build are not clear.", remedy="Give --date DAY, or --from DAY and --to DAY.")


def _outcomes(outcomes: list[BuildOutcome]) -> Table:
    """Days that need a look one by one, all others in numbers."""
    counts: dict[str, int] = {}
    for one in outcomes:
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
    table = Table("Date", "Outcome", "Pack", "Reason")
    for one in outcomes:
        if one.outcome == "failed" or len(outcomes) <= 31:
            table.add_row(str(one.date), one.outcome, one.pack_id or "", one.reason or "")
    table.caption = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items())) or "nothing to build"
    return table


@app.command(name="list")
def list_(
    context: typer.Context,
    policy: OfPolicy = None,
    before: Annotated[date | None, typer.Option(help="Only packs before this date.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 30,
    as_json: AsJson = False,
) -> None:
    """List pricing packs, newest first."""
    invocation: Invocation = context.obj

    async def work(app: Application) -> list[PackRecord]:
        async with app.database.transaction(SYSTEM, read_only=True) as tx:
            return await list_packs(tx, policy=policy, before=before, limit=limit)

    packs = with_application(invocation, work)
    if as_json:
        invocation.print_json(packs)
        return
    table = Table("Pack", "Policy", "Status", "Edition", "Prices", "Rates", "Superseded by", "Hash")
    for one in packs:
        table.add_row(
            one.id, one.policy, one.status, str(one.edition), str(one.securities_count), str(one.fx_pairs_count),
            one.superseded_by or "", (one.hash or "")[:12],
        )  # fmt: skip
    invocation.results.print(table)


@app.command()
def show(context: typer.Context, pack: PackId, as_json: AsJson = False) -> None:
    """Show a pack with every price and rate in it."""
    invocation: Invocation = context.obj

    async def work(app: Application) -> PackContents:
        async with app.database.transaction(SYSTEM, read_only=True) as tx:
            return await read_pack(tx, pack)

    contents = with_application(invocation, work)
    if as_json:
        invocation.print_json(contents)
        return
    for table in _contents(contents):
        invocation.results.print(table)


def _contents(contents: PackContents) -> tuple[Table, Table, Table]:
    facts = Table(show_header=False)
    for name in ("id", "date", "policy", "status", "hash", "edition", "revision", "superseded_by", "supersedes_reason", "error_message"):
        facts.add_row(name, written(getattr(contents.pack, name)))
    prices = Table("Symbol", "Close", "Traded on", "Weekdays old", "Source", title="Prices", title_justify="left")
    for price in contents.prices:
        close = written(price.close, unit="price", currency=price.currency)
        prices.add_row(price.symbol, close, str(price.date), str(price.stale_days), price.source or "")
    rates = Table("Pair", "Rate", "Published for", "Source", title="Exchange rates", title_justify="left")
    for rate in contents.rates:
        rates.add_row(f"{rate.base_ccy}/{rate.quote_ccy}", written(rate.rate, unit="exchange_rate"), written(rate.date), rate.source or "")
    return facts, prices, rates


@app.command()
def verify(context: typer.Context, pack: PackId, as_json: AsJson = False) -> None:
    """Hash a pack's stored contents again and compare with the hash it was sealed with."""
    invocation: Invocation = context.obj

    async def work(app: Application) -> Verification:
        async with app.database.transaction(SYSTEM, read_only=True) as tx:
            return await verify_pack(tx, pack)

    done = with_application(invocation, work)
    if as_json:
        invocation.print_json(done)
    elif done.is_intact:
        invocation.results.print(f"{done.pack_id} is intact: {done.actual_hash}")
    if not done.is_intact:
        raise Conflict(
            f"Pricing pack {done.pack_id} is not what it was sealed as: sealed {done.sealed_hash}, stored {done.actual_hash}.",
            remedy="Restore the database from a dump; until then take figures of this pack for wrong.",
            code="pack_damaged",
        )
