"""The command line without a database: help, wrong words, exit codes, and what goes where."""

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dawsos.cli.asking import pinning, read_inputs
from dawsos.cli.deferred import deferred_commands, loaded
from dawsos.cli.failures import EXIT_CODES, exit_code_of
from dawsos.cli.main import app
from dawsos.kernel import errors
from dawsos.kernel.errors import DawsosError, Internal, Invalid

HEAVY = ("numpy", "numba", "scipy", "fastapi", "uvicorn", "psycopg", "pydantic", "sqlalchemy", "alembic")


def call(*arguments: str, **environment: str | None) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, arguments, env={"DAWSOS_HOME": "/nonexistent/home", "NO_COLOR": "1", **environment})
    return done.exit_code, done.stdout, done.stderr


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAWSOS_")}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**clean, **environment})


def test_help_answers_at_once_and_imports_nothing_heavy() -> None:
    code = f"""
import sys
sys.argv = ["dawsos", "--help"]
from dawsos.cli.main import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    began = time.process_time() + sum(os.times()[2:4])
    done = run(code)
    assert done.returncode == 0 and done.stderr.strip() == "[]"
    assert "portfolio" in done.stdout and "Set up the demo and open it" in done.stdout
    # Seconds of processor time, which do not depend on who else is at work.
    assert time.process_time() + sum(os.times()[2:4]) - began < 2


def test_every_module_is_a_command_with_a_line_of_help() -> None:
    commands = deferred_commands()
    assert {"demo", "serve", "db", "user", "token", "portfolio", "securities", "prices", "rates", "policy", "pack", "import",
            "transactions", "reverse", "run", "call", "patterns", "capabilities", "version", "warm-up"} <= set(commands)  # fmt: skip
    assert all(command.help and command.help.endswith(".") for command in commands.values())
    assert [name for name, command in commands.items() if command.hidden] == ["warm-up"]


@pytest.mark.parametrize("name", sorted(deferred_commands()))
def test_a_command_explains_itself(name: str) -> None:
    code, out, err = call(name, "--help")
    assert (code, err) == (0, "")
    assert f"dawsos {name}" in out


def test_what_has_no_deferred_part_is_the_command_itself() -> None:
    command = object()
    assert loaded(command) is command


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pattern"], "No such command 'pattern'. Did you mean 'patterns'"),
        (["run"], "Missing argument"),
        (["run", "x", "--date", "yesterday"], "Invalid value for '--date'"),
        (["pack", "list", "--limit", "0"], "Invalid value for '--limit'"),
        (["user", "create", "a@example.org", "--role", "KING"], "Invalid value for '--role'"),
        (["import", "x.csv"], "Missing option '--portfolio'"),
        (["rates", "import", "fed"], "Invalid value for"),
        (["version", "--nonsense"], "No such option"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_with_a_remedy(arguments: list[str], words: str) -> None:
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ") and words in err and "--help'." in err


@pytest.mark.parametrize(("kind", "code"), EXIT_CODES.items())
def test_every_kind_of_failure_has_its_exit_code(kind: str, code: int) -> None:
    found = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, DawsosError) and one.kind == kind]
    assert found and {exit_code_of(one("It failed.")) for one in found} == {code}


def test_a_foreseen_and_an_unforeseen_failure_are_told_without_a_trace_unless_debugging() -> None:
    code, out, err = call("user", "list")
    assert (code, out) == (8, "")
    assert err == (
        "Error: There is no database in /nonexistent/home yet.\nSet it up with 'dawsos db migrate', or with demo data by 'dawsos demo'.\n"
    )
    assert "Traceback" in call("user", "list", DAWSOS_LOG_LEVEL="debug")[2]


def test_a_wrong_setting_is_named() -> None:
    code, _, err = call("user", "list", DAWSOS_PORT="ninety")
    assert code == 2 and "DAWSOS_PORT" in err


def test_json_is_all_that_standard_output_holds() -> None:
    for arguments in (("version", "--json"), ("patterns", "list", "--json"), ("capabilities", "list", "--json")):
        code, out, err = call(*arguments)
        assert (code, err) == (0, "")
        assert out.endswith("\n") and out.count("\n") == 1
        value = json.loads(out)
        assert out == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def test_tables_have_no_colours_where_nobody_looks() -> None:
    code, out, _ = call("patterns", "list")
    assert code == 0 and "portfolio_overview" in out and "\x1b" not in out


def test_a_reader_that_leaves_early_is_no_failure_worth_words() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m dawsos.cli capabilities list --json | head -c 1"], capture_output=True, text=True, check=False
    )
    assert done.stderr == "" and done.stdout == "["


def test_an_interrupt_ends_with_130_and_no_trace() -> None:
    # A process started in the background inherits that interrupts are ignored; this one shall be as one in a terminal.
    code = """
import os, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from dawsos.cli import main
from dawsos.cli.invocation import Invocation
class Interrupted(Invocation):
    @property
    def settings(self):
        os.kill(os.getpid(), signal.SIGINT)
        signal.pause()
main.Invocation = Interrupted
import sys
sys.argv = ["dawsos", "user", "list"]
main.main()
"""
    done = run(code)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_inputs_are_read_as_json_or_as_text() -> None:
    read = read_inputs(["days=252", "name=Household", "share=0.10", "flag=true", "list=[1,2]", "empty="])
    assert read == {"days": 252, "name": "Household", "share": "0.10", "flag": True, "list": [1, 2], "empty": ""}


@pytest.mark.parametrize("pairs", [["days"], ["=3"], ["days=1", "days=2"]])
def test_an_input_that_is_none_or_given_twice_is_refused(pairs: list[str]) -> None:
    with pytest.raises(Invalid):
        read_inputs(pairs)


def test_a_pack_and_a_date_name_a_pack_twice() -> None:
    with pytest.raises(Invalid, match="Give one of them"):
        pinning("PP_2022-12-28", date(2022, 12, 28), None)
    assert pinning("PP_2022-12-28", None, None).pack_id == "PP_2022-12-28"


def test_the_exit_code_is_one_for_what_nobody_foresaw() -> None:
    assert exit_code_of(ValueError("x")) == 1
    assert exit_code_of(Internal("x")) == 1


def test_a_folder_of_patterns_can_be_named(tmp_path: Path) -> None:
    code, out, _ = call("patterns", "list", "--json", DAWSOS_PATTERNS=str(tmp_path))
    assert (code, out) == (0, "[]\n")
