"""Starts the web server; imported only when it runs, because importing it takes a while."""

import asyncio
from collections.abc import Callable

from dawsos.bootstrap import application
from dawsos.cli.invocation import Invocation
from dawsos.settings import Settings
from dawsos.store.access import DatabaseAccess


def load_server() -> None:
    """Import what serving needs, while something else is being waited for."""
    from dawsos.api import serving  # noqa: F401, PLC0415 - as the module says


def serve(invocation: Invocation, settings: Settings, access: DatabaseAccess, *, ready: Callable[[str], None], exposed: bool) -> None:
    """Answer requests until told to stop."""
    from dawsos.api import serving  # noqa: PLC0415 - as the module says

    async def answering() -> None:
        async with application(settings, access) as parts:
            await serving.serve(parts, exposed=exposed, ready=ready)

    try:
        asyncio.run(answering())
    finally:
        if access.is_embedded:
            invocation.notes.print("PostgreSQL keeps running; stop it with: dawsos db stop")
