"""The ledger on a real database: booked with everything derived from it, corrected, refused as a whole."""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal as D

import psycopg
import pytest
import pytest_asyncio

from dawsos.compute.ledger.records import LedgerState
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Conflict, NotFound
from dawsos.kernel.identity import SYSTEM, Actor
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH, canonical_line, ledger_hash
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.importer import ImportReport, import_transactions
from dawsos.services.ledger import booking
from dawsos.services.ledger.booking import open_ledger, replay_of
from dawsos.services.ledger.correction import reverse
from dawsos.services.ledger.periods import lock_period
from dawsos.services.ledger.remembered import LedgerMemory
from dawsos.services.ledger.rows import cash_flow_rows
from dawsos.store import ledger, observations, packs
from dawsos.store.database import Database
from dawsos.store.packs import PolicyRecord
from dawsos.store.portfolios import PortfolioRecord
from tests.support.postgres import DatabaseClone, make_portfolio, make_securities, make_user

NOW = datetime(2024, 12, 31, 12, tzinfo=UTC)
HEADER = (
    "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,fx_rate,lots,parent_ref,external_ref,split_from,split_to"
)
TABLES = ("public.transactions", "public.lots", "app.lot_disposals", "public.portfolio_cash_flows", "public.ledger_snapshots",
          "public.ledger_transactions", "app.import_batches", "public.audit_log")  # fmt: skip


@dataclass
class Books:
    """A portfolio in CAD, two American shares, and rates of one day."""

    database: Database
    clone: DatabaseClone
    owner: Actor
    portfolio: PortfolioRecord
    identifiers: Identifiers

    async def file(self, *lines: str, dry_run: bool = False) -> ImportReport:
        data = "\n".join([HEADER, *(line + "," * (HEADER.count(",") - line.count(",")) for line in lines)]).encode()
        return await import_transactions(
            self.database, self.owner, self.portfolio.id, [data], file_name="test.csv", identifiers=self.identifiers, dry_run=dry_run
        )

    def rows(self, question: str) -> list[tuple]:
        with psycopg.connect(self.clone.admin_dsn) as admin:
            return admin.execute(question).fetchall()

    def counts(self) -> dict[str, int]:
        return {table: self.rows(f"select count(*) from {table}")[0][0] for table in TABLES}


@pytest_asyncio.fixture
async def books(database: Database, database_clone: DatabaseClone) -> AsyncIterator[Books]:
    await make_securities(database, "AAPL", "MSFT", currency="USD")
    async with database.transaction(SYSTEM) as tx:
        await packs.put_policy(tx, PolicyRecord("ECB_CLOSE", "Test.", ["TEST"], ["ECB"], dividend_adjusted=False))
        rates = {"USD": "1.08", "CAD": "1.458"}
        await observations.put_rates(tx, [("EUR", code, date(2024, 3, 1), "ECB", D(rate), NOW) for code, rate in rates.items()])
    owner = await make_user(database)
    portfolio = await make_portfolio(database, owner)
    yield Books(database, database_clone, owner, portfolio, Identifiers(FixedClock(NOW), os.urandom))


FUNDED = (
    "2024-03-01,DEPOSIT,,,,20000,USD,,,,,d-1",
    "2024-03-04,BUY,AAPL,100,150,,USD,10,1.35,,,b-1",
    "2024-03-05,BUY,AAPL,50,160,,USD,,1.36,,,b-2",
)


async def test_r10_r24_everything_derived_from_the_ledger_is_written_with_it(books: Books) -> None:
    report = await books.file(*FUNDED, "2024-03-06,SELL,AAPL,120,180,,USD,12,1.37,,,s-1")
    assert (report.booked, report.problem_count) == (4, 0)
    assert books.rows(
        "select symbol, qty_open, qty_original, cost_basis, cost_basis_base, closed_date from lots order by acquisition_date"
    ) == [
        ("AAPL", D(0), D(100), D(0), D(0), date(2024, 3, 6)),
        ("AAPL", D(30), D(50), D(4800), D(6528), None),
    ]
    proceeds, cost, cost_base = D("21588.00"), D("15010.00") + D("3200.00"), D("20263.50") + D("4352.00")
    (realized,) = books.rows("select realized_pl, realized_pl_price, realized_pl_fx from transactions where external_ref = 's-1'")
    assert realized[0] == D("29575.56") - cost_base == realized[1] + realized[2]
    (sums,) = books.rows(
        "select sum(quantity), sum(proceeds), sum(cost), sum(cost_base), sum(gain_price_base + gain_fx_base) from app.lot_disposals"
    )
    assert sums == (D(120), proceeds, cost, cost_base, realized[0])
    assert books.rows("select flow_type, amount, currency, is_external from portfolio_cash_flows") == [
        ("INFLOW", D("27000.00"), "CAD", True)
    ]
    ((status, count, commit_hash),) = books.rows("select status, transaction_count, commit_hash from ledger_snapshots")
    assert (status, count, commit_hash) == ("parsed", 4, report.ledger_commit_hash)
    assert books.rows("select action, changes ->> 'booked' from audit_log where entity_type = 'portfolio'") == [("import", "4")]


