"""What can be done inside a transaction: run named statements, and move rows in bulk."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

import psycopg
from psycopg import AsyncConnection, AsyncCursor, sql

from dawsos.kernel.errors import Internal
from dawsos.store.errors import translate
from dawsos.store.few_rows import Inline, few_or_all, inline_statement
from dawsos.store.statements import AtMostOne, Binary, Bulk, Command, Many, One, Statement, Value, row_maker

R = TypeVar("R")
Row = tuple[Any, ...]
Staged = Iterable[Sequence[object]] | bytes | memoryview
_Sent = tuple[Statement[Any], bytes, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Question:
    """A query and its parameters, to be sent together with others."""

    statement: Statement[Any]
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A command, or a bulk statement and the rows it takes, to be sent together with others."""

    statement: Command | Bulk
    params: Mapping[str, object] = field(default_factory=dict)
    rows: Iterable[Sequence[object]] | bytes | None = None


class DatabaseTransaction:
    """An open transaction that acts for somebody. Useless once it has ended: its connection may act for somebody else by then."""

    def __init__(self, connection: AsyncConnection[Row]) -> None:
        self._live: AsyncConnection[Row] | None = connection

    def end(self) -> None:
        """Let go of the connection."""
        self._live = None

    @property
    def _connection(self) -> AsyncConnection[Row]:
        if self._live is None:
            raise Internal("A database transaction was used after its end.")
        return self._live

    async def fetch_all(self, statement: Many[R], /, **params: object) -> list[R]:
        """Every row."""
        return await self._fetch(statement, params)

    @overload
    async def fetch_one(self, statement: One[R], /, **params: object) -> R: ...
    @overload
    async def fetch_one(self, statement: AtMostOne[R], /, **params: object) -> R | None: ...
    async def fetch_one(self, statement: One[R] | AtMostOne[R], /, **params: object) -> R | None:
        """The one row; None only where the statement says ``optional``."""
        rows = await self._fetch(statement, params)
        if len(rows) == 1:
            return rows[0]
        if rows or isinstance(statement, One):
            raise Internal(f"{statement.text.label} returned {len(rows)} rows where it promises '{statement.text.cardinality}'.")
        return None

    async def fetch_value(self, statement: Value[R], /, **params: object) -> R:
        """The one scalar."""
        rows = await self._fetch(statement, params)
        if len(rows) != 1:
            raise Internal(f"{statement.text.label} returned {len(rows)} rows where it promises one value.")
        return rows[0]

    async def execute(self, statement: Command, /, **params: object) -> int:
        """Run the statement; the number of rows it touched."""
        async with self._cursor(statement) as cursor:
            await cursor.execute(_query(statement), params)
            return cursor.rowcount

    async def execute_many(self, statement: Command, rows: Iterable[Mapping[str, object]]) -> int:
        """Run the statement once per row, in one batch; the number of rows touched in all."""
        async with self._cursor(statement) as cursor:
            await cursor.executemany(_query(statement), rows)
            return cursor.rowcount

    async def fetch_together(self, *questions: Question) -> list[list[Any]]:
        """The rows of each question, all sent in one round trip; the server answers them one after another, in this order."""
        sent = [(each.statement, _query(each.statement), each.params) for each in questions]
        cursors = await self._send_together(sent)
        return [await _records(each.statement, cursor) for each, cursor in zip(questions, cursors, strict=True)]

    async def change_together(self, changes: Iterable[Change]) -> None:
        """Make ``changes`` in this order, as many as can be in one round trip: all but those whose rows have to go by COPY."""
        waiting: list[_Sent] = []
        for change in changes:
            statement, params = change.statement, change.params
            if not isinstance(statement, Bulk):
                waiting.append((statement, _query(statement), params))
                continue
            inline, rows = _inline_or_all(statement, change.rows or ())
            if inline is not None:
                waiting.append((statement, inline.sql.encode(), {**params, **inline.params}))
                continue
            await self._send_together(waiting)
            waiting.clear()
            await self.copy_into(statement, rows, **params)
        await self._send_together(waiting)

    async def _send_together(self, sent: Sequence[_Sent]) -> list[AsyncCursor[Row]]:
        """Cursors with the results of statements that went out without waiting for one another's answers.

        After a failure the server skips the rest, so the failed statement is the first without a result.
        """
        cursors: list[AsyncCursor[Row]] = []
        if not sent:
            return cursors  # a pipeline of nothing still speaks to the server, and a server that is gone has no statement to blame
        try:
            async with self._connection.pipeline():
                for _, query, params in sent:
                    cursors.append(self._connection.cursor(binary=True))
                    await cursors[-1].execute(query, params)
        except psycopg.Error as error:
            cause: BaseException = error
            while isinstance(cause, psycopg.errors.PipelineAborted) and cause.__context__ is not None:
                cause = cause.__context__  # those skipped say so too, after the one that failed
            failed = next((place for place, cursor in enumerate(cursors) if cursor.pgresult is None), -1)
            raise translate(cause if isinstance(cause, psycopg.Error) else error, sent[failed][0].text.label) from error
        return cursors

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What fails inside the block is undone alone, and the transaction goes on."""
        async with self._connection.transaction():
            yield

    async def copy_into(self, statement: Bulk, rows: Iterable[Sequence[object]] | bytes | memoryview, /, **params: object) -> int:
        """Stage ``rows`` (tuples in the order of the ``staged`` line, or a ready binary COPY buffer) and run the statement over them.

        COPY FROM is refused on tables under row-level security, so rows pass through a temporary table and meet the policies there. A few
        rows travel in the statement itself instead: one round trip, and no table to make and drop.
        """
        inline, rows = _inline_or_all(statement, rows)
        if inline is not None:
            async with self._cursor(statement) as cursor:
                await cursor.execute(inline.sql.encode(), {**params, **inline.params})
                return cursor.rowcount
        async with self._cursor(statement) as cursor:
            staged = sql.SQL(statement.text.staged)  # type: ignore[arg-type]  # written in a statement file, never at run time
            await cursor.execute(sql.SQL("create temporary table staged ({}) on commit drop").format(staged))
            await _stage(cursor, rows)
            await cursor.execute(_query(statement), params)
            touched = cursor.rowcount
            await cursor.execute("drop table pg_temp.staged")
            return touched

    async def copy_out(self, statement: Binary, /, **params: object) -> bytes:
        """The rows of the query in PostgreSQL's binary COPY format, header and trailer included."""
        async with self._cursor(statement) as cursor:
            query = sql.SQL("copy ({}) to stdout (format binary)").format(sql.SQL(statement.text.sql))
            async with cursor.copy(query, params) as copy:
                return b"".join([bytes(block) async for block in copy])

    async def _fetch(self, statement: Statement[R], params: Mapping[str, object]) -> list[R]:
        async with self._cursor(statement) as cursor:
            await cursor.execute(_query(statement), params)
            return await _records(statement, cursor)

    @asynccontextmanager
    async def _cursor(self, statement: Statement[Any]) -> AsyncIterator[AsyncCursor[Row]]:
        try:
            async with self._connection.cursor(binary=True) as cursor:
                yield cursor
        except psycopg.Error as error:
            raise translate(error, statement.text.label) from error


