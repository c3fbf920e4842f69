"""Dump and restore: the whole database or nothing, and nobody ever sees half of it."""

import shutil
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from dawsos.kernel.errors import Conflict, DawsosError, Invalid, NotFound, Unavailable
from dawsos.store.dump import dump, restore
from dawsos.store.embedded import FAST_TEST_SETTINGS, Binaries, EmbeddedServer, Endpoint
from dawsos.store.swap import replacement
from tests.integration.embedded.servers import ask

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def endpoint(binaries: Binaries) -> Iterator[Endpoint]:
    directory = Path(tempfile.mkdtemp(prefix="dw-", dir="/tmp"))
    server = EmbeddedServer(directory / "db", binaries, extra_settings=FAST_TEST_SETTINGS)
    running = server.start()
    password = server.passwords.ensure("reader")
    with psycopg.connect(running.dsn()) as connection:
        connection.execute(sql.SQL("create role reader login password {}").format(password))
        connection.execute("create role keeper")
    yield running
    server.stop(immediate=True)
    shutil.rmtree(directory)


@pytest.fixture
def book(endpoint: Endpoint) -> Iterator[str]:
    """A database with a row, an owner, rights and settings of its own."""
    name = f"book {uuid4().hex}"
    with psycopg.connect(endpoint.dsn(), autocommit=True) as connection:
        quoted = sql.Identifier(name)
        for statement in (
            "create database {} owner keeper connection limit 37",
            "revoke all on database {} from public",
            "grant connect on database {} to reader with grant option",
            "alter database {} set search_path to app, public",
            "alter database {} set app.note = 'it''s = fine'",
            "alter role reader in database {} set work_mem = '5MB'",
        ):
            connection.execute(sql.SQL(statement).format(quoted))
    ask(endpoint, "create table page as select 1 as n", database=name)
    ask(endpoint, "alter table page owner to keeper", database=name)
    yield name
    with psycopg.connect(endpoint.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def names_like(endpoint: Endpoint, book: str) -> list[str]:
    with psycopg.connect(endpoint.dsn()) as connection:
        rows = connection.execute("select datname from pg_database where datname like %s order by 1", [f"{book[:40]}%"]).fetchall()
    return [name for (name,) in rows]


def properties(endpoint: Endpoint, book: str) -> list[tuple[object, ...]]:
    with psycopg.connect(endpoint.dsn()) as connection:
        first = connection.execute(
            "select pg_get_userbyid(datdba), datconnlimit, encoding, datcollate, datctype, datlocprovider, datlocale,"
            " (select array_agg(a::text order by a::text) from unnest(datacl) a) from pg_database where datname = %s",
            [book],
        ).fetchall()
        second = connection.execute(
            "select s.setrole, s.setconfig from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase where datname = %s order by 1",
            [book],
        ).fetchall()
    return [*first, *second]


def test_what_was_dumped_comes_back_and_what_came_later_is_gone(endpoint, book, binaries, tmp_path):
    file = tmp_path / "book.dump"
    size = dump(endpoint.dsn(database=book), file, binaries)
    assert size == file.stat().st_size > 500
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["book.dump"]
    before = properties(endpoint, book)
    ask(endpoint, "insert into page values (2)", database=book)
    restore(endpoint.dsn(), book, file, binaries)
    assert ask(endpoint, "select array_agg(n) from public.page", database=book) == [1]
    assert properties(endpoint, book) == before
    assert names_like(endpoint, book) == [book]
    assert ask(endpoint, "show search_path", database=book) == "app, public"
    assert ask(endpoint, "show app.note", database=book) == "it's = fine"
    assert ask(endpoint, "select tableowner from pg_tables where tablename = 'page'", database=book) == "keeper"
    assert ask(endpoint, "show work_mem", database=book, role="reader") == "5MB"


def test_rights_nobody_ever_changed_stay_the_usual_ones(endpoint, binaries, tmp_path):
    ask(endpoint, "create database plain")
    dump(endpoint.dsn(database="plain"), tmp_path / "file", binaries)
    restore(endpoint.dsn(), "plain", tmp_path / "file", binaries)
    assert ask(endpoint, "select has_database_privilege('reader', 'plain', 'connect, temporary')") is True
    ask(endpoint, "drop database plain")


def test_a_restore_that_fails_leaves_everything_as_it_was(endpoint, book, binaries, tmp_path):
    file = tmp_path / "book.dump"
    ask(endpoint, "create role passing", database=book)
    ask(endpoint, "create table theirs (n integer)", database=book)
    ask(endpoint, "alter table theirs owner to passing", database=book)
    dump(endpoint.dsn(database=book), file, binaries)
    ask(endpoint, "drop table theirs", database=book)
    ask(endpoint, "drop role passing", database=book)
    ask(endpoint, "insert into page values (2)", database=book)
    before = properties(endpoint, book)
    with psycopg.connect(endpoint.dsn(database=book)) as bystander:
        with pytest.raises(Unavailable, match='role "passing" does not exist'):
            restore(endpoint.dsn(), book, file, binaries)
        assert bystander.execute("select sum(n) from public.page").fetchone() == (3,)
    assert properties(endpoint, book) == before
    assert names_like(endpoint, book) == [book]


def test_a_restore_cuts_off_who_is_connected_and_survives_who_keeps_coming(endpoint, book, binaries, tmp_path):
    file = tmp_path / "book.dump"
    dump(endpoint.dsn(database=book), file, binaries)
    idle = psycopg.connect(endpoint.dsn(database=book))
    idle.execute("select 1")
    over = threading.Event()

    def keep_coming() -> None:
        while not over.is_set():
            try:
                psycopg.connect(endpoint.dsn(database=book)).close()
            except psycopg.OperationalError:
                continue

    visitor = threading.Thread(target=keep_coming)
    visitor.start()
    try:
        restore(endpoint.dsn(), book, file, binaries)
    finally:
        over.set()
        visitor.join()
    with pytest.raises(psycopg.OperationalError):
        idle.execute("select 1")
    idle.close()
    assert ask(endpoint, "select n from public.page", database=book) == 1
    assert names_like(endpoint, book) == [book]


def test_a_dump_under_row_level_security_is_refused_and_never_smaller(endpoint, book, binaries, tmp_path):
    file = tmp_path / "book.dump"
    file.write_text("the dump of yesterday")
    ask(endpoint, "grant select on page to reader", database=book)
    ask(endpoint, "alter table page enable row level security", database=book)
    with pytest.raises(Unavailable, match="row-level security"):
        dump(endpoint.dsn("reader", book), file, binaries)
    assert file.read_text() == "the dump of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["book.dump"]


def test_what_a_killed_restore_left_behind_is_cleared_away_by_the_next(endpoint, book, binaries, tmp_path):
    file = tmp_path / "book.dump"
    dump(endpoint.dsn(database=book), file, binaries)
    with psycopg.connect(endpoint.dsn(), autocommit=True) as connection:
        for end in ("arriving_0123abcd", "departing_0123abcd", "arriving_of_somebody"):
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(f"{book[:40]}_{end}")))
    restore(endpoint.dsn(), book, file, binaries)
    somebodys = f"{book[:40]}_arriving_of_somebody"
    assert names_like(endpoint, book) == sorted([book, somebodys])
    ask(endpoint, f'drop database "{somebodys}"')


