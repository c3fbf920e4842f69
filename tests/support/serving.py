"""Serves the application over a database named in the environment, for tests that need a server of its own process."""

import asyncio
import os
import sys
from pathlib import Path

from dawsos.api.serving import serve
from dawsos.bootstrap import SystemClock, assemble, catalogue
from dawsos.settings import Settings
from dawsos.store.database import Database, PoolLimits
from tests.support.demo import CHEAP_ARGON2


async def main() -> None:
    """Serve until told to stop; the first line of output is the address."""
    settings = Settings(home=Path(os.environ["DAWSOS_HOME"]), port=int(os.environ["DAWSOS_PORT"]))
    database = Database(os.environ["DAWSOS_TEST_APP_DSN"], PoolLimits(max_size=8))
    await database.open()
    try:
        await serve(assemble(settings, database, catalogue(), SystemClock(), CHEAP_ARGON2), ready=lambda url: print(url, flush=True))
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
