"""A large ledger is written from columns; every row is the one its records would have written."""

import os
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import psycopg
import pytest
import pytest_asyncio

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identity import SYSTEM
from dawsos.kernel.ledger import LotMethod
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.importer import ImportReport, import_transactions
from dawsos.services.ledger import booking
from dawsos.services.ledger.booking import open_ledger
from dawsos.services.ledger.bulk_state import BulkState, bulk_state
from dawsos.store import observations, packs
from dawsos.store.database import Database
from dawsos.store.packs import PolicyRecord
from tests.support.postgres import DatabaseClone, make_portfolio, make_securities, make_user

NOW = datetime(2024, 12, 31, 12, tzinfo=UTC)
HEADER = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,withholding_tax,fx_rate,settlement_date,external_ref,narration"
SYMBOLS = {"AAPL": "USD", "MSFT": "USD", "RY": "CAD"}
#: Every column that is the same whoever writes it, keyed by the entry it belongs to.
QUESTIONS = {
    "transactions": """
        select t.sequence, t.transaction_type, t.transaction_date, t.settlement_date, t.security_id, t.symbol, t.quantity, t.price, t.amount,
            t.currency, t.fee, t.withholding_tax, t.fx_rate, t.amount_base, t.ex_date, t.pay_date, t.cost_basis, t.acquisition_date, t.split_from,
            t.split_to, t.lot_selection, t.parent_transaction_id, t.is_reversal, t.external_ref, t.narration, t.source, t.ledger_commit_hash,
            t.realized_pl, t.realized_pl_price, t.realized_pl_fx, t.created_at, t.import_batch_id is null
        from public.transactions t where t.portfolio_id = %s order by t.sequence""",
    "lots": """
        select t.sequence, l.id = t.id, l.security_id, l.symbol, l.qty_open, l.qty_original, l.cost_basis, l.cost_basis_base, l.acquisition_date,
            l.currency, l.trade_fx_rate, l.closed_date
        from public.lots l join public.transactions t on t.id = l.open_transaction_id where l.portfolio_id = %s order by t.sequence""",
    "disposals": """
        select s.sequence, b.sequence, d.quantity, d.proceeds, d.cost, d.proceeds_base, d.cost_base, d.gain_price_base, d.gain_fx_base,
            d.acquisition_date, d.disposal_date, d.holding_days
        from app.lot_disposals d join public.transactions s on s.id = d.sell_transaction_id join public.transactions b on b.id = d.lot_id
        where d.portfolio_id = %s order by s.sequence, b.sequence""",
    "flows": """
        select date, flow_type, amount, currency, description, transaction_count
        from public.portfolio_cash_flows where portfolio_id = %s order by date, flow_type""",
    "snapshots": """
        select commit_hash, transaction_count, account_count, earliest_date, latest_date, status
        from public.ledger_snapshots where portfolio_id = %s order by transaction_count""",
    "postings": """
        select transaction_index, posting_index, transaction_date, narration, account, commodity, quantity, price, price_commodity, cost,
            cost_commodity, transaction_type, metadata
        from public.ledger_transactions where portfolio_id = %s order by transaction_index, posting_index""",
}


