"""Every pattern and the example of every capability, answered twice on the demo, once a process: for all tests that look at answers."""

import asyncio
import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NoReturn
from uuid import UUID

import pytest

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identity import SYSTEM
from dawsos.patterns.answer import PatternResult
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry.capability import Capability
from dawsos.registry.catalogue import CapabilityResult
from dawsos.services.context import RequestContext
from dawsos.services.opening import NEWEST, Pinning
from dawsos.services.prose.assistant import NO_MODEL
from dawsos.services.warm_up import warm_up
from dawsos.store.securities import find_securities_by_symbol
from tests.support.demo import Demo, clone_of, opened_demo, run_apart
from tests.support.postgres import PostgresServer
from tests.support.sources import Recorded

#: The morning after the newest pack of the demo: nothing in an answer may come from another clock.
NOW: Final = datetime(2022, 12, 29, 12, tzinfo=UTC)
#: What a capability is given here: these tests are about what is answered, not about how soon on a machine at work on other things.
PATIENCE: Final = 120.0
PORTFOLIO: Final = "Household"
SECURITY: Final = "AAPL"


def _article(title: str, url: str, hour: int) -> dict[str, object]:
    return {"source": {"id": None, "name": "Example Times"}, "title": title, "url": url, "publishedAt": f"2022-12-29T{hour:02}:00:00Z"}


def _report(**figures: int) -> list[dict[str, object]]:
    return [{"date": "2022-09-24", "filingDate": "2022-10-28", "reportedCurrency": "USD", **figures}]


#: What the sources say, by path: a little of each.
SAID: Final[Mapping[str, Any]] = {
    "/v2/everything": {
        "status": "ok",
        "articles": [
            _article("Apple profit beats record as demand surges", "https://example.org/1", 9),
            _article("Microsoft faces lawsuit and investigation", "https://example.org/2", 10),
            _article("Inflation: Apple pie season", "https://example.org/3", 11),
        ],
    },
    "/stable/batch-quote": [
        {"symbol": "AAPL", "price": 130.5, "change": 4.46, "changePercentage": 3.54, "volume": 75703710, "timestamp": 1672347600},
        {"symbol": "MSFT", "price": 241.0, "change": 6.48, "changePercentage": 2.76, "volume": 19770700, "timestamp": 1672347600},
    ],
    "/stable/income-statement": _report(revenue=394328000000, grossProfit=170782000000, operatingIncome=119437000000, netIncome=99803000000),
    "/stable/balance-sheet-statement": _report(
        totalAssets=352755000000, totalCurrentAssets=135405000000, totalCurrentLiabilities=153982000000, totalDebt=132480000000,
        totalStockholdersEquity=50672000000, cashAndCashEquivalents=23646000000,
    ),
    "/stable/cash-flow-statement": _report(
        operatingCashFlow=122151000000, capitalExpenditure=-10708000000, commonDividendsPaid=-14841000000
    ),
    "/stable/profile": [{"symbol": "AAPL", "companyName": "Apple Inc.", "currency": "USD", "exchange": "NASDAQ", "sector": "Technology"}],
    "/stable/ratios": [{"date": "2022-09-24", "grossProfitMargin": 0.4331, "currentRatio": 0.8794, "dividendYield": 0.00609}],
    "/fred/series/observations": {
        "observations": [{"realtime_start": "2022-12-02", "realtime_end": "9999-12-31", "date": "2022-11-01", "value": "3.7"}]
    },
}  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """One demo, asked about ``PORTFOLIO`` and ``SECURITY`` unless something else is said, with sources that answer as recorded."""

    demo: Demo
    securities: Mapping[str, UUID]
    orchestrator: Orchestrator

    async def context(
        self,
        portfolio: str = PORTFOLIO,
        pinning: Pinning = NEWEST,
        configured: frozenset[str] | None = None,
        said: Mapping[str, Any] = SAID,
    ) -> RequestContext:
        clock = FixedClock(NOW)
        recorded = Recorded(clock, dict(said)) if configured is None else Recorded(clock, dict(said), configured)
        return replace(await self.demo.context(portfolio, pinning), clock=clock, sources=recorded.sources())

    async def pattern(self, name: str, context: RequestContext, **inputs: Any) -> PatternResult:
        pattern = self.demo.application.patterns[name]
        return await self.orchestrator.run(pattern, {**self.about(pattern.inputs, context), **inputs}, context)

    async def capability(self, name: str, context: RequestContext, **changed: Any) -> CapabilityResult:
        one = self.demo.application.registry.get(name)
        return await self.demo.application.registry.call(
            name, context, {**one.example, **self.about(one.request.model_fields, context), **changed}, seconds=PATIENCE
        )

    def about(self, fields: Mapping[str, Any], context: RequestContext) -> dict[str, Any]:
        subject = {"portfolio_id": context.pinned().portfolio.id, "security_id": self.securities[SECURITY]}
        return {name: str(value) for name, value in subject.items() if name in fields}


async def asking(demo: Demo) -> Asking:
    """What asks ``demo``."""
    async with demo.application.database.transaction(SYSTEM) as tx:
        found = {one.symbol: one.id for one in await find_securities_by_symbol(tx, ["AAPL", "MSFT", "KO"])}
    return Asking(demo, found, Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0)))


class Unasked:
    """Stands where nobody may ask: for sources and the assistant, where a result is to be a function of the database."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"{name} was asked for")


def cut_off(context: RequestContext, capabilities: Iterable[Capability]) -> RequestContext:
    """The same context years later, with nothing to ask but the database.

    Only what says of itself that it is repeatable on a condition is left an assistant: one that writes by rule.
    """
    nobody: Any = Unasked()
    assistant = NO_MODEL if any(callable(one.repeatable) for one in capabilities) else nobody
    return replace(context, clock=FixedClock(NOW + timedelta(days=2000)), sources=nobody, assistant=assistant)


@dataclass(frozen=True)
class Answers:
    """Both answers of each pattern and of the example of each capability, by name; of what is repeatable the second was given cut off."""

    patterns: Mapping[str, tuple[PatternResult, PatternResult]]
    capabilities: Mapping[str, tuple[CapabilityResult, CapabilityResult]]


@pytest.fixture(scope="session")
def answers(postgres_server: PostgresServer, demo_template: str) -> Iterator[Answers]:
    """Made when the first test asks for them, on a demo nobody asked anything before: forecasts are kept, and answers speak of them."""
    made: list[Answers] = []

    async def make() -> None:
        warm_up()  # what a server does as it starts: steps have ten seconds, and a busy machine loads kernels slowly
        async with opened_demo(clone) as demo:
            asked = await asking(demo)

            async def of_pattern(name: str, *, again: bool = False) -> PatternResult:
                pattern, context = demo.application.patterns[name], await asked.context()
                if again and pattern.is_repeatable(context):
                    context = cut_off(context, pattern.capabilities.values())
                return await asked.pattern(name, context)

            async def of_capability(name: str, *, again: bool = False) -> CapabilityResult:
                one, context = demo.application.registry.get(name), await asked.context()
                if again and one.is_repeatable(context, one.example):
                    context = cut_off(context, [one])
                return await asked.capability(name, context)

            made.append(
                Answers(
                    {name: (await of_pattern(name), await of_pattern(name, again=True)) for name in demo.application.patterns},
                    {name: (await of_capability(name), await of_capability(name, again=True)) for name in demo.application.registry.names},
                )
            )

    with contextmanager(clone_of)(postgres_server, demo_template) as clone:
        run_apart(make())
        yield made[0]
