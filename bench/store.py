"""A day of values, figures and attributions of very many portfolios in, their daily histories out (P10)."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import numpy as np
import psycopg

from bench.harness import Row, arguments, compare, generator, table, version_of
from bench.support.server import Server, own_server
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.kernel.identity import SYSTEM, Role
from dawsos.store import history, packs
from dawsos.store.attribution import put_attributions
from dawsos.store.binary_copy import Column, constant, dates, encode, integers, numerics, texts, uuids
from dawsos.store.database import Database, PoolLimits
from dawsos.store.metrics import replace_metrics
from dawsos.store.portfolios import add_portfolio
from dawsos.store.users import add_user

FIRST: Final = date(2024, 1, 2)
MOMENT: Final = datetime(2024, 1, 3, tzinfo=UTC)
PACK: Final = "PP_2024-01-02"
HASH: Final = "ab" * 32
METRICS: Final = ("TWR", "MWR", "VOLATILITY", "SHARPE", "SORTINO", "MAX_DRAWDOWN", "BETA", "ALPHA", "TRACKING_ERROR", "INFORMATION_RATIO")
READ: Final = 20
_VALUES: Final = """
    insert into portfolio_daily_values (portfolio_id, date, nav, cash, securities_value, total_pl, daily_pl, net_external_flow, currency,
        pricing_pack_id, ledger_commit_hash) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_METRICS: Final = """
    insert into portfolio_metrics (portfolio_id, date, metric_type, period, value, pricing_pack_id, ledger_commit_hash, computed_at)
    values (%s, %s, %s, %s, %s, %s, %s, %s)"""
