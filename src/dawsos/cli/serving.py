"""Starts the web server, which is another surface: known here by its name, imported only when it runs."""

import asyncio
import importlib
from collections.abc import Callable
from typing import Any, Final

from dawsos.bootstrap import application
from dawsos.cli.invocation import Invocation
from dawsos.settings import Settings
from dawsos.store.access import DatabaseAccess

_SERVER: Final = "dawsos.api.serving"


def server() -> Any:
    """The module that serves; importing it takes a while."""
    return importlib.import_module(_SERVER)


def serve(invocation: Invocation, settings: Settings, access: DatabaseAccess, *, ready: Callable[[str], None], exposed: bool) -> None:
    """Answer requests until told to stop."""

    async def answering() -> None:
        async with application(settings, access) as parts:
            await server().serve(parts, exposed=exposed, ready=ready)

    try:
        asyncio.run(answering())
    finally:
        if access.is_embedded:
            invocation.notes.print("PostgreSQL keeps running; stop it with: dawsos db stop")
