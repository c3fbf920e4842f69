"""List, replay and settle dead letters: background work that could not be done."""

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.identity import SYSTEM
from dawsos.services.dead_letters import Replayed
from dawsos.store.dead_letters import LetterRecord

app = typer.Typer(no_args_is_help=True, add_completion=False)
Letter = Annotated[UUID, typer.Argument(metavar="LETTER", help="Its id, see 'dawsos dlq list'.")]
_FAILED = 9


@app.command(name="list")
def list_(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Settled ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what waits, oldest first."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[LetterRecord]:
        return await parts.letters.waiting(SYSTEM, resolved=everything)

    letters = with_application(invocation, work)
    if as_json:
        invocation.print_json(letters)
        return
    table = Table("Letter", "Queue", "Status", "Attempts", "Next attempt", "Error")
    for one in letters:
        due = one.next_attempt_at.isoformat(timespec="minutes") if one.next_attempt_at else ""
        table.add_row(str(one.id), one.queue_name, one.status, str(one.retry_count), due, Text(one.error or ""))
    invocation.results.print(table)


@app.command()
def replay(
    context: typer.Context,
    letter: Annotated[UUID | None, typer.Argument(metavar="LETTER", help="Its id; everything that is due when not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Do the work of a letter again, or of all that are due."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[Replayed]:
        return await parts.letters.replay_due() if letter is None else [await parts.letters.replay(letter)]

    done = with_application(invocation, work)
    if as_json:
        invocation.print_json(done)
    else:
        for one in done:
            invocation.results.print(Text(f"{one.id} ({one.queue_name}): {one.status}" + (f", {one.error}" if one.error else "")))
    if any(one.status != "resolved" for one in done):
        raise typer.Exit(_FAILED)


@app.command()
def resolve(
    context: typer.Context, letter: Letter, note: Annotated[str, typer.Option(help="Why it needs nothing more; it is kept.")]
) -> None:
    """Settle a letter by hand."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> None:
        await parts.letters.resolve(SYSTEM, letter, note)

    with_application(invocation, work)
    invocation.results.print(f"{letter} is settled.")
