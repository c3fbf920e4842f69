"""``dawsos db``: on and off, set up or not, and what psql is let to see."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Home, close, new_home


@pytest.fixture
def empty() -> Iterator[Home]:
    """A home in which nothing has been done yet."""
    made = new_home()
    made.directory.mkdir()
    yield made
    close(made)


@pytest.fixture
def bare(empty: Home) -> Home:
    """A home with a server and no schema."""
    empty.server.start()
    return empty


def test_a_command_that_needs_a_database_names_the_remedy_when_there_is_none(empty: Home) -> None:
    said = empty("user", "list")
    assert said.code == 8
    assert "There is no database in" in said.err and "dawsos db migrate" in said.err and "dawsos demo" in said.err
    assert not (empty.directory / "postgresql").exists()


def test_a_command_that_needs_a_schema_names_the_remedy_when_there_is_none(bare: Home) -> None:
    said = bare("portfolio", "list")
    assert said.code == 8 and "The database has not been set up." in said.err and "dawsos db migrate" in said.err


def test_migrating_sets_up_and_does_nothing_the_second_time(bare: Home) -> None:
    first = bare.ok("db", "migrate")
    assert "Applied " in first.out and "this version's schema" in first.out
    assert "Applied " not in bare.ok("db", "migrate").out
    assert bare.ok("portfolio", "list", "--json").json == []


def test_the_server_is_stopped_once_and_its_state_is_told_without_starting_it(bare: Home) -> None:
    running = bare.ok("db", "status", "--json").json
    assert running["running"] is True and running["ready"] is True
    assert "has stopped" in bare.ok("db", "stop").out
    assert "was not running" in bare.ok("db", "stop").out
    assert bare.ok("db", "status", "--json").json["running"] is False
    assert "answers on" in bare.ok("db", "start").out


def test_an_external_database_is_neither_started_nor_stopped(empty: Home) -> None:
    said = empty("db", "stop", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert said.code == 8 and "DATABASE_URL names a server" in said.err


def test_an_external_database_that_is_not_there_is_unavailable(empty: Home) -> None:
    said = empty("user", "list", DATABASE_URL="postgresql://nobody:hush@127.0.0.1:1/none")
    assert said.code == 8 and "does not answer" in said.err and "hush" not in said.err


def test_psql_sees_no_row_of_anybody_as_the_application_and_all_as_administrator(
    home: Home, untouched: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert untouched
    question = "select count(*) from {}"
    for table in ("portfolios", "transactions", "lots", "app.import_batches"):
        home.ok("db", "psql", "--", "-At", "-c", question.format(table))
        assert capfd.readouterr().out.strip() == "0", table
    home.ok("db", "psql", "--role", "admin", "--", "-At", "-c", "select count(*) > 0 from public.transactions")
    assert capfd.readouterr().out.strip() == "t"


def test_the_exit_code_of_psql_is_passed_on(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    said = home("db", "psql", "--", "-v", "ON_ERROR_STOP=1", "-c", "select nothing_of_the_kind")
    assert said.code == 1 and "nothing_of_the_kind" in capfd.readouterr().err


def test_a_dump_brings_back_what_was_there(bare: Home, tmp_path: Path) -> None:
    bare.ok("db", "migrate")
    bare.ok("user", "create", "kept@example.org", "--generate")
    file = tmp_path / "everything.dump"
    bare.ok("db", "dump", file)
    assert file.stat().st_mode & 0o777 == 0o600
    bare.ok("user", "create", "later@example.org", "--generate")
    refused = bare("db", "restore", file)
    assert refused.code == 2 and "--yes" in refused.err
    bare.ok("db", "restore", file, "--yes")
    assert [user["email"] for user in bare.ok("user", "list", "--json").json] == ["kept@example.org"]


def test_a_file_that_is_no_dump_restores_nothing(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "no.dump"
    file.write_text("this is not a dump")
    before = home.rows()
    said = home("db", "restore", file, "--yes")
    assert said.code == 2 and "cannot be read as a dump" in said.err
    assert home.rows() == before