def test_two_replacements_at_once_are_refused(endpoint, book):
    with (
        pytest.raises(Conflict, match="just being replaced"),
        replacement(endpoint.dsn(), book),
        replacement(endpoint.dsn(), book),
    ):
        raise AssertionError
    assert names_like(endpoint, book) == [book]


@pytest.mark.parametrize("content", [b"", b"PGDMP nonsense", b"select 1;"])
def test_a_file_that_is_no_dump_is_refused(endpoint, book, binaries, tmp_path, content):
    file = tmp_path / "-file"
    file.write_bytes(content)
    with pytest.raises(Invalid, match="cannot be read as a dump"):
        restore(endpoint.dsn(), book, file, binaries)


def test_a_missing_file_a_missing_database_and_oneself_are_named(endpoint, book, binaries, tmp_path):
    with pytest.raises(NotFound, match="no file"):
        restore(endpoint.dsn(), book, tmp_path / "none", binaries)
    dump(endpoint.dsn(database=book), tmp_path / "file", binaries)
    with pytest.raises(NotFound, match="no database nowhere"):
        restore(endpoint.dsn(), "nowhere", tmp_path / "file", binaries)
    with pytest.raises(Invalid, match="connection to itself"):
        restore(endpoint.dsn(database=book), book, tmp_path / "file", binaries)


def test_a_dump_that_cannot_be_written_or_taken_says_why(endpoint, book, binaries, tmp_path):
    with pytest.raises(Invalid, match="cannot be written"):
        dump(endpoint.dsn(database=book), tmp_path / "none" / "file", binaries)
    with pytest.raises(Invalid, match="is a directory"):
        dump(endpoint.dsn(database=book), tmp_path, binaries)
    with pytest.raises(Unavailable, match='database "nowhere" does not exist') as failed:
        dump(endpoint.dsn(database="nowhere"), tmp_path / "file", binaries)
    assert "DAWSOS_PG_BINDIR" in failed.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_gone_is_an_error_of_the_house(endpoint, book, binaries, tmp_path):
    dump(endpoint.dsn(database=book), tmp_path / "file", binaries)
    with pytest.raises(DawsosError):
        restore("host=/nonexistent user=postgres dbname=postgres", book, tmp_path / "file", binaries)
