"""Transactions: who acts, what is kept, what is undone, and what a missing server looks like."""

import asyncio
import time
from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest

from dawsos.kernel.errors import Conflict, Forbidden, Internal, Invalid, Unavailable
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.store.database import Database, PoolLimits
from dawsos.store.embedded import EmbeddedServer
from dawsos.store.portfolios import add_portfolio, list_portfolios
from dawsos.store.securities import NewSecurity, find_securities_by_symbol, list_active_securities, put_securities
from dawsos.store.statements import Binary, Bulk, Command, Many, Text, Value
from dawsos.store.transaction import Change, Question
from tests.support.postgres import DatabaseClone, make_portfolio, make_securities, make_user, own_server, user_id_of

WHO = Many(Text("test", "who", "Who acts.", "str", "many", "select app.actor_id()::text union all select app.actor_role()"), str)
SLEEP = Command(Text("test", "sleep", "Wait.", None, "none", "select pg_sleep(%(seconds)s)"), type(None))
BROKEN = Command(Text("test", "broken", "Fail.", None, "none", "select 1 / (1 - %(one)s::integer)"), type(None))
READ_ONLY = Value(Text("test", "read_only", "Is it?", "str", "value", "select current_setting('transaction_read_only')"), str)
ISOLATION = Value(Text("test", "isolation", "Which?", "str", "value", "select current_setting('transaction_isolation')"), str)
TWO_COLUMNS = Value(Text("test", "two", "Wrong.", "int", "value", "select 1 as one, 2 as two"), int)
NO_ROW = Value(Text("test", "none", "Nothing.", "int", "value", "select 1 where false"), int)
SYMBOLS_OUT = Binary(
    Text("test", "symbols_out", "Symbols.", None, "binary", "select currency, active from securities where symbol = %(symbol)s"), type(None)
)
SYMBOLS_IN = Bulk(
    Text(
        "test",
        "symbols_in",
        "Symbols.",
        None,
        "bulk",
        "insert into securities (id, symbol, currency) select id, symbol, %(currency)s from staged",
        "id uuid, symbol text",
    ),
    type(None),
)


async def test_a_transaction_knows_its_actor(database: Database):
    actor = Actor(uuid4(), Role.MANAGER)
    async with database.transaction(actor) as tx:
        assert await tx.fetch_all(WHO) == [str(actor.user_id), "MANAGER"]
    async with database.transaction(SYSTEM) as tx:
        assert await tx.fetch_all(WHO) == [None, "SYSTEM"]


async def test_the_next_transaction_on_the_connection_knows_nothing_of_the_last_actor(database_clone: DatabaseClone):
    one_connection = Database(database_clone.app_dsn, PoolLimits(min_size=1, max_size=1))
    await one_connection.open()
    try:
        owner = await make_user(one_connection)
        await make_portfolio(one_connection, owner)
        async with one_connection.transaction(owner) as tx:
            assert len(await list_portfolios(tx)) == 1
        async with one_connection.transaction(Actor(uuid4(), Role.USER)) as tx:
            assert await list_portfolios(tx) == []
    finally:
        await one_connection.close()


async def test_an_actor_other_than_system_needs_a_user(database: Database):
    with pytest.raises(Internal, match="has no user"):
        async with database.transaction(Actor(None, Role.ADMIN)):
            pass


async def test_what_a_failing_block_did_is_undone(database: Database):
    owner = await make_user(database)

    async def add_and_fail() -> None:
        async with database.transaction(owner) as tx:
            await add_portfolio(tx, portfolio_id=uuid4(), name="Lost", base_currency="CAD", owner_id=user_id_of(owner))
            raise LookupError

    with pytest.raises(LookupError):
        await add_and_fail()
    async with database.transaction(owner) as tx:
        assert await list_portfolios(tx) == []


async def test_a_transaction_that_has_ended_cannot_be_used(database: Database):
    async with database.transaction(SYSTEM) as tx:
        pass
    with pytest.raises(Internal, match="after its end"):
        await tx.fetch_all(WHO)


