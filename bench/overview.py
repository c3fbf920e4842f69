"""The portfolio overview over HTTP, kept and recomputed, against the same bytes from a bare ASGI application (P13)."""

import asyncio
import http.client
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
import uvicorn
from starlette.types import Receive, Scope, Send

from bench.harness import Row, UnequalResults, arguments, bound, table
from bench.support.server import Server, own_server
from dawsos.api.application import create_app
from dawsos.api.logs import configure_logs
from dawsos.api.serving import bind
from dawsos.bootstrap import Application, assemble, catalogue
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.kernel.ledger import TransactionType
from dawsos.services.imports.drafts import TransactionDraft
from dawsos.services.ledger.booking import book, open_ledger
from dawsos.services.passwords import Argon2id
from dawsos.settings import Settings
from dawsos.store import observations, packs
from dawsos.store.database import Database, PoolLimits
from dawsos.store.portfolios import add_portfolio
from dawsos.store.securities import NewSecurity, put_securities

POLICY: Final = "ECB_CLOSE"
FIRST: Final = date(2024, 1, 2)
NOW: Final = datetime(2024, 7, 1, tzinfo=UTC)
RATES: Final = {"USD": "1.08", "CAD": "1.46", "GBP": "0.86", "CHF": "0.97", "JPY": "161"}
PASSWORD: Final = "a benchmark needs no secret"
PATH: Final = "/v1/patterns/portfolio_overview"
#: Everything the overview keeps: emptied before each answer that is to be computed from the entries, prices and rates.
KEPT: Final = (
    "app.derived_results",
    "app.portfolio_nav_series",
    "public.holdings",
    "public.portfolio_metrics",
    "public.currency_attribution",
)


@dataclass(frozen=True)
class Desk:
    """A served application, a client of it, and what may be asked about."""

    client: http.client.HTTPConnection
    token: str
    admin: psycopg.Connection[Any]
    portfolios: dict[int, UUID]
    raw: dict[str, bytes]
    statements: list[int]

    def overview(self, positions: int) -> dict[str, Any]:
        """The answer, taken apart."""
        found: dict[str, Any] = json.loads(self.asked(positions))
        return found

    def asked(self, positions: int) -> bytes:
        body = json.dumps({"inputs": {"portfolio_id": str(self.portfolios[positions])}})
        return self._got("POST", PATH, body)

    def same_bytes(self) -> bytes:
        return self._got("POST", "/raw", "{}")

    def _got(self, method: str, path: str, body: str) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.client.request(method, path, body, headers)
        response = self.client.getresponse()
        found = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {found[:400]!r}")
        return found

    def forget(self) -> None:
        """Empty everything that is kept in the database."""
        for name in KEPT:
            self.admin.execute(f"delete from {name}".encode())


async def _filled(application: Application, sizes: Sequence[int], days: int) -> tuple[str, dict[int, UUID]]:
    """A user with a portfolio of each size, and packs of every weekday up to the last."""
    database, new = application.database, application.identifiers.new
    calendar = [day for day in (FIRST + timedelta(days=number) for number in range(days * 2)) if day.weekday() < 5][:days]
    ids = [uuid4() for _ in range(max(sizes))]
    async with database.transaction(SYSTEM) as tx:
        await put_securities(
            tx, [NewSecurity(id=one, symbol=f"S{n}", currency=("USD", "CAD")[n % 2], security_type="EQUITY") for n, one in enumerate(ids)]
        )
        await packs.put_policy(tx, packs.PolicyRecord(POLICY, "Benchmark.", ["TEST"], ["ECB"], dividend_adjusted=False))
        for t, day in enumerate(calendar):
            closes = [Decimal(1000 + (7 * n + 13 * t) % 97).scaleb(-1) for n in range(len(ids))]
            rows = [
                (one, day, "TEST", None, None, None, close, None, ("USD", "CAD")[n % 2], NOW)
                for n, (one, close) in enumerate(zip(ids, closes, strict=True))
            ]
            await observations.put_prices(tx, rows)
            await observations.put_rates(
                tx, [("EUR", code, day, "ECB", Decimal(rate) + Decimal(t).scaleb(-3), NOW) for code, rate in RATES.items()]
            )
    user = await application.accounts.create_user(SYSTEM, "owner@example.org", PASSWORD, Role.MANAGER)
    session = await application.accounts.log_in(user.email, PASSWORD)
    _, token = await application.accounts.create_token(session.identity, "bench")
    portfolios = {size: await _portfolio(database, session.identity.actor, new, size, calendar[0]) for size in sizes}
    await application.packs.build(POLICY, calendar[0], calendar[-1])
    newest = (await application.contexts.pins(SYSTEM, portfolios[sizes[0]])).pack
    report = await application.nightly.make_ready(newest.id, releases_earlier=True)
    if report.outcome != "fresh":
        raise RuntimeError(f"The night failed: {report.problem}")
    return token, portfolios


