"""The data directory: made whole or not at all, and refused when another major version wrote it."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dawsos.kernel.errors import Conflict, Unavailable
from dawsos.store.embedded.account import Account, run_program
from dawsos.store.embedded.binaries import Binaries
from dawsos.store.embedded.configuration import ACCESS, INCLUDE
from dawsos.store.embedded.credentials import Passwords
from dawsos.store.embedded.endpoint import SUPERUSER
from dawsos.store.embedded.layout import Layout, make_private_directory, move, opened_directory, write_private

_OPEN_FILES: Final = Path("/proc/self/fd")
_BUILTIN_LOCALE_SINCE: Final = 17
_CAUSE: Final = "Remove the cause it names (a full disk, a missing right), then start again."


def environment(binaries: Binaries) -> dict[str, str]:
    """All the environment the server's programs get: nothing of the caller's locale, options or library paths."""
    return {"PATH": f"{binaries.directory}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def prepare_server_directory(layout: Layout, account: Account) -> None:
    """``server/`` with ``run/`` and ``log/``, 0700, owned by ``account``."""
    for path in (layout.server, layout.run, layout.log):
        make_private_directory(path, account.owner)


@contextmanager
def handed_over(account: Account, data: Path) -> Iterator[tuple[Path, tuple[int, ...]]]:
    """How to name ``data`` to a program run as ``account``, and the descriptors to let it keep for that.

    Another account than ours is barred from our private directory (and perhaps from parents such as /root, 0700), so its own path
    would be refused. A descriptor opened by us and inherited leads there through /proc, and no mode needs to change.
    """
    if not account.is_someone_else:
        yield data, ()
        return
    if not _OPEN_FILES.is_dir():
        raise Unavailable("On this system root cannot start the server as another account.", remedy="Run DawsOS as an ordinary user.")
    with opened_directory(data) as descriptor:
        yield _OPEN_FILES / str(descriptor), (descriptor,)


def ensure_cluster(
    layout: Layout, binaries: Binaries, account: Account, *, passwords: Passwords, keep: tuple[int, ...], durable: bool = True
) -> None:
    """Make the data directory if there is none; leave one there is alone.

    ``keep`` are descriptors of locks that initdb shall hold too: should we be killed, whoever comes next waits for it to end.
    Raises Conflict for data of another major version or a directory that is not PostgreSQL's, NotFound for data whose superuser's
    password is gone.
    """
    if layout.data.is_dir() and any(layout.data.iterdir()):
        check_version(layout, binaries)
        passwords.read(SUPERUSER)
        return
    if layout.unfinished.exists():
        shutil.rmtree(layout.unfinished)
    make_private_directory(layout.unfinished, account.owner)
    _initdb(layout, binaries, account, password=passwords.ensure(SUPERUSER), keep=keep, durable=durable)
    _configure(layout.unfinished)
    move(layout.unfinished, layout.data)


def check_version(layout: Layout, binaries: Binaries) -> None:
    """Refuse data that these binaries cannot read: PostgreSQL reads its own major version only."""
    try:
        written = (layout.data / "PG_VERSION").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise Conflict(
            f"{layout.data} holds files but no PostgreSQL database.", remedy="Move the directory away, then start again."
        ) from None
    if written != str(binaries.major):
        raise Conflict(
            f"The data in {layout.data} was written by PostgreSQL {written}; the programs in {binaries.directory} are version "
            f"{binaries.version} and cannot read it.",
            remedy=f"Start it with PostgreSQL {written} (DAWSOS_PG_BINDIR) and take a dump, move {layout.directory} away, start with "
            f"version {binaries.major} and restore the dump.",
            code="database_version_mismatch",
            details={"data_version": written, "binaries_version": binaries.version},
        )


def _locale(binaries: Binaries) -> list[str]:
    """Code point order and Unicode letters, whatever locales the machine has."""
    if binaries.major >= _BUILTIN_LOCALE_SINCE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]


def _initdb(layout: Layout, binaries: Binaries, account: Account, *, password: str, keep: tuple[int, ...], durable: bool) -> None:
    options = [
        *("-U", SUPERUSER, "--auth=scram-sha-256", "--pwfile=/dev/stdin", "--encoding=UTF8", "--data-checksums"),
        *_locale(binaries),
        *([] if durable else ["--no-sync"]),
    ]
    with handed_over(account, layout.unfinished) as (data, descriptors), _password_pipe(account, password) as reading:
        done = run_program(
            account,
            [binaries.program("initdb"), "-D", data, *options],
            environment=environment(binaries),
            stdin=reading,
            keep=(*keep, *descriptors),
        )
    if done.returncode != 0:
        raise Unavailable(f"initdb could not create a database in {layout.data}: {done.stdout.strip()[-600:]}", remedy=_CAUSE)


@contextmanager
def _password_pipe(account: Account, password: str) -> Iterator[int]:
    """A pipe holding the password, readable by ``account``: it is in no file, no argument and no environment."""
    reading, writing = os.pipe()
    try:
        if account.is_someone_else:
            os.fchown(reading, *account.owner)
        with os.fdopen(writing, "w") as pipe:
            pipe.write(password + "\n")
        yield reading
    finally:
        os.close(reading)


def _configure(data: Path) -> None:
    write_private(data, "pg_hba.conf", ACCESS)
    write_private(data, "app.conf", "")
    with opened_directory(data) as folder:
        descriptor = os.open("postgresql.conf", os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW, dir_fd=folder)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(INCLUDE)
            file.flush()
            os.fsync(file.fileno())
