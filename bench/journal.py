"""A file of 100 000 transactions read, booked and realised, against Beancount loading the same journal (P15)."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.harness import Row, UnequalResults, arguments, generator, measure, table, version_of
from dawsos.compute.ledger.batch import match_lots
from dawsos.compute.ledger.columns import lot_books
from dawsos.compute.ledger.journal import journal_columns, read_journal
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod

UNIT = 10**8
GOAL = 100

LOADING = """
import json, sys, time
from collections import defaultdict
from beancount import loader
from beancount.core.data import Transaction
start = time.process_time()
entries, errors, _ = loader.load_file(sys.argv[1])
seconds = time.process_time() - start
assert not errors, errors[:3]
quantity, cost, cash = defaultdict(int), defaultdict(int), defaultdict(int)
for entry in entries:
    for posting in entry.postings if isinstance(entry, Transaction) else ():
        if posting.cost is not None:
            quantity[posting.account] += posting.units.number
            cost[posting.account] += posting.units.number * posting.cost.number
        elif posting.account == "Assets:Cash":
            cash[posting.units.currency] += posting.units.number
plain = [{key: str(value) for key, value in each.items()} for each in (quantity, cost, cash)]
print(json.dumps({"seconds": seconds, "held": plain}))
"""


@dataclass(frozen=True)
class Realised:
    """Per symbol what is held in 1e-8 steps and cents, per currency the cash in cents, and what all sales realised in base currency."""

    quantity: dict[str, int]
    cost: dict[str, int]
    cash: dict[str, int]
    parts: int
    realised: int


@dataclass
class Journal:
    """The same history in both formats."""

    csv: Path
    beancount: Path


def journal(folder: Path, rows: int, symbols: int) -> Journal:
    """Purchases, sales, dividends and deposits of one portfolio in two currencies, over years, in the order of their days."""
    random = generator()
    days = np.datetime64("2005-01-03") + np.sort(random.integers(0, 7300, rows)).astype("timedelta64[D]")
    kinds, chosen = random.random(rows), random.integers(0, symbols, rows)
    units, cents, part = random.integers(1, 501, rows), random.integers(500, 50_000, rows), random.random(rows)
    rates = random.integers(120_000_000, 140_000_000, rows)
    held = [0] * symbols
    csv = ["transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,withholding_tax,fx_rate,external_ref,narration"]
    bean = ['option "operating_currency" "CAD"', "2000-01-01 open Assets:Cash", "2000-01-01 open Equity:Deposits"]
    bean += ["2000-01-01 open Income:Gains", "2000-01-01 open Income:Dividends", "2000-01-01 open Expenses:Tax"]
    bean += [f'2000-01-01 open Assets:S{symbol} "FIFO"' for symbol in range(symbols)]
    for row in range(rows):
        symbol, day, price = int(chosen[row]), days[row], f"{cents[row] / 100:.2f}"
        currency, rate = ("USD", f"{rates[row] / UNIT:.8f}") if symbol % 2 else ("CAD", "")
        if kinds[row] < 0.02:
            csv.append(f"{day},DEPOSIT,,,,{price},{currency},,,{rate},{row},")
            bean += [f'{day} * "deposit"', f"  Assets:Cash {price} {currency}", "  Equity:Deposits"]
        elif kinds[row] < 0.12 and held[symbol]:
            net, tax = int(cents[row] - cents[row] * 15 // 100), int(cents[row] * 15 // 100)
            csv.append(f"{day},DIVIDEND,S{symbol},,,{price},{currency},,{tax / 100:.2f},{rate},{row},Quarterly")
            bean += [f'{day} * "dividend"', f"  Assets:Cash {net / 100:.2f} {currency}", f"  Expenses:Tax {tax / 100:.2f} {currency}"]
            bean.append("  Income:Dividends")
        elif kinds[row] < 0.45 and held[symbol]:
            sold = max(1, int(part[row] * min(held[symbol], 500)))
            held[symbol] -= sold
            total = int(sold * cents[row])
            csv.append(f"{day},SELL,S{symbol},{sold},{price},{total / 100:.2f},{currency},9.99,,{rate},{row},")
            bean += [f'{day} * "sell"', f"  Assets:S{symbol} -{sold} S{symbol} {{}}", f"  Assets:Cash {(total - 999) / 100:.2f} {currency}"]
            bean.append("  Income:Gains")
        else:
            bought, total = int(units[row]), int(units[row] * cents[row])
            held[symbol] += bought
            csv.append(f"{day},BUY,S{symbol},{bought},{price},{-total / 100:.2f},{currency},9.99,,{rate},{row},")
            cost = f"{(total + 999) / 100:.2f} {currency}"
            bean += [f'{day} * "buy"', f"  Assets:S{symbol} {bought} S{symbol} {{{{{cost}}}}}", f"  Assets:Cash -{cost}"]
    made = Journal(folder / "journal.csv", folder / "journal.beancount")
    made.csv.write_text("\n".join(csv) + "\n", encoding="ascii")
    made.beancount.write_text("\n".join(bean) + "\n", encoding="ascii")
    return made


def totals(key: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """The whole-number sum of ``values`` per ``key``."""
    result = np.zeros(size, dtype=np.int64)
    np.add.at(result, key, values)
    return result


def load(path: Path) -> Realised:
    """Read the file, check every row, open and close every lot, realise every gain in both currencies, and add up the cash."""
    read = read_journal(path.read_bytes())
    columns = journal_columns(
        read,
        portfolio_id=named("portfolio", 1),
        base_currency="CAD",
        securities={symbol: named("security", symbol) for symbol in read.symbols},
    )
    books, rows = lot_books(columns)
    matched = match_lots(books, method=LotMethod.FIFO)
    parts, lots, symbols = matched.disposals, matched.lots, columns.securities
    security = columns.security[rows[lots.row]]
    quantity, cost = totals(security, lots.qty_open, len(symbols)), totals(security, lots.cost, len(symbols))
    effect = totals(columns.currency, columns.cash_effect, len(columns.currencies))
    return Realised(
        quantity={each.symbol or "": int(quantity[n]) for n, each in enumerate(symbols)},
        cost={each.symbol or "": int(cost[n]) for n, each in enumerate(symbols)},
        cash=dict(zip(columns.currencies, effect.tolist(), strict=True)),
        parts=len(parts.row),
        realised=int((parts.proceeds_base - parts.cost_base).sum()),
    )


def beancount_load(path: Path) -> tuple[float, list[dict[str, str]]]:
    """Seconds of ``loader.load_file`` without its cache, and quantity, cost and cash afterwards."""
    environment = {**os.environ, "BEANCOUNT_DISABLE_LOAD_CACHE": "1"}
    done = subprocess.run([sys.executable, "-c", LOADING, str(path)], capture_output=True, text=True, check=True, env=environment)
    result = json.loads(done.stdout)
    return result["seconds"], result["held"]


def check_equal(ours: Realised, held: list[dict[str, str]]) -> None:
    quantity, cost, cash = ({key.removeprefix("Assets:"): Decimal(value) for key, value in each.items()} for each in held)
    for symbol, units in ours.quantity.items():
        # Beancount does not round the cost it relieves, so each sale may leave half a cent.
        if quantity[symbol] * UNIT != units or abs(cost[symbol] * 100 - ours.cost[symbol]) > ours.parts / 2:
            raise UnequalResults(f"journal: {symbol} differs from Beancount's.")
    if {code: int(amount * 100) for code, amount in cash.items()} != ours.cash:
        raise UnequalResults("journal: cash differs from Beancount's.")


def against_beancount(rows: int, symbols: int, *, peer_runs: int, small: bool, rounds: int, goal: float | None) -> Row:
    with TemporaryDirectory() as folder:
        made = journal(Path(folder), rows, symbols)
        runs = [beancount_load(made.beancount) for _ in range(peer_runs)]
        check_equal(load(made.csv), runs[0][1])
        our_seconds = measure(lambda: load(made.csv), rounds=1 if small else rounds, clock=time.process_time)
        megabytes = made.csv.stat().st_size / 1e6
    peer_seconds = sorted(seconds for seconds, _ in runs)[len(runs) // 2]
    ratio = peer_seconds / our_seconds
    return {
        "benchmark": "journal",
        "size": f"{rows:,} transactions, {symbols} symbols",
        "ours_seconds": our_seconds,
        "peer": "Beancount load_file",
        "peer_version": version_of("beancount"),
        "peer_seconds": peer_seconds,
        "ratio": ratio,
        "goal": goal,
        "goal_is": "at least",
        "met": None if small or goal is None else ratio >= goal,
        "equal": True,
        "note": f"{megabytes:.1f} MB of CSV; processor time of both, median of {peer_runs} loads of the peer",
    }


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__ or "")
    common = {"small": options.small, "rounds": options.rounds}
    if options.small:
        return [against_beancount(1_000, 20, peer_runs=1, goal=GOAL, **common)]
    return [
        against_beancount(20_000, 200, peer_runs=3, goal=None, **common),
        against_beancount(100_000, 200, peer_runs=3, goal=GOAL, **common),
    ]


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
