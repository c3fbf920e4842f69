"""The database's command line: psql where there is one, else an interpreter that runs statements and prints tables."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

import psycopg
from psycopg.conninfo import conninfo_to_dict

from dawsos.kernel.errors import Invalid
from dawsos.store.embedded.binaries import Binaries
from dawsos.store.embedded.client import client_arguments
from dawsos.store.embedded.sql_text import statements_in

_TLS: Final = frozenset({"require", "verify-ca", "verify-full"})


def run_psql(binaries: Binaries, conninfo: str, arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> int:
    """Hand ``arguments`` to psql, connected as ``conninfo`` says, on this process's own input and output; psql's exit code.

    Where the binaries have no psql, or one without the TLS the connection asks for, :func:`interpret` does the plain part of its work.
    """
    if not binaries.has_psql or (conninfo_to_dict(conninfo).get("sslmode") in _TLS and not _has_tls(binaries)):
        return interpret(conninfo, arguments, sys.stdin, sys.stdout, sys.stderr)
    shown, passed = client_arguments(conninfo, environment)
    process = subprocess.Popen([binaries.program("psql"), f"--dbname={shown}", *arguments], env=passed)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # psql got it too, and cancels its statement; when to leave is for the user to tell psql.
            continue


def _has_tls(binaries: Binaries) -> bool:
    done = subprocess.run([binaries.program("pg_config"), "--configure"], capture_output=True, text=True, check=False)
    return "--with-ssl" in done.stdout or "--with-openssl" in done.stdout


def interpret(conninfo: str, arguments: Sequence[str], source: TextIO, output: TextIO, complaints: TextIO) -> int:
    """Run the statements of every ``-c TEXT`` and ``-f FILE`` in order, or of ``source``; 0, or 1 at the first that fails.

    Each statement is a transaction of its own unless it says otherwise. Raises Invalid for any other argument: that needs psql.
    """
    texts = list(_texts(arguments, source))
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            for text in texts:
                for statement in statements_in(text):
                    _run(connection, statement, output)
    except psycopg.Error as error:
        complaints.write(f"ERROR: {str(error).strip()}\n")
        return 1
    return 0


def _texts(arguments: Sequence[str], source: TextIO) -> Iterator[str]:
    rest = list(arguments)
    if not rest:
        yield source.read()
    while rest:
        option, *rest = rest
        name, joined, value = option.partition("=")
        if name not in {"-c", "--command", "-f", "--file"} or not (joined or rest):
            raise Invalid(f"Without psql, '{option}' is not understood.", remedy="Use -c 'statement' or -f file, or install psql.")
        if not joined:
            value, *rest = rest
        if name in {"-c", "--command"}:
            yield value
        else:
            yield source.read() if value == "-" else Path(value).read_text(encoding="utf-8")


def _run(connection: psycopg.Connection[Any], statement: str, output: TextIO) -> None:
    cursor = psycopg.RawCursor(connection)
    cursor.execute(statement.encode())
    if cursor.description is None:
        output.write(f"{cursor.statusmessage}\n")
        return
    names = [column.name for column in cursor.description]
    output.write(table(names, cursor.fetchall()))


def table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Aligned text: a header, a rule, the rows (numbers to the right, null as nothing) and their count."""
    cells = [["" if value is None else str(value) for value in row] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(names, *cells, strict=True)]
    numeric = [all(value is None or _is_number(value) for value in column) for column in zip(*rows, strict=True)] or [False] * len(names)
    lines = [" | ".join(name.ljust(width) for name, width in zip(names, widths, strict=True))]
    lines.append("-+-".join("-" * width for width in widths))
    for row in cells:
        aligned = (c.rjust(w) if n else c.ljust(w) for c, w, n in zip(row, widths, numeric, strict=True))
        lines.append(" | ".join(aligned))
    count = f"({len(rows)} row{'' if len(rows) == 1 else 's'})"
    return "\n".join([*(line.rstrip() for line in lines), count, ""])


def _is_number(value: object) -> bool:
    return hasattr(value, "__abs__") and not isinstance(value, bool) and hasattr(value, "__float__")
