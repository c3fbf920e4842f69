"""Servers for the tests of the embedded server: each in a directory of its own, and none left behind."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from dawsos.store.embedded import FAST_TEST_SETTINGS, Binaries, EmbeddedServer, find_binaries
from dawsos.store.embedded.process import is_alive
from tests.integration.embedded.servers import until


@pytest.fixture(scope="session")
def binaries() -> Binaries:
    return find_binaries()


@pytest.fixture
def place() -> Iterator[Path]:
    """A short private directory; whatever still works in it at the end of a test is killed."""
    directory = Path(tempfile.mkdtemp(prefix="dw-", dir="/tmp"))
    yield directory
    _kill_everything_in(directory)
    shutil.rmtree(directory)


@pytest.fixture
def public_place() -> Iterator[Path]:
    """A directory every account can read."""
    directory = Path(tempfile.mkdtemp(prefix="dw-public-", dir="/tmp"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def directory(place: Path) -> Path:
    """Where a server may go; does not exist yet."""
    return place / "db"


@pytest.fixture(scope="session")
def pattern(binaries: Binaries) -> Iterator[Path]:
    """A database made once, stopped, to be copied."""
    directory = Path(tempfile.mkdtemp(prefix="dw-", dir="/tmp"))
    server = EmbeddedServer(directory / "db", binaries, extra_settings=FAST_TEST_SETTINGS)
    server.start()
    server.stop()
    yield directory / "db"
    shutil.rmtree(directory)


@pytest.fixture
def made(pattern: Path, directory: Path) -> Path:
    """The same as ``directory``, with a database that was made before and is not running."""
    subprocess.run(["cp", "-a", str(pattern), str(directory)], check=True)
    return directory


@pytest.fixture
def server_in(binaries: Binaries) -> Iterator[Callable[..., EmbeddedServer]]:
    """Makes servers that forget nothing but speed, and stops them at the end."""
    made: list[EmbeddedServer] = []

    def make(directory: Path, **arguments: object) -> EmbeddedServer:
        arguments = {"extra_settings": FAST_TEST_SETTINGS, "binaries": binaries, **arguments}
        made.append(EmbeddedServer(directory, **arguments))
        return made[-1]

    yield make
    for server in made:
        server.stop(immediate=True)


def _kill_everything_in(directory: Path) -> None:
    for process in psutil.process_iter():
        try:
            inside = Path(process.cwd()).is_relative_to(directory)
        except (psutil.Error, OSError):
            continue
        if inside and process.pid != os.getpid():
            process.send_signal(signal.SIGKILL)
            until(lambda pid=process.pid: not is_alive(pid))