async def test_r11_the_rate_of_the_day_is_frozen_when_none_is_given(books: Books) -> None:
    await books.file(FUNDED[0])
    assert books.rows("select fx_rate, amount_base from transactions") == [(D("1.35"), D("27000.00"))]


async def test_r11_every_entry_posts_to_accounts_that_balance(books: Books) -> None:
    report = await books.file(
        *FUNDED,
        "2024-03-06,SELL,AAPL,120,180,,USD,12,1.37,,,s-1",
        "2024-03-06,TRANSFER_OUT,,,,-1000,USD,,1.37,,,c-out",
        "2024-03-06,TRANSFER_IN,,,,1360,CAD,,,,c-out,c-in",
        "2024-03-07,FEE,,,,-5,CAD,,,,,f-1",
    )
    assert report.problem_count == 0
    totals: defaultdict[tuple, D] = defaultdict(D)
    for index, commodity, quantity, cost, cost_commodity in books.rows(
        "select transaction_index, commodity, quantity, cost, cost_commodity from ledger_transactions"
    ):
        totals[index, cost_commodity or commodity] += quantity if cost is None else cost
    assert len({index for index, _ in totals}) == 7
    assert set(totals.values()) == {D(0)}


async def test_the_hash_is_a_chain_over_canonical_lines_and_names_every_state(books: Books) -> None:
    await books.file(*FUNDED)
    async with books.database.transaction(books.owner) as tx:
        entries = await ledger.booked_transactions(tx, books.portfolio.id)
    expected = EMPTY_LEDGER_HASH
    stored = [row[0] for row in books.rows("select ledger_commit_hash from transactions order by sequence")]
    for entry, commit_hash in zip(entries, stored, strict=True):
        expected = ledger_hash(expected, canonical_line(entry))
        assert commit_hash == expected
    async with books.database.transaction(books.owner) as tx:
        earlier = await ledger.ledger_entry(tx, books.portfolio.id, stored[1])
        assert earlier is not None and earlier.sequence == 2
        assert await ledger.booked_transactions(tx, books.portfolio.id, 2) == entries[:2]


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("2024-03-06,SELL,AAPL,151,180,,USD,,1.37,,,x", "(line)", "150"),
        ("2024-03-03,SELL,AAPL,1,180,,USD,,1.37,,,x", "(line)", "AAPL"),
        ("2024-03-06,BUY,TSLA,1,180,,USD,,1.37,,,x", "symbol", "'TSLA' is not a known security"),
        ("2024-03-06,BUY,AAPL,1,180,,CAD,,,,,x", "currency", "AAPL trades in USD"),
        ("2024-06-03,DEPOSIT,,,,10,USD,,,,,x", "fx_rate", "no exchange rate from USD to CAD on 2024-06-03"),
        ("2024-03-01,DEPOSIT,,,,10,CAD,,1.5,,,x", "fx_rate", "base currency"),
        ("2024-03-06,TRANSFER_IN,,,,10,CAD,,,,nothing,x", "parent_ref", "no earlier entry has the reference 'nothing'"),
        ("2024-03-01,DEPOSIT,,,,20001,USD,,,,,d-1", "amount", "differs from the entry booked as 'd-1' (20000"),
    ],
)
async def test_a_line_that_cannot_be_booked_is_named_and_nothing_of_its_file_is(books: Books, line: str, field: str, reason: str) -> None:
    await books.file(*FUNDED)
    before = books.counts()
    report = await books.file("2024-03-06,DEPOSIT,,,,1,CAD,,,,,good", line, "2024-03-06,DEPOSIT,,,,2,CAD,,,,,good-2")
    assert (report.booked, report.is_accepted) == (0, False)
    assert any(problem.line == 3 and problem.field == field and reason in problem.reason for problem in report.problems), report.problems
    assert report.ledger_commit_hash == report.ledger_commit_hash_before
    assert books.counts() == before


