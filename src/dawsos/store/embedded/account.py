"""Which account of the operating system the server runs as, and running programs as that account.

PostgreSQL refuses to run as root, and is right to. Started by root, the server gets an account of its own.
"""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from dawsos.kernel.errors import Conflict, Unavailable

ACCOUNT: Final = "dawsos"
_FALLBACK: Final = "postgres"
_ORDINARY: Final = "Run DawsOS as an ordinary user, or name an existing unprivileged account as run_as."


@dataclass(frozen=True, slots=True)
class Account:
    """A numeric user and group; ``name`` is for people."""

    name: str
    uid: int
    gid: int

    @property
    def is_someone_else(self) -> bool:
        """True when programs must be started as another user than the one we are."""
        return self.uid != os.geteuid()

    @property
    def owner(self) -> tuple[int, int]:
        return self.uid, self.gid


def account_for(server: Path, run_as: str | None = None) -> Account:
    """The account the server in ``server`` runs as.

    An ordinary user: that user. Root: the owner of what is there already; otherwise ``run_as``; otherwise the system account
    ``dawsos``, created if need be; otherwise ``postgres``. Raises Unavailable when none of them is possible.
    """
    if os.geteuid() != 0:
        return _myself(run_as)
    owner = server.stat().st_uid if server.is_dir() else 0
    if owner != 0:
        return _owner(server, run_as)
    return named_account(run_as) if run_as else dedicated_account()


def _myself(run_as: str | None) -> Account:
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Unavailable(
            f"The user number {os.geteuid()} has no name on this machine, and PostgreSQL needs one to create a database.",
            remedy="Add the number to /etc/passwd, run as a user who is in it, or use a PostgreSQL server of your own.",
        ) from None
    if run_as is not None and run_as != entry.pw_name:
        raise Unavailable(f"{entry.pw_name} cannot start a server as {run_as}.", remedy=f"Leave run_as out, or start as {run_as} or root.")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _owner(server: Path, run_as: str | None) -> Account:
    found = server.stat()
    try:
        name = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        name = str(found.st_uid)
    if run_as is not None and run_as != name:
        raise Conflict(f"{server} belongs to {name}, not to {run_as}.", remedy=f"Leave run_as out, or give the directory to {run_as}.")
    return Account(name, found.st_uid, found.st_gid)


def named_account(name: str) -> Account:
    """The existing account ``name``; root is refused."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise Unavailable(f"There is no account {name} on this machine.", remedy=_ORDINARY) from None
    if entry.pw_uid == 0:
        raise Unavailable("PostgreSQL does not run as root.", remedy=_ORDINARY)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def dedicated_account(name: str = ACCOUNT, *, attempts: int = 20, sleep: Callable[[float], None] = time.sleep) -> Account:
    """The system account ``name``, created without home, shell or password if it is missing; else ``postgres`` if that exists."""
    for _ in range(attempts):
        if _exists(name):
            return named_account(name)
        if not _create(name):
            # Another process may hold the password file's lock, or have created the account between the two calls.
            sleep(0.1)
    if _exists(_FALLBACK):
        return named_account(_FALLBACK)
    raise Unavailable(f"PostgreSQL does not run as root, and the account {name} could not be created.", remedy=_ORDINARY)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _create(name: str) -> bool:
    command = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if command is None:
        return False
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    return subprocess.run([command, *options, name], capture_output=True, check=False).returncode == 0


def run_program(
    account: Account,
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    stdin: int | IO[str] = subprocess.DEVNULL,
    stdout: int | IO[str] = subprocess.PIPE,
    stderr: int | IO[str] = subprocess.STDOUT,
    keep: Sequence[int] = (),
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as ``account``, in a session of its own, in ``/``; ``keep`` are descriptors it and its children get."""
    other = account.is_someone_else
    try:
        return subprocess.run(
            [str(argument) for argument in arguments],
            cwd="/",
            env=dict(environment),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            pass_fds=tuple(keep),
            start_new_session=True,
            umask=0o077,
            user=account.uid if other else None,
            group=account.gid if other else None,
            extra_groups=[] if other else None,
            text=True,
            errors="replace",
            check=False,
        )
    except PermissionError as error:
        raise Unavailable(f"{arguments[0]} could not be started as {account.name}: {error.strerror}.", remedy=_ORDINARY) from error
