"""The demo's ledgers replayed by an independent program: same quantities, costs and cash on every day sampled."""

import asyncio
import csv
import os
import re
import subprocess
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from dawsos.compute.ledger.beancount import to_beancount
from dawsos.kernel.ledger import Transaction
from dawsos.kernel.money import round_money
from dawsos.services.history import daily_history
from dawsos.services.holdings import rate_table
from dawsos.services.ledger.booking import replay_of
from dawsos.services.packs.verification import read_pack
from dawsos.store.history import visible_packs
from dawsos.store.ledger import booked_transactions
from tests.support.demo import Demo

PROGRAMS = Path(sys.executable).parent
CENT = D("0.01")
SAMPLES = 60

Holdings = dict[str, tuple[D, D]]


def program(name: str) -> Path:
    found = PROGRAMS / name
    if not found.exists():
        pytest.skip(f"{name} is not installed; it runs as a separate process and is not part of the product")
    return found


def check(book: Path) -> int:
    return subprocess.run([program("bean-check"), str(book)], check=False, capture_output=True).returncode


def queried(book: Path, question: str) -> list[dict[str, str]]:
    done = subprocess.run([program("bean-query"), "-f", "csv", str(book), question], capture_output=True, text=True, check=True)
    return list(csv.DictReader(done.stdout.splitlines()))


def own_names(book: Path) -> dict[str, str]:
    """The symbol behind each commodity, where Beancount could not write it (AMD is also the Armenian dram)."""
    return dict(re.findall(r'commodity (\S+)\n  symbol: "([^"]+)"', book.read_text(encoding="utf-8")))


def beancount_movements(book: Path) -> list[tuple[date, str, str, D, D]]:
    """Every posting to cash or securities as Beancount booked it: day, account, commodity, quantity, cost in the lot's currency."""
    rows = queried(book, "SELECT date, account, currency, number, number * cost_number AS cost WHERE account ~ '^Assets'")
    found, names = [], own_names(book)
    for row in rows:
        text = {name.strip(): value.strip() for name, value in row.items()}
        day = date.fromisoformat(text["date"])
        found.append((day, text["account"], names.get(text["currency"], text["currency"]), D(text["number"]), D(text["cost"] or 0)))
    return found


def balances(movements: list[tuple[date, str, str, D, D]], day: date) -> tuple[Holdings, dict[str, D]]:
    held: defaultdict[str, list[D]] = defaultdict(lambda: [D(0), D(0)])
    cash: defaultdict[str, D] = defaultdict(D)
    for when, account, commodity, number, cost in movements:
        if when > day:
            continue
        if account.startswith("Assets:Cash"):
            cash[commodity] += number
        else:
            held[commodity][0] += number
            held[commodity][1] += cost
    return {name: (quantity, cost) for name, (quantity, cost) in held.items() if quantity}, {
        code: amount for code, amount in cash.items() if amount
    }


async def transactions_of(demo: Demo, name: str) -> list[Transaction]:
    context = await demo.context(name)
    async with context.database.transaction(context.actor) as tx:
        return await booked_transactions(tx, demo.portfolios[name].id)


@pytest.mark.parametrize("name", ["Household", "Income"])
async def test_beancount_holds_the_same_quantities_costs_and_cash_on_every_day_sampled(demo: Demo, name: str, tmp_path: Path) -> None:
    transactions = await transactions_of(demo, name)
    portfolio = demo.portfolios[name]
    book = tmp_path / f"{name}.beancount"
    book.write_text(to_beancount(replay_of(portfolio, transactions)), encoding="utf-8")
    assert await asyncio.to_thread(check, book) == 0
    movements = await asyncio.to_thread(beancount_movements, book)
    days = sorted({entry.transaction_date for entry in transactions})
    sampled = [*days[:: max(1, len(days) // SAMPLES)], days[-1]]
    assert len(sampled) >= min(SAMPLES, len(days))
    for day in sampled:
        state = replay_of(portfolio, transactions, through=day)
        theirs, their_cash = balances(movements, day)
        ours = {one.symbol: (one.quantity, one.cost_basis) for one in state.positions()}
        assert {symbol: quantity for symbol, (quantity, _) in theirs.items()} == {
            symbol: quantity for symbol, (quantity, _) in ours.items()
        }, day
        assert all(abs(theirs[symbol][1] - cost) <= CENT for symbol, (_, cost) in ours.items()), day
        assert their_cash == {code: amount for code, amount in state.cash.items() if amount}, day


@pytest.mark.parametrize("name", ["Household", "Income"])
async def test_r44_what_beancount_holds_is_worth_the_stored_value_on_every_day_sampled(demo: Demo, name: str, tmp_path: Path) -> None:
    """``DAWSOS_DAYS=all`` looks at every pack: no difference may be left unexplained."""
    context = await demo.context(name)
    pins, base = context.pinned(), demo.portfolios[name].base_currency
    book = tmp_path / f"{name}.beancount"
    book.write_text(to_beancount(replay_of(demo.portfolios[name], await transactions_of(demo, name))), encoding="utf-8")
    movements = await asyncio.to_thread(beancount_movements, book)
    stored = (await daily_history(context, pins)).series
    values = dict(zip(stored.dates, stored.amounts("nav"), strict=True))
    every = 1 if os.environ.get("DAWSOS_DAYS") == "all" else max(1, len(values) // 20)
    days = [*sorted(values)[::every], max(values)]
    async with context.database.transaction(context.actor) as tx:
        visible = {one.date: one.id for one in await visible_packs(tx, pins.pack, days[0])}
        for day in days:
            contents = await read_pack(tx, visible[day])
            rates, closes = rate_table(contents), {one.symbol: (one.close, one.currency) for one in contents.prices}
            held, cash = balances(movements, day)
            worth = sum((round_money(amount * rates.rate(code, base)) for code, amount in cash.items()), D(0))
            for symbol, (quantity, _) in held.items():
                close, currency = closes[symbol]
                worth += round_money(quantity * close * rates.rate(currency, base))
            assert abs(worth - values[day]) <= values[day] / 10_000, day
    assert (days[0].year, days[-1].year) == {"Household": (2014, 2022), "Income": (2000, 2013)}[name]


async def test_a_planted_error_of_one_cent_is_refused_by_the_independent_program(demo: Demo, tmp_path: Path) -> None:
    transactions = await transactions_of(demo, "Income")
    text = to_beancount(replay_of(demo.portfolios["Income"], transactions))
    book = tmp_path / "wrong.beancount"
    cash_line = next(line for line in text.splitlines() if line.strip().startswith("Assets:Cash") and " USD" in line)
    amount = next(word for word in cash_line.split() if word.lstrip("-").replace(".", "", 1).isdigit())
    book.write_text(text.replace(cash_line, cash_line.replace(amount, str(D(amount) + CENT)), 1), encoding="utf-8")
    assert await asyncio.to_thread(check, book) != 0
