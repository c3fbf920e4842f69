"""The pool of connections; ``Database.transaction`` is the only way to one, and it always acts for somebody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from dawsos.kernel.errors import Forbidden, Internal, Unavailable
from dawsos.kernel.identity import Actor, Role
from dawsos.store.errors import translate, unavailable
from dawsos.store.transaction import DatabaseTransaction

Connection = AsyncConnection[tuple[Any, ...]]
Isolation = Literal["repeatable read", "serializable"]

_BEGIN: Final = sql.SQL(
    "begin isolation level {isolation} {access}; select set_config('app.user_id', {user_id}, true), set_config('app.role', {role}, true)"
)
_LOGIN_FACTS: Final = """
    select r.rolname, r.rolsuper, r.rolbypassrls,
        exists (
            select from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('public', 'app') and pg_has_role(r.oid, c.relowner, 'usage')
        ) as owns_tables,
        exists (
            select from pg_namespace n where n.nspname = 'chunks' and has_schema_privilege(r.oid, n.oid, 'usage')
        ) as reaches_chunks
    from pg_roles r where r.rolname = current_user
"""


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How many connections there may be, and how long each wait may take, in seconds."""

    min_size: int = 1
    max_size: int = 10
    acquire_timeout: float = 2.5
    connect_timeout: int = 2
    statement_timeout: float = 60.0


class Database:
    """A pool of connections that log in as a role under row-level security."""

    def __init__(self, dsn: str, limits: PoolLimits | None = None) -> None:
        self._limits = limits or PoolLimits()
        self._conninfo = make_conninfo(dsn, connect_timeout=self._limits.connect_timeout, application_name="dawsos")
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            self._conninfo,
            open=False,
            min_size=self._limits.min_size,
            max_size=self._limits.max_size,
            timeout=self._limits.acquire_timeout,
            # A lost server is tried again whenever somebody asks, instead of after ever longer pauses.
            reconnect_timeout=5.0,
            kwargs={"autocommit": True},
            configure=self._configure,
        )

    async def open(self) -> None:
        """Connect; refuse a login that row-level security would not bind. Raises Unavailable, with the server's reason, or Forbidden."""
        try:
            async with await AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                await _refuse_powerful_login(connection)
            await self._pool.open(wait=True, timeout=self._limits.acquire_timeout)
        except psycopg.OperationalError as error:
            await self._pool.close()
            raise unavailable(error) from error

    async def close(self) -> None:
        """Give all connections back."""
        await self._pool.close()

    @asynccontextmanager
    async def transaction(
        self, actor: Actor, *, isolation: Isolation | None = None, read_only: bool = False
    ) -> AsyncIterator[DatabaseTransaction]:
        """A transaction on behalf of ``actor``: committed at the end of the block, rolled back when it raises."""
        begin = _begin(actor, isolation, read_only=read_only)
        connection = await self._acquire(begin)
        transaction = DatabaseTransaction(connection)
        try:
            try:
                yield transaction
            except BaseException:
                await _abandon(connection)
                raise
            await _commit(connection)
        finally:
            transaction.end()
            await self._pool.putconn(connection)

    async def _acquire(self, begin: bytes) -> Connection:
        """A connection on which ``begin`` has succeeded; connections that died in the pool are thrown away on the way."""
        try:
            async with asyncio.timeout(self._limits.acquire_timeout):
                while True:
                    connection = await self._pool.getconn()
                    try:
                        await connection.execute(begin)
                    except BaseException as error:
                        await self._pool.putconn(connection)
                        if isinstance(error, psycopg.OperationalError) and connection.closed:
                            continue
                        raise
                    return connection
        except TimeoutError as error:
            raise unavailable(error) from error
        except psycopg.Error as error:
            raise translate(error, "begin") from error

    async def _configure(self, connection: Connection) -> None:
        # Correcting one day of all portfolios is one statement; TimescaleDB's limit on rows unpacked by a statement is meant for accidents.
        await connection.execute(
            "select set_config('search_path', 'app, public', false), set_config('timezone', 'UTC', false),"
            " set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', false),"
            " set_config('statement_timeout', %s, false)",
            [f"{int(self._limits.statement_timeout * 1000)}ms"],
        )


async def _refuse_powerful_login(connection: Connection) -> None:
    facts = await (await connection.execute(_LOGIN_FACTS)).fetchone()
    if facts is None:
        raise Internal("The database does not know the role it let in.")
    name, *powers = facts
    for why, has in zip(
        ("is a superuser", "bypasses row-level security", "owns tables", "reaches the chunks of hypertables"), powers, strict=True
    ):
        if has:
            raise Forbidden(
                f"The database role '{name}' {why}, so row-level security would not hold.",
                remedy="Let the application log in as dawsos_app, in a database that was set up with: dawsos db migrate",
                code="database_role_too_powerful",
            )


@lru_cache(maxsize=4096)
def _begin(actor: Actor, isolation: Isolation | None, *, read_only: bool) -> bytes:
    """One round trip that begins a transaction and says who acts in it."""
    if actor.user_id is None and actor.role is not Role.SYSTEM:
        raise Internal(f"An actor with role {actor.role} has no user.")
    begin = _BEGIN.format(
        isolation=sql.SQL(isolation or "read committed"),
        access=sql.SQL("read only" if read_only else "read write"),
        user_id=sql.Literal("" if actor.user_id is None else str(actor.user_id)),
        role=sql.Literal(actor.role.value),
    )
    return begin.as_bytes(None)


async def _commit(connection: Connection) -> None:
    try:
        cursor = await connection.execute("commit", prepare=False)
    except psycopg.Error as error:
        raise translate(error, "commit") from error
    if cursor.statusmessage != "COMMIT":
        raise Internal("A statement had failed, so PostgreSQL rolled the transaction back at its end.")


async def _abandon(connection: Connection) -> None:
    """Roll back; a connection that cannot even do that is closed, and the pool replaces it."""
    try:
        await connection.execute("rollback")
    except BaseException:  # noqa: BLE001 - whatever went wrong before is what the caller must see
        await connection.close()


__all__ = ["Database", "DatabaseTransaction", "Isolation", "PoolLimits", "Unavailable"]
