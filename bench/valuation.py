"""Valuing every position of very many portfolios with one pack, exact to the cent (P4)."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl

from bench.harness import Row, arguments, compare, generator, table, version_of
from dawsos.compute.valuation.batch import LotColumns, PackColumns, PositionBlock, value_lots_batch
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.money import multiply, round_money

CURRENCIES = ("USD", "EUR", "CAD", "GBP", "JPY", "CHF", "AUD", "SEK", "NOK", "DKK", "NZD", "PLN", "CZK", "HUF", "MXN", "ZAR")
LOTS = 30
SQL = """
    SELECT portfolio, sum(round_even(units * close * rate * 100, 0)) AS cents
    FROM lots JOIN prices USING (security) JOIN portfolios USING (portfolio)
    JOIN rates ON rates.currency = prices.currency AND rates.base = portfolios.base
    GROUP BY portfolio ORDER BY portfolio
"""


@dataclass
class World:
    """The same lots, prices and rates for both sides."""

    portfolio: np.ndarray
    security: np.ndarray
    steps: np.ndarray
    base: np.ndarray
    close: np.ndarray
    currency: np.ndarray
    table: RateTable

    @property
    def lots(self) -> int:
        return len(self.portfolio)

    def block(self) -> PositionBlock:
        none32, none64 = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
        return PositionBlock.of(
            LotColumns(
                portfolio=self.portfolio, security=self.security, qty_open=self.steps, base=self.base,
                cash_portfolio=none32, cash_currency=none32, cash_amount=none64,
            )
        )  # fmt: skip

    def pack(self) -> PackColumns:
        return PackColumns.of(self.close, self.currency, CURRENCIES, self.table)


def world(portfolios: int, securities: int) -> World:
    """Every pair of currencies is quoted with eight decimals, as in a pack; each lot of a portfolio is another security."""
    random = generator()
    count = len(CURRENCIES)
    usd = random.uniform(0.5, 20, count)
    quoted = {
        (a, b): Decimal(round(usd[i] / usd[j] * 10**8)).scaleb(-8)
        for i, a in enumerate(CURRENCIES)
        for j, b in enumerate(CURRENCIES)
        if i != j
    }
    first = random.integers(0, securities, (portfolios, 1))
    return World(
        portfolio=np.repeat(np.arange(portfolios, dtype=np.int32), LOTS),
        security=((first + np.arange(LOTS) * (securities // LOTS)) % securities).astype(np.int32).ravel(),
        steps=random.integers(1, 100_000, portfolios * LOTS) * 10**6,
        base=random.integers(0, count, portfolios).astype(np.int32),
        close=random.integers(10_000, 5_000_000, securities) * 10**4,
        currency=random.integers(0, count, securities).astype(np.int32),
        table=RateTable(quoted),
    )


def _frames(w: World, pack: PackColumns) -> dict[str, pd.DataFrame]:
    count = len(CURRENCIES)
    return {
        "lots": pd.DataFrame({"portfolio": w.portfolio, "security": w.security, "units": w.steps / 1e8}),
        "prices": pd.DataFrame({"security": np.arange(len(w.close), dtype=np.int32), "currency": w.currency, "close": w.close / 1e8}),
        "portfolios": pd.DataFrame({"portfolio": np.arange(len(w.base), dtype=np.int32), "base": w.base}),
        "rates": pd.DataFrame(
            {
                "base": np.repeat(np.arange(count, dtype=np.int32), count),
                "currency": np.tile(np.arange(count, dtype=np.int32), count),
                "rate": pack.rate.ravel(),
            }
        ),
    }


def _duckdb(frames: dict[str, pd.DataFrame]):
    connection = duckdb.connect(config={"threads": 1})
    for name, frame in frames.items():
        connection.register(f"{name}_frame", frame)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_frame")
    return lambda: connection.execute(SQL).fetchnumpy()["cents"]


def _pandas(frames: dict[str, pd.DataFrame]):
    def run():
        joined = frames["lots"].merge(frames["prices"], on="security").merge(frames["portfolios"], on="portfolio")
        joined = joined.merge(frames["rates"], on=["base", "currency"])
        cents = (joined["units"] * joined["close"] * joined["rate"] * 100).round()
        return cents.groupby(joined["portfolio"]).sum().to_numpy()

    return run


def _polars(frames: dict[str, pd.DataFrame]):
    lots, prices, portfolios, rates = (pl.from_pandas(frames[name]).lazy() for name in ("lots", "prices", "portfolios", "rates"))
    value = (pl.col("units") * pl.col("close") * pl.col("rate") * 100).round(mode="half_to_even")
    joined = lots.join(prices, on="security").join(portfolios, on="portfolio").join(rates, on=["base", "currency"])
    query = joined.group_by("portfolio").agg(value.sum().alias("cents")).sort("portfolio")

    def run():
        return query.collect()["cents"].to_numpy()

    return run


def _decimal_loop(w: World, portfolios: int):
    """What a program without arrays does: one exact product a lot. On the first ``portfolios`` only, it is slow."""
    units = [Decimal(int(steps)).scaleb(-8) for steps in w.steps[: portfolios * LOTS]]
    closes = [Decimal(int(steps)).scaleb(-8) for steps in w.close]
    names = [CURRENCIES[number] for number in w.currency]

    def run():
        totals = []
        for p in range(portfolios):
            base, total = CURRENCIES[w.base[p]], Decimal(0)
            for lot in range(p * LOTS, (p + 1) * LOTS):
                security = w.security[lot]
                total += round_money(multiply(units[lot], closes[security], w.table.rate(names[security], base)))
            totals.append(int(total * 100))
        return totals

    return run


def _same(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """To the cent, but for the odd half cent that plain float64 rounds the other way."""
    difference = np.abs(ours - theirs)
    return bool(difference.max() <= 2 and (difference == 0).mean() > 0.99)


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__)
    rows: list[Row] = []
    for portfolios in (200, 1_000) if options.small else (10_000, 100_000):
        w = world(portfolios, 2_000 if options.small else 20_000)
        block, pack, size = w.block(), w.pack(), f"{w.lots:,} lots"
        frames, sample = _frames(w, pack), max(20, portfolios // 100)

        def ours(block=block, pack=pack):
            return value_lots_batch(block, pack).nav

        def read(block=block):
            return int(block.security.sum(dtype=np.uint64)), int(block.quantity.sum())

        def rounds(at_most: int) -> int:
            return min(options.rounds, at_most)

        full = portfolios >= 100_000
        timing = {"small": options.small, "rounds": options.rounds, "clock": time.process_time}
        rows += [
            compare(
                "valuation", size, ours, _duckdb(frames), peer_name="DuckDB", peer_version=version_of("duckdb"),
                goal=30 if full else None, equal=_same, **timing,
            ),
            compare(
                "valuation", size, ours, read, peer_name="reading the columns once", goal=0.5 if full else None,
                note="np.sum of both columns", **timing,
            ),
            compare("valuation", size, ours, _pandas(frames), peer_name="pandas", peer_version=version_of("pandas"), equal=_same, **timing),
            compare("valuation", size, ours, _polars(frames), peer_name="polars", peer_version=version_of("polars"), equal=_same, **timing),
            compare(
                "valuation", size, ours, _decimal_loop(w, sample), peer_name="Decimal loop", peer_share=sample / portfolios,
                equal=lambda mine, exact: mine[: len(exact)].tolist() == exact, note="equal to the cent without exception", **timing,
            ),
        ]  # fmt: skip
    return rows


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