def lines(chance: random.Random, *, start: int, count: int) -> list[str]:
    """Trades of three shares in two currencies, income, charges, deposits and withdrawals; days come in any order but for the first."""
    made, held = [], dict.fromkeys(SYMBOLS, D(0))
    for number in range(start, start + count):
        day = date(2024, 3, 1) + timedelta(days=number // 4)
        kind = chance.choice(["BUY", "BUY", "SELL", "SELL", "DIVIDEND", "INTEREST", "FEE", "TAX", "DEPOSIT", "WITHDRAWAL"])
        symbol = chance.choice(list(SYMBOLS))
        if kind in {"SELL", "DIVIDEND"} and not held[symbol]:
            kind = "BUY"
        currency = SYMBOLS[symbol] if kind in {"BUY", "SELL", "DIVIDEND"} else chance.choice(["CAD", "USD"])
        rate = "" if currency == "CAD" else f"1.{chance.randrange(20, 50)}{chance.choice(['', '123456'])}"
        fee = chance.choice(["", "0", "1.25"]) if kind in {"BUY", "SELL", "DEPOSIT", "WITHDRAWAL", "INTEREST"} else ""
        tax = chance.choice(["", "0.75"]) if kind == "DIVIDEND" else ""
        cents = D(chance.randrange(1, 10**6)).scaleb(-2)
        quantity = price = amount = ""
        if kind == "BUY":
            quantity = D(chance.randrange(1, 10**10)).scaleb(-8) if chance.random() < 0.5 else D(chance.randrange(1, 300))
            held[symbol] += quantity
        elif kind == "SELL":
            quantity = (
                held[symbol]
                if chance.random() < 0.2
                else (held[symbol] * chance.randrange(1, 99) / 100).quantize(D("1e-8")) or held[symbol]
            )
            held[symbol] -= quantity
        if kind in {"BUY", "SELL"}:
            price = D(chance.randrange(1, 10**5)).scaleb(-2)
        else:
            amount = -cents if kind in {"WITHDRAWAL", "FEE", "TAX"} else cents
        settled = day + timedelta(days=2) if chance.random() < 0.3 else ""
        note = chance.choice(["", "note", "Ünïcode – näh"])
        named = symbol if kind in {"BUY", "SELL", "DIVIDEND"} else ""
        made.append(f"{day},{kind},{named},{quantity:f},{price},{amount},{currency},{fee},{tax},{rate},{settled},e{number},{note}" if quantity != ""
                    else f"{day},{kind},{named},,,{amount},{currency},{fee},{tax},{rate},{settled},e{number},{note}")  # fmt: skip
    return made


class Desk:
    def __init__(self, database: Database, clone: DatabaseClone, owner) -> None:
        self.database, self.clone, self.owner = database, clone, owner
        self.identifiers = Identifiers(FixedClock(NOW), os.urandom)

    async def take(self, portfolio, rows: list[str]) -> ImportReport:
        content = "\n".join([HEADER, *rows]).encode()
        return await import_transactions(
            self.database, self.owner, portfolio.id, [content], file_name="test.csv", identifiers=self.identifiers
        )

    def stored(self, portfolio) -> dict[str, list[tuple]]:
        with psycopg.connect(self.clone.admin_dsn) as admin:
            return {name: admin.execute(question, [portfolio.id]).fetchall() for name, question in QUESTIONS.items()}


@pytest_asyncio.fixture
async def desk(database: Database, database_clone: DatabaseClone) -> AsyncIterator[Desk]:
    await make_securities(database, "AAPL", "MSFT", currency="USD")
    await make_securities(database, "RY", currency="CAD")
    async with database.transaction(SYSTEM) as tx:
        await packs.put_policy(tx, PolicyRecord("ECB_CLOSE", "Test.", ["TEST"], ["ECB"], dividend_adjusted=False))
        rates = {"USD": "1.08", "CAD": "1.458"}
        await observations.put_rates(tx, [("EUR", code, date(2024, 3, 1), "ECB", D(rate), NOW) for code, rate in rates.items()])
    yield Desk(database, database_clone, await make_user(database))


async def test_columns_write_what_records_write(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    seen = []
    monkeypatch.setattr(booking, "bulk_state", lambda *given: seen.append(bulk_state(*given)) or seen[-1])
    reports, stored = [], []
    for least in (10**9, 1):
        monkeypatch.setattr(booking, "LEAST", least)
        portfolio = await make_portfolio(desk.database, desk.owner, name=f"least {least}")
        chance = random.Random(7)
        first = lines(chance, start=0, count=250)
        reports.append(await desk.take(portfolio, first))
        # More of it later, before some of what is there and with the first lines again.
        more = [line.replace("2024-", "2023-", 1) for line in lines(chance, start=250, count=30) if ",BUY," in line]
        reports.append(await desk.take(portfolio, [*first[:20], *more]))
        stored.append(desk.stored(portfolio))
    assert len(seen) == 2
    assert all(isinstance(state, BulkState) for state in seen)
    assert all(report.is_accepted and report.booked for report in reports)
    for name in QUESTIONS:
        assert stored[1][name] == stored[0][name], name
    assert len(stored[0]["transactions"]) > 250
    assert len(stored[0]["disposals"]) > 40
    assert {row[4] for row in stored[0]["postings"]} >= {"Assets:Cash", "Assets:Securities", "Income:Realized", "Expenses:Fees"}
    for one, other in zip(reports[:2], reports[2:], strict=True):
        assert (one.booked, one.duplicates, one.warnings, one.positions) == (
            other.booked,
            other.duplicates,
            other.warnings,
            other.positions,
        )
        assert one.ledger_commit_hash == other.ledger_commit_hash


@pytest.mark.parametrize("method", ["LIFO", "HIFO", "AVERAGE"])
async def test_every_method_is_the_same_in_columns(desk: Desk, monkeypatch: pytest.MonkeyPatch, method: str):
    stored = []
    for least in (10**9, 1):
        monkeypatch.setattr(booking, "LEAST", least)
        made = await make_portfolio(desk.database, desk.owner, name=f"least {least}")
        with psycopg.connect(desk.clone.admin_dsn) as admin:
            admin.execute("update public.portfolios set cost_basis_method = %s where id = %s", [method, made.id])
        portfolio = replace(made, cost_basis_method=LotMethod(method))
        assert (await desk.take(portfolio, lines(random.Random(11), start=0, count=150))).booked == 150
        stored.append(desk.stored(portfolio))
    assert stored[0] == stored[1]


async def test_what_is_not_plain_goes_line_by_line(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(booking, "LEAST", 1)
    portfolio = await make_portfolio(desk.database, desk.owner)
    report = await desk.take(portfolio, ["2024-03-01,BUY,RY,10,5,,CAD,,,,,a,", "2024-03-02,SELL,RY,11,5,,CAD,,,,,b,"])
    assert [(problem.line, problem.field) for problem in report.problems] == [(3, "(line)")]
    assert "11 asked, 10 held" in report.problems[0].reason
    await desk.take(portfolio, ["2024-03-01,BUY,RY,10,5,,CAD,,,,,a,", "2024-03-02,DIVIDEND,AAPL,,,5,USD,,,1.3,,c,"])
    async with desk.database.transaction(desk.owner) as tx:
        ledger = await open_ledger(tx, portfolio.id)
    assert bulk_state(ledger.portfolio, ledger.transactions) is None
