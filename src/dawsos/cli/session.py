"""Runs a piece of work on the opened application."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from dawsos.bootstrap import Application, application
from dawsos.cli.database import ready_database
from dawsos.cli.invocation import Invocation
from dawsos.store.access import DatabaseAccess

T = TypeVar("T")


def with_application(invocation: Invocation, work: Callable[[Application], Awaitable[T]], *, access: DatabaseAccess | None = None) -> T:
    """What ``work`` gives on the application over the local database, which is closed again afterwards."""
    reached = access or ready_database(invocation)

    async def opened() -> T:
        async with application(invocation.settings, reached) as parts:
            return await work(parts)

    return asyncio.run(opened())
