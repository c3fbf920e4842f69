"""Serves the tools of the protocol over a database named in the environment, for tests that need a process to speak to."""

import asyncio
import os
import sys
from pathlib import Path

from dawsos.bootstrap import SystemClock, assemble, catalogue
from dawsos.mcp.serving import serve
from dawsos.settings import Settings
from dawsos.store.database import Database, PoolLimits
from tests.support.demo import CHEAP_ARGON2


async def main() -> None:
    """Answer on standard input and output until they are closed."""
    settings = Settings(home=Path(os.environ["DAWSOS_HOME"]))
    database = Database(os.environ["DAWSOS_TEST_APP_DSN"], PoolLimits(min_size=1, max_size=4))
    await database.open()
    try:
        application = assemble(settings, database, catalogue(), SystemClock(), CHEAP_ARGON2)
        await serve(application, os.environ["DAWSOS_MCP_TOKEN"], version="0", is_redacted="DAWSOS_MCP_REDACT" in os.environ)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
