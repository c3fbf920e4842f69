"""A database with something taken out of it: everything happens in one transaction, which is rolled back in the end."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection

from dawsos.kernel.identity import Actor
from dawsos.store.database import Database, Isolation
from dawsos.store.transaction import DatabaseTransaction
from tests.support.postgres import DatabaseClone


class Remainder(Database):
    """What the application sees as its database: each of its transactions is a savepoint of the one in which something was removed.

    There is one connection, so they take turns.
    """

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._one = connection
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(
        self,
        actor: Actor,
        *,
        isolation: Isolation | None = None,
        read_only: bool = False,
    ) -> AsyncIterator[DatabaseTransaction]:
        async with self._turn, self._one.transaction():
            user = "" if actor.user_id is None else str(actor.user_id)
            await self._one.execute(
                "select set_config('app.user_id', %s, true), set_config('app.role', %s, true)", [user, actor.role.value]
            )
            transaction = DatabaseTransaction(self._one)
            try:
                yield transaction
            finally:
                transaction.end()


@asynccontextmanager
async def without(clone: DatabaseClone, *, rows: Iterable[str] = (), kept: Iterable[str] = ()) -> AsyncIterator[Remainder]:
    """``clone`` without what ``rows`` names (a table, and a condition after it if need be) as ``dawsos_app`` sees it, and back after the block.

    The triggers that count changes run, as for any change. ``kept`` names the same, but removed by force: finished packs and what was
    computed from them do not let go of anything, so what they would look like without it is made with the triggers off.
    """
    async with await AsyncConnection.connect(clone.admin_dsn, autocommit=True) as connection, connection.transaction(force_rollback=True):
        await connection.execute(
            "select set_config('search_path', 'app, public', true), set_config('timezone', 'UTC', true), set_config('app.role', 'SYSTEM', true)"
        )
        for names, triggers in ((rows, "origin"), (kept, "replica")):
            await connection.execute("select set_config('session_replication_role', %s, true)", [triggers])
            for name in names:
                await connection.execute(f"delete from {name}".encode())
        await connection.execute("set local session_replication_role = origin; set local role dawsos_app")
        yield Remainder(connection)
