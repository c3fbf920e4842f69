"""Currency attribution of very many portfolios over a year, day by day and linked (P9)."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import expm1, log1p

import duckdb
import numpy as np
import pandas as pd

from bench.harness import Row, arguments, compare, generator, table, version_of
from dawsos.compute.attribution.currency_block import attribute_currencies
from dawsos.compute.ledger.segments import OPEN_END, HoldingSegments, Instrument, calendar_day
from dawsos.compute.valuation.history import nav_history
from dawsos.compute.valuation.nav_records import NavHistory
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.identifiers import named

CURRENCIES = ("CAD", "USD", "EUR", "GBP", "JPY")
HOLDINGS, FIRST_DAY = 30, 19_000


@dataclass
class World:
    """Holdings that stay, prices, rates, and the daily values that are kept of them."""

    segments: HoldingSegments
    prices: PricePanel
    rates: RatePanel
    history: NavHistory
    currency: np.ndarray

    @property
    def portfolios(self) -> int:
        return len(self.segments.portfolio_ids)

    @property
    def security(self) -> np.ndarray:
        return self.segments.instrument.reshape(self.portfolios, HOLDINGS)

    @property
    def units(self) -> np.ndarray:
        return (self.segments.quantity / 1e8).reshape(self.portfolios, HOLDINGS)


def world(portfolios: int, securities: int, days: int) -> World:
    """Thirty securities a portfolio, in five currencies, valued in Canadian dollars; nothing is traded."""
    random = generator()
    calendar = (FIRST_DAY + np.arange(days)).astype(np.int32)
    walk = np.exp(np.cumsum(0.01 * random.standard_normal((securities, days)), axis=1))
    close = np.rint(walk * random.uniform(10, 500, (securities, 1)) * 100).astype(np.int64) * 10**6
    quoted = np.exp(np.cumsum(0.004 * random.standard_normal((len(CURRENCIES) - 1, days)), axis=1))
    tables = [RateTable({(c, "CAD"): Decimal(f"{quoted[k, t]:.8f}") for k, c in enumerate(CURRENCIES[1:])}) for t in range(days)]
    dates = [calendar_day(int(day)) for day in calendar]
    currency = random.integers(0, len(CURRENCIES), securities).astype(np.int32)
    ids = tuple(named("security", number) for number in range(securities))
    first = random.integers(0, securities, (portfolios, 1))
    held = np.sort((first + np.arange(HOLDINGS) * (securities // HOLDINGS)) % securities, axis=1)
    prices = PricePanel(calendar, ids, close)
    rates = RatePanel.from_tables(dates, tables, currencies=CURRENCIES, base_currencies=["CAD"])
    segments = _segments(held, random.integers(1, 1000, held.size) * 10**8, ids, currency)
    return World(segments, prices, rates, nav_history(segments, prices, rates, "CAD"), currency)


def _segments(held: np.ndarray, quantity: np.ndarray, ids: tuple, currency: np.ndarray) -> HoldingSegments:
    portfolios, count = len(held), held.size
    none = {4: np.empty(0, dtype=np.int32), 8: np.empty(0, dtype=np.int64)}
    nowhere = np.zeros(portfolios + 1, dtype=np.int64)
    return HoldingSegments(
        portfolio_ids=(named("portfolio", 0),) * portfolios,
        instruments=tuple(Instrument(one, str(n), CURRENCIES[currency[n]]) for n, one in enumerate(ids)),
        currencies=CURRENCIES,
        segment_offsets=np.arange(portfolios + 1, dtype=np.int64) * HOLDINGS,
        instrument=held.ravel().astype(np.int32),
        start_day=np.full(count, FIRST_DAY, dtype=np.int32),
        end_day=np.full(count, OPEN_END, dtype=np.int32),
        quantity=quantity,
        flow_offsets=nowhere, flow_instrument=none[4], flow_day=none[4], flow_kind=np.empty(0, dtype=np.int8), flow_amount=none[8],
        flow_currency=none[4], flow_fx_rate=none[8], flow_quantity=none[8], flow_is_external=np.empty(0, dtype=np.bool_),
        flow_is_gain=np.empty(0, dtype=np.bool_), split_offsets=nowhere, split_instrument=none[4], split_day=none[4],
        split_from=none[8], split_to=none[8],
    )  # fmt: skip


def _ours(w: World):
    return lambda: attribute_currencies(w.segments, w.prices, w.rates, w.history).outcome.effects[:, :, 1:]


def _loop(w: World, portfolios: int):
    """What a program without arrays does: holding by holding and day by day, by currency, then linked."""
    price = (w.prices.close / 1e8).tolist()
    rate = w.rates.rate[0].tolist()
    books = [
        list(zip(w.units[p].tolist(), w.security[p].tolist(), w.currency[w.security[p]].tolist(), strict=True)) for p in range(portfolios)
    ]
    days = len(w.prices.days)

    def attribute(book):
        daily, returns = [], []
        for t in range(1, days):
            parts: dict[int, list[float]] = {}
            capital = total = 0.0
            for units, security, currency in book:
                opening, closing = units * price[security][t - 1], units * price[security][t]
                x0, x1 = rate[currency][t - 1], rate[currency][t]
                gain = closing - opening
                own = parts.setdefault(currency, [0.0, 0.0, 0.0])
                own[0] += gain * x0
                own[1] += opening * (x1 - x0)
                own[2] += gain * (x1 - x0)
                capital += opening * x0
                total += closing * x1 - opening * x0
            daily.append((parts, capital))
            returns.append(total / capital)
        growth = sum(map(log1p, returns))
        linked = np.zeros((len(CURRENCIES), 3))
        for (parts, capital), one in zip(daily, returns, strict=True):
            scale = (log1p(one) / one if one else 1.0) / capital * (expm1(growth) / growth)
            for currency, amounts in parts.items():
                linked[currency] += np.multiply(amounts, scale)
        return linked

    return lambda: np.array([attribute(book) for book in books])


def _pandas(w: World, portfolios: int):
    """Per portfolio: holdings × closes summed by currency, then whole columns of days."""
    price, rate = pd.DataFrame((w.prices.close / 1e8).T), pd.DataFrame(w.rates.rate[0].T)

    def attribute(p):
        value = (price[w.security[p]] * w.units[p]).T.groupby(w.currency[w.security[p]]).sum().T
        x = rate[value.columns]
        gain, opening, x0, move = value.diff().iloc[1:], value.shift().iloc[1:], x.shift().iloc[1:], x.diff().iloc[1:]
        local, fx, interaction = gain * x0, opening * move, gain * move
        capital = (opening * x0).sum(axis=1)
        returns = (local + fx + interaction).sum(axis=1) / capital
        growth = np.log1p(returns).sum()
        scale = np.log1p(returns) / returns / capital * (np.expm1(growth) / growth)
        linked = np.zeros((len(CURRENCIES), 3))
        for column, part in enumerate((local, fx, interaction)):
            linked[value.columns, column] = part.mul(scale, axis=0).sum()
        return linked

    return lambda: np.array([attribute(p) for p in range(portfolios)])


SQL = """
    WITH value AS (
        SELECT portfolio, currency, day, sum(units * price) AS value
        FROM holdings JOIN prices USING (security) GROUP BY ALL
    ), moved AS (
        SELECT portfolio, currency, day, value - lag(value) OVER days AS gain, lag(value) OVER days AS opening,
            lag(rate) OVER days AS x0, rate - lag(rate) OVER days AS move
        FROM value JOIN rates USING (currency, day) WINDOW days AS (PARTITION BY portfolio, currency ORDER BY day)
    ), parts AS (
        SELECT portfolio, currency, day, gain * x0 AS local, opening * move AS fx, gain * move AS interaction, opening * x0 AS invested
        FROM moved WHERE gain IS NOT NULL
    ), days AS (
        SELECT portfolio, day, sum(invested) AS capital, sum(local + fx + interaction) / sum(invested) AS r FROM parts GROUP BY ALL
    ), scaled AS (
        SELECT portfolio, day, ln(1 + r) / r / capital AS k, sum(ln(1 + r)) OVER (PARTITION BY portfolio) AS growth FROM days
    )
    SELECT portfolio, currency, sum(local * k) * any_value((exp(growth) - 1) / growth) AS local,
        sum(fx * k) * any_value((exp(growth) - 1) / growth) AS fx,
        sum(interaction * k) * any_value((exp(growth) - 1) / growth) AS interaction
    FROM parts JOIN scaled USING (portfolio, day) GROUP BY ALL