async def _portfolio(database: Database, owner: Actor, new: Callable[[], UUID], size: int, day: date) -> UUID:
    drafts = [
        _draft(1, TransactionType.DEPOSIT, "CAD", Decimal(10_000_000), day),
        _draft(2, TransactionType.DEPOSIT, "USD", Decimal(10_000_000), day),
    ]
    drafts += [
        _draft(
            n + 3, TransactionType.BUY, ("USD", "CAD")[n % 2], Decimal(-1000), day, symbol=f"S{n}", quantity=Decimal(10), price=Decimal(100)
        )
        for n in range(size)
    ]
    portfolio_id = uuid4()
    async with database.transaction(owner) as tx:
        if owner.user_id is None:
            raise RuntimeError("A portfolio needs an owner.")
        await add_portfolio(tx, portfolio_id=portfolio_id, name=f"{size} positions", base_currency="CAD", owner_id=owner.user_id)
        await book(tx, await open_ledger(tx, portfolio_id), drafts, source="bench", new_id=new, moment=NOW)
    return portfolio_id


def _draft(line: int, kind: TransactionType, currency: str, amount: Decimal, day: date, **more: Any) -> TransactionDraft:
    return TransactionDraft(
        line=line, transaction_type=kind, transaction_date=day, currency=currency, amount=amount, external_ref=f"e{line}", **more
    )


@contextmanager
def _desk(server: Server, sizes: Sequence[int], days: int, megabytes: int, made: tuple[str, dict[int, UUID]] | None) -> Iterator[Desk]:
    """The application served on a thread of its own, beside an application that answers any request with given bytes."""
    raw: dict[str, bytes] = {"body": b""}
    statements, ready = [0], threading.Event()
    found: dict[str, Any] = {}

    async def serve() -> None:
        database = Database(server.app_dsn(), PoolLimits(max_size=8))
        await database.open()
        settings = Settings(policy=POLICY, answer_megabytes=megabytes)
        application = assemble(settings, database, catalogue(), FixedClock(NOW), Argon2id(time_cost=1, memory_cost=8, parallelism=1))
        found["made"] = made or await _filled(application, sizes, days)
        app = create_app(application)

        async def either(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("path") != "/raw":
                await app(scope, receive, send)
                return
            while (await receive()).get("more_body"):
                pass
            length = str(len(raw["body"])).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", length)]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": raw["body"]})

        listener = bind("127.0.0.1", 0)
        found["port"] = listener.getsockname()[1]
        serving = uvicorn.Server(uvicorn.Config(either, lifespan="off", ws="none", access_log=False, log_level="warning"))
        serving.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # on a thread there are none
        found["server"] = serving
        ready.set()
        try:
            await serving.serve([listener])
        finally:
            await database.close()

    original = psycopg.AsyncCursor.execute

    async def counted(self: Any, *given: Any, **named: Any) -> Any:
        statements[0] += 1
        return await original(self, *given, **named)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    psycopg.AsyncCursor.execute = counted  # type: ignore[method-assign]  # every statement goes through here
    thread.start()
    if not ready.wait(600):
        raise RuntimeError("The application did not start.")
    token, portfolios = found["made"]
    client = http.client.HTTPConnection("127.0.0.1", found["port"], timeout=60)
    try:
        with psycopg.connect(server.admin_dsn(), autocommit=True) as admin:
            yield Desk(client, token, admin, portfolios, raw, statements)
    finally:
        client.close()
        found["server"].should_exit = True
        thread.join(10)
        psycopg.AsyncCursor.execute = original  # type: ignore[method-assign]


def _median(call: Callable[[], object], times: int, before: Callable[[], None] = lambda: None) -> float:
    taken = []
    for _ in range(times):
        before()
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _rows(desk: Desk, positions: int, name: str, at_most: float, times: int, *, small: bool, forgets: bool) -> list[Row]:
    before = desk.forget if forgets else lambda: None
    whole = desk.asked(positions)
    desk.raw["body"] = whole
    if desk.same_bytes() != whole:
        raise UnequalResults("The bare application answered other bytes.")
    for _ in range(3):
        desk.asked(positions)
    before()
    desk.statements[0] = 0
    answer = desk.overview(positions)
    trips = desk.statements[0]
    first = json.loads(whole)
    if (answer["data"], answer["panels"]) != (first["data"], first["panels"]):
        raise UnequalResults(f"The {name} answer is another one.")
    expected = {"cached"} if not forgets else {"computed", "mixed"}
    if answer["trace"]["data_provenance"]["overall"] not in expected:
        raise UnequalResults(f"The {name} answer says that it is {answer['trace']['data_provenance']['overall']}.")
    taken = _median(lambda: desk.asked(positions), times, before)
    bare = _median(desk.same_bytes, times)
    size, note = f"{positions} positions, {len(whole):,} bytes, {name}", f"{taken * 1e3:.2f} ms, bare {bare * 1e3:.2f} ms"
    return [
        bound("overview", size, taken / bare, at_most=at_most, what="the same bytes from a bare ASGI application", small=small, note=note),
        bound("overview", size, trips, at_most=2, what="statements sent to the database", small=small, note="signing in counts too"),
    ]


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    configure_logs("error")
    sizes, days, times = ((2, 5), 5, 3) if options.small else ((5, 500), 90, 40 * options.rounds)
    rows: list[Row] = []
    with own_server() as server:
        made = None
        for name, megabytes, at_most, share in (("kept", 64, 2.5, 1), ("recomputed", 0, 12.0, 4)):
            with _desk(server, sizes, days, megabytes, made) as desk:
                made = (desk.token, desk.portfolios)
                for positions in sizes:
                    count = max(3, times // share)
                    rows += _rows(desk, positions, name, at_most, count, small=options.small, forgets=name == "recomputed")
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
