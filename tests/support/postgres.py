"""PostgreSQL for tests: one server a run, one template migrated once, a fresh clone for every test that asks.

With ``DAWSOS_TEST_DATABASE_URL`` (a superuser's URL) the tests run on that server instead, for example one with TimescaleDB.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import psutil
import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dawsos.kernel.canonical import sha256_hex
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.store.database import Database, PoolLimits
from dawsos.store.embedded import FAST_TEST_SETTINGS, EmbeddedServer, find_binaries
from dawsos.store.migrations import migrate
from dawsos.store.portfolios import PortfolioRecord, add_portfolio
from dawsos.store.roles import APP, MIGRATOR, bootstrap_cluster
from dawsos.store.securities import NewSecurity, SecurityRecord, find_securities_by_symbol, put_securities
from dawsos.store.users import add_user

URL: Final = "DAWSOS_TEST_DATABASE_URL"
#: Names the run for all its processes; set by the first of them.
RUN: Final = "DAWSOS_TEST_RUN"
_TEMPLATE_LOCK: Final = 0x7465_7374


@dataclass(frozen=True)
class PostgresServer:
    """A server tests may create databases on."""

    admin_dsn: str
    password_of: Callable[[str], str]

    def dsn(self, database: str, role: str | None = None) -> str:
        if role is None:
            return make_conninfo(self.admin_dsn, dbname=database)
        return make_conninfo(self.admin_dsn, dbname=database, user=role, password=self.password_of(role))

    def create_database(self, name: str, *, template: str) -> None:
        with psycopg.connect(self.admin_dsn, autocommit=True) as admin:
            admin.execute(
                sql.SQL("create database {} template {} owner dawsos_owner").format(sql.Identifier(name), sql.Identifier(template))
            )
            # A clone gets its template's contents, but not the rights on the template itself.
            admin.execute(
                sql.SQL(
                    "revoke all on database {0} from public; grant connect on database {0} to dawsos_migrator;"
                    "grant connect, temporary on database {0} to dawsos_app"
                ).format(sql.Identifier(name))
            )

    def drop_database(self, name: str) -> None:
        with psycopg.connect(self.admin_dsn, autocommit=True) as admin:
            admin.execute("update pg_database set datistemplate = false where datname = %s", [name])
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@dataclass(frozen=True)
class DatabaseClone:
    """A migrated database of its own for one test."""

    server: PostgresServer
    name: str

    @property
    def app_dsn(self) -> str:
        return self.server.dsn(self.name, APP)

    @property
    def migrator_dsn(self) -> str:
        return self.server.dsn(self.name, MIGRATOR)

    @property
    def admin_dsn(self) -> str:
        return self.server.dsn(self.name)


def _directory() -> Path:
    return Path(tempfile.gettempdir()) / f"dawsos-tests-{os.environ[RUN]}"


def _embedded(directory: Path) -> EmbeddedServer:
    return EmbeddedServer(directory, find_binaries(), extra_settings=FAST_TEST_SETTINGS)


def _clear_away(directory: Path) -> None:
    _embedded(directory).stop(immediate=True)
    shutil.rmtree(directory, ignore_errors=True)


def _clear_away_what_killed_runs_left() -> None:
    """A run that was killed could not stop its server."""
    for directory in Path(tempfile.gettempdir()).glob("dawsos-tests-*-*"):
        pid = directory.name.split("-")[2]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            _clear_away(directory)


def _external_password(url: str, role: str) -> str:
    return sha256_hex(f"{url}\n{role}".encode())


def begin_run(config: pytest.Config) -> None:
    """Name the run, in its first process."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = f"{os.getpid()}-{secrets.token_hex(4)}"
        _clear_away_what_killed_runs_left()


def end_run(config: pytest.Config) -> None:
    """Stop the server of this run and forget its data, in its first process."""
    if hasattr(config, "workerinput"):
        return
    url = os.environ.get(URL)
    if url is not None:
        PostgresServer(url, partial(_external_password, url)).drop_database(_template())
    elif _directory().exists():
        _clear_away(_directory())


