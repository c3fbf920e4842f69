"""One back-dated trade: booked and committed, and the portfolio's daily values and risk sheet after it (P5)."""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

import numpy as np

from bench.harness import Row, UnequalResults, arguments, bound, generator, table
from bench.support.server import own_server
from dawsos.compute.ledger.segment_building import segments
from dawsos.compute.ledger.segments import calendar_day
from dawsos.compute.returns.daily import daily_returns
from dawsos.compute.risk.sheet import sheet
from dawsos.compute.valuation.history import nav_history, nav_history_suffix
from dawsos.compute.valuation.nav_records import NavHistory
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.drafts import TransactionDraft
from dawsos.services.ledger.booking import book, open_ledger
from dawsos.store import history as history_store
from dawsos.store.database import Database, PoolLimits
from dawsos.store.history import NavSeriesRecord
from dawsos.store.packs import PolicyRecord, add_failed_pack, put_policy
from dawsos.store.portfolios import add_portfolio
from dawsos.store.securities import NewSecurity, put_securities
from dawsos.store.users import add_user

CLOCK: Final = FixedClock(datetime(2024, 1, 2, tzinfo=UTC))
PACK: Final = "PP_2024-01-02"
POSITIONS: Final = 30
FIRST_DAY: Final = 14_000
_COLUMNS: Final = ("nav", "cash", "securities_value", "total_pl", "daily_pl", "net_external_flow")


@dataclass
class Desk:
    """A portfolio in a database, the panels of packs that never change, and the values as they were before the next trade."""

    database: Database
    actor: Actor
    portfolio_id: UUID
    prices: PricePanel
    rates: RatePanel
    ids: Identifiers
    transactions: list[Transaction] = field(default_factory=list)
    values: NavHistory | None = None
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"trade": [], "values": [], "sheet": [], "kept": []})

    def line(self, day: int, reference: str, symbol: str, cents: int) -> TransactionDraft:
        price = Decimal(cents).scaleb(-2)
        return TransactionDraft(
            line=1, transaction_type=TransactionType.BUY, transaction_date=calendar_day(day), currency="CAD", amount=-price * 10,
            external_ref=reference, symbol=symbol, quantity=Decimal(10), price=price,
        )  # fmt: skip

    async def book(self, drafts: Sequence[TransactionDraft]) -> None:
        async with self.database.transaction(self.actor) as tx:
            ledger = await open_ledger(tx, self.portfolio_id)
            done = await book(tx, ledger, drafts, source="bench", new_id=self.ids.new, moment=CLOCK.now())
        if done.problems:
            raise UnequalResults(str(done.problems[0]))
        self.transactions += [entry.transaction for entry in done.booked]

    async def trade(self, draft: TransactionDraft) -> None:
        """Book it, bring values and sheet up to date, keep the values; each part is timed."""
        before = self.values
        assert before is not None
        marks = [time.perf_counter()]
        await self.book([draft])
        marks.append(time.perf_counter())
        holdings = segments([self.transactions])
        self.values = nav_history_suffix(before, holdings, self.prices, self.rates, changed_from=draft.transaction_date)
        marks.append(time.perf_counter())
        series = NavSeries.of(self.values)
        figures = sheet(daily_returns(series.units("nav"), series.units("net_external_flow")).returns)
        marks.append(time.perf_counter())
        await self.keep(series)
        marks.append(time.perf_counter())
        for name, start, end in zip(self.seconds, marks, marks[1:], strict=False):
            self.seconds[name].append(end - start)
        if not np.isfinite(figures.volatility):
            raise UnequalResults("The sheet has no volatility.")

    async def keep(self, series: NavSeries) -> None:
        packed = series.packed()
        record = NavSeriesRecord(
            portfolio_id=self.portfolio_id, edition=1, pricing_pack_id=PACK, ledger_commit_hash="ab" * 32,
            method_version="bench", currency="CAD", dates=packed["days"], **{name: packed[name] for name in _COLUMNS},
        )  # fmt: skip
        async with self.database.transaction(SYSTEM) as tx:
            await history_store.put_nav_series(tx, record, CLOCK.now())


