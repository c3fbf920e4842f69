"""Daily net asset value of many portfolios from their trades, and of one after a back-dated trade (P5)."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd

from bench.harness import Row, arguments, bound, compare, generator, measure, table, version_of
from dawsos.compute.ledger.columns import LedgerColumns
from dawsos.compute.ledger.segment_building import holding_segments
from dawsos.compute.ledger.segments import FlowKind, Instrument, calendar_day
from dawsos.compute.valuation.history import nav_history, nav_history_suffix
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.identifiers import named
from dawsos.kernel.money import multiply, round_money

CURRENCIES = ("CAD", "USD", "EUR", "GBP")
POSITIONS, TRADES = 30, 3
FIRST_DAY = 14_000


@dataclass
class World:
    """A ledger as columns, and what the packs hold, for both sides."""

    ledger: LedgerColumns
    prices: PricePanel
    rates: RatePanel
    currency: np.ndarray  # of each security

    @property
    def portfolios(self) -> int:
        return len(self.ledger.portfolio_ids)

    @property
    def position_days(self) -> int:
        return self.portfolios * POSITIONS * len(self.prices.days)


def world(portfolios: int, days: int, securities: int) -> World:
    """Each portfolio trades 30 securities three times, paying from cash in four currencies that deposits on the first day provide."""
    random = generator()
    calendar = (FIRST_DAY + np.arange(days)).astype(np.int32)
    walk = np.exp(np.cumsum(0.01 * random.standard_normal((securities, days)), axis=1))
    close = np.maximum(1, np.rint(walk * random.uniform(10, 500, (securities, 1)) * 10**2)).astype(np.int64) * 10**6
    quoted = np.exp(np.cumsum(0.003 * random.standard_normal((3, days)), axis=1)) * [[1.3], [1.5], [1.7]]
    tables = [RateTable({(code, "CAD"): Decimal(f"{quoted[k, t]:.8f}") for k, code in enumerate(CURRENCIES[1:])}) for t in range(days)]
    currency = random.integers(0, len(CURRENCIES), securities).astype(np.int32)
    return World(
        ledger=_ledger(random, portfolios, days, close, currency),
        prices=PricePanel(calendar, _ids("security", securities), close),
        rates=RatePanel.from_tables([calendar_day(int(day)) for day in calendar], tables, currencies=CURRENCIES, base_currencies=["CAD"]),
        currency=currency,
    )


def _ids(kind: str, count: int) -> tuple:
    return tuple(named(kind, number) for number in range(count))


def _ledger(random: np.random.Generator, portfolios: int, days: int, close: np.ndarray, currency: np.ndarray) -> LedgerColumns:
    """Four deposits and 90 trades a portfolio, sorted as ledgers are; the last trade of each position sells part of it or all."""
    securities, shape = len(currency), (portfolios, POSITIONS, TRADES)
    first = random.integers(0, securities, (portfolios, 1, 1))
    held = np.broadcast_to((first + np.arange(POSITIONS)[:, None] * (securities // POSITIONS)) % securities, shape)
    when = np.sort(random.integers(0, days, shape), axis=2)
    units = random.integers(1, 1000, shape)
    units[:, :, -1] = np.minimum(units[:, :, -1], units[:, :, :-1].sum(axis=2))
    is_sale = np.broadcast_to(np.arange(TRADES) == TRADES - 1, shape)
    amount = np.where(is_sale, 1, -1) * units * (close[held, when] // 10**6)
    deposits, accounts = np.repeat(np.arange(portfolios), len(CURRENCIES)), np.tile(np.arange(len(CURRENCIES)), portfolios)
    owner = np.concatenate([deposits, np.broadcast_to(np.arange(portfolios)[:, None, None], shape).ravel()])
    day = np.concatenate([np.full(len(deposits), FIRST_DAY), FIRST_DAY + when.ravel()])
    kind = np.concatenate([np.full(len(deposits), FlowKind.DEPOSIT), np.where(is_sale, FlowKind.SELL, FlowKind.BUY).ravel()])
    nothing = np.zeros(len(deposits), dtype=np.int64)
    order = np.lexsort((day, owner))
    zero = np.zeros(len(order), dtype=np.int64)
    return LedgerColumns(
        portfolio_ids=_ids("portfolio", portfolios),
        securities=tuple(Instrument(one, f"S{n}", CURRENCIES[currency[n]]) for n, one in enumerate(_ids("security", securities))),
        currencies=CURRENCIES,
        portfolio=owner[order].astype(np.int32),
        day=day[order].astype(np.int32),
        sequence=np.arange(len(order)),
        kind=kind[order].astype(np.int8),
        security=np.concatenate([nothing - 1, held.ravel()])[order].astype(np.int32),
        currency=np.concatenate([accounts, currency[held].ravel()])[order].astype(np.int32),
        quantity=np.concatenate([nothing, units.ravel() * 10**8])[order],
        amount=np.concatenate([nothing + 10**10, amount.ravel()])[order],
        fee=zero, withholding_tax=zero, rate=zero, cost_basis=zero, acquisition_day=day[order].astype(np.int32),
        split_from=zero, split_to=zero, is_internal=zero.astype(np.bool_),
    )  # fmt: skip


def moves(w: World) -> pd.DataFrame:
    """What each transaction does to the quantity of its security and to the cash of its currency: the peers' input."""
    ledger, securities = w.ledger, len(w.currency)
    traded = ledger.security >= 0
    sign = np.where(ledger.kind == FlowKind.SELL, -1, 1)
    return pd.DataFrame(
        {
            "portfolio": np.concatenate([ledger.portfolio[traded], ledger.portfolio]),
            "instrument": np.concatenate([ledger.security[traded], securities + ledger.currency]),
            "day": np.concatenate([ledger.day[traded], ledger.day]) - FIRST_DAY,
            "change": np.concatenate([(sign * ledger.quantity / 1e8)[traded], ledger.amount / 100]),
        }
    )


