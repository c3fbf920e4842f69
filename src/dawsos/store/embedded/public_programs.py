"""A copy of PostgreSQL's programs for an account that cannot reach the original, such as one in a private home of root."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from dawsos.kernel.canonical import fingerprint
from dawsos.kernel.errors import Unavailable
from dawsos.store.embedded.account import Account, run_program
from dawsos.store.embedded.binaries import Binaries

#: Owned by root and readable by all, like any directory of programs; nothing private is ever put there.
PUBLIC_PROGRAMS: Final = Path("/var/lib/dawsos-postgresql")
_NEEDED: Final = frozenset({"postgres", "initdb"})
_LEFT_OUT: Final = frozenset({"include", "doc", "man", "pkgconfig"})


def programs_for(account: Account, binaries: Binaries, public: Path = PUBLIC_PROGRAMS) -> Binaries:
    """``binaries`` if ``account`` can run them, else a copy under ``public``, made once per version and used by all servers.

    No mode of the original or of a directory above it changes. Raises Unavailable if the account cannot run the copy either.
    """
    if not account.is_someone_else or _can_run(account, binaries.directory):
        return binaries
    copied = _copy(binaries, public)
    if not _can_run(account, copied):
        raise Unavailable(
            f"The account {account.name} can run PostgreSQL neither from {binaries.directory} nor from {copied}.",
            remedy="Install PostgreSQL where every account may run it and name it with DAWSOS_PG_BINDIR, or run as an ordinary user.",
        )
    return Binaries(copied, binaries.version)


def _can_run(account: Account, directory: Path) -> bool:
    """Whether both programs start: the account passes the way there and finds the libraries they are linked to."""
    try:
        return all(
            run_program(account, [directory / name, "--version"], environment={"LC_ALL": "C"}).returncode == 0 for name in sorted(_NEEDED)
        )
    except Unavailable:
        return False


def _copy(binaries: Binaries, public: Path) -> Path:
    base, parts = _tree(binaries.directory)
    files = sorted(_files(base, parts))
    listing = [[str(path.relative_to(base)), path.stat().st_size] for path in files]
    home = public / f"{binaries.version}-{fingerprint(listing)[:12]}"
    if not home.is_dir():
        _ensure_public(public)
        _copy_files(base, files, home)
    _refuse_writable(public)
    return home / binaries.directory.relative_to(base)


def _tree(programs: Path) -> tuple[Path, list[Path]]:
    """The installation around ``programs``, and the libraries a wheel keeps beside its package, seen from their common parent."""
    installation = programs.parent
    package = installation.parent
    libraries = package.parent / f"{package.name}.libs"
    if libraries.is_dir():
        return package.parent, [installation, libraries]
    return package, [installation]


def _files(base: Path, parts: Iterable[Path]) -> Iterator[Path]:
    for part in parts:
        for path in part.rglob("*"):
            inside = path.relative_to(base).parts
            if path.is_file() and not _LEFT_OUT & set(inside) and (path.parent.name != "bin" or path.name in _NEEDED):
                yield path


def _ensure_public(public: Path) -> None:
    """Create the directory open to all readers; one that exists keeps its mode."""
    if not public.exists():
        public.mkdir(parents=True, exist_ok=True)
        public.chmod(0o755)


def _refuse_writable(public: Path) -> None:
    found = public.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise Unavailable(f"Others may write to {public}, so programs in it are not run.", remedy=f"Remove {public}, then start again.")


def _copy_files(base: Path, files: Iterable[Path], home: Path) -> None:
    """Copy into a new directory that gets its name when it is complete; of two copies made at once, one stays."""
    unfinished = Path(tempfile.mkdtemp(prefix=".copy-", dir=home.parent))
    try:
        for path in files:
            target = unfinished / path.relative_to(base)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        for directory in [unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())]:
            directory.chmod(0o755)
        unfinished.rename(home)
    except OSError:
        if not home.is_dir():
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
