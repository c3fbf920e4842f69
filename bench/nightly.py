"""The whole nightly chain over very many portfolios of thirty lots, by stage, and against a loop over portfolios (P12)."""

import argparse
import asyncio
import itertools
import os
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

import numpy as np
import psycopg
from psycopg import sql

from bench.harness import Row, UnequalResults, bound, generator, table
from bench.support.server import Server, own_server
from dawsos.bootstrap import PREWARMS
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.kernel.ledger import TransactionType
from dawsos.services.attribution import ATTRIBUTIONS, attribution_parameters
from dawsos.services.derivations import get_or_compute
from dawsos.services.holdings_snapshot import HOLDINGS
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.drafts import TransactionDraft
from dawsos.services.ledger.booking import book, open_ledger
from dawsos.services.metrics import FIGURES, figures_parameters
from dawsos.services.nightly.chain import Nightly, NightReport, NightRules, pinned_block
from dawsos.services.nightly.night import STEPS
from dawsos.services.nightly.prewarming import NightTools
from dawsos.services.packs.building import BuildRules, PackBuilder
from dawsos.services.telemetry import Meters
from dawsos.store import observations, packs
from dawsos.store.database import Database, PoolLimits
from dawsos.store.portfolios import add_portfolio
from dawsos.store.securities import NewSecurity, put_securities
from dawsos.store.users import add_user

POLICY: Final = "ECB_CLOSE"
LAST: Final = date(2024, 6, 28)
CLOCK: Final = FixedClock(datetime(2024, 7, 1, tzinfo=UTC))
LOTS: Final = 30
SECURITIES: Final = 400
TEMPLATES: Final = 20
CURRENCIES: Final = ("USD", "CAD", "EUR")
RATES: Final = {"USD": 1.08, "CAD": 1.46, "GBP": 0.86, "CHF": 0.97, "JPY": 161.0}
#: The speed of an earlier system of this purpose, a portfolio after another.
EARLIER_PER_SECOND: Final = 310
#: A portfolio's rows again under another portfolio; what names a transaction or lot is named anew, in the same way in both tables.
_COPIES: Final = """
    insert into {table} ({columns})
    select {values}
    from {table} s
    join unnest(%(sources)s::uuid[], %(targets)s::uuid[]) as w (source, target) on w.source = s.portfolio_id"""
_RENAMED: Final = ("id", "open_transaction_id")
_KEPT: Final = (
    "portfolio_metrics",
    "currency_attribution",
    "holdings",
    "app.derived_results",
    "app.portfolio_nav_series",
    "portfolio_daily_values",
)


@dataclass
class Desk:
    """A database of portfolios, and the chain."""

    database: Database
    dsn: str
    nightly: Nightly
    tools: NightTools
    days: list[date]


def _weekdays(count: int) -> list[date]:
    days, day = [], LAST
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


async def _furnish(database: Database, dsn: str, portfolios: int, days: int) -> Desk:
    """Prices and rates of every day, a few ledgers booked as users book them, and copies of those."""
    calendar = _weekdays(days)
    meters = Meters()
    builder = PackBuilder(database, CLOCK, meters, BuildRules(default_policy=POLICY, max_age_days=5, coverage=0.8))
    tools = NightTools(database, CLOCK, meters)
    desk = Desk(
        database, dsn, Nightly(tools, builder, prewarms=PREWARMS, beancount=None, rules=NightRules(portfolios_at_once=500)), tools, calendar
    )
    made = [
        NewSecurity(id=uuid4(), symbol=f"S{n:04}", currency=CURRENCIES[n % 3], security_type="EQUITY", sector="Technology")
        for n in range(SECURITIES)
    ]
    closes = await _observe(database, made, calendar)
    owner = Actor(uuid4(), Role.USER)
    assert owner.user_id is not None
    async with database.transaction(SYSTEM) as tx:
        await add_user(tx, user_id=owner.user_id, email="bench@example.org", password_hash="not a hash", role=Role.USER)
    ids = [uuid4() for _ in range(portfolios)]
    async with database.transaction(owner) as tx:
        for number, portfolio_id in enumerate(ids):
            await add_portfolio(
                tx, portfolio_id=portfolio_id, name=f"P{number}", base_currency=CURRENCIES[number % TEMPLATES % 2], owner_id=owner.user_id
            )
    for number in range(min(TEMPLATES, portfolios)):
        await _book(database, owner, ids[number], made, closes, calendar, number)
    _copy(dsn, ids)
    for outcome in await builder.build(POLICY, calendar[0], calendar[-2]):
        if outcome.outcome == "failed":
            raise UnequalResults(f"The pack of {outcome.date} could not be built: {outcome.reason}")
    return desk


