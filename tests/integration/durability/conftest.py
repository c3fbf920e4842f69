"""Databases to kill programs and servers on: a clone on the run's server, and a server of its own with everything a crash relies on."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from dawsos.store.access import embedded_access, prepare_database
from dawsos.store.embedded import EmbeddedServer, find_binaries
from tests.support.killing import Reach
from tests.support.postgres import DatabaseClone


@pytest.fixture
def reach(database_clone: DatabaseClone) -> Reach:
    """A migrated database on the server of the run."""
    return Reach(database_clone.app_dsn, database_clone.admin_dsn)


@pytest.fixture(scope="session")
def mortal_server() -> Iterator[EmbeddedServer]:
    """A server of our own with its usual settings: what is committed is on disk."""
    directory = Path(tempfile.mkdtemp(prefix="dawsos-kill-", dir="/tmp"))
    server = EmbeddedServer(directory, find_binaries())
    yield server
    server.stop(immediate=True)
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def mortal_reach(mortal_server: EmbeddedServer) -> Reach:
    """A migrated database on the server that will be killed."""
    access = embedded_access(mortal_server)
    prepare_database(access)
    return Reach(access.app_dsn, make_conninfo(access.admin_dsn, dbname=access.database))
