"""Where the server's socket lies: beside the data, or in a short private directory when no client could name the path."""

import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from dawsos.store.embedded.account import Account
from dawsos.store.embedded.layout import Layout, make_private_directory, opened_directory, write_private

#: Bytes a socket's path may have (sun_path without its final zero).
LONGEST: Final = 107 if sys.platform == "linux" else 103


def socket_name(port: int) -> str:
    """The file PostgreSQL makes for ``port``."""
    return f".s.PGSQL.{port}"


def fits(directory: Path, port: int) -> bool:
    """Whether a client can name the socket: its path is short enough in bytes, and has no comma, which libpq takes for a list."""
    return len(os.fsencode(directory / socket_name(port))) <= LONGEST and "," not in str(directory)


def socket_directory(layout: Layout, account: Account, port: int) -> str:
    """The directory to configure: ``../run``, seen from the data directory, or an absolute private one recorded in ``socket``.

    A relative path needs no quoting and no right to pass the directories above.
    """
    if fits(layout.run, port):
        _forget_sockets(layout.run)
        return "../run"
    directory = _recorded(layout, account) or _create(layout, account)
    _forget_sockets(directory)
    return str(directory)


def _recorded(layout: Layout, account: Account) -> Path | None:
    """The recorded directory if it still is a private directory of ``account``; temporary directories get swept."""
    try:
        directory = Path(layout.socket.read_text(encoding="utf-8", errors="surrogateescape").strip())
        found = directory.lstat()
    except OSError:
        return None
    private = stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077
    return directory if private else None


def _create(layout: Layout, account: Account) -> Path:
    directory = Path(tempfile.mkdtemp(prefix="dawsos-", dir=_base(account)))
    make_private_directory(directory, account.owner)
    write_private(layout.directory, layout.socket.name, f"{directory}\n")
    return directory


def _base(account: Account) -> Path:
    """The user's runtime directory, or the machine's temporary one: both are short."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and not account.is_someone_else and Path(runtime).is_dir() and os.access(runtime, os.W_OK | os.X_OK):
        return Path(runtime)
    return Path("/tmp")  # noqa: S108 (mkdtemp makes a private directory with a fresh name)


def _forget_sockets(directory: Path) -> None:
    """Remove sockets of a server that was killed; their lock files may name a process that is somebody else's by now."""
    with opened_directory(directory) as folder:
        for name in os.listdir(folder):  # noqa: PTH208 (a descriptor, not a path)
            if name.startswith(".s.PGSQL."):
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=folder)
