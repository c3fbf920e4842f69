"""A file of half a million transactions, from its bytes to committed lots (P11)."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from bench.harness import Row, UnequalResults, arguments, bound, generator, peak_extra_bytes, table, version_of
from bench.support.server import Server, own_server
from dawsos.compute.ledger.batch import warm_up
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.importer import ImportReport, import_transactions
from dawsos.store.database import Database, PoolLimits
from dawsos.store.portfolios import add_portfolio
from dawsos.store.securities import NewSecurity, put_securities
from dawsos.store.users import add_user

CLOCK: Final = FixedClock(datetime(2024, 1, 2, tzinfo=UTC))
HEADER: Final = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,external_ref,narration\n"
FIRST: Final = date(2012, 1, 2)
DAYS: Final = 3_000
SECURITIES: Final = 2_000
#: What an import writes, in the order foreign keys allow, with the entry of the ledger each row belongs to.
TABLES: Final = {
    ("app", "import_batches"): "0",
    ("public", "transactions"): "sequence",
    ("public", "lots"): "(select t.sequence from public.transactions t where t.id = lots.open_transaction_id)",
    ("app", "lot_disposals"): "(select t.sequence from public.transactions t where t.id = lot_disposals.sell_transaction_id)",
    ("public", "portfolio_cash_flows"): "0",
    ("public", "ledger_snapshots"): "(superseded_by is not null)::integer",
    ("public", "ledger_transactions"): "transaction_index",
}
#: Rows of each table the peer inserts one by one before its time is scaled to all of them.
SAMPLE: Final = 3_000


def lines(rows: int) -> list[str]:
    """A good ledger: a deposit, then purchases, sales of at most what is held, and dividends over ten years of weekdays."""
    random = generator()
    security = random.integers(0, SECURITIES, rows)
    chance = random.random(rows)
    lots = random.integers(1, 200, rows)
    cents = random.integers(500, 50_000, rows)
    held = [0] * SECURITIES
    made = [f"{FIRST},DEPOSIT,,,,9000000000.00,USD,,deposit-0,\n"]
    for n in range(1, rows):
        day = FIRST + timedelta(days=n * DAYS // rows)
        s, symbol = int(security[n]), f"S{security[n]:04}"
        quantity, price = int(lots[n]), f"{cents[n] // 100}.{cents[n] % 100:02}"
        if held[s] and chance[n] > 0.9:
            made.append(f"{day},DIVIDEND,{symbol},,,{price},USD,,entry-{n},\n")
        elif held[s] and chance[n] > 0.5:
            quantity = min(quantity, held[s])
            held[s] -= quantity
            made.append(f"{day},SELL,{symbol},{quantity},{price},,USD,1.25,entry-{n},\n")
        else:
            held[s] += quantity
            made.append(f"{day},BUY,{symbol},{quantity},{price},,USD,1.25,entry-{n},\n")
    return made


def _encoded(rows: Sequence[str]) -> bytes:
    return (HEADER + "".join(rows)).encode()


def _with_errors(rows: Sequence[str]) -> bytes:
    """Every hundredth line with a date, a number or a type that is none."""
    wrong = list(rows)
    for n in range(50, len(wrong), 100):
        fields = wrong[n].split(",")
        fields[n // 100 % 3 if n // 100 % 3 < 2 else 3] = "what?"
        wrong[n] = ",".join(fields)
    return _encoded(wrong)


@dataclass
class Desk:
    """An open database and somebody who imports into portfolios of his own."""

    database: Database
    actor: Actor

    async def portfolio(self) -> UUID:
        async with self.database.transaction(self.actor) as tx:
            assert self.actor.user_id is not None
            made = await add_portfolio(tx, portfolio_id=uuid4(), name=uuid4().hex, base_currency="USD", owner_id=self.actor.user_id)
        return made.id

    async def take(self, portfolio_id: UUID, content: bytes) -> tuple[ImportReport, float]:
        start = time.perf_counter()
        report = await import_transactions(
            self.database, self.actor, portfolio_id, _chunks(content), file_name="bench.csv", identifiers=Identifiers(CLOCK, os.urandom)
        )
        return report, time.perf_counter() - start


def _chunks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 1 << 20):
        yield content[start : start + (1 << 20)]


async def _furnish(database: Database) -> Actor:
    actor = Actor(uuid4(), Role.USER)
    async with database.transaction(SYSTEM) as tx:
        await put_securities(
            tx, [NewSecurity(id=uuid4(), symbol=f"S{n:04}", currency="USD", security_type="EQUITY") for n in range(SECURITIES)]
        )
        assert actor.user_id is not None
        await add_user(tx, user_id=actor.user_id, email="bench@example.org", password_hash="not a hash", role=Role.USER)
    return actor


@dataclass
class Written:
    """The final rows of one table, as they come out and go in by COPY, and as Python values for one INSERT each."""

    schema: str
    name: str
    columns: tuple[str, ...]
    block: bytes
    rows: int
    sample: list[tuple[Any, ...]]

    @property
    def target(self) -> sql.Composed:
        return sql.SQL("{} ({})").format(sql.Identifier(self.schema, self.name), sql.SQL(", ").join(map(sql.Identifier, self.columns)))


def _written(admin: psycopg.Connection[Any], portfolio_id: UUID) -> list[Written]:
    found = []
    for (schema, name), entry in TABLES.items():
        columns = tuple(
            row[0]
            for row in admin.execute(
                "select column_name from information_schema.columns where (table_schema, table_name, is_generated) = (%s, %s, 'NEVER')"
                " order by ordinal_position",
                [schema, name],
            )
        )
        named = sql.SQL("select {} from {}").format(sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(schema, name))
        chosen = sql.SQL("{} where portfolio_id = {}").format(named, sql.Literal(portfolio_id))
        first = sql.SQL("{} and ({}) <= {} order by ({}) + 0").format(chosen, sql.SQL(entry), sql.Literal(SAMPLE), sql.SQL(entry))
        with admin.cursor() as cursor, cursor.copy(sql.SQL("copy ({}) to stdout (format binary)").format(chosen)) as copy:
            block = b"".join(bytes(part) for part in copy)
        total = admin.execute(sql.SQL("select count(*) from ({}) x").format(chosen)).fetchone()
        sample = admin.execute(first).fetchall()
        assert total is not None
        found.append(Written(schema, name, columns, block, total[0], [_adapted(row) for row in sample]))
    return found


def _adapted(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(psycopg.types.json.Jsonb(value) if isinstance(value, dict) else value for value in row)


def _insert_per_row(admin: psycopg.Connection[Any], tables: Sequence[Written]) -> float:
    """Seconds for all rows, from a sample of each table inserted in one transaction that is rolled back."""
    seconds = 0.0
    with admin.transaction(force_rollback=True):
        for one in tables:
            statement = sql.SQL("insert into {} values ({})").format(one.target, sql.SQL(", ").join([sql.Placeholder()] * len(one.columns)))
            start = time.perf_counter()
            with admin.cursor() as cursor:
                for row in one.sample:
                    cursor.execute(statement, row)
            seconds += (time.perf_counter() - start) * one.rows / max(len(one.sample), 1)
    return seconds


def _bare_copy(admin: psycopg.Connection[Any], tables: Sequence[Written]) -> float:
    start = time.perf_counter()
    with admin.transaction(), admin.cursor() as cursor:
        for one in tables:
            with cursor.copy(sql.SQL("copy {} from stdin (format binary)").format(one.target)) as copy:
                copy.write(one.block)
    return time.perf_counter() - start


async def _imports(server: Server, rows: Sequence[str]) -> tuple[UUID, dict[str, float]]:
    """Seconds of the refusal, the import and its repetition; and the portfolio they went into."""
    database = Database(server.app_dsn(), PoolLimits(min_size=1, max_size=2, statement_timeout=1200))
    await database.open()
    try:
        actor = await _furnish(database)
        desk = Desk(database, actor)
        portfolio_id = await desk.portfolio()
        await database.close()
        server.copy_database("peer")
        database = desk.database = Database(server.app_dsn(), PoolLimits(min_size=1, max_size=2, statement_timeout=1200))
        await database.open()
        return await _timed_imports(desk, portfolio_id, rows)
    finally:
        await database.close()


async def _timed_imports(desk: Desk, portfolio_id: UUID, rows: Sequence[str]) -> tuple[UUID, dict[str, float]]:
    bad, good, early = _with_errors(rows), _encoded(rows), _encoded(rows[: len(rows) // 20])
    await desk.take(portfolio_id, early)  # one row in twenty is booked before and comes again
    refusal, refused = await desk.take(portfolio_id, bad)
    # A wrong purchase left out can also make a later sale impossible, which is one problem more.
    if refusal.problem_count - len(rows) // 100 not in {0, 1} or refusal.booked:
        raise UnequalResults(f"{refusal.problem_count} lines were found wrong, where {len(rows) // 100} are.")
    report, seconds = await desk.take(portfolio_id, good)
    again, repeated = await desk.take(portfolio_id, good)
    expected = (len(rows) - len(rows) // 20, len(rows) // 20, 0, len(rows))
    if (report.booked, report.duplicates, again.booked, again.duplicates) != expected:
        raise UnequalResults(f"{report.problems[:3]} {again.problems[:3]}")
    return portfolio_id, {"refusal": refused, "import": seconds, "again": repeated}


def _row(size: str, ours: float, peer: str, seconds: float, goal: float | None, note: str, *, small: bool, version: str = "") -> Row:
    ratio = seconds / ours
    return {
        "benchmark": "import", "size": size, "ours_seconds": ours, "peer": peer, "peer_version": version, "peer_seconds": seconds,
        "ratio": ratio, "goal": goal, "goal_is": "at least", "met": None if goal is None or small else ratio >= goal, "equal": True,
        "note": note,
    }  # fmt: skip


def _measured(rows: int, *, small: bool, is_full: bool) -> list[Row]:
    """One size: a server of its own, the imports, the peers on a copy of its database."""
    ledger, size = lines(rows), f"{rows:,} lines"
    done: list[tuple[UUID, dict[str, float]]] = []
    with own_server() as server:
        extra = peak_extra_bytes(lambda: done.append(asyncio.run(_imports(server, ledger))))
        portfolio_id, seconds = done[0]
        with psycopg.connect(server.admin_dsn(), autocommit=True) as admin:
            tables = _written(admin, portfolio_id)
        with psycopg.connect(server.admin_dsn("peer"), autocommit=True) as peer:
            per_row, copied = _insert_per_row(peer, tables), _bare_copy(peer, tables)
            equal = [_copied_rows(peer, one, portfolio_id) for one in tables] == [one.rows for one in tables]
    if not equal:
        raise UnequalResults("The copied database holds other rows than the imported one.")
    written = ", ".join(f"{one.rows:,} {one.name}" for one in tables if one.rows > 1)
    ours, again, refused = seconds["import"], seconds["again"], seconds["refusal"]
    sampled = f"the same final rows ({written}); timed on those of the first {SAMPLE:,} entries in one transaction and scaled"
    wrong = f"1 % of the lines wrong: {rows // 100:,} problems reported, nothing booked"
    return [
        _row(size, ours, "INSERT per row", per_row, 60 if is_full else None, sampled, small=small, version=version_of("psycopg")),
        _row(size, ours, "bare COPY", copied, 0.6 if is_full else None, "the same final rows, ready in binary, as superuser", small=small),
        _row(size, again, "the first import", ours, 2 if is_full else None, "the same file again: nothing written", small=small),
        _row(size, refused, "the first import", ours, None, wrong, small=small),
        bound("import", size, extra / 2**30, at_most=1, what="GiB of memory", small=small, note="peak above the start, all imports"),
    ]


def _copied_rows(peer: psycopg.Connection[Any], one: Written, portfolio_id: UUID) -> int:
    query = sql.SQL("select count(*) from {} where portfolio_id = %s").format(sql.Identifier(one.schema, one.name))
    row = peer.execute(query, [portfolio_id]).fetchone()
    return int(row[0]) if row else 0


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    warm_up()
    sizes = (1_000, 12_000) if options.small else (100_000, 500_000)
    return [row for rows in sizes for row in _measured(rows, small=options.small, is_full=rows >= 500_000)]


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
