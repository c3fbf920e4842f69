"""Whose process is it? A process identifier in a file is only believed of a process that is our server."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from dawsos.store.embedded.layout import Layout


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The live parent process of our server, as ``postmaster.pid`` describes it; ``socket_directory`` is None without a socket."""

    pid: int
    since: datetime
    port: int
    socket_directory: Path | None
    address: str | None
    state: str

    @property
    def accepts_connections(self) -> bool:
        """What the server says of itself; to ask it earlier would only fill its log."""
        return self.state in {"ready", "standby"}


def find_postmaster(layout: Layout) -> Postmaster | None:
    """The server running on our data directory, or None; a file that is stale, half-written or of another process is None too."""
    try:
        lines = (layout.data / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        pid, since, port = int(lines[0]), int(lines[2]), int(lines[3])
        sockets, address = lines[4].strip(), lines[5].strip()
        state = lines[7].strip()
    except (OSError, ValueError, IndexError):
        return None
    if not is_our_server(pid, layout):
        return None
    # A relative directory of the socket is relative to the data directory, which the server has entered.
    socket_directory = Path(os.path.normpath(layout.data / sockets)) if sockets else None
    return Postmaster(pid, datetime.fromtimestamp(since, UTC), port, socket_directory, address or None, state)


def is_our_server(pid: int, layout: Layout) -> bool:
    """Whether ``pid`` is a live postgres, of the data directory's owner, working in our data directory. A zombie is dead."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
            return False
        if process.uids().effective != layout.data.stat().st_uid:
            return False
        return _works_in(process, layout)
    except (psutil.Error, OSError, ValueError):
        return False


def is_alive(pid: int) -> bool:
    """Whether any process has the number ``pid`` and is not a zombie."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def directory_argument(layout: Layout) -> str:
    """The setting that names our directory on the server's command line, for people and for :func:`is_our_server`."""
    return f"dawsos.directory={layout.directory}"


def _works_in(process: psutil.Process, layout: Layout) -> bool:
    try:
        return layout.data.samefile(process.cwd())
    except (psutil.AccessDenied, PermissionError):
        # Root in a container without the right to trace sees no working directory of another user's process.
        return directory_argument(layout) in process.cmdline()


def server_processes(layout: Layout) -> Iterator[int]:
    """Every live process of a server on our data directory that we can recognise, parent or child."""
    for pid in psutil.pids():
        if is_our_server(pid, layout):
            yield pid


def signal_server(pid: int, number: signal.Signals, layout: Layout) -> bool:
    """Send ``number`` if ``pid`` still is our server; False, and nothing sent, if it is not."""
    if not is_our_server(pid, layout):
        return False
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def take(path: Path) -> int | None:
    """An exclusive lock on the file ``path``: its descriptor, or None while another process holds it.

    The lock lasts until every copy of the descriptor, in any process that inherited it, is closed: processes that end let go of it
    however they end, and it is seen through containers that share the directory.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with ExitStack() as on_failure:
        on_failure.callback(os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        on_failure.pop_all()
    return descriptor
