"""The database goes away while the API is serving, and comes back: real servers on both sides, nothing restarted by hand."""

import asyncio
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest_asyncio

from dawsos.api.serving import serve
from dawsos.bootstrap import Application, SystemClock, assemble
from dawsos.kernel.identity import SYSTEM, Role
from dawsos.services.passwords import Argon2id
from dawsos.settings import Settings
from dawsos.store.access import embedded_access, prepare_database
from dawsos.store.database import Database, PoolLimits
from dawsos.store.embedded import FAST_TEST_SETTINGS, EmbeddedServer, find_binaries
from tests.integration.api.clients import PASSWORD, data, problem
from tests.support import capabilities


@pytest_asyncio.fixture
async def postgres() -> AsyncIterator[EmbeddedServer]:
    """A server of this test's own, so that it may be stopped."""
    directory = Path(tempfile.mkdtemp(prefix="dw-", dir="/tmp"))
    server = EmbeddedServer(directory, find_binaries(), extra_settings=FAST_TEST_SETTINGS)
    yield server
    await asyncio.to_thread(server.stop, immediate=True)
    shutil.rmtree(directory)


@asynccontextmanager
async def serving(application: Application) -> AsyncIterator[str]:
    """The API on a free port of this machine."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(application, ready=address.set_result))
    await asyncio.wait({task, address}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield address.result()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def application_over(postgres: EmbeddedServer, home: Path) -> AsyncIterator[Application]:
    access = await asyncio.to_thread(embedded_access, postgres)
    await asyncio.to_thread(prepare_database, access)
    settings = Settings(home=home, port=0, patterns=capabilities.PATTERNS, log_level="error")
    database = Database(access.app_dsn, PoolLimits(max_size=4))
    await database.open()
    try:
        hasher = Argon2id(time_cost=1, memory_cost=8, parallelism=1)
        yield assemble(settings, database, capabilities.registry(), SystemClock(), hasher, os.urandom)
    finally:
        await database.close()


async def within(seconds: float, request):
    started = time.monotonic()
    answer = await request
    assert time.monotonic() - started < seconds
    return answer


async def test_without_its_database_the_api_says_so_soon_and_recovers_by_itself(postgres, tmp_path):
    async with (
        application_over(postgres, tmp_path) as application,
        serving(application) as address,
        httpx2.AsyncClient(base_url=address, timeout=10) as client,
    ):
        await application.accounts.create_user(SYSTEM, "ada@example.org", PASSWORD, Role.USER)
        login = {"email": "ada@example.org", "password": PASSWORD}
        data(await client.post("/v1/auth/login", json=login))
        found = await client.get("/v1/portfolios")
        data(found)
        assert "server" not in found.headers

        await asyncio.to_thread(postgres.stop)
        ours = {"X-Requested-With": "dawsos"}
        for request in (
            lambda: client.get("/v1/portfolios"),
            lambda: client.get("/v1/auth/me"),
            lambda: client.post("/v1/auth/login", json=login, headers=ours),
            lambda: client.post("/v1/patterns/economy", json={}, headers=ours),
            lambda: client.get("/health/pack"),
            lambda: client.get("/health/detailed"),
        ):
            answer = await within(3.5, request())
            document = problem(answer, 503, "database_unavailable")
            assert answer.headers["retry-after"] == "5"
            assert document["retry_after"] == 5
            assert "postgres" not in answer.text.lower()
            assert str(postgres.status().pid or "dw-") not in answer.text
        assert (await within(0.5, client.get("/health"))).status_code == 200
        at_once = await asyncio.gather(*(within(5, client.get("/v1/portfolios")) for _ in range(20)))
        assert {answer.status_code for answer in at_once} == {503}

        await asyncio.to_thread(postgres.start)
        data(await within(3.5, client.get("/v1/portfolios")))
        data(await client.post("/v1/patterns/economy", json={}, headers=ours))