async def test_a_savepoint_undoes_its_own_part_only(database: Database):
    owner = await make_user(database)
    async with database.transaction(owner) as tx:
        await add_portfolio(tx, portfolio_id=uuid4(), name="Kept", base_currency="CAD", owner_id=user_id_of(owner))
        with pytest.raises(Conflict):
            async with tx.savepoint():
                await add_portfolio(tx, portfolio_id=uuid4(), name="Kept", base_currency="USD", owner_id=user_id_of(owner))
        await add_portfolio(tx, portfolio_id=uuid4(), name="Also kept", base_currency="CAD", owner_id=user_id_of(owner))
    async with database.transaction(owner) as tx:
        assert [portfolio.name for portfolio in await list_portfolios(tx)] == ["Also kept", "Kept"]


async def test_a_swallowed_failure_does_not_pass_for_a_commit(database: Database):
    async def fail_and_go_on() -> None:
        async with database.transaction(SYSTEM) as tx:
            with pytest.raises(Invalid):
                await tx.execute(BROKEN, one=1)

    with pytest.raises(Internal, match="rolled the transaction back"):
        await fail_and_go_on()


async def test_isolation_and_read_only_are_as_asked_for(database: Database):
    async with database.transaction(SYSTEM, isolation="repeatable read", read_only=True) as tx:
        assert await tx.fetch_value(ISOLATION) == "repeatable read"
        assert await tx.fetch_value(READ_ONLY) == "on"
    async with database.transaction(SYSTEM) as tx:
        assert await tx.fetch_value(ISOLATION) == "read committed"
        assert await tx.fetch_value(READ_ONLY) == "off"


async def test_rows_that_do_not_fit_the_declaration_are_an_error(database: Database):
    with pytest.raises(Internal, match="2 columns where one int"):
        async with database.transaction(SYSTEM) as tx:
            await tx.fetch_value(TWO_COLUMNS)
    with pytest.raises(Internal, match="returned 0 rows"):
        async with database.transaction(SYSTEM) as tx:
            await tx.fetch_value(NO_ROW)


async def test_a_row_that_breaks_a_rule_is_invalid_and_says_which_rule(database: Database):
    owner = await make_user(database)
    with pytest.raises(Invalid) as refusal:
        await make_portfolio(database, owner, base_currency="dollars")
    assert refusal.value.details["constraint"] == "portfolios_base_currency_code"


async def test_writing_shared_tables_is_forbidden_to_users(database: Database):
    user = await make_user(database)
    with pytest.raises(Forbidden, match="securities may only be changed by SYSTEM or an administrator"):
        async with database.transaction(user) as tx:
            await put_securities(tx, [NewSecurity(id=uuid4(), symbol="X", currency="CAD")])


async def test_a_serialization_failure_is_marked_as_worth_repeating(database: Database):
    owner = await make_user(database)
    portfolio = await make_portfolio(database, owner)
    rename = Command(Text("test", "rename", "Rename.", None, "none", "update portfolios set name = %(name)s where id = %(id)s"), type(None))

    async def rename_what_another_renames() -> None:
        async with database.transaction(owner, isolation="repeatable read") as first:
            await list_portfolios(first)
            async with database.transaction(owner) as second:
                await second.execute(rename, name="Second", id=portfolio.id)
            await first.execute(rename, name="First", id=portfolio.id)

    with pytest.raises(Conflict) as refusal:
        await rename_what_another_renames()
    assert refusal.value.details["retryable"] is True


async def test_staged_rows_come_in_and_go_out_in_bulk(database: Database):
    rows = [(uuid4(), f"S{number:04}") for number in range(1000)]
    async with database.transaction(SYSTEM) as tx:
        assert await tx.copy_into(SYMBOLS_IN, rows, currency="EUR") == 1000
        assert await tx.copy_into(SYMBOLS_IN, [(uuid4(), "LAST")], currency="CAD") == 1
        active = await list_active_securities(tx)
    assert len(active) == 1001
    assert {security.symbol: security.id for security in active if security.symbol == "S0500"} == {"S0500": rows[500][0]}


