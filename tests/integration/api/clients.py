"""Clients of the API in tests, and the pricing packs it needs."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import httpx2

from dawsos.kernel.identity import SYSTEM, Actor
from dawsos.store.database import Database
from dawsos.store.packs import add_packs, add_prices, complete_packs, release_packs
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.users import UserRecord

PASSWORD: Final = "correct horse battery staple"
OURS: Final = {"X-Requested-With": "dawsos"}
PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True)
class Member:
    """A user of the API with everything a test may need of them."""

    user: UserRecord
    actor: Actor
    client: httpx2.AsyncClient
    portfolio: PortfolioRecord
    token: str


def make_client(app: Any, *, address: str = "127.0.0.1", headers: dict[str, str] | None = None) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, client=(address, 50000))
    return httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000", headers=headers or {})


async def make_pack(database: Database, day: date, *, prices: tuple[tuple[Any, ...], ...] = (), policy: str = "ECB_CLOSE") -> str:
    """A complete pack of ``day``; ``prices`` are (security id, close, currency)."""
    pack_id = f"PP_{day.isoformat()}"
    moment = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
    async with database.transaction(SYSTEM) as tx:
        await add_packs(tx, [(pack_id, day, policy, 1, 0, "ab" * 32, len(prices), 0, json.dumps({}), moment)])
        rows = [(pack_id, sid, day, None, None, None, close, None, ccy, "TEST", 0, False, moment) for sid, close, ccy in prices]
        await add_prices(tx, rows)
        await complete_packs(tx, [pack_id], moment)
        await release_packs(tx, [pack_id], prewarm_done=True, moment=moment)
    return pack_id


def problem(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of ``response``, which must be one, of this status and code."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    document = response.json()
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"urn:dawsos:problem:{code}"
    assert document["trace_id"] == response.headers["x-trace-id"]
    assert document["title"]
    assert document["detail"]
    return document


def data(response: httpx2.Response, status: int = 200) -> Any:
    """The data of ``response``, which must be a success in the one envelope."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    document = response.json()
    assert document["status"] == "success"
    assert document["trace_id"] == response.headers["x-trace-id"]
    assert isinstance(document["warnings"], list)
    assert datetime.fromisoformat(document["timestamp"]).tzinfo is not None
    return document["data"]


def without_when(response: httpx2.Response) -> bytes:
    """The body without what differs between any two requests: its trace id, the time, and how long things took."""

    def cleaned(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: cleaned(inner) for key, inner in value.items() if key not in {"trace_id", "request_id", "timestamp", "duration_ms"}
            }
        return [cleaned(inner) for inner in value] if isinstance(value, list) else value

    return json.dumps(cleaned(response.json())).encode()
