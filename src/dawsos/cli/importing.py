"""Shows what an import did, or would do, or why it did nothing."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dawsos.cli.figures import written
from dawsos.services.imports.importer import ImportReport


def show_report(console: Console, report: ImportReport) -> None:
    """The problems if there are any, else the positions a dry run would lead to; and the summary."""
    if report.problems:
        console.print(_problems(report))
    elif report.dry_run:
        console.print(_positions(report))
    console.print(_summary(report))
    for warning in report.warnings:
        console.print(Text(f"Note: {warning}", style="yellow"))
    console.print(Text(_outcome(report), style="bold red" if report.problems else "bold"))


def _problems(report: ImportReport) -> Table:
    table = Table(title=f"Problems in {report.file_name}", title_justify="left")
    table.add_column("Line", justify="right")
    table.add_column("Field")
    table.add_column("Reason", overflow="fold")
    for problem in report.problems:
        table.add_row(str(problem.line), Text(problem.field), Text(problem.reason))
    return table


def _positions(report: ImportReport) -> Table:
    table = Table(title="Positions afterwards", title_justify="left")
    table.add_column("Symbol")
    table.add_column("Quantity", justify="right")
    for symbol, quantity in report.positions:
        table.add_row(Text(symbol), written(quantity, unit="quantity"))
    return table


def _summary(report: ImportReport) -> Table:
    table = Table(show_header=False, title=f"{report.file_name} → {report.portfolio_name}", title_justify="left")
    table.add_column()
    table.add_column(overflow="fold")
    table.add_row("Rows", f"{report.rows:,}")
    table.add_row("Would be booked" if report.dry_run else "Booked", f"{report.booked:,}")
    table.add_row("Duplicates, skipped", f"{report.duplicates:,}")
    table.add_row("Problems", f"{report.problem_count:,}")
    table.add_row("Ledger before", report.ledger_commit_hash_before)
    table.add_row("Ledger after", report.ledger_commit_hash)
    return table


def _outcome(report: ImportReport) -> str:
    if report.problems:
        rest = report.problem_count - len(report.problems)
        more = f" ({rest:,} more are not listed)" if rest else ""
        return f"Refused: nothing was written{more}. Correct the lines above and import the file again."
    if report.dry_run:
        return "Dry run: nothing was written."
    return "Everything was there already; nothing was written." if not report.booked else "Done."