async def test_statements_sent_together_are_answered_in_order(database: Database):
    async with database.transaction(SYSTEM) as tx:
        await tx.change_together(
            [
                Change(SYMBOLS_IN, {"currency": "CAD"}, [(uuid4(), "AAA")]),
                Change(SYMBOLS_IN, {"currency": "USD"}, ((uuid4(), f"B{n:04}") for n in range(300))),  # by COPY
                Change(SYMBOLS_IN, {"currency": "EUR"}, [(uuid4(), "CCC")]),
                Change(SLEEP, {"seconds": 0}),
            ]
        )
        who, modes = await tx.fetch_together(Question(WHO), Question(READ_ONLY))
        found = await list_active_securities(tx)
    assert (who, modes) == ([None, "SYSTEM"], ["off"])
    assert [(one.symbol, one.currency) for one in found][::301] == [("AAA", "CAD"), ("CCC", "EUR")]


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_of_statements_sent_together_the_one_that_failed_is_named(database: Database, place: int):
    changes = [Change(SYMBOLS_IN, {"currency": "CAD"}, [(uuid4(), "AAA")]), Change(SLEEP, {"seconds": 0})]
    changes.insert(place, Change(BROKEN, {"one": 1}))
    with pytest.raises(Invalid, match="division by zero") as caught:
        async with database.transaction(SYSTEM) as tx:
            await tx.change_together(changes)
    assert caught.value.details["statement"] == "test.broken"
    async with database.transaction(SYSTEM) as tx:
        assert await list_active_securities(tx) == []
    questions = [Question(WHO), Question(READ_ONLY)]
    questions.insert(place, Question(BROKEN, {"one": 1}))
    with pytest.raises(Invalid) as caught:
        async with database.transaction(SYSTEM) as tx:
            await tx.fetch_together(*questions)
    assert caught.value.details["statement"] == "test.broken"


async def test_a_ready_binary_buffer_is_taken_as_it_is(database: Database):
    key = uuid4()
    buffer = b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\0\2" + b"\0\0\0\x10" + key.bytes + b"\0\0\0\3ABC" + b"\xff\xff"
    async with database.transaction(SYSTEM) as tx:
        assert await tx.copy_into(SYMBOLS_IN, buffer, currency="EUR") == 1
        assert [security.id for security in await find_securities_by_symbol(tx, ["ABC"])] == [key]


async def test_rows_leave_in_the_binary_copy_format(database: Database):
    await make_securities(database, "ABC")
    async with database.transaction(SYSTEM, read_only=True) as tx:
        block = await tx.copy_out(SYMBOLS_OUT, symbol="ABC")
    assert block == b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\0\2" + b"\0\0\0\3CAD" + b"\0\0\0\1\1" + b"\xff\xff"


async def test_a_security_keeps_its_id_when_more_becomes_known_of_it(database: Database):
    (before,) = await make_securities(database, "RY.TO")
    async with database.transaction(SYSTEM) as tx:
        await put_securities(tx, [NewSecurity(id=uuid4(), symbol="RY.TO", currency="CAD", name="Royal Bank of Canada")])
        (after,) = await find_securities_by_symbol(tx, ["RY.TO"])
    assert (after.id, after.name, after.security_type) == (before.id, "Royal Bank of Canada", "EQUITY")


async def test_values_come_back_as_the_types_they_are(database: Database):
    facts = Many(
        Text("test", "facts", "Types.", "Decimal", "many", "select 1.50::numeric(20,8) union all select 'NaN'::numeric limit 1"), Decimal
    )
    async with database.transaction(SYSTEM) as tx:
        (number,) = await tx.fetch_all(facts)
    assert number == Decimal("1.5")
    assert str(number) == "1.50000000"


async def test_a_statement_that_takes_too_long_is_stopped(database_clone: DatabaseClone):
    hasty = Database(database_clone.app_dsn, PoolLimits(statement_timeout=0.1))
    await hasty.open()
    try:
        with pytest.raises(Unavailable) as refusal:
            async with hasty.transaction(SYSTEM) as tx:
                await tx.execute(SLEEP, seconds=5)
        assert refusal.value.code == "timeout"
    finally:
        await hasty.close()


