"""What Beancount makes of the export: it accepts it, and holds the same at every date."""

import csv
import io
import subprocess
import sys
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from dawsos.compute.ledger.beancount import to_beancount
from dawsos.kernel.ledger import LotMethod
from tests.unit.compute.ledger.making import Ledger, chosen
from tests.unit.compute.ledger.random_ledgers import Step, written

BIN = Path(sys.executable).parent


def bean(tool: str, *arguments: str) -> str:
    done = subprocess.run([BIN / tool, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def steps(count: int) -> list[Step]:
    """Many steps without chance: every field walks through its range at its own pace."""
    kinds = ("DEPOSIT", "BUY", "TRANSFER_IN", "SELL", "DIVIDEND", "BUY", "SELL", "SPLIT", "CONVERSION", "TRANSFER_OUT", "FEE", "PAIR")
    return [
        Step(
            kind=kinds[(7 * n + n // 12) % len(kinds)],
            security=n % 3,
            quantity=(n * 7919 % 300 + 1) * 10**8 if n % 4 else n * 104729 % 10**11 + 1,
            cents=n * 15485863 % 10**8,
            fee=n * 31 % 2000,
            share=n * 5 % 8 + 1,
            days=n % 3,
            rate=50_000_000 + n * 32452843 % 10**8,
            split=n % 5,
        )
        for n in range(1, count)
    ]


def moves(path: Path) -> list[tuple[date, str, D, D]]:
    """(date, commodity, quantity, cost) of every posting on cash and securities."""
    query = "select date, account, currency, number, number(cost(position)) as cost where account ~ 'Assets'"
    table = csv.reader(io.StringIO(bean("bean-query", "-f", "csv", str(path), query)))
    next(table)
    return [(date.fromisoformat(day), what.strip(), D(number.strip()), D(cost.strip() or 0)) for day, _, what, number, cost in table]


@pytest.mark.parametrize("method", [LotMethod.FIFO, LotMethod.AVERAGE])
def test_quantity_cost_and_cash_agree_at_every_date(method, tmp_path):
    ledger = written(steps(150))
    state = ledger.replay(method)
    assert len(state.disposals) > 20
    path = tmp_path / "ledger.beancount"
    path.write_text(to_beancount(state), encoding="utf-8")
    assert bean("bean-check", str(path)) == ""
    quantity, cost, rows = {}, {}, moves(path)
    days = sorted({row[0] for row in rows})
    for day in days:
        for _, what, number, value in (row for row in rows if row[0] == day):
            quantity[what] = quantity.get(what, D(0)) + number
            cost[what] = cost.get(what, D(0)) + value
        ours = ledger.replay(method, through=day)
        held = {position.symbol: position for position in ours.positions()}
        for what, number in quantity.items():
            if what in {"CAD", "USD", "EUR"}:
                assert number == ours.cash[what]
            else:
                assert number == (held[what].quantity if what in held else 0)
                assert round(cost[what], 2) == (held[what].cost_basis if what in held else 0)
    assert len(days) > 50


def test_lots_names_and_the_final_balance_are_written_down():
    ledger = Ledger()
    first = ledger.buy("2024-01-25", "PYPL", 300, 55, 10, currency="USD", rate="1.35", narration='He said "buy"\\now', external_ref="a-1")
    ledger.sell("2024-08-20", "PYPL", 100, 65, 10, currency="USD", rate="1.37", lot_selection=(chosen(first, 100),))
    text = to_beancount(ledger.replay("SPECIFIC"), title="Mine")
    assert text.startswith('option "title" "Mine"\noption "operating_currency" "CAD"\n')
    assert '2024-01-25 * "He said \\"buy\\"\\\\now"\n  sequence: 1\n  type: "BUY"\n  external_ref: "a-1"\n  fx_rate: 1.35\n' in text
    assert f'  Assets:Securities  300 PYPL {{{{16510.00 USD, 2024-01-25, "{first.id}"}}}}' in text
    assert f'  Assets:Securities  -300 PYPL {{USD, 2024-01-25, "{first.id}"}}' in text
    assert f'  Assets:Securities  200 PYPL {{{{11006.67 USD, 2024-01-25, "{first.id}"}}}}' in text
    assert "2024-08-21 balance Assets:Cash  -10020.00 USD\n2024-08-21 balance Assets:Securities  200 PYPL" in text


def test_symbols_that_beancount_cannot_write_get_a_legal_name(tmp_path):
    ledger = Ledger()
    for symbol in ("BRK.B", "T", "ALL", "7203.T", "^gspc", "btc-usd", "BTC_USD-", "X.ALL"):
        ledger.buy("2024-01-25", symbol, 1, 1)
    text = to_beancount(ledger.replay())
    names = [line.split()[2] for line in text.splitlines() if " commodity " in line]
    assert names == ["BRK.B", "T", "X.ALL", "X.7203.T", "X.GSPC", "X.BTC-USD", "X.BTC_USD.X", "X.ALL.2"]
    assert '  symbol: "^gspc"' in text
    path = tmp_path / "ledger.beancount"
    path.write_text(text, encoding="utf-8")
    assert bean("bean-check", str(path)) == ""


def test_reversed_rows_and_rows_that_change_nothing_are_left_out():
    ledger = Ledger()
    ledger.reverse(ledger.buy("2024-01-25", "XYZ", 1, 1))
    ledger.book("SPLIT", "2024-01-26", symbol="XYZ", split_from=1, split_to=2)
    assert " * " not in to_beancount(ledger.replay())


def test_a_split_booked_in_another_currency_keeps_the_currency_of_the_lots(tmp_path):
    ledger = Ledger()
    row = ledger.buy("2024-01-25", "XYZ", 1, 10, currency="USD", rate="1.3")
    ledger.book("SPLIT", "2024-01-26", symbol="XYZ", split_from=1, split_to=2)
    text = to_beancount(ledger.replay())
    assert f'  Assets:Securities  2 XYZ {{{{10.00 USD, 2024-01-25, "{row.id}"}}}}' in text
    path = tmp_path / "ledger.beancount"
    path.write_text(text, encoding="utf-8")
    assert bean("bean-check", str(path)) == ""


def test_an_empty_ledger_is_a_title():
    assert to_beancount(Ledger().replay(), title="Nothing") == 'option "title" "Nothing"\n'
