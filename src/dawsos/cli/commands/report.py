"""Write a portfolio report, or any pattern's answer, to a file: PDF, CSV or workbook."""

import asyncio
import random
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from dawsos.bootstrap import Application
from dawsos.cli.asking import open_context, pinning, read_inputs, with_portfolio
from dawsos.cli.choices import OfUser
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.cli.warming import answered
from dawsos.kernel.errors import Invalid
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry.catalogue import require_rights
from dawsos.services.opening import Pinning
from dawsos.services.reports.exporting import ExportedFile, ExportForm, right_for
from dawsos.services.reports.of_answers import file_of, require_allowed

app = typer.Typer(add_completion=False)

_FORMS: Final = {".pdf": ExportForm.PDF, ".csv": ExportForm.CSV, ".xlsx": ExportForm.EXCEL}


@app.command()
def report(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to write it; the ending says what it becomes: .pdf, .csv or .xlsx.")],
    portfolio: Annotated[str | None, typer.Option(metavar="NAME", help="The portfolio, by name or id.")] = None,
    pattern: Annotated[str, typer.Option(help="The pattern; see 'dawsos patterns list'.")] = "export_portfolio_report",
    user: OfUser = None,
    pack: Annotated[str | None, typer.Option(metavar="PP_…", help="The pricing pack; the newest one when not given.")] = None,
    day: Annotated[date | None, typer.Option("--date", help="The newest pack on or before this date.")] = None,
    ledger: Annotated[str | None, typer.Option(metavar="HASH", help="The ledger state; everything booked when not given.")] = None,
    inputs: Annotated[list[str] | None, typer.Option("--input", metavar="NAME=VALUE", help="An input of the pattern.")] = None,
) -> None:
    """Write a portfolio report, or any pattern's answer, to a file: PDF, CSV or workbook.

    With the same pack, ledger state and inputs the file is the same byte for byte. What may not be exported is left out and named.
    """
    invocation: Invocation = context.obj
    form = _form(file)
    given, wanted = read_inputs(inputs or []), pinning(pack, day, ledger)
    made = with_application(
        invocation, lambda parts: answered(lambda: _make(parts, pattern, form, portfolio, user, given, wanted), invocation.notes)
    )
    try:
        file.write_bytes(made.content)
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}.", remedy="Name a file in a folder that exists.") from error
    invocation.results.print(f"{file}: {len(made.content):,} bytes, SHA-256 {made.sha256}", soft_wrap=True)
    titles = {section.id: section.title for section in made.cleared.document.sections}
    for name, why in made.cleared.blocked.items():
        invocation.notes.print(f"Left out: {titles[name]} ({why})", markup=False)


def _form(file: Path) -> ExportForm:
    found = _FORMS.get(file.suffix.lower())
    if found is None:
        raise Invalid(f"'{file.name}' does not say what it should become.", remedy="Let the name end in .pdf, .csv or .xlsx.")
    return found


async def _make(
    app: Application, name: str, form: ExportForm, portfolio: str | None, user: str | None, given: dict[str, Any], wanted: Pinning
) -> ExportedFile:
    pattern = app.patterns.find(name)
    require_allowed(pattern.id, pattern.file.export_allowed.model_dump(), form)
    owned = None if portfolio is None else await find_portfolio(app, portfolio, user)
    opened = await open_context(app, owned, wanted)
    require_rights("This report", (right_for(form),), opened.actor)
    orchestrator = Orchestrator(app.registry, sleep=asyncio.sleep, chance=random.Random())  # noqa: S311 - spreads retries
    answer = await orchestrator.run(pattern, with_portfolio(given, pattern.inputs, owned), opened)
    return await file_of(opened, pattern.file.name, answer.content["panels"], form)
