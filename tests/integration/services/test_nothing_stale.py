"""Whatever happens in whatever order, what is served is what a computation from nothing gives, and old states give their old answers."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio

from dawsos.bootstrap import PREWARMS, catalogue
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import DawsosError
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.kernel.ledger import TransactionType
from dawsos.patterns.answer import PatternResult
from dawsos.patterns.keeping import KeptAnswers
from dawsos.patterns.library import Library, load_library
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.services.attribution import ATTRIBUTIONS, AttributionInputs, attribution_parameters
from dawsos.services.context import RequestContext
from dawsos.services.corporate_actions import applying, queue
from dawsos.services.corporate_actions.proposing import ActionTerms, propose_terms
from dawsos.services.derivations import get_or_compute
from dawsos.services.history import compute_history, daily_history
from dawsos.services.holdings import pinned_transactions
from dawsos.services.holdings_snapshot import HOLDINGS
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.drafts import TransactionDraft
from dawsos.services.ledger.booking import book, open_ledger
from dawsos.services.ledger.correction import reverse
from dawsos.services.metrics import FIGURES, MetricsInputs, figures_parameters
from dawsos.services.nightly.chain import Nightly, NightRules
from dawsos.services.nightly.prewarming import NightTools
from dawsos.services.opening import ContextOpener, Pinning
from dawsos.services.packs.building import BuildRules, PackBuilder
from dawsos.services.panels import load_panels
from dawsos.services.positions import window_of
from dawsos.services.ratings import RATINGS, rated_security, ratings_parameters
from dawsos.services.reference_data import RUBRICS, STATEMENTS, reference_revision
from dawsos.services.telemetry import Meters
from dawsos.store import observations, packs, ratings
from dawsos.store.corporate_actions import ActionStatus, ActionType
from dawsos.store.database import Database, PoolLimits
from dawsos.store.portfolios import PortfolioRecord, change_portfolio
from dawsos.store.securities import NewSecurity, SecurityRecord, put_securities
from tests.support.many import VARIABLE
from tests.support.postgres import DatabaseClone, make_portfolio, make_securities, make_user

NOW = datetime(2024, 3, 20, tzinfo=UTC)
CLOCK = FixedClock(NOW)
POLICY = "ECB_CLOSE"
FIRST = date(2024, 3, 4)
DAYS = [FIRST + timedelta(days=number) for number in (0, 1, 2, 3, 4, 7, 8)]
EXAMPLES: Final = int(os.environ.get(VARIABLE, "2"))
STEPS: Final = 12
#: The patterns whose whole answers are looked at: of the ledger, of the packs, of taxes, of what the owner has elsewhere.
WHOLE: Final = ("portfolio_overview", "portfolio_tax_report", "tax_harvesting_opportunities")
#: A pattern that makes a file each time, of steps that are kept; the file says of itself by its hash what is in it.
PARTLY: Final = "export_portfolio_report"
#: One's own prices: a report of them may be made.
SOURCE: Final = "manual"

REGISTRY: Final = catalogue()
RUNNER: Final = Orchestrator(REGISTRY, sleep=asyncio.sleep, chance=random.Random(0))


@cache
def library() -> Library:
    return load_library(Path(__file__).parents[3] / "patterns", REGISTRY)


@pytest_asyncio.fixture
async def database(database_clone: DatabaseClone) -> AsyncIterator[Database]:
    """The database of the test, with time to answer: many steps compete for few connections, on a machine that may be busy."""
    opened = Database(database_clone.app_dsn, PoolLimits(min_size=1, max_size=4, acquire_timeout=60))
    await opened.open()
    yield opened
    await opened.close()


@dataclass
class World:
    """A portfolio, two shares, packs of seven days, and everything that can happen to them."""

    database: Database
    owner: Actor
    portfolio: PortfolioRecord
    other: PortfolioRecord
    securities: list[SecurityRecord]
    chance: random.Random
    identifiers: Identifiers
    builder: PackBuilder
    nightly: Nightly
    opener: ContextOpener
    kept: KeptAnswers = field(default_factory=KeptAnswers)
    done: list[str] = field(default_factory=list)
    reference: int = 0

    async def context(self, pinning: Pinning = Pinning()) -> RequestContext:  # noqa: B008 - frozen
        return await self.opener.open(self.owner, trace_id="t", request_id="r", portfolio_id=self.portfolio.id, pinning=pinning)

    async def _book(self, kind: TransactionType, amount: D, **more: Any) -> None:
        self.reference += 1
        day, portfolio = more.pop("day", None) or self.chance.choice(DAYS), more.pop("portfolio", self.portfolio)
        draft = TransactionDraft(
            line=1, transaction_type=kind, transaction_date=day, currency="USD", amount=amount, external_ref=f"e{self.reference}", **more
        )
        async with self.database.transaction(self.owner) as tx:
            ledger = await open_ledger(tx, portfolio.id)
            await book(tx, ledger, [draft], source="test", new_id=self.identifiers.new, moment=NOW)

    async def deposit(self) -> None:
        await self._book(TransactionType.DEPOSIT, D(self.chance.randint(1, 5000)))

    async def buy(self) -> None:
        quantity, price = D(self.chance.randint(1, 9)), D(self.chance.randint(900, 1100)).scaleb(-2)
        symbol = self.chance.choice(self.securities).symbol
        await self._book(TransactionType.BUY, -quantity * price, symbol=symbol, quantity=quantity, price=price)

    async def sell(self) -> None:
        symbol = self.chance.choice(self.securities).symbol
        await self._book(TransactionType.SELL, D(11), symbol=symbol, quantity=D(1), price=D(11), day=DAYS[-1])

    async def dividend(self) -> None:
        await self._book(TransactionType.DIVIDEND, D(3), symbol=self.securities[0].symbol)

    async def reversal(self) -> None:
        async with self.database.transaction(self.owner) as tx:
            ledger = await open_ledger(tx, self.portfolio.id)
            wrong = self.chance.choice(ledger.transactions)
            await reverse(tx, ledger, wrong.id, reason="wrong", new_id=self.identifiers.new, moment=NOW)

    async def corporate_action(self) -> None:
        symbol, day = self.chance.choice(self.securities).symbol, self.chance.choice(DAYS[1:])
        terms = ActionTerms(symbol=symbol, action_type=ActionType.SPLIT, ex_date=day, split_from=D(1), split_to=D(2))
        action = await propose_terms(self.database, SYSTEM, terms, source="test", identifiers=self.identifiers)
        await queue.decide(self.database, SYSTEM, action.id, ActionStatus.APPROVED, moment=NOW)
        await applying.apply(self.database, self.owner, self.portfolio.id, action.id, identifiers=self.identifiers)

    async def restatement(self) -> None:
        day = self.chance.choice([*DAYS[-2:], self.chance.choice(DAYS)])
        await self.observe(day, D(self.chance.randint(800, 1200)).scaleb(-2))
        await self.builder.build(POLICY, day, day, restate_because="a late correction")

    async def rubric(self) -> None:
        async with self.database.transaction(SYSTEM) as tx:
            kept = (await ratings.active_rubrics(tx))[0]
            await ratings.put_rubric(tx, replace(kept, id=self.identifiers.new(), method_version=f"v{len(self.done)}"))

    async def night(self) -> None:
        context = await self.context()
        assert context.pack is not None
        report = await self.nightly.make_ready(context.pack.id, releases_earlier=True)
        assert report.outcome == "fresh", report.problem

    async def name_of_a_security(self) -> None:
        chosen = self.chance.choice(self.securities)
        async with self.database.transaction(SYSTEM) as tx:
            await put_securities(tx, [NewSecurity(id=chosen.id, symbol=chosen.symbol, currency="USD", name="Name", sector="Energy")])

    async def name_of_the_portfolio(self) -> None:
        async with self.database.transaction(self.owner) as tx:
            await change_portfolio(tx, self.portfolio.id, NOW, name=f"Name {len(self.done)}")

    async def purchase_elsewhere(self) -> None:
        symbol = self.chance.choice(self.securities).symbol
        more = {"symbol": symbol, "quantity": D(2), "price": D(10), "day": DAYS[-1]}
        await self._book(TransactionType.BUY, D(-20), portfolio=self.other, **more)

    async def answers(self, names: Sequence[str], kept: KeptAnswers | None) -> dict[str, PatternResult]:
        """The answers of some patterns."""
        asked = {"portfolio_id": str(self.portfolio.id)}
        return {name: await RUNNER.run(library()[name], asked, await self.context(), kept) for name in names}

    async def check_answers(self) -> None:
        """Whole answers: asked twice, the second is a kept one or made of kept steps, and its bytes are those of an answer made anew."""
        names = (*WHOLE, PARTLY) if len(self.done) % 3 == 0 else WHOLE
        first, again = await self.answers(names, self.kept), await self.answers(names, self.kept)
        anew = await self.answers(names, None)
        for name in names:
            assert again[name].trace.data_provenance.overall == ("mixed" if name == PARTLY else "cached"), (name, self.done)
            assert anew[name].trace.steps[0].attempts == 1
            assert first[name].canonical == again[name].canonical == anew[name].canonical, (name, self.done)

    async def observe(self, day: date, close: D) -> None:
        rows = [(one.id, day, SOURCE, None, None, None, close + place, None, "USD", NOW) for place, one in enumerate(self.securities)]
        async with self.database.transaction(SYSTEM) as tx:
            await observations.put_prices(tx, rows)

    async def served(self, pinning: Pinning = Pinning()) -> dict[str, Any]:  # noqa: B008 - frozen
        """What requests are answered."""
        context = await self.context(pinning)
        pins = context.pinned()
        history = (await daily_history(context, pins)).series
        return {
            "history": {name: column.tolist() for name, column in _columns(history).items()},
            "figures": (await get_or_compute(FIGURES, context, figures_parameters(pins, 252))).value,
            "attribution": (await get_or_compute(ATTRIBUTIONS, context, attribution_parameters(pins, 252))).value,
            "holdings": (await get_or_compute(HOLDINGS, context, {})).value,
            "rating": {kind: one.method_version for kind, one in (await rated_security(context, self.securities[0].id)).ratings.items()},
        }

    async def computed(self) -> dict[str, Any]:
        """The same from nothing: no kept result is read."""
        context = await self.context()
        pins, base = context.pinned(), self.portfolio.base_currency
        entries = await pinned_transactions(context, pins)
        async with self.database.transaction(self.owner) as tx:
            series, _ = await compute_history(tx, entries, pins.pack, base)
            window = series.last(253)
            attributed = AttributionInputs(None, window, base, 252)
            if len(window):
                prices, rates = await load_panels(
                    tx,
                    pins.pack,
                    window.dates[0],
                    security_ids={one.security_id for one in entries if one.security_id},
                    currencies={one.currency for one in entries} | {base},
                    base_currency=base,
                )
                found = window_of(series, entries, prices, rates, base, 252)
                attributed = AttributionInputs(found.panel, found.series, base, 252)
        revisions = [await reference_revision(context, subject) for subject in (STATEMENTS, RUBRICS)]
        rated = RATINGS.compute(await RATINGS.load(context, ratings_parameters(self.securities[0], pins.pack.date, *revisions)))
        return {
            "history": {name: column.tolist() for name, column in _columns(series).items()},
            "figures": FIGURES.compute(MetricsInputs(series, pins.pack.date, 252, None, None)),
            "attribution": ATTRIBUTIONS.compute(attributed),
            "holdings": HOLDINGS.compute(await HOLDINGS.load(context, {})),
            "rating": {kind: one.method_version for kind, one in rated.ratings.items()},
        }


def _columns(series: Any) -> dict[str, Any]:
    return {name: getattr(series, name) for name in ("days", "nav", "cash", "securities_value", "total_pl", "net_external_flow")}


@pytest_asyncio.fixture
async def world(database: Database, database_clone: DatabaseClone) -> AsyncIterator[World]:
    securities = await make_securities(database, "AAA", "BBB", currency="USD")
    meters = Meters()
    builder = PackBuilder(database, CLOCK, meters, BuildRules(default_policy=POLICY, max_age_days=5, coverage=0.8))
    owner = await make_user(database, role=Role.MANAGER)
    async with database.transaction(SYSTEM) as tx:
        await packs.put_policy(tx, packs.PolicyRecord(POLICY, "Test.", [SOURCE], ["ECB"], dividend_adjusted=False))
        rates = {"USD": "1.08", "CAD": "1.458", "GBP": "0.86", "JPY": "161", "CHF": "0.97"}
        await observations.put_rates(
            tx,
            [
                ("EUR", code, day, "ECB", D(rate) + number * D("0.01"), NOW)
                for number, day in enumerate(DAYS)
                for code, rate in rates.items()
            ],
        )
    portfolio, other = await make_portfolio(database, owner), await make_portfolio(database, owner, name="Other")
    nightly = Nightly(NightTools(database, CLOCK, meters), builder, prewarms=PREWARMS, beancount=None, rules=NightRules())
    opener = ContextOpener(database, CLOCK, meters, require_fresh=False, default_policy=POLICY)
    identifiers = Identifiers(CLOCK, os.urandom)
    made = World(database, owner, portfolio, other, securities, random.Random(), identifiers, builder, nightly, opener)
    for number, day in enumerate(DAYS):
        await made.observe(day, D(10 + number % 3))
    for one in (portfolio, other):
        await made._book(TransactionType.DEPOSIT, D(10_000), day=FIRST, portfolio=one)
    outcomes = await builder.build(POLICY, DAYS[0], DAYS[-1])
    assert [one.outcome for one in outcomes if one.outcome != "closed"] == ["built"] * len(DAYS), outcomes
    yield made


@pytest.mark.parametrize("seed", range(EXAMPLES))
async def test_r22_nothing_stale_is_served_whatever_happens(world: World, seed: int) -> None:
    world.chance.seed(seed)
    happenings: list[Callable[[], Awaitable[None]]] = [
        world.deposit, world.buy, world.buy, world.sell, world.dividend, world.reversal, world.corporate_action, world.restatement,
        world.rubric, world.night, world.name_of_a_security, world.name_of_the_portfolio, world.purchase_elsewhere,
    ]  # fmt: skip
    earlier: list[tuple[Pinning, dict[str, Any]]] = []
    for _ in range(STEPS):
        happens = world.chance.choice(happenings)
        try:
            await happens()
            world.done.append(happens.__name__)
        except DawsosError as refusal:  # a sale of what is not held, a reversal of a reversal: nothing happened
            world.done.append(f"{happens.__name__} refused: {refusal.code}")
        if world.chance.random() < 0.7:
            served = await world.served()
            assert served == await world.computed(), world.done
            await world.check_answers()
            context = await world.context()
            state = Pinning(pack_id=context.pricing_pack_id, ledger_commit_hash=context.ledger_commit_hash)
            earlier.append((state, {name: served[name] for name in served if name != "rating"}))
    assert await world.served() == await world.computed(), world.done
    state, then = world.chance.choice(earlier)
    now = await world.served(state)
    assert {name: now[name] for name in then} == then, (world.done, state)
    assert await world.served() == await world.computed(), "asking for an old state disturbed the present one"
