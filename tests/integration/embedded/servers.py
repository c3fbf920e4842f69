"""What the tests do with servers: ask them, look at their processes, and act on them from other processes and as other users."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import psycopg

from dawsos.store.embedded import EmbeddedServer, Endpoint

ROOT = Path(__file__).parents[3]

#: Everything is imported before privileges go, so the interpreter may lie where the ordinary user cannot read.
_PRELUDE = """
import ctypes, json, os, sys, time
from pathlib import Path
import psutil, psycopg
from dawsos.store.embedded import FAST_TEST_SETTINGS, EmbeddedServer, Patience, find_binaries
binaries = find_binaries(Path(sys.argv[3]) if sys.argv[3] else None)
if sys.argv[1]:
    uid = int(sys.argv[1])
    os.setgroups([]); os.setgid(uid); os.setuid(uid)
directory = Path(sys.argv[2])
server = EmbeddedServer(directory, binaries, extra_settings=FAST_TEST_SETTINGS)
"""


def ask(endpoint: Endpoint, statement: str, *, role: str = "postgres", database: str = "postgres") -> object:
    """The first column of the first row, or None for a statement without rows."""
    with psycopg.connect(endpoint.dsn(role, database), autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def another_process(
    body: str,
    directory: Path,
    *,
    uid: int | None = None,
    bindir: Path | None = None,
    environment: Mapping[str, str] | None = None,
    before: tuple[str, ...] = (),
) -> subprocess.Popen[str]:
    """Run ``body`` with ``server`` and ``directory`` at hand in a fresh interpreter, as the user ``uid`` if given."""
    return subprocess.Popen(
        [*before, sys.executable, "-c", _PRELUDE + body, "" if uid is None else str(uid), str(directory), str(bindir or "")],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said_by(process: subprocess.Popen[str]) -> str:
    """What the process printed by its end; its failure is a failure of the test."""
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()


def until(condition: Callable[[], object], *, seconds: float = 30) -> None:
    """Wait for ``condition``."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.005)


def postmasters_in(directory: Path) -> list[int]:
    """The parent processes of servers on the data in ``directory``."""
    found = []
    for process in psutil.process_iter():
        try:
            here = Path(process.cwd()) == directory / "server" / "data" and process.name() == "postgres"
            if here and not process.cmdline()[0].startswith("postgres:"):
                found.append(process.pid)
        except (psutil.Error, IndexError):
            continue
    return found


def pid_of(server: EmbeddedServer) -> int:
    pid = server.status().pid
    assert pid is not None
    return pid
