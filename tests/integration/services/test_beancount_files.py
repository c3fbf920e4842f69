"""A ledger out to Beancount and back: nothing lost, edited files refused."""

import pytest

from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod
from dawsos.services.imports.beancount_file import export_beancount, looks_like_beancount
from dawsos.services.imports.importer import ImportReport, import_transactions
from dawsos.services.ledger.booking import open_ledger
from dawsos.services.ledger.correction import reverse
from dawsos.store.database import Database
from dawsos.store.portfolios import PortfolioRecord, add_portfolio
from tests.integration.services.test_corporate_actions import NOW, Desk, make_desk
from tests.support.postgres import user_id_of

LINES = (
    "2020-01-02,DEPOSIT,,,,50000,CAD,,,money",
    "2020-01-03,TRANSFER_OUT,,,,-26000,CAD,,,out",
    "2020-02-03,BUY,AAPL,100,50.12345678,,USD,1.3,,b-1",
    "2020-03-02,BUY,AAPL,50,80,,USD,1.31,,b-2",
    "2020-06-01,SELL,AAPL,60,90,,USD,1.29,b-1:20;b-2:40,s-1",
    "2020-07-01,DIVIDEND,AAPL,,,12.50,USD,1.28,,d-1",
    "2020-07-02,FEE,,,,-7.25,CAD,,,wrong",
)

SPLIT = (
    "transaction_date,transaction_type,symbol,split_from,split_to,currency,fx_rate,external_ref\n2020-08-31,SPLIT,AAPL,1,4,USD,1.3,split\n"
)


async def taken(desk: Desk, portfolio: PortfolioRecord, text: str) -> ImportReport:
    return await import_transactions(
        desk.database, desk.owner, portfolio.id, [text.encode()], file_name="ledger.beancount", identifiers=desk.identifiers
    )


async def booked(desk: Desk) -> None:
    await desk.book(*LINES)
    async with desk.database.transaction(desk.owner) as tx:
        ledger = await open_ledger(tx, desk.portfolio.id)
        wrong = ledger.end.by_reference["wrong"]
        await reverse(tx, ledger, wrong.id, reason="booked by mistake", new_id=desk.identifiers.new, moment=NOW)
    assert (await taken(desk, desk.portfolio, SPLIT)).is_accepted


async def test_a_ledger_comes_back_from_its_own_file_without_loss(database: Database) -> None:
    desk = await make_desk(database, LotMethod.SPECIFIC, "CAD")
    await booked(desk)
    text = await export_beancount(desk.database, desk.owner, desk.portfolio.id)
    assert looks_like_beancount(text.encode()) and not looks_like_beancount(b"transaction_date,transaction_type\n2020-01-02,BUY\n")
    async with database.transaction(desk.owner) as tx:
        second = await add_portfolio(
            tx,
            portfolio_id=desk.identifiers.new(),
            name="Second",
            base_currency="CAD",
            owner_id=user_id_of(desk.owner),
            cost_basis_method=LotMethod.SPECIFIC,
        )
    report = await taken(desk, second, text)
    assert (report.is_accepted, report.problems, report.booked) == (True, (), 7)  # the reversed fee is in neither
    other = Desk(database, desk.owner, second, desk.identifiers)
    assert await other.lots() == await desk.lots() != []
    before, after = await desk.state(), await other.state()
    assert dict(after.cash) == dict(before.cash)
    assert [one.realized_pl for one in after.realized] == [one.realized_pl for one in before.realized]
    again = await export_beancount(desk.database, desk.owner, second.id)
    assert (await taken(desk, second, again)).booked == 0
    assert (await taken(desk, desk.portfolio, text)).duplicates == 7


async def test_files_that_were_edited_or_are_not_ours_are_refused(database: Database) -> None:
    desk = await make_desk(database, LotMethod.FIFO, "CAD")
    await desk.book(LINES[0])
    text = await export_beancount(desk.database, desk.owner, desk.portfolio.id)
    with pytest.raises(Invalid, match="were changed since") as edited:
        await taken(desk, desk.portfolio, text.replace("50000.00 CAD", "60000.00 CAD"))
    assert edited.value.code == "edited_beancount"
    with pytest.raises(Invalid, match="not exported by DawsOS") as foreign:
        await taken(desk, desk.portfolio, 'option "title" "Mine"\n2020-01-02 open Assets:Cash CAD\n')
    assert foreign.value.code == "foreign_beancount"
