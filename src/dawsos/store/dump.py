"""Taking a database out into one file and putting it back: all of it or nothing."""

import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dawsos.kernel.errors import Invalid, NotFound, Unavailable
from dawsos.store.embedded.binaries import Binaries
from dawsos.store.embedded.client import client_arguments
from dawsos.store.embedded.layout import move
from dawsos.store.swap import replacement

_PROGRAMS: Final = (
    "Programs must be of the server's major version or newer, and have TLS if it asks for TLS: name others with DAWSOS_PG_BINDIR."
)
_TIMESCALE: Final = " EXTENSION - timescaledb "


def dump(conninfo: str, file: Path, binaries: Binaries, *, environment: Mapping[str, str] | None = None) -> int:
    """Write the database ``conninfo`` names to ``file`` (pg_dump's custom format, mode 0600) and return its size in bytes.

    The file appears, or replaces one of that name, only when it is complete and on disk. The role must see everything: one that
    row-level security would keep from some rows gets an error, never a smaller dump. Raises Unavailable with pg_dump's own words.
    """
    shown, passed = client_arguments(conninfo, environment)
    with _unfinished(file) as partial:
        _run(binaries, "pg_dump", ["--format=custom", "--no-password", f"--file={partial}", f"--dbname={shown}"], passed)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        size = partial.stat().st_size
        move(partial, file)
    return size


def restore(admin: str, database: str, file: Path, binaries: Binaries, *, environment: Mapping[str, str] | None = None) -> None:
    """Make ``database`` what ``file`` holds; until that has wholly succeeded the present one stays as it is and in use.

    ``admin`` is a connection string to another database of the server (``postgres``), as a role that may create databases and owns
    ``database``. The dump goes into a new database, which then takes the name in one transaction; whoever is connected to the old one
    is cut off, and it is dropped. Owner, rights and settings of the old database are carried over; roles the dump names must exist.
    Raises NotFound without the file or the database, Unavailable with pg_restore's own words, Conflict when others keep connecting.
    """
    if not file.is_file():
        raise NotFound(f"There is no file {file}.", remedy="Name a file written by a dump.")
    archive = str(file.absolute())
    _refuse_timescale(_contents(archive, binaries))
    with replacement(admin, database) as arriving:
        shown, passed = client_arguments(admin, environment, dbname=arriving)
        _run(binaries, "pg_restore", ["--exit-on-error", "--no-password", f"--dbname={shown}", archive], passed)


def _contents(archive: str, binaries: Binaries) -> str:
    try:
        return _run(binaries, "pg_restore", ["--list", archive], {})
    except Unavailable as error:
        raise Invalid(
            f"{archive} cannot be read as a dump. {error.message}",
            remedy="Name a file written by a dump, and use PostgreSQL programs no older than those that wrote it (DAWSOS_PG_BINDIR).",
        ) from error


def _refuse_timescale(listing: str) -> None:
    if _TIMESCALE in listing:
        raise Unavailable(
            "The dump holds TimescaleDB tables, which pg_restore alone would put back damaged.",
            remedy="Restore it by hand between timescaledb_pre_restore() and timescaledb_post_restore(), as TimescaleDB describes.",
        )


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """A private file beside ``file`` to write into; gone afterwards if it was not renamed."""
    if file.is_dir():
        raise Invalid(f"{file} is a directory.", remedy="Name a file.")
    partial = file.absolute().parent / f".{file.name}.{secrets.token_hex(4)}"
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}.", remedy="Name a file in a directory you may write to.") from error
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)


def _run(binaries: Binaries, program: str, arguments: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [binaries.program(program), *arguments], env=dict(environment), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        raise Unavailable(f"{program} failed: {done.stderr.strip()[-800:]}", remedy=_PROGRAMS, code="dump_failed")
    return done.stdout