def _template() -> str:
    return f"dawsos_template_{os.environ[RUN].replace('-', '_')}"


def _start() -> PostgresServer:
    url = os.environ.get(URL)
    if url is not None:
        return PostgresServer(url, partial(_external_password, url))
    embedded = _embedded(_directory())
    return PostgresServer(embedded.start().dsn(), embedded.passwords.ensure)


@contextmanager
def own_server(purpose: str) -> Iterator[EmbeddedServer]:
    """A server for tests that stop it, or change what belongs to a whole cluster."""
    directory = _directory().with_name(f"{_directory().name}-{purpose}-{secrets.token_hex(2)}")
    try:
        yield _embedded(directory)
    finally:
        _clear_away(directory)


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The server of this run."""
    return _start()


@pytest.fixture(scope="session")
def template_database(postgres_server: PostgresServer) -> str:
    """A migrated database nobody is connected to, for cloning."""
    name = _template()
    with psycopg.connect(postgres_server.admin_dsn, autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(%s)", [_TEMPLATE_LOCK])
        if admin.execute("select from pg_database where datname = %s and datistemplate", [name]).fetchone() is None:
            bootstrap_cluster(postgres_server.admin_dsn, postgres_server.password_of, name)
            migrate(postgres_server.dsn(name, MIGRATOR))
            # TimescaleDB's scheduler keeps a session in every database it may connect to, and a template must have none.
            admin.execute(sql.SQL("alter database {} is_template true allow_connections false").format(sql.Identifier(name)))
            admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
    return name


@pytest.fixture
def database_clone(postgres_server: PostgresServer, template_database: str) -> Iterator[DatabaseClone]:
    """A fresh migrated database, dropped after the test."""
    name = f"test_{uuid4().hex}"
    postgres_server.create_database(name, template=template_database)
    yield DatabaseClone(postgres_server, name)
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def shared_clone(postgres_server: PostgresServer, template_database: str) -> Iterator[DatabaseClone]:
    """A migrated database for the whole session: for tests that only look at it, or roll back what they do."""
    name = f"test_{uuid4().hex}"
    postgres_server.create_database(name, template=template_database)
    yield DatabaseClone(postgres_server, name)
    postgres_server.drop_database(name)


@pytest_asyncio.fixture
async def database(database_clone: DatabaseClone) -> AsyncIterator[Database]:
    """A fresh migrated database, opened as the application opens it: as ``dawsos_app``."""
    opened = Database(database_clone.app_dsn, PoolLimits(min_size=1, max_size=4))
    await opened.open()
    yield opened
    await opened.close()


async def make_user(database: Database, email: str | None = None, role: Role = Role.USER) -> Actor:
    """A user, ready to act."""
    user_id = uuid4()
    async with database.transaction(SYSTEM) as tx:
        await add_user(tx, user_id=user_id, email=email or f"{user_id.hex}@example.org", password_hash="not a hash", role=role)
    return Actor(user_id, role)


async def make_portfolio(database: Database, owner: Actor, name: str = "Main", base_currency: str = "CAD") -> PortfolioRecord:
    """A portfolio of ``owner``."""
    assert owner.user_id is not None
    async with database.transaction(owner) as tx:
        return await add_portfolio(tx, portfolio_id=uuid4(), name=name, base_currency=base_currency, owner_id=owner.user_id)


async def make_securities(database: Database, *symbols: str, currency: str = "CAD") -> list[SecurityRecord]:
    """Securities with these symbols."""
    async with database.transaction(SYSTEM) as tx:
        await put_securities(tx, [NewSecurity(id=uuid4(), symbol=symbol, currency=currency, security_type="EQUITY") for symbol in symbols])
        found = {security.symbol: security for security in await find_securities_by_symbol(tx, symbols)}
    return [found[symbol] for symbol in symbols]


def user_id_of(actor: Actor) -> UUID:
    """The actor's user."""
    assert actor.user_id is not None
    return actor.user_id
