"""Killing work in the middle: workers, moments spread over their run time, and a server to kill under them."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from dawsos.store.embedded import EmbeddedServer
from tests.support.kill_worker import TRY_AGAIN

ROOT: Final = Path(__file__).parents[2]
#: How many times each kind of work is killed.
KILLS: Final = int(os.environ.get("DAWSOS_KILLS", "4"))


@dataclass(frozen=True)
class Reach:
    """How a worker, and whoever looks afterwards, reach the database."""

    app_dsn: str
    admin_dsn: str


def moments(seed: int, seconds: float) -> Iterator[float]:
    """One random moment in each of ``KILLS`` equal parts of a run of ``seconds`` and a little after it."""
    chance = random.Random(seed)
    for part in range(KILLS):
        yield (part + chance.random()) / KILLS * seconds * 1.1


class Worker:
    """A process at work, past its start-up."""

    def __init__(self, job: str, reach: Reach, *arguments: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.kill_worker", job, reach.app_dsn, *map(str, arguments)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said == "ready\n", self._process.communicate(timeout=30)

    def kill(self) -> None:
        """End it as power failure would: nothing is caught, flushed or said goodbye to."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate(timeout=30)

    def finish(self) -> None:
        """Wait for it to succeed."""
        out, err = self._process.communicate(timeout=120)
        assert self._process.returncode == 0, err
        assert out == "done\n"

    def end_without_server(self) -> None:
        """Wait for it to end by itself: done before its server died, or an error that says the database went away."""
        out, err = self._process.communicate(timeout=60)
        assert (out == "done\n") == (self._process.returncode == 0), err
        assert self._process.returncode in {0, TRY_AGAIN}, err


def seconds_of(worker: Worker) -> float:
    """How long the undisturbed work takes."""
    start = time.perf_counter()
    worker.finish()
    return time.perf_counter() - start


def wait_until_forgotten(reach: Reach) -> None:
    """Wait until the server has noticed that the killed program is gone, so that nothing is written after we looked."""
    limit = time.monotonic() + 60
    with psycopg.connect(reach.admin_dsn, autocommit=True) as admin:
        query = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'dawsos'"
        while admin.execute(query).fetchone() != (0,):
            assert time.monotonic() < limit, "the server still works for a program that was killed a minute ago"
            time.sleep(0.01)


def kill_server(server: EmbeddedServer) -> None:
    """SIGKILL the postmaster; its children end with it, without a word to the clients."""
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
