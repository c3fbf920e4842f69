"""Files of other programs into the ledger, and an import taken back as a whole."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
import pytest_asyncio

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Conflict, NotFound
from dawsos.kernel.identity import SYSTEM, Actor
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.importer import ImportReport, import_transactions
from dawsos.services.imports.undo import list_imports, undo_import
from dawsos.store import observations, packs
from dawsos.store.database import Database
from dawsos.store.ledger import ListedBatch, list_lots
from dawsos.store.packs import PolicyRecord
from dawsos.store.portfolios import PortfolioRecord
from tests.support.postgres import make_portfolio, make_securities, make_user

NOW = datetime(2023, 6, 30, 12, tzinfo=UTC)
STATEMENT = """OFXHEADER:100
<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><CURDEF>USD<INVACCTFROM><ACCTID>U1</INVACCTFROM><INVTRANLIST>
<INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20220102<TRNAMT>5000.00<FITID>c1</STMTTRN></INVBANKTRAN>
<BUYSTOCK><INVBUY><INVTRAN><FITID>t1<DTTRADE>20220103</INVTRAN><SECID><UNIQUEID>X1</SECID><UNITS>10<UNITPRICE>182.01<COMMISSION>1<TOTAL>-1821.10</INVBUY></BUYSTOCK>
MORE</INVTRANLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>
<SECLIST><STOCKINFO><SECINFO><SECID><UNIQUEID>X1</SECID><TICKER>AAPL</SECINFO></STOCKINFO></SECLIST></OFX>"""
LATER = "<SELLSTOCK><INVSELL><INVTRAN><FITID>t2<DTTRADE>20220601</INVTRAN><SECID><UNIQUEID>X1</SECID><UNITS>-4<UNITPRICE>150<TOTAL>600</INVSELL></SELLSTOCK>"


@dataclass
class Books:
    """A portfolio in CAD that files are imported into."""

    database: Database
    owner: Actor
    portfolio: PortfolioRecord
    identifiers: Identifiers

    async def take(self, more: str = "", *, dry_run: bool = False) -> ImportReport:
        content = STATEMENT.replace("MORE", more).encode()
        return await import_transactions(
            self.database, self.owner, self.portfolio.id, [content], file_name="a.qfx", identifiers=self.identifiers, dry_run=dry_run
        )

    async def undo(self, batch_id, reason: str = "The wrong portfolio") -> int:
        return len(await undo_import(self.database, self.owner, self.portfolio.id, batch_id, reason=reason, identifiers=self.identifiers))

    async def batches(self) -> list[ListedBatch]:
        """The imports, the larger one first: the clock stands still, so moments do not tell them apart."""
        found = await list_imports(self.database, self.owner, self.portfolio.id)
        return sorted(found, key=lambda one: -one.rows_booked)

    async def held(self) -> list[tuple[str | None, D]]:
        async with self.database.transaction(self.owner, read_only=True) as tx:
            return [(lot.symbol, lot.qty_open) for lot in await list_lots(tx, self.portfolio.id)]


@pytest_asyncio.fixture
async def books(database: Database) -> AsyncIterator[Books]:
    await make_securities(database, "AAPL", currency="USD")
    async with database.transaction(SYSTEM) as tx:
        await packs.put_policy(tx, PolicyRecord("ECB_CLOSE", "Test.", ["TEST"], ["ECB"], dividend_adjusted=False))
        days = (date(2022, 1, 1), date(2022, 1, 3), date(2022, 6, 1))
        rates = [("EUR", code, day, "ECB", D(rate), NOW) for day in days for code, rate in (("USD", "1.13"), ("CAD", "1.43"))]
        await observations.put_rates(tx, rates)
    owner = await make_user(database)
    yield Books(database, owner, await make_portfolio(database, owner), Identifiers(FixedClock(NOW), os.urandom))


async def test_a_statement_that_overlaps_the_one_before_books_only_what_is_new(books: Books):
    shown = await books.take(dry_run=True)
    assert (shown.booked, shown.positions, await books.held()) == (2, (("AAPL", "10"),), [])
    assert (await books.take()).booked == 2
    report = await books.take(LATER)
    assert (report.booked, report.duplicates, report.problems) == (1, 2, ())
    assert await books.held() == [("AAPL", D(6))]
    first, newest = await books.batches()
    assert [(one.format, one.rows_booked, one.standing) for one in (newest, first)] == [("ofx", 1, 1), ("ofx", 2, 2)]


async def test_one_bad_line_keeps_the_whole_statement_out_and_is_named(books: Books):
    report = await books.take(LATER.replace("150", "much"))
    assert (report.is_accepted, report.booked, await books.held()) == (False, 0, [])
    assert [(problem.line, problem.field) for problem in report.problems] == [(5, "UNITPRICE")]


async def test_an_import_is_taken_back_as_a_whole(books: Books):
    await books.take()
    await books.take(LATER)
    first, newest = await books.batches()
    with pytest.raises(Conflict, match="cannot be reversed"):
        await books.undo(first.id)  # the sale depends on it
    assert await books.held() == [("AAPL", D(6))]
    assert await books.undo(newest.id) == 1
    assert await books.undo(first.id) == 2
    assert await books.held() == []
    with pytest.raises(Conflict, match="Nothing of this import"):
        await books.undo(first.id)
    with pytest.raises(NotFound):
        await books.undo(books.identifiers.new())


async def test_what_was_taken_back_is_not_booked_again_unsaid(books: Books):
    await books.take()
    (batch,) = await list_imports(books.database, books.owner, books.portfolio.id)
    await books.undo(batch.id)
    same, more = await books.take(), await books.take(LATER.replace("SELL", "BUY").replace("-4", "4").replace("<TOTAL>600", "<TOTAL>-600"))
    assert (same.booked, more.booked, more.duplicates) == (0, 1, 2)
    for report in (same, more):
        assert "2 of these lines were booked and reversed before" in report.warnings[0]
