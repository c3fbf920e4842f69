"""The database's command line, with psql and without."""

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dawsos.kernel.errors import Invalid
from dawsos.store.embedded import FAST_TEST_SETTINGS, Binaries, EmbeddedServer
from dawsos.store.embedded.psql import interpret, run_psql
from tests.integration.embedded.servers import ROOT, ask

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def server(binaries: Binaries) -> Iterator[EmbeddedServer]:
    directory = Path(tempfile.mkdtemp(prefix="dw-", dir="/tmp"))
    server = EmbeddedServer(directory / "db", binaries, extra_settings=FAST_TEST_SETTINGS)
    server.start()
    yield server
    server.stop(immediate=True)
    shutil.rmtree(directory)


@pytest.fixture
def dsn(server: EmbeddedServer) -> str:
    return server.endpoint().dsn()


def test_arguments_go_to_psql_and_its_exit_code_comes_back(dsn, binaries, capfd):
    assert run_psql(binaries, dsn, ["-X", "-A", "-t", "-c", "select 6 * 7"]) == 0
    assert capfd.readouterr().out == "42\n"
    assert run_psql(binaries, dsn, ["-X", "-c", "select nonsense"]) == 1
    assert 'column "nonsense" does not exist' in capfd.readouterr().err


def test_psql_works_whatever_the_environment_asks_of_tls_and_shows_no_password(dsn, binaries, capfd, server):
    environment = {"PGSSLMODE": "verify-full", "PATH": "/usr/bin:/bin"}
    shown = "select current_setting('is_superuser'), 1 from pg_stat_activity limit 1"
    assert run_psql(binaries, dsn, ["-X", "-A", "-t", "-c", shown], environment=environment) == 0
    assert capfd.readouterr().out == "on|1\n"
    assert run_psql(binaries, dsn, ["-X", "-c", r"\! tr '\0' ' ' < /proc/$PPID/cmdline"], environment=environment) == 0
    out = capfd.readouterr().out
    assert "dbname=postgres" in out
    assert server.passwords.read("postgres") not in out


def test_ctrl_c_reaches_psql_and_not_us(dsn):
    program = """
import os, signal, sys, threading
from dawsos.store.embedded import find_binaries
from dawsos.store.embedded.psql import run_psql
threading.Timer(1.0, lambda: os.killpg(0, signal.SIGINT)).start()
code = run_psql(find_binaries(), sys.argv[1], ["-X", "-c", "select pg_sleep(30)"])
print("psql ended with", code)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, dsn],
        capture_output=True, text=True, timeout=30, start_new_session=True, check=False, env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/bin"},
    )  # fmt: skip
    assert "canceling statement due to user request" in done.stderr
    assert done.stdout == "psql ended with 1\n"


def run_without_psql(dsn: str, *arguments: str, source: str = "") -> tuple[int, str, str]:
    output, complaints = io.StringIO(), io.StringIO()
    code = interpret(dsn, arguments, io.StringIO(source), output, complaints)
    return code, output.getvalue(), complaints.getvalue()


def test_without_psql_statements_print_aligned_tables(dsn):
    statement = "select 'é' as name, 1.50 as amount, null as nothing, true as yes union all select 'longer', 22, null, false order by 2"
    code, out, err = run_without_psql(dsn, "-c", statement)
    assert (code, err) == (0, "")
    assert out == (
        "name   | amount | nothing | yes\n"
        "-------+--------+---------+------\n"
        "é      |   1.50 |         | True\n"
        "longer |     22 |         | False\n"
        "(2 rows)\n"
    )


def test_without_psql_a_script_runs_statement_by_statement(dsn, server, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text(
        """-- not in a transaction; as it should be
        create database of_the_script;
        create function twice(n int) returns int language plpgsql as $f$ begin return n * 2; end $f$;
        /* a /* nested; */ comment; */
        select twice(21) as "a;b", 'x;''y' as text, E'it\\'s;' as escaped;"""
    )
    code, out, err = run_without_psql(dsn, "-f", str(script), "--command=select 1 % 2 as rest where '%s' = '%s'")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["CREATE DATABASE", "CREATE FUNCTION"]
    assert "42 | x;'y | it's;" in out
    assert out.endswith("rest\n----\n   1\n(1 row)\n")
    assert ask(server.endpoint(), "select 1", database="of_the_script") == 1


def test_without_psql_input_is_read_when_nothing_is_named(dsn):
    assert run_without_psql(dsn, source="select 1 as one where false;") == (0, "one\n---\n(0 rows)\n", "")
    assert run_without_psql(dsn, "-f", "-", source="") == (0, "", "")


def test_without_psql_the_first_error_ends_it(dsn):
    code, out, err = run_without_psql(dsn, "-c", "select 1 as one", "-c", "select 1/0", "-c", "select 2 as two")
    assert code == 1
    assert out == "one\n---\n  1\n(1 row)\n"
    assert err.startswith("ERROR: division by zero")


@pytest.mark.parametrize("arguments", [["-l"], ["-c"], ["--csv", "-c", "select 1"], [r"\d"]])
def test_without_psql_what_needs_psql_is_refused(dsn, arguments):
    with pytest.raises(Invalid, match="Without psql"):
        run_without_psql(dsn, *arguments)


def test_programs_without_psql_are_served_by_the_interpreter(dsn, tmp_path, capsys):
    assert run_psql(Binaries(tmp_path, "18.6"), dsn, ["-c", "select 5 as n"]) == 0
    assert capsys.readouterr().out == "n\n-\n5\n(1 row)\n"
