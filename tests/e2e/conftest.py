"""A real server over the demo, and a real browser. This suite runs in a process of its own: its driver brings its own event loop."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dawsos.kernel.identity import SYSTEM
from dawsos.store.database import Database, PoolLimits
from dawsos.store.embedded import FAST_TEST_SETTINGS, EmbeddedServer, find_binaries
from dawsos.store.users import change_password, list_users
from tests.e2e.pages import Dashboard, LoginPage
from tests.support.demo import CHEAP_ARGON2, clone_of, run_apart
from tests.support.postgres import URL, DatabaseClone, PostgresServer, _directory

#: The first answer of a fresh process loads compiled kernels; a busy machine takes its time for it.
expect.set_options(timeout=30_000)
ROOT = Path(__file__).parents[2]
EMAIL = "household@demo.invalid"
ADMINISTRATOR = "admin@demo.invalid"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
#: Without the last ones Chromium looks up hosts on the network at every start.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--force-color-profile=srgb",
]  # fmt: skip


@dataclass(frozen=True)
class LiveServer:
    """A running server; ``password`` is that of the Household's owner, and of the administrator where one is known."""

    url: str
    email: str
    password: str
    administrator: str | None = None

    @contextmanager
    def database_down(self) -> Iterator[None]:
        """The database is gone inside the block, and back after it."""
        if os.environ.get(URL):
            pytest.skip("the database of this run is not ours to stop")
        server = EmbeddedServer(_directory(), find_binaries(), extra_settings=FAST_TEST_SETTINGS)
        server.stop()
        try:
            yield
        finally:
            server.start()


async def _set_password(dsn: str, emails: tuple[str, ...], password: str) -> None:
    database = Database(dsn, PoolLimits(min_size=1, max_size=2))
    await database.open()
    async with database.transaction(SYSTEM) as tx:
        for user in await list_users(tx):
            if user.email in emails:
                await change_password(tx, user.id, await CHEAP_ARGON2.hash(password))
    await database.close()


@pytest.fixture(scope="session")
def demo_clone(postgres_server: PostgresServer, demo_template: str) -> Iterator[DatabaseClone]:
    yield from clone_of(postgres_server, demo_template)


@pytest.fixture(scope="session")
def live_server(demo_clone: DatabaseClone, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The server, on a free port of this machine; or the one the environment names (DAWSOS_E2E_URL, _EMAIL, _PASSWORD)."""
    if url := os.environ.get("DAWSOS_E2E_URL"):
        yield LiveServer(url, os.environ["DAWSOS_E2E_EMAIL"], os.environ["DAWSOS_E2E_PASSWORD"])
        return
    password = secrets.token_urlsafe(12)
    run_apart(_set_password(demo_clone.app_dsn, (EMAIL, ADMINISTRATOR), password))
    environment = os.environ | {
        "DAWSOS_HOME": str(tmp_path_factory.mktemp("home")),
        "DAWSOS_PORT": "0",
        "DAWSOS_TEST_APP_DSN": demo_clone.app_dsn,
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.serving"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield LiveServer(process.stdout.readline().strip(), EMAIL, password, ADMINISTRATOR)
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def browser_context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    opened = browser_context.new_page()
    opened.set_default_timeout(20_000)
    return opened


@pytest.fixture(scope="session")
def reading(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """Somebody who logged in once and reads English; the browser loads the app for the first page and has it for the others."""
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
        locale="en-CA",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.goto("/")
    LoginPage(page).log_in(live_server.email, live_server.password)
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    page.evaluate("localStorage.clear()")
    page.close()
    yield context
    context.close()


@pytest.fixture
def new_page(reading: BrowserContext) -> Iterator[Callable[[], Page]]:
    """Opens pages of that reader, and forgets afterwards what they kept in the browser."""
    pages: list[Page] = []

    def opened() -> Page:
        pages.append(reading.new_page())
        pages[-1].set_default_timeout(20_000)
        return pages[-1]

    yield opened
    for page in pages:
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear()")
        page.close()


@pytest.fixture
def reader(new_page: Callable[[], Page]) -> Page:
    """A page of that reader."""
    return new_page()


@pytest.fixture(scope="module")
def read_dashboard(reading: BrowserContext) -> Iterator[Dashboard]:
    """The dashboard for tests that only read it: loaded once for all of a file, and left as it is."""
    page = reading.new_page()
    page.goto("/")
    yield Dashboard(page).wait()
    page.close()


@pytest.fixture
def dashboard(reader: Page) -> Dashboard:
    """The dashboard of the first portfolio, with its figures."""
    reader.goto("/")
    return Dashboard(reader).wait()