def values_in_cad(w: World) -> np.ndarray:
    """Value of a unit of each security, and then of each currency, on each day, times 100."""
    rate = w.rates.rate[0]
    return np.concatenate([w.prices.close / 1e8 * rate[w.currency], rate]) * 100


def _pandas(w: World, portfolios: int):
    """Per portfolio: changes pivoted to days × instruments, added up over time, times values, rounded, summed."""
    all_moves, unit, days = moves(w), pd.DataFrame(values_in_cad(w).T), np.arange(len(w.prices.days))
    chosen = all_moves[all_moves["portfolio"] < portfolios]

    def run():
        values = []
        for _, own in chosen.groupby("portfolio"):
            held = own.groupby(["day", "instrument"])["change"].sum().unstack(fill_value=0.0)  # noqa: PD010 (twice as fast)
            held = held.reindex(days, fill_value=0.0).cumsum()
            values.append((held * unit[held.columns]).round().sum(axis=1).to_numpy())
        return np.array(values)

    return run


SQL = """
    WITH daily AS (
        SELECT portfolio, instrument, day, sum(change) AS change FROM moves WHERE portfolio < ? GROUP BY ALL
    ), held AS (
        SELECT portfolio, instrument, day AS first, sum(change) OVER earlier AS units,
            coalesce(lead(day) OVER earlier, ?) AS last
        FROM daily WINDOW earlier AS (PARTITION BY portfolio, instrument ORDER BY day)
    ), stretched AS (
        SELECT portfolio, instrument, units, unnest(range(first, last)) AS day FROM held
    )
    SELECT portfolio, day, sum(round_even(units * value, 0)) AS cents
    FROM stretched JOIN unit USING (instrument, day) GROUP BY portfolio, day ORDER BY portfolio, day
"""


def _duckdb(w: World, portfolios: int):
    connection = duckdb.connect(config={"threads": 1})
    unit, days = values_in_cad(w), len(w.prices.days)
    long = pd.DataFrame(
        {
            "instrument": np.repeat(np.arange(len(unit), dtype=np.int32), days),
            "day": np.tile(np.arange(days, dtype=np.int64), len(unit)),
            "value": unit.ravel(),
        }
    )
    for name, frame in (("moves", moves(w)), ("unit", long)):
        connection.register(f"{name}_frame", frame)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_frame")
    return lambda: connection.execute(SQL, [portfolios, days]).fetchnumpy()["cents"].reshape(portfolios, days)


def _loop(w: World, portfolios: int, number, value_of):
    """What a program without arrays does: day by day, apply the moves, value every position, add up."""
    all_moves, days = moves(w), len(w.prices.days)
    by_day = [
        {day: list(zip(rows["instrument"].tolist(), map(number, rows["change"]), strict=True)) for day, rows in own.groupby("day")}
        for _, own in all_moves[all_moves["portfolio"] < portfolios].groupby("portfolio")
    ]

    def run():
        values = []
        for own in by_day:
            held: dict[int, object] = {}
            nav = []
            for day in range(days):
                for instrument, change in own.get(day, ()):
                    held[instrument] = held.get(instrument, 0) + change
                nav.append(sum(value_of(units, instrument, day) for instrument, units in held.items()))
            values.append(nav)
        return np.array(values, dtype=np.float64)

    return run


