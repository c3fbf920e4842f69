"""A process that imports transactions or builds packs, to be killed while it does: ``python -m tests.support.kill_worker JOB DSN …``.

It says ``ready`` once it is connected, ``done`` when the work is committed, and ends with 75 when the database went away.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import DawsosError
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.importer import ImportReport, import_transactions
from dawsos.services.packs.building import BuildOutcome, BuildRules, PackBuilder
from dawsos.services.telemetry import Meters
from dawsos.store.database import Database, PoolLimits

CLOCK: Final = FixedClock(datetime(2024, 1, 2, tzinfo=UTC))
RULES: Final = BuildRules(default_policy="ECB_CLOSE", max_age_days=5, coverage=0.8)
#: What a program says that may succeed when it is run again (sysexits.h).
TRY_AGAIN: Final = 75


async def import_file(database: Database, user_id: UUID, portfolio_id: UUID, file: Path) -> ImportReport:
    """The import that is killed, and that completes what a killed one left undone."""
    return await import_transactions(
        database,
        Actor(user_id, Role.USER),
        portfolio_id,
        _chunks(file),
        file_name=file.name,
        identifiers=Identifiers(CLOCK, os.urandom),
    )


def _chunks(file: Path) -> Iterator[bytes]:
    yield file.read_bytes()


async def build_packs(database: Database, policy: str, first: date, last: date) -> list[BuildOutcome]:
    """The pack build that is killed, and that completes what a killed one left undone."""
    return await PackBuilder(database, CLOCK, Meters(), RULES).build(policy, first, last)


async def _work(job: str, dsn: str, arguments: list[str]) -> None:
    database = Database(dsn, PoolLimits(min_size=1, max_size=2))
    await database.open()
    async with database.transaction(SYSTEM):
        print("ready", flush=True)
    try:
        if job == "import":
            user_id, portfolio_id, file = arguments
            await import_file(database, UUID(user_id), UUID(portfolio_id), Path(file))
        else:
            policy, first, last = arguments
            await build_packs(database, policy, date.fromisoformat(first), date.fromisoformat(last))
        print("done", flush=True)
    finally:
        await database.close()


if __name__ == "__main__":
    try:
        asyncio.run(_work(sys.argv[1], sys.argv[2], sys.argv[3:]))
    except DawsosError as error:
        print(error, file=sys.stderr)
        sys.exit(TRY_AGAIN)
