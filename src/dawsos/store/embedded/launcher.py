"""Starting the server's process: once nobody else is on the data, as the right account, as nobody's child."""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dawsos.kernel.errors import Conflict
from dawsos.store.embedded.account import Account, account_for, run_program
from dawsos.store.embedded.binaries import Binaries
from dawsos.store.embedded.cluster import ensure_cluster, environment, handed_over, prepare_server_directory
from dawsos.store.embedded.configuration import FILE, server_settings
from dawsos.store.embedded.credentials import Passwords
from dawsos.store.embedded.layout import Layout, fresh_private_file, write_private
from dawsos.store.embedded.process import directory_argument, server_processes, signal_server, take
from dawsos.store.embedded.public_programs import programs_for
from dawsos.store.embedded.socket_directory import socket_directory
from dawsos.store.embedded.waiting import Patience, Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Launcher:
    """All that is needed to start the server; see :class:`EmbeddedServer` for what each means."""

    layout: Layout
    binaries: Binaries
    passwords: Passwords
    run_as: str | None
    port: int | None
    extra_settings: Mapping[str, str]
    public_programs: Path
    patience: Patience

    def launch(self, wait: Wait) -> int:
        """Start the server's process, making the database if there is none, and return its number; call it with the lock held.

        Raises Conflict while processes of another server on the same data live.
        """
        account = account_for(self.layout.server, self.run_as)
        binaries = programs_for(account, self.binaries, self.public_programs)
        prepare_server_directory(self.layout, account)
        held = self._nobody_left(wait)
        try:
            # No process of an earlier server lives, so whatever the file names is none of ours.
            (self.layout.data / "postmaster.pid").unlink(missing_ok=True)
            ensure_cluster(
                self.layout,
                binaries,
                account,
                passwords=self.passwords,
                keep=(held,),
                durable=self.extra_settings.get("fsync") != "off",
            )
            self._write_settings(account)
            return self._spawn(binaries, account, held)
        finally:
            os.close(held)

    def _nobody_left(self, wait: Wait) -> int:
        """Wait until no process of an earlier server lives; return the lock the new one will hold."""
        began, told = wait.seconds, False
        while (held := take(self.layout.alive)) is None:
            waited = wait.seconds - began
            if waited > self.patience.grace and not told:
                told = True
                for pid in server_processes(self.layout):
                    signal_server(pid, signal.SIGQUIT, self.layout)
            if waited > self.patience.departure or not wait.again("processes of an earlier server are ending"):
                raise Conflict(
                    f"The data in {self.layout.data} is in use by a server this process cannot see, in another container perhaps.",
                    remedy="Stop that server; two servers on one data directory would destroy it.",
                )
        return held

    def _write_settings(self, account: Account) -> None:
        directory = socket_directory(self.layout, account, self.port or 5432)
        write_private(self.layout.data, FILE, server_settings(directory, self.port, self.extra_settings))

    def _spawn(self, binaries: Binaries, account: Account, held: int) -> int:
        """Start the server as nobody's child: the shell ends at once and says its number."""
        with fresh_private_file(self.layout.start_log) as log, handed_over(account, self.layout.data) as (data, descriptors):
            done = run_program(
                account,
                [
                    *("/bin/sh", "-c", '"$0" "$@" >&2 & echo $!'),
                    binaries.program("postgres"),
                    *("-D", data),
                    *("-c", directory_argument(self.layout)),
                ],
                environment=environment(binaries),
                stderr=log,
                keep=(held, *descriptors),
            )
        return int(done.stdout)
