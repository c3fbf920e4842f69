"""A database server of a benchmark's own, in a temporary directory, with the settings DawsOS gives every embedded server."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dawsos.store.access import DatabaseAccess, embedded_access, prepare_database
from dawsos.store.embedded import EmbeddedServer, find_binaries
from dawsos.store.roles import APP


@dataclass(frozen=True)
class Server:
    """A migrated database on a running server, and copies of it."""

    access: DatabaseAccess
    version: str

    def admin_dsn(self, database: str | None = None) -> str:
        return make_conninfo(self.access.admin_dsn, dbname=database or self.access.database)

    def app_dsn(self, database: str | None = None) -> str:
        return make_conninfo(self.access.app_dsn, dbname=database or self.access.database, user=APP)

    def copy_database(self, name: str) -> None:
        """A copy of the database as it stands; nobody may be connected to it."""
        with psycopg.connect(self.access.admin_dsn, autocommit=True) as admin:
            source = sql.Identifier(self.access.database)
            admin.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), source))
            admin.execute(sql.SQL("grant connect, temporary on database {} to dawsos_app").format(sql.Identifier(name)))


@contextmanager
def own_server(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start it, migrate, and leave nothing behind."""
    directory = Path(tempfile.mkdtemp(prefix="dawsos-bench-", dir="/tmp"))
    server = EmbeddedServer(directory, find_binaries(), extra_settings=settings or {})
    try:
        access = embedded_access(server)
        prepare_database(access)
        status = server.status()
        yield Server(access, str(status.version))
    finally:
        server.stop(immediate=True)
        shutil.rmtree(directory)