async def _observe(database: Database, made: Sequence[NewSecurity], calendar: Sequence[date]) -> np.ndarray:
    random = generator()
    walk = np.exp(np.cumsum(0.012 * random.standard_normal((len(made), len(calendar))), axis=1))
    closes: np.ndarray = np.maximum(100, np.rint(walk * random.uniform(10, 300, (len(made), 1)) * 100)).astype(np.int64)
    async with database.transaction(SYSTEM) as tx:
        await packs.put_policy(tx, packs.PolicyRecord(POLICY, "Closes.", ["TEST"], ["ECB"], dividend_adjusted=False))
        await put_securities(tx, made)
        for place, day in enumerate(calendar):
            await observations.put_prices(
                tx,
                [
                    (one.id, day, "TEST", None, None, None, Decimal(int(closes[n, place])).scaleb(-2), None, one.currency, CLOCK.now())
                    for n, one in enumerate(made)
                ],
            )
        swing = 0.02 * np.sin(np.arange(len(calendar)) / 9)
        await observations.put_rates(
            tx,
            [
                ("EUR", code, day, "ECB", Decimal(f"{level + swing[place]:.4f}"), CLOCK.now())
                for place, day in enumerate(calendar)
                for code, level in RATES.items()
            ],
        )
    return closes


async def _book(
    database: Database,
    owner: Actor,
    portfolio_id: UUID,
    made: Sequence[NewSecurity],
    closes: np.ndarray,
    calendar: Sequence[date],
    number: int,
) -> None:
    """Three deposits, and thirty purchases of as many securities spread over the first three quarters of the time."""
    random = generator(number)
    chosen = random.choice(len(made), LOTS, replace=False)
    when = np.sort(random.integers(1, max(2, 3 * len(calendar) // 4), LOTS))
    drafts = [
        TransactionDraft(
            line=1, transaction_type=TransactionType.DEPOSIT, transaction_date=calendar[0], currency=code, amount=Decimal(500_000),
            external_ref=f"d{code}",
        )
        for code in CURRENCIES
    ]  # fmt: skip
    for place, day in zip(chosen, when, strict=True):
        price, quantity = Decimal(int(closes[place, day])).scaleb(-2), Decimal(int(random.integers(1, 60)))
        drafts.append(
            TransactionDraft(
                line=1, transaction_type=TransactionType.BUY, transaction_date=calendar[day], currency=made[place].currency,
                amount=-price * quantity, external_ref=f"b{place}", symbol=made[place].symbol, quantity=quantity, price=price,
            )
        )  # fmt: skip
    async with database.transaction(owner) as tx:
        ledger = await open_ledger(tx, portfolio_id)
        done = await book(tx, ledger, drafts, source="bench", new_id=Identifiers(CLOCK, os.urandom).new, moment=CLOCK.now())
    if done.problems:
        raise UnequalResults(str(done.problems[0]))


def _copy(dsn: str, ids: Sequence[UUID]) -> None:
    """Give every further portfolio the ledger of one of the first."""
    sources, targets = [ids[n % TEMPLATES] for n in range(TEMPLATES, len(ids))], list(ids[TEMPLATES:])
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('app.role', 'SYSTEM', true)")
        for name in ("transactions", "lots", "portfolio_cash_flows"):
            found = connection.execute(
                "select attname from pg_attribute "
                "where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped and attgenerated = ''",
                [f"public.{name}"],
            )
            columns = [column for (column,) in found]
            values = [
                sql.SQL("w.target") if column == "portfolio_id" else
                sql.SQL("md5(w.target::text || s.{}::text)::uuid").format(sql.Identifier(column)) if column in _RENAMED else
                sql.SQL("s.{}").format(sql.Identifier(column))
                for column in columns
            ]  # fmt: skip
            query = sql.SQL(_COPIES).format(
                table=sql.Identifier("public", name),
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
                values=sql.SQL(", ").join(values),
            )
            connection.execute(query, {"sources": sources, "targets": targets})


def _seconds(report: NightReport, stamps: dict[str, float]) -> dict[str, float]:
    """How long each stage took: until the next one began."""
    if report.outcome != "fresh":
        raise UnequalResults(f"The night ended as {report.outcome}: {report.problem}")
    return {name: stamps[after] - stamps[name] for name, after in itertools.pairwise(STEPS)}


async def _night(desk: Desk) -> dict[str, float]:
    """A night like every other: yesterday is there, one day is new."""
    stamps: dict[str, float] = {}

    def heard(said: str) -> None:
        name = said.partition(": ")[2].partition(",")[0].replace(" ", "_")
        stamps.setdefault(name, time.perf_counter())

    report = await desk.nightly.run(POLICY, desk.days[-1], progress=heard)
    return _seconds(report, stamps)


async def _one_by_one(desk: Desk, share: int) -> float:
    """Seconds for ``share`` portfolios a request after another, each as if it were asked for on its page."""
    with psycopg.connect(desk.dsn, autocommit=True) as connection:
        connection.execute("select set_config('app.role', 'SYSTEM', false)")
        for name in _KEPT:
            connection.execute(sql.SQL("delete from {}").format(sql.Identifier(*name.split("."))))
    async with desk.database.transaction(SYSTEM, read_only=True) as tx:
        newest = await packs.pack_in_force(tx, POLICY)
        assert newest is not None
        block = await pinned_block(tx, newest, after=None, limit=share)
    start = time.perf_counter()
    for pins in block:
        context = desk.tools.context(pins)
        await get_or_compute(FIGURES, context, figures_parameters(pins, 252))
        await get_or_compute(ATTRIBUTIONS, context, attribution_parameters(pins, 252))
        await get_or_compute(HOLDINGS, context, {})
    return (time.perf_counter() - start) / len(block)


def _same(dsn: str, before: list[tuple[object, ...]], share: int) -> bool:
    after = _figures(dsn)
    return len(after) >= min(share, len(before)) and set(after) <= set(before)


def _figures(dsn: str) -> list[tuple[object, ...]]:
    """Every official figure, to compare what the night and single requests made of the same portfolios."""
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('app.role', 'SYSTEM', true)")
        return connection.execute(
            "select portfolio_id, date, metric_type, period, value from portfolio_metrics where date = %s union all "
            "select portfolio_id, asof_date, 'ATTRIBUTION', 'FX', fx_return from currency_attribution where asof_date = %s union all "
            "select portfolio_id, asof_date, 'HOLDINGS', symbol, market_value from holdings where asof_date = %s",
            [LAST] * 3,
        ).fetchall()


async def _measured(server: Server, portfolios: int, days: int, *, peer: bool) -> tuple[dict[str, float], float | None]:
    database = Database(server.app_dsn(), PoolLimits(min_size=1, max_size=4, statement_timeout=900))
    await database.open()
    try:
        start = time.perf_counter()
        desk = await _furnish(database, server.app_dsn(), portfolios, days)
        furnished = time.perf_counter()
        newest = (await desk.nightly.make_ready(f"PP_{desk.days[-2]}", releases_earlier=True)).outcome
        if newest != "fresh":
            raise UnequalResults(f"The first night ended as {newest}.")
        begun, whole = furnished - start, time.perf_counter() - furnished
        print(f"  {portfolios:,} portfolios: furnished in {begun:.0f} s, whole history in {whole:.0f} s", file=sys.stderr, flush=True)
        stages = await _night(desk)
        alone = None
        if peer:
            share = max(5, min(100, portfolios // 20))
            before = _figures(desk.dsn)
            alone = await _one_by_one(desk, share)
            if not _same(desk.dsn, before, share):
                raise UnequalResults("Single requests gave other figures than the night.")
        return stages, alone
    finally:
        await database.close()


def _rows(portfolios: int, days: int, stages: dict[str, float], alone: float | None, *, small: bool) -> list[Row]:
    size, whole = f"{portfolios:,} × {LOTS} lots × {days:,} days", sum(stages.values())
    split = ", ".join(f"{name.replace('_', ' ')} {seconds:.1f}" for name, seconds in stages.items())
    note = f"seconds: {split}; {portfolios / whole:,.0f} portfolios a second"
    rows = [bound("nightly", size, whole, at_most=900, what="seconds of the whole chain", small=small, note=note)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    rows.append(bound("nightly", size, peak, at_most=4, what="GiB of the process at its peak", small=small))
    if alone is not None:
        share = alone * portfolios / whole
        note = f"a request after another: {1 / alone:,.0f} portfolios a second ({EARLIER_PER_SECOND} in an earlier system)"
        rows.append(bound("nightly", size, 1 / share, at_most=1 / 50, what="of a loop over portfolios", small=small, note=note))
    return rows


def main(argv: Sequence[str]) -> list[Row]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="tiny sizes: only that it works and both sides agree")
    parser.add_argument("--rounds", type=int, default=1, help="not used: a night is run once for each size")
    parser.add_argument("--portfolios", type=int, nargs="+", help="sizes to run, instead of 2 500, 5 000 and 10 000")
    parser.add_argument("--days", type=int, help="days of history")
    options = parser.parse_args(list(argv))
    sizes = options.portfolios or ((20, 40) if options.small else (2_500, 5_000, 10_000))
    days = options.days or (30 if options.small else 504)
    rows: list[Row] = []
    each: list[float] = []
    for portfolios in sizes:
        with own_server() as server:
            stages, alone = asyncio.run(_measured(server, portfolios, days, peer=portfolios == sizes[0]))
        rows += _rows(portfolios, days, stages, alone, small=options.small)
        each.append(sum(stages.values()) / portfolios)
    growth = statistics.fmean(each[1:]) / each[0] if len(each) > 1 else 1.0
    rows.append(
        bound(
            "nightly",
            f"{sizes[-1]:,} against {sizes[0]:,} portfolios",
            growth,
            at_most=1.25,
            what="of the time a portfolio",
            small=options.small,
        )
    )
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
