"""Every pattern about the demo, asked over the API of one process: the first answer with nothing kept, and the following ones."""

import asyncio
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import psycopg

from bench.harness import Row, UnequalResults, arguments, bound, table
from bench.overview import KEPT
from bench.support.server import Server, own_server
from dawsos.api.application import create_app
from dawsos.api.logs import configure_logs
from dawsos.bootstrap import Application, SystemClock, assemble, catalogue
from dawsos.kernel.identifiers import named
from dawsos.kernel.identity import SYSTEM
from dawsos.services.demo.seed import DemoParts, seed_demo
from dawsos.services.passwords import Argon2id
from dawsos.services.warm_up import warm_up
from dawsos.settings import Settings
from dawsos.store.database import Database, PoolLimits
from dawsos.store.portfolios import list_portfolios

PORTFOLIO: Final = "Household"
OWNER: Final = "household@demo.invalid"
SECURITY: Final = "AAPL"
#: Milliseconds a page may take: the first time, and from then on.
COLD: Final = 2000.0
WARM: Final = 100.0
BASE: Final = "http://localhost:8000"


@dataclass(frozen=True)
class Page:
    """A pattern, the milliseconds its first answer took, and the median of the following ones with the share they were kept by."""

    pattern: str
    cold: float
    warm: float
    slowest: float
    provenance: str


async def _asked(client: httpx2.AsyncClient, name: str, inputs: Mapping[str, str]) -> tuple[float, dict[str, Any]]:
    start = time.perf_counter()
    response = await client.post(f"/v1/patterns/{name}", json={"inputs": inputs})
    taken = (time.perf_counter() - start) * 1e3
    if response.status_code != 200:
        raise RuntimeError(f"{name}: {response.status_code} {response.text[:400]}")
    return taken, response.json()


async def _page(client: httpx2.AsyncClient, name: str, inputs: Mapping[str, str], times: int) -> Page:
    cold, first = await _asked(client, name, inputs)
    taken: list[float] = []
    answer = first
    for _ in range(times):
        took, answer = await _asked(client, name, inputs)
        taken.append(took)
        if (answer["data"], answer["panels"]) != (first["data"], first["panels"]):
            raise UnequalResults(f"The answer of {name} is another one the next time.")
    return Page(name, cold, statistics.median(taken), max(taken), answer["trace"]["data_provenance"]["overall"])


async def _pages(server: Server, times: int, *, small: bool) -> list[Page]:
    database = Database(server.app_dsn(), PoolLimits(max_size=8))
    await database.open()
    try:
        application = assemble(Settings(), database, catalogue(), SystemClock(), Argon2id(time_cost=1, memory_cost=8, parallelism=1))
        logins = await seed_demo(DemoParts(database, application.identifiers, application.accounts, application.packs, application.nightly))
        password = next(one.password for one in logins if one.email == OWNER)
        names = sorted(application.patterns)[:2] if small else sorted(application.patterns)
        transport = httpx2.ASGITransport(create_app(application))
        async with httpx2.AsyncClient(transport=transport, base_url=BASE, headers={"X-Requested-With": "dawsos"}, timeout=60) as client:
            (await client.post("/v1/auth/login", json={"email": OWNER, "password": password})).raise_for_status()
            about = await _about(application)
            with psycopg.connect(server.admin_dsn(), autocommit=True) as admin:
                pages = []
                for name in names:
                    for kept in KEPT:
                        admin.execute(f"delete from {kept}".encode())
                    inputs = {key: value for key, value in about.items() if key in application.patterns[name].inputs}
                    pages.append(await _page(client, name, inputs, times))
        return pages
    finally:
        await database.close()


async def _about(application: Application) -> dict[str, str]:
    """What is asked about, under the names of inputs."""
    async with application.database.transaction(SYSTEM) as tx:
        portfolio = next(one for one in await list_portfolios(tx) if one.name == PORTFOLIO)
    return {"portfolio_id": str(portfolio.id), "security_id": str(named("security", SECURITY))}


def _rows(page: Page, *, small: bool) -> list[Row]:
    slowest = f"slowest {page.slowest:.0f} ms; results are {page.provenance}"
    return [
        bound("pages", f"{page.pattern}, first", page.cold, at_most=COLD, what="milliseconds, nothing kept", small=small),
        bound("pages", f"{page.pattern}, again", page.warm, at_most=WARM, what="milliseconds", small=small, note=slowest),
    ]


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    configure_logs("error")
    warm_up()
    with own_server() as server:
        pages = asyncio.run(_pages(server, 2 if options.small else 4 * options.rounds, small=options.small))
    return [row for page in pages for row in _rows(page, small=options.small)]


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
