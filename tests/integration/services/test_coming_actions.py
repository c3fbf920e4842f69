"""Capabilities about corporate actions over a stored queue: what is to come, what it would bring, what is not known and says so."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal as D
from typing import Any

import pytest_asyncio

from dawsos.bootstrap import Application, assemble, catalogue
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.ledger import LotMethod
from dawsos.services.passwords import Argon2id
from dawsos.settings import Settings
from dawsos.store.database import Database
from dawsos.store.securities import find_securities_by_symbol
from tests.integration.api.clients import make_pack
from tests.integration.services.test_corporate_actions import NOW, Desk, make_desk

DAY = date(2023, 6, 30)


class Asker:
    """The owner of a portfolio of two shares, asking under the pack of one day."""

    def __init__(self, desk: Desk, application: Application) -> None:
        self.desk, self.application = desk, application

    async def ask(self, name: str, **more: Any) -> Any:
        context = await self.application.contexts.open(
            self.desk.owner, trace_id="trace", request_id="request", portfolio_id=self.desk.portfolio.id
        )
        asked = {"portfolio_id": str(self.desk.portfolio.id), **more}
        return (await self.application.registry.call(name, context, asked)).result


@pytest_asyncio.fixture
async def asker(database: Database) -> AsyncIterator[Asker]:
    desk = await make_desk(database, LotMethod.FIFO, "USD")
    await desk.book("2020-01-02,DEPOSIT,,,,100000,USD,,,d-1", "2020-02-03,BUY,AAPL,100,50,,USD,,,b-1", "2020-02-03,BUY,T,40,30,,USD,,,b-2")
    async with database.transaction(desk.owner, read_only=True) as tx:
        found = {each.symbol: each.id for each in await find_securities_by_symbol(tx, ["AAPL", "T"])}
    await make_pack(database, DAY, prices=((found["AAPL"], D(60), "USD"), (found["T"], D(25), "USD")))
    settings = Settings(policy="ECB_CLOSE")
    clock = FixedClock(datetime(2023, 7, 1, 12, tzinfo=UTC))
    yield Asker(desk, assemble(settings, database, catalogue(), clock, Argon2id(time_cost=1, memory_cost=8, parallelism=1), os.urandom))


async def test_r64_where_no_source_has_said_anything_every_answer_is_empty_and_says_so(asker: Asker) -> None:
    assert NOW.date() == DAY
    upcoming = await asker.ask("corporate_actions.upcoming")
    assert (upcoming.actions, upcoming.data_available, upcoming.total_actions) == ((), False, 0)
    assert "No source" in upcoming.message
    for name in ("dividends", "splits"):
        found = await asker.ask(f"corporate_actions.{name}")
        assert (found.count, found.data_available) == (0, False) and "No source" in found.message
    impact = await asker.ask("corporate_actions.calculate_impact")
    assert (impact.effects, impact.expected_income, impact.data_available, impact.affected_weight) == ((), D(0), False, None)


async def test_r64_what_is_to_come_is_told_with_what_it_would_bring(asker: Asker) -> None:
    await asker.desk.action("AAPL", "DIVIDEND", "2023-07-07", pay_date=date(2023, 7, 20), amount_per_share=D("0.24"), currency="USD",
                            withholding_rate=D("0.15"))  # fmt: skip
    await asker.desk.action("T", "SPLIT", "2023-07-08", split_from=D(1), split_to=D(3))
    await asker.desk.action("T", "DIVIDEND", "2023-12-29", amount_per_share=D("9"), currency="CHF")
    await asker.desk.action("OLD", "SPLIT", "2023-07-08", split_from=D(1), split_to=D(2))  # of a share not held
    upcoming = await asker.ask("corporate_actions.upcoming", days_ahead=90)
    assert [(each.symbol, each.action_type, each.terms, each.urgent) for each in upcoming.actions] == [
        ("AAPL", "DIVIDEND", "0.24 USD a share", True),
        ("T", "SPLIT", "3 for 1", False),
    ]
    assert (upcoming.total_actions, upcoming.urgent_actions, upcoming.dividends_expected, upcoming.splits_pending) == (2, 1, 1, 1)
    assert (upcoming.data_available, upcoming.message, upcoming.sources, upcoming.earnings_releases) == (True, None, ("test",), None)
    impact = await asker.ask("corporate_actions.calculate_impact", days_ahead=365)
    dividend, split, foreign = impact.effects
    assert (dividend.gross, dividend.withholding_tax, dividend.net, dividend.net_base) == (D("24.00"), D("3.60"), D("20.40"), D("20.40"))
    assert (split.quantity, split.quantity_after, split.net) == (D(40), D(120), None)
    assert (foreign.net, foreign.net_base) == (D("360.00"), None) and "no rate" in foreign.reasons["net_base"]
    assert impact.expected_income == D("20.40")
    whole = D(100000) - D(5000) - D(1200) + D(6000) + D(1000)
    assert abs(impact.affected_weight - float(D(7000) / whole)) < 2e-8


async def test_history_is_told_by_type_and_earnings_are_not_made_up(asker: Asker) -> None:
    applied = await asker.desk.action("AAPL", "SPLIT", "2022-08-01", split_from=D(1), split_to=D(4))
    await asker.desk.apply(applied)
    await asker.desk.action("AAPL", "DIVIDEND", "2022-08-05", pay_date=date(2022, 8, 11), amount_per_share=D("0.23"), currency="USD")
    splits = await asker.ask("corporate_actions.splits")
    assert [(each.terms, each.standing) for each in splits.splits] == [("4 for 1", "applied")]
    dividends = await asker.ask("corporate_actions.dividends", from_date="2022-08-05", to_date="2022-08-05")
    assert [(each.pay_date, each.standing) for each in dividends.dividends] == [(date(2022, 8, 11), "approved")]
    assert (await asker.ask("corporate_actions.dividends", from_date="2022-08-06")).count == 0
    earnings = await asker.ask("corporate_actions.earnings")
    assert (earnings.releases, earnings.count, earnings.data_available) == ((), None, False)
    assert "No source of earnings dates" in earnings.message