def _float_loop(w: World, portfolios: int):
    unit = values_in_cad(w).tolist()
    return _loop(w, portfolios, float, lambda units, instrument, day: round(units * unit[instrument][day]))


def _decimal_loop(w: World, portfolios: int):
    securities = len(w.currency)
    close = [[Decimal(steps).scaleb(-8) for steps in row] for row in w.prices.close.tolist()]
    rate = [[w.rates.exact(0, c, t) for t in range(len(w.prices.days))] for c in range(len(CURRENCIES))]

    def cents(units: Decimal, instrument: int, day: int) -> int:
        if instrument >= securities:
            return int(round_money(multiply(units, rate[instrument - securities][day])) * 100)
        return int(round_money(multiply(units, close[instrument][day], rate[w.currency[instrument]][day])) * 100)

    return _loop(w, portfolios, lambda change: Decimal(str(change)), cents)


def _same(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """To the cent, but for the odd half cent that plain float64 rounds the other way."""
    difference = np.abs(ours[: len(theirs)] - theirs)
    return bool(difference.max() <= 2 and (difference == 0).mean() > 0.99)


def _back_dated(w: World, options, size: str) -> list[Row]:
    """One trade in the middle of a long ledger, from its columns to the values of every day after it."""
    whole = nav_history(holding_segments(w.ledger), w.prices, w.rates, "CAD")
    middle = int(np.searchsorted(w.ledger.day, w.ledger.day[0] + len(w.prices.days) // 2))
    amount = w.ledger.amount.copy()
    amount[middle] -= 1
    changed = replace(w.ledger, amount=amount)
    first: date = calendar_day(int(w.ledger.day[middle]))

    def refresh():
        return nav_history_suffix(whole, holding_segments(changed), w.prices, w.rates, changed_from=first).nav

    def anew():
        return nav_history(holding_segments(changed), w.prices, w.rates, "CAD").nav

    seconds = measure(refresh, rounds=options.rounds)
    return [
        compare("back_dated", size, refresh, anew, peer_name="the whole history anew", equal=np.array_equal, small=options.small),
        bound("back_dated", size, seconds * 1e3, at_most=10, what="milliseconds (the compute part)", small=options.small),
    ]


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    rows: list[Row] = []
    days = 60 if options.small else 2_520
    for portfolios in (5, 20) if options.small else (100, 1_000):
        w = world(portfolios, days, 60 if options.small else 500)
        full, size = portfolios >= 1_000, f"{portfolios:,} × {POSITIONS} × {days:,}, {len(w.ledger.day):,} entries"
        timing = {"small": options.small, "rounds": options.rounds, "clock": time.process_time}
        sample = min(portfolios, 20)
        part = {"peer_share": sample / portfolios}

        def ours(w=w):
            return nav_history(holding_segments(w.ledger), w.prices, w.rates, "CAD").nav

        source = np.zeros((sample, POSITIONS, days))
        target = np.empty_like(source)
        peers = [
            ("pandas", version_of("pandas"), _pandas(w, sample), 50, _same),
            ("DuckDB", version_of("duckdb"), _duckdb(w, sample), 50, _same),
            ("float loop per day", "", _float_loop(w, sample), 100, _same),
            (
                "Decimal loop per day",
                "",
                _decimal_loop(w, min(sample, 5)),
                100,
                lambda mine, exact: np.array_equal(mine[: len(exact)], exact),
            ),
            ("streamed copy", "", lambda source=source, target=target: np.copyto(target, source), 0.35, None),
        ]
        for name, version, peer, goal, equal in peers:
            share = min(sample, 5) / portfolios if name.startswith("Decimal") else part["peer_share"]
            rows.append(
                compare(
                    "nav_history", size, ours, peer, peer_name=name, peer_version=version, goal=goal if full else None, equal=equal,
                    peer_share=share, **timing,
                )
            )  # fmt: skip
    for days_held in (30, 60) if options.small else (1_260, 2_520):
        rows += _back_dated(world(1, days_held, 60 if options.small else 500), options, f"1 portfolio × {POSITIONS} × {days_held:,}")
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