async def test_importing_a_file_again_books_nothing(books: Books) -> None:
    first = await books.file(*FUNDED)
    before = books.counts()
    again = await books.file(*FUNDED)
    assert (again.booked, again.duplicates, again.is_accepted) == (0, 3, True)
    assert again.ledger_commit_hash == first.ledger_commit_hash
    assert books.counts() == before


async def test_a_dry_run_says_what_would_be_and_writes_nothing(books: Books) -> None:
    before = books.counts()
    report = await books.file(*FUNDED, dry_run=True)
    assert (report.booked, report.positions) == (3, (("AAPL", "150"),))
    assert report.ledger_commit_hash != report.ledger_commit_hash_before == EMPTY_LEDGER_HASH
    assert books.counts() == before


async def test_a_back_dated_entry_rematches_the_lots_of_later_sales(books: Books) -> None:
    await books.file(*FUNDED, "2024-03-06,SELL,AAPL,50,180,,USD,,1.37,,,s-1")
    assert books.rows("select realized_pl from transactions where external_ref = 's-1'") == [(D("2198.25"),)]
    await books.file("2024-03-02,BUY,AAPL,10,100,,USD,,1.35,,,early")
    # 50 × 180 × 1.37 less 10 × 100 × 1.35 and 40 of the next lot's 100 at 15,010 × 1.35
    assert books.rows("select realized_pl from transactions where external_ref = 's-1'") == [(D("2874.60"),)]
    assert sum(row[0] for row in books.rows("select qty_open from lots")) == D(110)


async def test_only_what_an_entry_changed_is_written(books: Books) -> None:
    written = (
        "select 'lot', id::text, xmin::text from lots union all select 'disposal', lot_id::text, xmin::text from app.lot_disposals"
        " union all select 'flow', date || flow_type, xmin::text from portfolio_cash_flows"
    )
    await books.file(*FUNDED, "2024-03-06,SELL,AAPL,20,180,,USD,,1.37,,,s-1")
    before = set(books.rows(written))
    assert sorted(row[0] for row in before) == ["disposal", "flow", "lot", "lot"]
    await books.file("2024-03-03,BUY,MSFT,3,400,,USD,,1.36,,,m-1")
    assert [row[0] for row in before ^ set(books.rows(written))] == ["lot"]  # a new one; the others were left alone
    await books.file("2024-03-07,SELL,AAPL,90,180,,USD,,1.37,,,s-2")
    changed = sorted(row[0] for row in set(books.rows(written)) - before)
    assert changed == ["disposal", "disposal", "lot", "lot", "lot"]  # of MSFT still, both of AAPL, and what the second sale took
    async with books.database.transaction(books.owner) as tx:
        state = replay_of(books.portfolio, await ledger.booked_transactions(tx, books.portfolio.id))
    assert books.rows("select count(*), sum(quantity), sum(cost) from app.lot_disposals") == [
        (3, sum(part.quantity for part in state.disposals), sum(part.cost for part in state.disposals))
    ]


async def test_a_reversal_undoes_an_entry_and_keeps_both(books: Books) -> None:
    await books.file(*FUNDED, "2024-03-06,SELL,AAPL,120,180,,USD,12,1.37,,,s-1")
    async with books.database.transaction(books.owner) as tx:
        open_books = await open_ledger(tx, books.portfolio.id)
        sale = open_books.end.by_reference["s-1"]
        done = await reverse(tx, open_books, sale.id, reason="sold by mistake", new_id=books.identifiers.new, moment=NOW)
    assert done.reversal.cash_effect == -sale.cash_effect
    assert sum(row[0] for row in books.rows("select qty_open from lots")) == D(150)
    assert books.rows("select count(*) from app.lot_disposals") == [(0,)]
    totals: defaultdict[tuple, D] = defaultdict(D)
    for account, commodity, quantity in books.rows(
        "select account, commodity, quantity from ledger_transactions where transaction_index in (4, 5)"
    ):
        totals[account, commodity] += quantity
    assert set(totals.values()) == {D(0)}
    async with books.database.transaction(books.owner) as tx:
        open_books = await open_ledger(tx, books.portfolio.id)
        with pytest.raises(Conflict, match="reversed already"):
            await reverse(tx, open_books, sale.id, reason="again", new_id=books.identifiers.new, moment=NOW)
        with pytest.raises(Conflict, match="cannot be reversed"):
            await reverse(tx, open_books, done.reversal.id, reason="again", new_id=books.identifiers.new, moment=NOW)
        with pytest.raises(NotFound):
            await reverse(tx, open_books, books.portfolio.id, reason="no such", new_id=books.identifiers.new, moment=NOW)