async def test_a_cancelled_task_leaves_a_usable_pool(database_clone: DatabaseClone):
    single = Database(database_clone.app_dsn, PoolLimits(min_size=1, max_size=1))
    await single.open()

    async def sleep() -> None:
        async with single.transaction(SYSTEM) as tx:
            await tx.execute(SLEEP, seconds=30)

    try:
        task = asyncio.create_task(sleep())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with single.transaction(SYSTEM) as tx:
            assert await tx.fetch_all(WHO) == [None, "SYSTEM"]
    finally:
        await single.close()


async def test_an_exhausted_pool_answers_soon_that_it_is_unavailable(database_clone: DatabaseClone):
    single = Database(database_clone.app_dsn, PoolLimits(min_size=1, max_size=1, acquire_timeout=0.2))
    await single.open()
    try:
        async with single.transaction(SYSTEM):
            with pytest.raises(Unavailable) as refusal:
                async with single.transaction(SYSTEM):
                    pass
        assert refusal.value.retry_after == 5
    finally:
        await single.close()


async def test_a_login_above_row_level_security_is_refused(database_clone: DatabaseClone):
    for dsn, reason in ((database_clone.admin_dsn, "is a superuser"), (database_clone.migrator_dsn, "owns tables")):
        powerful = Database(dsn)
        with pytest.raises(Forbidden, match=reason) as refusal:
            await powerful.open()
        assert refusal.value.code == "database_role_too_powerful"


async def test_a_server_that_is_not_there_is_reported_within_three_seconds():
    nowhere = Database("host=/nowhere user=dawsos_app dbname=dawsos")
    began = time.monotonic()
    with pytest.raises(Unavailable) as refusal:
        await nowhere.open()
    assert time.monotonic() - began < 3
    assert "/nowhere" in str(refusal.value.details["cause"])


@pytest.fixture
def mortal_server() -> Iterator[EmbeddedServer]:
    """A server this test may stop and start."""
    with own_server("mortal") as server:
        yield server


async def test_a_database_that_went_away_is_unavailable_at_once_and_comes_back_by_itself(mortal_server: EmbeddedServer):
    endpoint = await asyncio.to_thread(mortal_server.start)
    with psycopg.connect(endpoint.dsn(), autocommit=True) as admin:
        admin.execute("create role plain login password 'plain' ")
        admin.execute("create schema app")
        admin.execute("create function app.actor_id() returns uuid language sql return null::uuid")
        admin.execute("create function app.actor_role() returns text language sql return current_setting('app.role')")
        admin.execute("grant usage on schema app to plain")
    database = Database(psycopg.conninfo.make_conninfo(endpoint.dsn(), user="plain", password="plain"), PoolLimits(min_size=2, max_size=4))
    await database.open()
    try:
        await asyncio.to_thread(mortal_server.stop)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            async with database.transaction(SYSTEM):
                pass
        assert time.monotonic() - began < 3
        await asyncio.to_thread(mortal_server.start)
        deadline = time.monotonic() + 15
        while True:
            try:
                async with database.transaction(SYSTEM) as tx:
                    assert await tx.fetch_all(WHO) == [None, "SYSTEM"]
                break
            except Unavailable:
                assert time.monotonic() < deadline, "the pool did not recover"
    finally:
        await database.close()


async def test_connections_that_died_in_the_pool_are_replaced_before_anybody_notices(database_clone: DatabaseClone):
    database = Database(database_clone.app_dsn, PoolLimits(min_size=3, max_size=3))
    await database.open()
    try:
        with psycopg.connect(database_clone.admin_dsn, autocommit=True) as admin:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and usename = 'dawsos_app'",
                [database_clone.name],
            )
        for _ in range(6):
            async with database.transaction(SYSTEM) as tx:
                assert await tx.fetch_all(WHO) == [None, "SYSTEM"]
    finally:
        await database.close()


async def test_an_unknown_user_owns_nothing(database: Database):
    async with database.transaction(Actor(UUID(int=0), Role.USER)) as tx:
        assert await list_portfolios(tx) == []