def _inline_or_all(statement: Bulk, rows: Staged) -> tuple[Inline | None, Staged]:
    """The statement with its rows in it where they are few, and else the rows as they came; a ready COPY buffer stays one."""
    if isinstance(rows, bytes | memoryview):
        return None, rows
    taken, rows = few_or_all(rows)
    return None if taken is None else inline_statement(statement.text.sql, statement.text.staged or "", taken), rows


def _query(statement: Statement[Any]) -> bytes:
    return statement.text.sql.encode()


async def _records(statement: Statement[R], cursor: AsyncCursor[Row]) -> list[R]:
    make = row_maker(statement, _columns(cursor))
    return [make(row) for row in await cursor.fetchall()]


def _columns(cursor: AsyncCursor[Row]) -> tuple[str, ...]:
    # cursor.description builds an object per column, which costs more than reading a row.
    result = cursor.pgresult
    return () if result is None else tuple([(result.fname(place) or b"").decode() for place in range(result.nfields)])


async def _stage(cursor: AsyncCursor[Row], rows: Iterable[Sequence[object]] | bytes | memoryview) -> None:
    if isinstance(rows, bytes | memoryview):
        async with cursor.copy("copy staged from stdin (format binary)") as copy:
            await copy.write(rows)
        return
    async with cursor.copy("copy staged from stdin") as copy:
        for row in rows:
            await copy.write_row(row)