async def test_what_later_entries_depend_on_cannot_be_reversed(books: Books) -> None:
    await books.file(*FUNDED, "2024-03-06,SELL,AAPL,120,180,,USD,12,1.37,,,s-1")
    before = books.counts()
    async with books.database.transaction(books.owner) as tx:
        open_books = await open_ledger(tx, books.portfolio.id)
        buy = open_books.end.by_reference["b-1"]
        with pytest.raises(Conflict, match="cannot be reversed"):
            await reverse(tx, open_books, buy.id, reason="x", new_id=books.identifiers.new, moment=NOW)
    assert books.counts() == before


async def test_the_lots_stored_are_the_lots_replayed(books: Books) -> None:
    await books.file(
        *FUNDED,
        "2024-03-06,SPLIT,AAPL,,,,USD,,1.37,,,sp,1,2",
        "2024-03-07,SELL,AAPL,150,90,,USD,,1.36,,,s-1",
        "2024-03-08,BUY,MSFT,3,400,,USD,,1.36,,,m-1",
    )
    async with books.database.transaction(books.owner) as tx:
        state = replay_of(books.portfolio, await ledger.booked_transactions(tx, books.portfolio.id))
        stored = {lot.id: lot for lot in await ledger.list_lots(tx, books.portfolio.id, open_only=False)}
    assert len(stored) == 3
    for lot in state.lots:
        kept = stored[lot.id]
        assert all(
            getattr(kept, name) == getattr(lot, name)
            for name in ("qty_open", "qty_original", "cost_basis", "cost_basis_base", "closed_date")
        )


FIRST_LINES = (
    "2024-03-01,DEPOSIT,,,,90000,USD,,,,,d-1",
    *(
        f"2024-03-{day:02},BUY,{symbol},{day},150.5,,USD,1.25,1.35,,,{symbol}-{day}"
        for day in range(4, 20, 3)
        for symbol in ("AAPL", "MSFT")
    ),
    "2024-03-20,SELL,AAPL,30,180,,USD,,1.37,,,s-1",
    "2024-03-21,SELL,MSFT,12.5,175,,USD,,1.36,,,s-2",
    "2024-03-22,DIVIDEND,AAPL,,,21.5,USD,,1.36,,,v-1",
)
LATE_LINES = (
    "2024-03-05,BUY,AAPL,7,149.25,,USD,1,1.35,,,late-1",
    "2024-03-08,SELL,MSFT,3,160,,USD,,1.36,,,late-2",
    "2024-03-12,SPLIT,AAPL,,,,USD,,1.36,,,late-3,1,2",
    "2024-03-02,DEPOSIT,,,,1500,CAD,,,,,late-4",
    "2024-03-30,FEE,,,,-5,CAD,,,,,late-5",
)


async def _holds_what_replaying_gives(books: Books) -> None:
    async with books.database.transaction(books.owner) as tx:
        state = replay_of(books.portfolio, await ledger.booked_transactions(tx, books.portfolio.id))
    lots = books.rows("select id, qty_open, qty_original, cost_basis, cost_basis_base, closed_date from lots")
    assert set(lots) == {(x.id, x.qty_open, x.qty_original, x.cost_basis, x.cost_basis_base, x.closed_date) for x in state.lots}
    disposals = books.rows("select sell_transaction_id, lot_id, quantity, cost_base, gain_price_base, gain_fx_base from app.lot_disposals")
    assert set(disposals) == {
        (x.sell_transaction_id, x.lot_id, x.quantity, x.cost_base, x.gain_price_base, x.gain_fx_base) for x in state.disposals
    }
    flows = books.rows("select portfolio_id, date, flow_type, amount, currency, description, transaction_count from portfolio_cash_flows")
    assert sorted(flows) == list(cash_flow_rows(books.portfolio.id, state))
    results = books.rows("select id, realized_pl, realized_pl_fx from transactions where realized_pl is not null and not is_reversal")
    standing = {(x.transaction_id, x.realized_pl, x.realized_pl_fx) for x in state.realized}
    assert standing <= set(results)
    latest = books.rows("select commit_hash, transaction_count from ledger_snapshots where status = 'parsed'")
    assert latest == books.rows("select ledger_commit_hash, sequence from transactions order by sequence desc limit 1")