"""


def _duckdb(w: World, portfolios: int):
    days, securities = len(w.prices.days), len(w.currency)
    frames = {
        "holdings": pd.DataFrame(
            {
                "portfolio": np.repeat(np.arange(portfolios), HOLDINGS),
                "security": w.security[:portfolios].ravel(),
                "currency": w.currency[w.security[:portfolios]].ravel(),
                "units": w.units[:portfolios].ravel(),
            }
        ),
        "prices": pd.DataFrame(
            {
                "security": np.repeat(np.arange(securities, dtype=np.int32), days),
                "day": np.tile(np.arange(days), securities),
                "price": (w.prices.close / 1e8).ravel(),
            }
        ),
        "rates": pd.DataFrame(
            {
                "currency": np.repeat(np.arange(len(CURRENCIES), dtype=np.int32), days),
                "day": np.tile(np.arange(days), len(CURRENCIES)),
                "rate": w.rates.rate[0].ravel(),
            }
        ),
    }
    connection = duckdb.connect(config={"threads": 1})
    for name, frame in frames.items():
        connection.register(f"{name}_frame", frame)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_frame")

    def run():
        found = connection.execute(SQL).fetchnumpy()
        linked = np.zeros((portfolios, len(CURRENCIES), 3))
        for column, part in enumerate(("local", "fx", "interaction")):
            linked[found["portfolio"], found["currency"], column] = found[part]
        return linked

    return run


def _same(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """To a tenth of a millionth: ours accounts for daily values as they are shown, in cents, which the peers do not."""
    return bool(np.abs(ours[: len(theirs)] - theirs).max() < 1e-7)


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    rows: list[Row] = []
    days = 10 if options.small else 252
    for portfolios in (20, 100) if options.small else (10_000, 100_000):
        w = world(portfolios, 300 if options.small else 5_000, days)
        sample, size = min(portfolios, 50), f"{portfolios:,} portfolios × {HOLDINGS} × {days}"
        peers = [
            ("loop per holding", "", _loop, 1_000 if portfolios >= 100_000 else None),
            ("pandas", version_of("pandas"), _pandas, None),
            ("DuckDB", version_of("duckdb"), _duckdb, None),
        ]
        for name, version, peer, goal in peers:
            rows.append(
                compare(
                    "attribution", size, _ours(w), peer(w, sample), peer_name=name, peer_version=version, goal=goal, equal=_same,
                    peer_share=sample / portfolios, small=options.small, rounds=options.rounds,
                    clock=time.process_time,
                )
            )  # fmt: skip
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
