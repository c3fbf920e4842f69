"""Start, stop and look at the embedded server. It is independent of the process that started it, and stops when told to."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from dawsos.kernel.errors import Unavailable
from dawsos.store.embedded.answers import last_words, refusal, server_version
from dawsos.store.embedded.binaries import Binaries
from dawsos.store.embedded.credentials import Passwords
from dawsos.store.embedded.endpoint import Endpoint
from dawsos.store.embedded.launcher import Launcher
from dawsos.store.embedded.layout import Layout, prepare, size_of
from dawsos.store.embedded.process import Postmaster, find_postmaster, is_alive, is_our_server, signal_server, take
from dawsos.store.embedded.public_programs import PUBLIC_PROGRAMS
from dawsos.store.embedded.waiting import Patience, Wait

_NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What is known of the server without changing anything. ``ready`` means it answers; the rest is None when it does not run."""

    running: bool
    ready: bool
    directory: Path
    size_bytes: int
    data_version: str | None = None
    pid: int | None = None
    version: str | None = None
    address: str | None = None
    since: datetime | None = None


class EmbeddedServer:
    """A PostgreSQL server of our own in ``directory``.

    ``run_as`` is the account it gets when root starts it for the first time (see :func:`account_for`). With ``port`` it also listens
    on 127.0.0.1; otherwise on its socket only. ``extra_settings`` are further PostgreSQL settings; like ``port`` they take
    effect when the server is started, not on one that runs already. ``public_programs`` is where root puts a copy of the programs if
    the account cannot reach them.
    """

    def __init__(
        self,
        directory: Path,
        binaries: Binaries,
        *,
        run_as: str | None = None,
        port: int | None = None,
        extra_settings: Mapping[str, str] = _NOTHING,
        patience: Patience | None = None,
        public_programs: Path = PUBLIC_PROGRAMS,
    ) -> None:
        self._layout = Layout(directory.expanduser().resolve())
        self._patience = patience or Patience()
        self._passwords = Passwords(self._layout.passwords)
        self._launcher = Launcher(
            layout=self._layout,
            binaries=binaries,
            passwords=self._passwords,
            run_as=run_as,
            port=port,
            extra_settings=dict(extra_settings),
            public_programs=public_programs,
            patience=self._patience,
        )

    @property
    def passwords(self) -> Passwords:
        """The passwords of the roles, for whoever creates the roles."""
        return self._passwords

    def start(self) -> Endpoint:
        """Make sure the server runs and answers, creating the database on first use, and say how to reach it.

        Any number of processes may call this at once and after any kind of crash; one server results. Returns once a real
        connection succeeded. Raises Unavailable when the server does not come up (with the end of its log) or is still recovering
        after ``patience.limit`` seconds, in which case it is left to finish; Conflict for data of another major version.
        """
        with self._explained():
            prepare(self._layout)
            wait = self._patience.begin()
            with self._exclusive(wait):
                return self._bring_up(wait)

    def stop(self, *, immediate: bool = False) -> bool:
        """Stop the server: fast (connections are cut, data is flushed) or at once (as in a crash). False if none was running."""
        if not self._layout.directory.is_dir():
            return False
        wait = self._patience.begin()
        with self._explained(), self._exclusive(wait):
            postmaster = self._appearing(wait)
            if postmaster is None:
                return False
            signal_server(postmaster.pid, signal.SIGQUIT if immediate else signal.SIGINT, self._layout)
            self._see_off(postmaster, wait)
            return True

    def _appearing(self, wait: Wait) -> Postmaster | None:
        """The server; it gets a moment if its processes live and it has not said yet who it is."""
        began = wait.seconds
        while (postmaster := find_postmaster(self._layout)) is None:
            held = take(self._layout.alive)
            if held is not None:
                os.close(held)
                return None
            if wait.seconds - began > self._patience.grace or not wait.again("the server is starting"):
                return None
        return postmaster

    def _see_off(self, postmaster: Postmaster, wait: Wait) -> None:
        while is_our_server(postmaster.pid, self._layout):
            if not wait.again("the server is stopping"):
                raise Unavailable(
                    f"The server in {self._layout.directory} has not stopped after {wait.seconds:.0f} s.",
                    remedy="Wait and try again, or stop it at once (it recovers at the next start).",
                )
        self._let_children_end(wait)

    def _let_children_end(self, wait: Wait) -> None:
        """The log's writer outlives the server by a moment; a program somebody let the database run may do so for long."""
        began = wait.seconds
        while (held := take(self._layout.alive)) is None:
            if wait.seconds - began > self._patience.grace or not wait.again("the server's last processes are ending"):
                return
        os.close(held)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """What the system refuses (a right, space, a lock) becomes an error that names the directory."""
        try:
            yield
        except OSError as error:
            raise Unavailable(
                f"The database directory {self._layout.directory} cannot be used: {error}.",
                remedy="Free the disk, or run as the user the directory belongs to, or name another directory.",
            ) from error

    def status(self) -> ServerStatus:
        """Look at the server without starting or changing anything. Raises Unavailable for a directory we may not look into."""
        postmaster = self._look()
        size = size_of(self._layout.server)
        written = self._data_version()
        if postmaster is None:
            return ServerStatus(running=False, ready=False, directory=self._layout.directory, size_bytes=size, data_version=written)
        endpoint = self._endpoint_of(postmaster)
        version = server_version(endpoint)
        return ServerStatus(
            running=True,
            ready=version is not None,
            directory=self._layout.directory,
            size_bytes=size,
            data_version=written,
            pid=postmaster.pid,
            version=version,
            address=str(endpoint),
            since=postmaster.since,
        )

    def endpoint(self) -> Endpoint:
        """How to reach the server that runs. Raises Unavailable when none does, or for a directory we may not look into."""
        postmaster = self._look()
        if postmaster is None:
            raise Unavailable(f"No database server is running in {self._layout.directory}.", remedy="Start it with: dawsos db start")
        return self._endpoint_of(postmaster)

    def _look(self) -> Postmaster | None:
        if self._layout.directory.exists() and not os.access(self._layout.directory, os.R_OK | os.X_OK):
            raise Unavailable(f"{self._layout.directory} belongs to somebody else.", remedy="Run as the user it belongs to, or as root.")
        return find_postmaster(self._layout)

    def _endpoint_of(self, postmaster: Postmaster) -> Endpoint:
        if postmaster.socket_directory is not None:
            return Endpoint(str(postmaster.socket_directory), postmaster.port, self._passwords)
        return Endpoint("127.0.0.1", postmaster.port, self._passwords)

    def _data_version(self) -> str | None:
        try:
            return (self._layout.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        except OSError:
            return None

    @contextmanager
    def _exclusive(self, wait: Wait) -> Iterator[None]:
        while (held := take(self._layout.lock)) is None:
            if not wait.again("another process is starting or stopping the server"):
                raise Unavailable(
                    f"Another process has been starting or stopping the server in {self._layout.directory} for {wait.seconds:.0f} s.",
                    remedy="Wait for it to finish, then try again.",
                )
        try:
            yield
        finally:
            os.close(held)

    def _bring_up(self, wait: Wait) -> Endpoint:
        launched: int | None = None
        while True:
            postmaster = find_postmaster(self._layout)
            reason = "the server is starting"
            if postmaster is not None:
                endpoint = self._endpoint_of(postmaster)
                unready = refusal(endpoint) if postmaster.accepts_connections else f"the server is {postmaster.state}"
                if unready is None:
                    return endpoint
                reason = unready
            elif launched is None:
                launched = self._launcher.launch(wait)
            elif not is_alive(launched):
                raise self._did_not_start()
            if not wait.again(reason):
                raise self._not_ready(wait, reason)

    def _did_not_start(self) -> Unavailable:
        return Unavailable(
            f"The database server in {self._layout.directory} did not start: {last_words(self._layout)}",
            remedy=f"Remove the cause; the whole log is in {self._layout.log}.",
        )

    def _not_ready(self, wait: Wait, reason: str) -> Unavailable:
        return Unavailable(
            f"The database server in {self._layout.directory} is not ready after {wait.seconds:.0f} s: {reason}.",
            remedy="It goes on by itself; try again in a while, and see its log if that does not help.",
            retry_after=30,
        )