async def test_a_ledger_that_was_replayed_once_is_gone_on_with(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    replayed: list[int] = []

    def counted(portfolio: PortfolioRecord, transactions: tuple) -> LedgerState:
        replayed.append(len(transactions))
        return replay_of(portfolio, transactions)

    monkeypatch.setattr(booking, "_MEMORY", LedgerMemory(1000))
    monkeypatch.setattr(booking, "replay_of", counted)
    await books.file(*FIRST_LINES)
    for line in LATE_LINES:
        assert (await books.file(line)).booked == 1
        await _holds_what_replaying_gives(books)
    assert replayed == [16, 16]  # the first file, and once more before the first late line; never again
    refused = await books.file("2024-03-04,SELL,AAPL,5,180,,USD,,1.37,,,late-6")
    assert [(problem.line, problem.field) for problem in refused.problems] == [(2, "(line)")]
    async with books.database.transaction(books.owner) as tx:
        open_books = await open_ledger(tx, books.portfolio.id)
        assert open_books.state is not None
        sale = open_books.end.by_reference["late-2"]
        await reverse(tx, open_books, sale.id, reason="never sold", new_id=books.identifiers.new, moment=NOW)
    await _holds_what_replaying_gives(books)
    await books.file("2024-03-05,BUY,MSFT,1,149.25,,USD,1,1.35,,,late-7")
    await _holds_what_replaying_gives(books)
    assert replayed == [16, 16]


async def test_what_another_process_booked_meanwhile_counts(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = LedgerMemory(1000), LedgerMemory(1000)
    monkeypatch.setattr(booking, "_MEMORY", mine)
    await books.file(*FIRST_LINES)
    await books.file(LATE_LINES[0])
    for memory, line in zip((theirs, mine, theirs, mine), LATE_LINES[1:], strict=True):
        monkeypatch.setattr(booking, "_MEMORY", memory)
        assert (await books.file(line)).booked == 1
        assert (await books.file(line)).duplicates == 1
        await _holds_what_replaying_gives(books)
    known = mine.recall(books.portfolio.id)
    assert known is not None
    async with books.database.transaction(books.owner) as tx:
        read = await ledger.booked_transactions(tx, books.portfolio.id)
    assert repr(list(known.transactions)) == repr(read[: len(known.transactions)])


async def test_what_was_rolled_back_is_not_gone_on_with(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booking, "_MEMORY", LedgerMemory(1000))
    await books.file(*FIRST_LINES)
    await books.file(LATE_LINES[0])
    before = books.counts()

    async def reverse_and_fail() -> None:
        async with books.database.transaction(books.owner) as tx:
            open_books = await open_ledger(tx, books.portfolio.id)
            sale = open_books.end.by_reference["s-1"]
            await reverse(tx, open_books, sale.id, reason="x", new_id=books.identifiers.new, moment=NOW)
            await open_ledger(tx, books.portfolio.id)  # knows the reversal, inside this transaction
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await reverse_and_fail()
    assert books.counts() == before
    assert (await books.file("2024-03-06,BUY,AAPL,1,150,,USD,,1.35,,,next")).booked == 1
    await _holds_what_replaying_gives(books)


async def test_two_writers_take_turns(books: Books) -> None:
    await books.file(*FUNDED)
    reports = await asyncio.gather(*(books.file(f"2024-03-06,DEPOSIT,,,,{n},CAD,,,,,t-{n}") for n in range(1, 4)))
    assert [report.booked for report in reports] == [1, 1, 1]
    assert [row[0] for row in books.rows("select sequence from transactions order by sequence")] == list(range(1, 7))


async def test_a_period_is_settled_after_whoever_is_booking(books: Books) -> None:
    await books.file(*FUNDED)
    day = date(2024, 12, 31)

    async def settle() -> None:
        async with books.database.transaction(books.owner) as tx:
            await lock_period(tx, books.owner, books.portfolio.id, day, reason="year end", moment=NOW)

    async with books.database.transaction(books.owner) as tx:
        assert (await open_ledger(tx, books.portfolio.id)).settled is None
        settling = asyncio.create_task(settle())
        done, _ = await asyncio.wait({settling}, timeout=0.3)
        assert not done
    await settling
    async with books.database.transaction(books.owner) as tx:
        settled = (await open_ledger(tx, books.portfolio.id)).settled
    assert settled is not None
    assert settled.locked_through == day
    with pytest.raises(Conflict, match="settled through 2024-12-31"):
        await books.file("2024-03-06,DEPOSIT,,,,1,CAD,,,,,late")


async def test_the_ledger_of_another_is_not_there(books: Books) -> None:
    stranger = await make_user(books.database)
    async with books.database.transaction(stranger) as tx:
        with pytest.raises(NotFound, match="There is no portfolio"):
            await open_ledger(tx, books.portfolio.id)
