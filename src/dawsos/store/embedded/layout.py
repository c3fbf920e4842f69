"""Where the embedded server keeps its things, and files only their owner may read.

<directory>/            0700, belongs to whoever runs DawsOS
    lock                held while somebody starts or stops the server
    alive               held by the server's processes for as long as one of them lives
    start.log           what initdb and the server said before the log was open
    socket              where the socket is, if no client could name its path under run/
    passwords/<role>    0600, one random password each
    server/             0700, belongs to the account the server runs as
        data/           PGDATA
        run/            the socket
        log/            one file a weekday
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from dawsos.kernel.errors import Conflict

_PRIVATE_DIRECTORY: Final = 0o700
_PRIVATE_FILE: Final = 0o600
_OURS: Final = frozenset({"lock", "alive", "start.log", "socket", "passwords", "server"})


@dataclass(frozen=True, slots=True)
class Layout:
    """The places under ``directory``, which is absolute."""

    directory: Path

    @property
    def lock(self) -> Path:
        return self.directory / "lock"

    @property
    def alive(self) -> Path:
        return self.directory / "alive"

    @property
    def start_log(self) -> Path:
        return self.directory / "start.log"

    @property
    def socket(self) -> Path:
        return self.directory / "socket"

    @property
    def passwords(self) -> Path:
        return self.directory / "passwords"

    @property
    def server(self) -> Path:
        return self.directory / "server"

    @property
    def data(self) -> Path:
        return self.server / "data"

    @property
    def unfinished(self) -> Path:
        """The data directory while initdb is at work on it."""
        return self.server / "data.init"

    @property
    def run(self) -> Path:
        return self.server / "run"

    @property
    def log(self) -> Path:
        return self.server / "log"


def prepare(layout: Layout) -> None:
    """Create ``directory`` and ``passwords/`` with mode 0700, or tighten them to it; parents keep the modes they have.

    Raises Conflict when the directory holds files of something else, for then it is not ours to tighten.
    """
    if layout.directory.exists():
        _refuse_foreign(layout)
    make_private_directory(layout.directory)
    make_private_directory(layout.passwords)


def _refuse_foreign(layout: Layout) -> None:
    foreign = sorted({path.name for path in layout.directory.iterdir()} - _OURS)
    if foreign and not layout.server.is_dir():
        raise Conflict(
            f"{layout.directory} holds other files ({foreign[0]}), so no database is put there.",
            remedy="Name a directory that is empty or does not exist yet.",
        )


def make_private_directory(path: Path, owner: tuple[int, int] | None = None) -> None:
    """Make ``path`` a directory of mode 0700 and give it to ``owner`` (uid, gid) if named; nothing is ever widened."""
    path.mkdir(mode=_PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    with opened_directory(path) as descriptor:
        found = os.fstat(descriptor)
        if stat.S_IMODE(found.st_mode) & ~_PRIVATE_DIRECTORY and os.geteuid() in {0, found.st_uid}:
            os.fchmod(descriptor, _PRIVATE_DIRECTORY & found.st_mode)
        if owner is not None and (found.st_uid, found.st_gid) != owner:
            os.fchown(descriptor, *owner)


@contextmanager
def opened_directory(path: Path) -> Iterator[int]:
    """A descriptor of the directory ``path``, which must not be a link to somewhere else."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def fresh_private_file(path: Path) -> TextIO:
    """An empty file of mode 0600 open for writing; a link is not followed."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _PRIVATE_FILE), "w", encoding="utf-8")


def write_private(directory: Path, name: str, text: str, *, replace: bool = True) -> None:
    """Write ``directory/name`` whole or not at all: mode 0600, on disk before it has its name, owned by the directory's owner.

    With ``replace=False`` an existing file stays as it is. Works on descriptors and follows no link: root may write into a
    directory of the server's account without that account choosing where the bytes go.
    """
    temporary = f".{name}.{secrets.token_hex(8)}"
    with opened_directory(directory) as folder:
        owner = os.fstat(folder)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _PRIVATE_FILE, dir_fd=folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if owner.st_uid != os.geteuid() == 0:
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _give_name(folder, temporary, name, replace=replace)
        os.fsync(folder)


def _give_name(folder: int, temporary: str, name: str, *, replace: bool) -> None:
    if replace:
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        return
    with suppress(FileExistsError):
        os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    os.unlink(temporary, dir_fd=folder)


def move(source: Path, destination: Path) -> None:
    """Rename and make the rename last."""
    source.rename(destination)
    with opened_directory(destination.parent) as folder:
        os.fsync(folder)


def size_of(directory: Path) -> int:
    """Bytes in the files under ``directory``; files that vanish meanwhile count nothing."""
    total = 0
    for parent, _, names in os.walk(directory):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118 (tens of thousands of names)
    return total
