"""Run the worker: the nightly chain by itself, retries, dead letters."""

import asyncio
from typing import Annotated

import typer

from dawsos.bootstrap import application
from dawsos.cli.database import ready_database
from dawsos.cli.invocation import Invocation

app = typer.Typer(add_completion=False)


@app.command()
def worker(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do what is waiting and end, instead of waiting for more.")] = False,
    concurrency: Annotated[int, typer.Option(min=1, max=32, help="Jobs at a time.")] = 2,
) -> None:
    """Work on background jobs until told to stop: the nightly chain after midnight in Toronto, retries, hourly replays."""
    from dawsos.jobs.queue import build_queue  # noqa: PLC0415 - only the worker needs it

    invocation: Invocation = context.obj
    access = ready_database(invocation)

    async def work() -> None:
        async with application(invocation.settings, access) as parts, build_queue(parts, access.app_dsn).open_async() as queue:
            invocation.notes.print("Working; stop with Ctrl-C.")
            await queue.run_worker_async(wait=not once, concurrency=concurrency)

    asyncio.run(work())
