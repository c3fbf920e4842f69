"""The API over a real database, with fake capabilities, cheap passwords and a clock that stands still."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from dawsos.api.application import create_app
from dawsos.bootstrap import Application, assemble
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identity import SYSTEM, Role
from dawsos.services.passwords import Argon2id
from dawsos.settings import Settings
from dawsos.store.database import Database
from tests.integration.api.clients import PASSWORD, Member, make_client
from tests.integration.api.made_once import use_what_was_made
from tests.support import capabilities
from tests.support.postgres import make_portfolio

MONDAY_NOON = datetime(2025, 11, 3, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def parts_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    use_what_was_made(monkeypatch)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NOON)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, patterns=capabilities.PATTERNS, allowed_hosts=("localhost", "127.0.0.1", "[::1]"), policy="ECB_CLOSE")


@pytest.fixture
def application(settings: Settings, database: Database, clock: FixedClock) -> Application:
    return assemble(settings, database, capabilities.registry(), clock, Argon2id(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def web_root(tmp_path: Path) -> Path:
    """A folder as the build of the web app leaves it."""
    root = tmp_path / "web"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>DawsOS</title>")
    (root / "assets" / "app-4f3a9b.js").write_text("export const answer = 42;")
    (root / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return root


@pytest.fixture
def app(application: Application, web_root: Path):
    return create_app(application, web_app=web_root)


@pytest_asyncio.fixture
async def client(app) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody nobody knows."""
    async with make_client(app) as opened:
        yield opened


@pytest_asyncio.fixture
async def join(app, application: Application):
    """Makes users: ``await join("ada", Role.USER)`` is one with a portfolio, an access token and a client that sends it."""
    clients: list[httpx2.AsyncClient] = []

    async def new_member(name: str, role: Role = Role.USER) -> Member:
        user = await application.accounts.create_user(SYSTEM, f"{name}@example.org", PASSWORD, role)
        session = await application.accounts.log_in(user.email, PASSWORD)
        _, token = await application.accounts.create_token(session.identity, "tests")
        opened = make_client(app, headers={"Authorization": f"Bearer {token}"})
        clients.append(opened)
        portfolio = await make_portfolio(application.database, session.identity.actor, name=f"{name}'s")
        return Member(user, session.identity.actor, opened, portfolio, token)

    yield new_member
    for opened in clients:
        await opened.aclose()
