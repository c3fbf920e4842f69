"""Import a file of transactions into a portfolio: all of it, or nothing and the reasons."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.files import chunks_of, size_of
from dawsos.cli.finding import find_portfolio
from dawsos.cli.importing import show_report
from dawsos.cli.invocation import Invocation
from dawsos.cli.observing import REFUSED
from dawsos.cli.session import with_application
from dawsos.services.imports.importer import ImportReport, import_transactions

app = typer.Typer(add_completion=False)


@app.command(name="import")
def import_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            help="The CSV of docs/reference/transaction-csv.md, OFX or QFX, IBKR Flex, a broker's CSV, or an exported Beancount file."
        ),
    ],
    portfolio: InPortfolio,
    user: OfUser = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and write nothing.")] = False,
    restate: Annotated[str | None, typer.Option(metavar="REASON", help="Why lines may be booked into a settled period.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import a file of transactions into a portfolio: all of it, or nothing and the reasons.

    Lines that are booked already are skipped, so an import can be repeated. Exit code 2 when the file is refused.
    """
    invocation: Invocation = context.obj
    report = _imported(invocation, file, portfolio, user, restate, dry_run=dry_run)
    if as_json:
        invocation.print_json({**_plain(report), "is_accepted": report.is_accepted})
    else:
        show_report(invocation.results, report)
    if not report.is_accepted:
        raise typer.Exit(REFUSED)


def _imported(invocation: Invocation, file: Path, portfolio: str, user: str | None, restate: str | None, *, dry_run: bool) -> ImportReport:
    size = size_of(file)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=invocation.notes, transient=True, disable=not invocation.notes.is_terminal) as progress:
        task = progress.add_task(f"Reading {file.name}", total=size)

        async def work(app: Application) -> ImportReport:
            owned = await find_portfolio(app, portfolio, user)
            return await import_transactions(
                app.database,
                owned.actor,
                owned.portfolio.id,
                chunks_of(file),
                file_name=file.name,
                identifiers=app.identifiers,
                dry_run=dry_run,
                restate_because=restate,
                progress=_advance(progress, task),
            )

        return with_application(invocation, work)


def _advance(progress: Progress, task: int) -> Callable[[int], None]:
    return lambda count: progress.update(task, advance=count)  # type: ignore[arg-type]  # rich gives its task numbers a type of their own


def _plain(report: ImportReport) -> dict[str, object]:
    return {
        "file_name": report.file_name,
        "portfolio_id": report.portfolio_id,
        "portfolio_name": report.portfolio_name,
        "dry_run": report.dry_run,
        "rows": report.rows,
        "booked": report.booked,
        "duplicates": report.duplicates,
        "problem_count": report.problem_count,
        "problems": report.problems,
        "positions": [{"symbol": symbol, "quantity": quantity} for symbol, quantity in report.positions],
        "ledger_commit_hash_before": report.ledger_commit_hash_before,
        "ledger_commit_hash": report.ledger_commit_hash,
        "warnings": report.warnings,
    }