async def _furnish(database: Database, days: int) -> Desk:
    random = generator()
    actor, portfolio_id = Actor(uuid4(), Role.USER), uuid4()
    assert actor.user_id is not None
    made = [NewSecurity(id=uuid4(), symbol=f"S{n:04}", currency="CAD", security_type="EQUITY") for n in range(POSITIONS)]
    async with database.transaction(SYSTEM) as tx:
        await put_policy(tx, PolicyRecord("ECB_CLOSE", "Closes.", ["TEST"], ["ECB"], dividend_adjusted=False))
        await add_failed_pack(
            tx, PACK, day=CLOCK.now().date(), policy="ECB_CLOSE", edition=1, revision=0, reason="only to be named", moment=CLOCK.now()
        )
        await put_securities(tx, made)
        await add_user(tx, user_id=actor.user_id, email="bench@example.org", password_hash="not a hash", role=Role.USER)
    async with database.transaction(actor) as tx:
        await add_portfolio(tx, portfolio_id=portfolio_id, name="bench", base_currency="CAD", owner_id=actor.user_id)
    calendar = (FIRST_DAY + np.arange(days)).astype(np.int32)
    walk = np.exp(np.cumsum(0.01 * random.standard_normal((POSITIONS, days)), axis=1))
    close = np.maximum(1, np.rint(walk * random.uniform(10, 500, (POSITIONS, 1)) * 100)).astype(np.int64) * 10**6
    tables = [RateTable({})] * days
    rates = RatePanel.from_tables([calendar_day(int(day)) for day in calendar], tables, currencies=["CAD"], base_currencies=["CAD"])
    desk = Desk(
        database, actor, portfolio_id, PricePanel(calendar, tuple(one.id for one in made), close), rates, Identifiers(CLOCK, os.urandom)
    )
    first = calendar_day(FIRST_DAY)
    deposit = TransactionDraft(
        line=1, transaction_type=TransactionType.DEPOSIT, transaction_date=first, currency="CAD", amount=Decimal(10**8), external_ref="cash"
    )
    when = np.sort(random.integers(0, days, 3 * POSITIONS))
    trades = [
        desk.line(FIRST_DAY + int(t), f"t{n}", f"S{n % POSITIONS:04}", int(close[n % POSITIONS, t] // 10**6)) for n, t in enumerate(when)
    ]
    await desk.book([deposit, *trades])
    desk.values = nav_history(segments([desk.transactions]), desk.prices, desk.rates, "CAD")
    return desk


async def _traded(dsn: str, days: int, rounds: int) -> Desk:
    database = Database(dsn, PoolLimits(min_size=1, max_size=2))
    await database.open()
    try:
        desk = await _furnish(database, days)
        for number in range(rounds + 2):
            symbol = number % POSITIONS
            await desk.trade(desk.line(FIRST_DAY + days // 2, f"late-{number}", f"S{symbol:04}", 12_345))
        whole = nav_history(segments([desk.transactions]), desk.prices, desk.rates, "CAD")
        assert desk.values is not None
        if not np.array_equal(whole.nav, desk.values.nav):
            raise UnequalResults("The refreshed values are not those of the whole history anew.")
        return desk
    finally:
        await database.close()


def _rows(desk: Desk, size: str, *, small: bool) -> list[Row]:
    middle = {name: statistics.median(each[2:]) * 1e3 for name, each in desk.seconds.items()}
    whole = [sum(parts) for parts in zip(*(each[2:] for each in desk.seconds.values()), strict=True)]
    note = ", ".join(f"{name} {value:.1f} ms" for name, value in middle.items())
    return [bound("back_dated", size, statistics.median(whole) * 1e3, at_most=10, what="milliseconds", small=small, note=note)]


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    rows: list[Row] = []
    for days in (30, 60) if options.small else (1_260, 2_520):
        with own_server() as server:
            desk = asyncio.run(_traded(server.app_dsn(), days, 1 if options.small else 4 * options.rounds))
        size = f"1 portfolio × {POSITIONS} × {days:,} with its commit"
        rows += _rows(desk, size, small=options.small)
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
