"""The demo seeded once a run, by the seeder itself; tests get a clone of it, or share one they only read."""

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from dawsos import bootstrap
from dawsos.bootstrap import Application, SystemClock, assemble, catalogue
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.patterns.answer import PatternResult
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.services.context import RequestContext
from dawsos.services.demo.seed import DemoParts, seed_demo
from dawsos.services.opening import NEWEST, Pinning
from dawsos.services.passwords import Argon2id
from dawsos.settings import Settings
from dawsos.store.database import Database, PoolLimits
from dawsos.store.portfolios import PortfolioRecord, list_portfolios
from dawsos.store.roles import APP
from tests.support.postgres import DatabaseClone, PostgresServer

_SEED_LOCK: Final = 0x6465_6D6F
#: Cheap on purpose: tests check that hashing is argon2id, not that it is slow.
CHEAP_ARGON2: Final = Argon2id(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True)
class Demo:
    """The application over a demo database."""

    application: Application
    portfolios: dict[str, PortfolioRecord]

    def owner(self, name: str) -> Actor:
        return Actor(self.portfolios[name].owner_id, Role.MANAGER)

    async def context(self, name: str, pinning: Pinning = NEWEST) -> RequestContext:
        return await self.application.contexts.open(
            self.owner(name), trace_id="trace", request_id="request", portfolio_id=self.portfolios[name].id, pinning=pinning
        )

    async def overview(self, name: str, *, pinning: Pinning = NEWEST, **inputs: Any) -> PatternResult:
        orchestrator = Orchestrator(self.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
        asked = {"portfolio_id": str(self.portfolios[name].id), **inputs}
        return await orchestrator.run(self.application.patterns["portfolio_overview"], asked, await self.context(name, pinning))


#: No test changes them, and checking them takes longer than most tests: read once a process.
catalogue_once: Final = cache(catalogue)
library_once: Final = cache(bootstrap.load_library)


def _application(database: Database) -> Application:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "load_library", library_once)
        return assemble(Settings(), database, catalogue_once(), SystemClock(), CHEAP_ARGON2)


async def _seed(dsn: str) -> None:
    database = Database(dsn, PoolLimits(min_size=1, max_size=4))
    await database.open()
    try:
        app = _application(database)
        await seed_demo(DemoParts(app.database, app.identifiers, app.accounts, app.packs, app.nightly))
    finally:
        await database.close()


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end on a thread of its own: the caller's may have an event loop already."""
    with ThreadPoolExecutor(max_workers=1) as apart:
        apart.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def demo_template(postgres_server: PostgresServer, template_database: str) -> str:
    """A seeded database nobody is connected to, for cloning; made once a run, whichever process comes first."""
    name = template_database.replace("template", "demo")
    with psycopg.connect(postgres_server.admin_dsn, autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(%s)", [_SEED_LOCK])
        if admin.execute("select from pg_database where datname = %s and datistemplate", [name]).fetchone() is None:
            postgres_server.create_database(name, template=template_database)
            run_apart(_seed(postgres_server.dsn(name, APP)))
            admin.execute(sql.SQL("alter database {} is_template true").format(sql.Identifier(name)))
    return name


@pytest.fixture(scope="session")
def shared_demo_clone(postgres_server: PostgresServer, demo_template: str) -> Iterator[DatabaseClone]:
    """One clone a process, for tests that book nothing."""
    yield from clone_of(postgres_server, demo_template)


@pytest.fixture
def own_demo_clone(postgres_server: PostgresServer, demo_template: str) -> Iterator[DatabaseClone]:
    """A clone of the test's own, to book into."""
    yield from clone_of(postgres_server, demo_template)


def clone_of(server: PostgresServer, template: str) -> Iterator[DatabaseClone]:
    name = f"demo_{uuid4().hex}"
    server.create_database(name, template=template)
    yield DatabaseClone(server, name)
    server.drop_database(name)


@asynccontextmanager
async def opened_demo(clone: DatabaseClone) -> AsyncIterator[Demo]:
    """The application over ``clone``, as the tests' own event loop has it."""
    database = Database(clone.app_dsn, PoolLimits(min_size=1, max_size=6, acquire_timeout=30))
    await database.open()
    async with database.transaction(SYSTEM) as tx:
        found = {portfolio.name: portfolio for portfolio in await list_portfolios(tx)}
    try:
        yield Demo(_application(database), found)
    finally:
        await database.close()


@pytest_asyncio.fixture
async def demo(shared_demo_clone: DatabaseClone) -> AsyncIterator[Demo]:
    """The demo, only to be read (kept results may be written)."""
    async with opened_demo(shared_demo_clone) as opened:
        yield opened


@pytest_asyncio.fixture
async def own_demo(own_demo_clone: DatabaseClone) -> AsyncIterator[Demo]:
    """The demo, to book into."""
    async with opened_demo(own_demo_clone) as opened:
        yield opened