_ATTRIBUTIONS: Final = """
    insert into currency_attribution (portfolio_id, asof_date, pricing_pack_id, ledger_commit_hash, lookback_days, start_date, local_return,
        fx_return, interaction_return, total_return, base_return_actual, error_bps, attribution_by_currency, base_currency, created_at)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_SUMS: Final = """
    select (select sum(nav + cash * 3 + total_pl * 7) from portfolio_daily_values where date = %(day)s and portfolio_id = any (%(ids)s)),
        (select sum(value * length(metric_type)) from portfolio_metrics where date = %(day)s and portfolio_id = any (%(ids)s)),
        (select sum(total_return + fx_return * 3) from currency_attribution where asof_date = %(day)s and portfolio_id = any (%(ids)s)),
        (select min(attribution_by_currency::text) from currency_attribution where asof_date = %(day)s)"""
_BY_CURRENCY: Final = '{"CAD":"0.01","USD":"0.02"}'


@dataclass
class Day:
    """What a nightly run has in arrays: cents of values, 1e-8 of figures and attributions, per portfolio."""

    ids: list[UUID]
    cents: np.ndarray  # [6 × N] nav, cash, securities_value, total_pl, daily_pl, net_external_flow
    figures: np.ndarray  # [N × metrics]
    parts: np.ndarray  # [6 × N] local, fx, interaction, total, actual, error

    @classmethod
    def of(cls, ids: list[UUID]) -> "Day":
        random, n = generator(), len(ids)
        cash, securities, *rest = random.integers(1, 10**9, (5, n))
        parts = random.integers(-(10**6), 10**6, (6, n))
        return cls(ids, np.array([cash + securities, cash, securities, *rest]), random.integers(-(10**9), 10**9, (n, len(METRICS))), parts)


@dataclass
class Desk:
    """A database of portfolios, and the next day to write."""

    database: Database
    runner: asyncio.Runner
    ids: list[UUID]
    dsn: str
    days: int = 0
    peer: psycopg.Connection[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.peer = psycopg.connect(self.dsn, autocommit=True, options="-c search_path=app,public -c timezone=UTC")

    def next_day(self) -> date:
        self.days += 1
        return FIRST + timedelta(days=self.days)

    def sums(self, day: date, ids: Sequence[UUID]) -> Any:
        with self.peer.transaction():
            self.peer.execute("select set_config('app.role', 'SYSTEM', true)")
            return self.peer.execute(_SUMS, {"day": day, "ids": list(ids)}).fetchone()


def _encoded(what: Day, day: date) -> tuple[bytes, bytes, bytes]:
    """The three tables as binary COPY buffers."""
    n, m = len(what.ids), len(METRICS)
    owner, on = uuids(what.ids), dates(np.array([day], dtype="datetime64[D]"))
    pack, ledger, cad, moment = texts([PACK]), texts([HASH]), texts(["CAD"]), _moment()
    values = encode([owner, constant(on, n), *(numerics(one, 2) for one in what.cents), *_repeated(n, cad, pack, ledger)])
    names, flat = texts(METRICS * n), numerics(what.figures.ravel(), 8)
    state = _repeated(n * m, pack, ledger, moment, texts([None]))
    owners = uuids(np.repeat(owner.data, m, axis=0))
    figures = encode([owners, constant(on, n * m), names, constant(texts(["1Y"]), n * m), flat, *state])
    window = _repeated(n, on, pack, ledger, integers(np.array([252])), on)
    attributions = encode([owner, *window, *(numerics(one, 8) for one in what.parts), *_repeated(n, texts([_BY_CURRENCY]), cad, moment)])
    return values, figures, attributions


def _repeated(rows: int, *columns: Column) -> list[Column]:
    return [constant(column, rows) for column in columns]


def _moment() -> Column:
    """``timestamptz`` on the wire: microseconds since 2000-01-01 UTC."""
    since = MOMENT - datetime(2000, 1, 1, tzinfo=UTC)
    return Column(np.array([since // timedelta(microseconds=1)], dtype=">i8").view(np.uint8).reshape(1, 8))


def _bulk(desk: Desk, what: Day) -> date:
    async def run(day: date) -> None:
        async with desk.database.transaction(SYSTEM) as tx:
            values, figures, attributions = _encoded(what, day)
            await history.add_daily_values(tx, values)
            await replace_metrics(tx, figures)
            await put_attributions(tx, attributions)

    day = desk.next_day()
    desk.runner.run(run(day))
    return day


def _row_by_row(desk: Desk, what: Day, share: int) -> date:
    day = desk.next_day()
    ids = what.ids[:share]
    money = [[Decimal(int(cents)).scaleb(-2) for cents in column[:share]] for column in what.cents]
    parts = [[Decimal(int(part)).scaleb(-8) for part in column[:share]] for column in what.parts]
    values = [(owner, day, *amounts, "CAD", PACK, HASH) for owner, *amounts in zip(ids, *money, strict=True)]
    figures = [
        (owner, day, name, "1Y", Decimal(int(figure)).scaleb(-8), PACK, HASH, MOMENT)
        for owner, row in zip(ids, what.figures[:share], strict=True)
        for name, figure in zip(METRICS, row, strict=True)
    ]
    attributions = [(o, day, PACK, HASH, 252, day, *part, _BY_CURRENCY, "CAD", MOMENT) for o, *part in zip(ids, *parts, strict=True)]
    with desk.peer.transaction(), desk.peer.cursor() as cursor:
        cursor.execute("select set_config('app.role', 'SYSTEM', true)")
        cursor.executemany(_VALUES, values)
        cursor.executemany(_METRICS, figures)
        cursor.executemany(_ATTRIBUTIONS, attributions)
    return day


async def _furnish(database: Database, portfolios: int) -> list[UUID]:
    owner, ids = uuid4(), [uuid4() for _ in range(portfolios)]
    async with database.transaction(SYSTEM) as tx:
        await add_user(tx, user_id=owner, email="bench@example.org", password_hash="not a hash", role=Role.USER)
        await packs.put_policy(tx, packs.PolicyRecord("ECB_CLOSE", "Closes.", ["TEST"], ["ECB"], dividend_adjusted=False))
        await packs.add_failed_pack(
            tx, PACK, day=FIRST, policy="ECB_CLOSE", edition=1, revision=0, reason="only to be named", moment=MOMENT
        )
        for owner_id in ids:
            await add_portfolio(tx, portfolio_id=owner_id, name=owner_id.hex, base_currency="CAD", owner_id=owner)
    return ids


async def _keep_histories(database: Database, ids: Sequence[UUID], days: int) -> None:
    """Packed series and the rows beside them, of the portfolios that are read."""
    random = generator()
    async with database.transaction(SYSTEM) as tx:
        for owner in ids:
            cash, securities, total, daily, flow = random.integers(1, 10**9, (5, days))
            numbers = np.arange(1_000, 1_000 + days, dtype=np.int32)
            series = NavSeries(numbers, cash + securities, cash, securities, total, daily, flow)
            packed = series.packed()
            record = history.NavSeriesRecord(
                portfolio_id=owner, edition=1, pricing_pack_id=PACK, ledger_commit_hash=HASH, method_version="bench/1", currency="CAD",
                dates=packed.pop("days"), **packed,
            )  # fmt: skip
            await history.put_nav_series(tx, record, MOMENT)
            columns = [numerics(column, 2) for column in (series.nav, cash, securities, total, daily, flow)]
            repeated = [constant(texts([text]), days) for text in ("CAD", PACK, HASH)]
            await history.add_daily_values(tx, encode([constant(uuids([owner]), days), dates(numbers), *columns, *repeated]))


def _read_packed(desk: Desk, ids: Sequence[UUID]) -> list[NavSeries]:
    async def run() -> list[NavSeries]:
        found = []
        async with desk.database.transaction(SYSTEM, read_only=True) as tx:
            for owner in ids:
                kept = await history.find_nav_series(tx, owner)
                assert kept is not None
                found.append(
                    NavSeries.unpacked(
                        days=kept.dates, nav=kept.nav, cash=kept.cash, securities_value=kept.securities_value, total_pl=kept.total_pl,
                        daily_pl=kept.daily_pl, net_external_flow=kept.net_external_flow,
                    )
                )  # fmt: skip
        return found

    return desk.runner.run(run())


def _read_rows(desk: Desk, ids: Sequence[UUID]) -> list[list[history.DailyValueRecord]]:
    async def run() -> list[list[history.DailyValueRecord]]:
        async with desk.database.transaction(SYSTEM, read_only=True) as tx:
            return [await history.daily_values(tx, owner, date.min, date(2020, 1, 1)) for owner in ids]

    return desk.runner.run(run())


def _same_histories(packed: list[NavSeries], rows: list[list[history.DailyValueRecord]]) -> bool:
    def columns(series: NavSeries) -> list[list[int]]:
        return [column.tolist() for column in (series.nav, series.cash, series.securities_value, series.net_external_flow)]

    def stored(records: list[history.DailyValueRecord]) -> list[list[int]]:
        names = ("nav", "cash", "securities_value", "net_external_flow")
        return [[int(getattr(record, name) * 100) for record in records] for name in names]

    return all(columns(one) == stored(other) for one, other in zip(packed, rows, strict=True))


def _measured(server: Server, portfolios: int, days: int, *, rounds: int, small: bool, is_full: bool) -> list[Row]:
    with asyncio.Runner() as runner:
        database = Database(server.app_dsn(), PoolLimits(min_size=1, max_size=2, statement_timeout=600))
        runner.run(database.open())
        try:
            desk = Desk(database, runner, runner.run(_furnish(database, portfolios)), server.app_dsn())
            what, share = Day.of(desk.ids), max(1, portfolios // 10)
            read = desk.ids[:READ]
            runner.run(_keep_histories(database, read, days))
            goal, timing = 20 if is_full else None, {"rounds": rounds, "small": small}
            written = compare(
                "store",
                f"{portfolios:,} portfolios in",
                lambda: _bulk(desk, what),
                lambda: _row_by_row(desk, what, share),
                peer_name="psycopg executemany",
                peer_version=version_of("psycopg"),
                peer_share=share / portfolios,
                equal=lambda mine, theirs: desk.sums(mine, desk.ids[:share]) == desk.sums(theirs, desk.ids[:share]),
                goal=goal,
                note=f"1 value, {len(METRICS)} figures, 1 attribution each, under row-level security, committed",
                **timing,
            )
            out = compare(
                "store",
                f"{READ} × {days:,} days out",
                lambda: _read_packed(desk, read),
                lambda: _read_rows(desk, read),
                peer_name="row objects",
                equal=_same_histories,
                goal=goal,
                note="packed series to arrays",
                **timing,
            )
            desk.peer.close()
        finally:
            runner.run(database.close())
    return [written, out]


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    rows: list[Row] = []
    for portfolios, days in ((50, 60), (100, 120)) if options.small else ((1_000, 1_260), (10_000, 2_520)):
        with own_server() as server:
            is_full = portfolios >= 10_000
            rows += _measured(server, portfolios, days, rounds=options.rounds, small=options.small, is_full=is_full)
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
