"""Corporate actions through the database: proposed, approved, previewed, applied, taken back; worked cases with their published terms."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal as D

import psycopg
import pytest
import pytest_asyncio

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Conflict, DawsosError, Forbidden, Invalid, NotFound
from dawsos.kernel.identity import SYSTEM, Actor
from dawsos.kernel.ledger import LotMethod
from dawsos.services.corporate_actions import applying, queue
from dawsos.services.corporate_actions.applying import Application, split_factor
from dawsos.services.corporate_actions.proposing import ActionTerms, propose_terms
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.importer import import_transactions
from dawsos.services.ledger.booking import open_ledger, replay_of
from dawsos.store import observations, packs
from dawsos.store.corporate_actions import ActionStatus, ActionType, CorporateActionRecord, between
from dawsos.store.database import Database
from dawsos.store.ledger import list_lots
from dawsos.store.packs import PolicyRecord
from dawsos.store.portfolios import PortfolioRecord, add_portfolio
from tests.support.postgres import make_securities, make_user, user_id_of

NOW = datetime(2023, 6, 30, 12, tzinfo=UTC)
HEADER = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fx_rate,lots,external_ref"


@dataclass
class Desk:
    """A portfolio to apply actions to."""

    database: Database
    owner: Actor
    portfolio: PortfolioRecord
    identifiers: Identifiers

    async def book(self, *lines: str) -> None:
        data = "\n".join([HEADER, *(line + "," * (HEADER.count(",") - line.count(",")) for line in lines)]).encode()
        report = await import_transactions(
            self.database, self.owner, self.portfolio.id, [data], file_name="t.csv", identifiers=self.identifiers
        )
        assert report.is_accepted, report.problems

    async def action(self, symbol: str, kind: str, day: str, **terms: object) -> CorporateActionRecord:
        given = ActionTerms(symbol=symbol, action_type=ActionType(kind), ex_date=date.fromisoformat(day), **terms)
        found = await propose_terms(self.database, SYSTEM, given, source="test", identifiers=self.identifiers)
        return await queue.decide(self.database, SYSTEM, found.id, ActionStatus.APPROVED, moment=NOW)

    async def apply(self, action: CorporateActionRecord) -> Application:
        return await applying.apply(self.database, self.owner, self.portfolio.id, action.id, identifiers=self.identifiers)

    async def lots(self) -> list[tuple[str | None, D, D, str]]:
        """Open lots as the database holds them: symbol, quantity, cost, acquired."""
        async with self.database.transaction(self.owner, read_only=True) as tx:
            found = await list_lots(tx, self.portfolio.id)
        return [(lot.symbol, lot.qty_open, lot.cost_basis, lot.acquisition_date.isoformat()) for lot in found]

    async def state(self):
        async with self.database.transaction(self.owner) as tx:
            ledger = await open_ledger(tx, self.portfolio.id)
        return replay_of(ledger.portfolio, ledger.transactions)


async def make_desk(database: Database, method: LotMethod, base: str) -> Desk:
    await make_securities(database, "AAPL", "T", "WBD", "OLD", "NEW", currency="USD")
    async with database.transaction(SYSTEM) as tx:
        await packs.put_policy(tx, PolicyRecord("ECB_CLOSE", "Test.", ["TEST"], ["ECB"], dividend_adjusted=False))
    owner = await make_user(database)
    identifiers = Identifiers(FixedClock(NOW), os.urandom)
    async with database.transaction(owner) as tx:
        portfolio = await add_portfolio(
            tx, portfolio_id=identifiers.new(), name="Main", base_currency=base, owner_id=user_id_of(owner), cost_basis_method=method
        )
    return Desk(database, owner, portfolio, identifiers)


@pytest_asyncio.fixture(params=[LotMethod.FIFO, LotMethod.SPECIFIC], ids=str)
async def desk(database: Database, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    yield await make_desk(database, request.param, "USD")


@pytest_asyncio.fixture
async def canadian(database: Database) -> AsyncIterator[Desk]:
    yield await make_desk(database, LotMethod.FIFO, "CAD")


BUYS = (
    "2020-01-02,DEPOSIT,,,,100000,USD,,,d-1",
    "2020-02-03,BUY,{0},100,50,,USD,,,b-1",
    "2021-03-01,BUY,{0},50,80,,USD,,,b-2",
)


def buys(symbol: str) -> list[str]:
    return [line.format(symbol) for line in BUYS]


async def test_a_split_keeps_the_cost_and_a_sale_after_it_relieves_the_new_unit_cost(desk: Desk):
    await desk.book("2020-01-02,DEPOSIT,,,,5000,USD,,,d-1", "2020-02-03,BUY,AAPL,10,100,,USD,,,b-1")
    done = await desk.apply(await desk.action("AAPL", "SPLIT", "2020-08-31", split_from=D(1), split_to=D(2)))
    assert [(lot.qty_open, lot.cost_basis) for lot in done.lots_after] == [(D(20), D(1000))]
    await desk.book(
        "2020-10-01,SELL,AAPL,5,60,,USD,," + ("b-1:5" if desk.portfolio.cost_basis_method is LotMethod.SPECIFIC else "") + ",s-1"
    )
    assert await desk.lots() == [("AAPL", D(15), D(750), "2020-02-03")]


async def test_a_reverse_split_pays_the_fraction_in_cash(desk: Desk):
    await desk.book(*buys("AAPL"))
    action = await desk.action("AAPL", "SPLIT", "2022-01-10", split_from=D(8), split_to=D(1), cash_in_lieu_price=D(400))
    done = await desk.apply(action)
    # 100 / 8 = 12.5 and 50 / 8 = 6.25: 18 whole shares are delivered, 0.75 of one is sold for 300.00
    assert sum(lot.qty_open for lot in done.lots_after) == D(18)
    assert done.entries[-1].amount == D("300.00")
    cost = D("9000.00") - sum(lot.cost_basis for lot in done.lots_after)
    assert done.realized_pl == D("300.00") - cost
    assert cost == (D("300.00") if desk.portfolio.cost_basis_method is LotMethod.FIFO else D("480.00"))


async def test_a_spin_off_moves_the_published_share_of_the_cost(desk: Desk):
    """AT&T and Warner Bros. Discovery, 2022-04-11: 0.241917 new shares for one, 23.48 % of the cost."""
    await desk.book("2020-01-02,DEPOSIT,,,,50000,USD,,,d-1", "2020-02-03,BUY,T,1000,30,,USD,,,b-1")
    terms = {"other_symbol": "WBD", "ratio": D("0.241917"), "cost_share": D("0.2348")}
    await desk.apply(await desk.action("T", "SPIN_OFF", "2022-04-11", **terms, cash_in_lieu_price=D("24.78")))
    lots = {symbol: (quantity, acquired) for symbol, quantity, _, acquired in await desk.lots()}
    assert lots == {"T": (D(1000), "2020-02-03"), "WBD": (D(241), "2020-02-03")}
    state = await desk.state()
    by_symbol = {lot.symbol: lot.cost_basis for lot in state.lots if lot.qty_open}
    relieved = sum(one.cost for one in state.disposals)
    assert by_symbol["T"] == D("22956.00")
    assert by_symbol["WBD"] + relieved == D("7044.00")
    assert state.cash["USD"] == D("20000.00") + D("22.72")  # 0.917 × 24.78
    assert not [flow for flow in state.external_flows if flow.date > date(2020, 1, 2)]


async def test_a_change_of_symbol_keeps_lots_dates_and_cost(desk: Desk):
    await desk.book(*buys("OLD"))
    done = await desk.apply(await desk.action("OLD", "SYMBOL_CHANGE", "2022-01-10", other_symbol="NEW"))
    assert await desk.lots() == [("NEW", D(100), D("5000.00"), "2020-02-03"), ("NEW", D(50), D("4000.00"), "2021-03-01")]
    assert done.realized_pl == 0


@pytest.mark.parametrize(
    ("terms", "new_cost", "gain"),
    [
        ({"ratio": D("0.5"), "other_symbol": "NEW"}, "9000.00", "0"),
        ({"cash_per_share": D(90)}, None, "4500.00"),
        # value 0.5 × 100 + 40 = 90 a share; gains 4,000 and 500 against 4,000 and 2,000 in cash: up to the cash
        ({"ratio": D("0.5"), "other_symbol": "NEW", "cash_per_share": D(40), "share_value": D(100)}, "7500.00", "4500.00"),
        (
            {"ratio": D("0.5"), "other_symbol": "NEW", "cash_per_share": D(40), "share_value": D(100), "boot_rule": "taxable"},
            "7500.00",
            "4500.00",
        ),
        # 40 of 90 of the cost goes with the cash: 2,222.22 and 1,777.78
        (
            {"ratio": D("0.5"), "other_symbol": "NEW", "cash_per_share": D(40), "share_value": D(100), "boot_rule": "part_disposal"},
            "5000.00",
            "2000.00",
        ),
    ],
    ids=["shares", "cash", "gain up to cash", "taxable", "part disposal"],
)
async def test_a_merger_conserves_cost_and_gain(desk: Desk, terms: dict, new_cost: str | None, gain: str):
    await desk.book(*buys("OLD"))
    done = await desk.apply(await desk.action("OLD", "MERGER", "2022-01-10", **terms))
    lots = await desk.lots()
    assert {symbol for symbol, *_ in lots} == ({"NEW"} if new_cost else set())
    assert sum(cost for _, _, cost, _ in lots) == D(new_cost or 0)
    assert sum(quantity for _, quantity, _, _ in lots) == (75 if new_cost else 0)
    assert done.realized_pl == D(gain)


@pytest.mark.parametrize(
    ("shares", "ex_rate", "pay_rate", "tax", "net_base"),
    [("100", "1.34", "1.36", "0", "32.64"), ("100", "1.35", "1.3675", "0", "32.82"), ("100", "1.34", "1.36", "0.15", "27.74")],
)
async def test_a_dividend_is_converted_at_the_rate_of_the_pay_date(canadian: Desk, shares, ex_rate, pay_rate, tax, net_base):
    ex, pay = date(2022, 5, 6), date(2022, 5, 12)
    async with canadian.database.transaction(SYSTEM) as tx:
        rates = [
            ("EUR", code, day, "ECB", D(rate), NOW)
            for day, cad in ((ex, ex_rate), (pay, pay_rate))
            for code, rate in (("USD", "1"), ("CAD", cad))
        ]
        await observations.put_rates(tx, rates)
    await canadian.book("2022-01-03,DEPOSIT,,,,20000,USD,1.3,,d-1", f"2022-01-04,BUY,AAPL,{shares},150,,USD,1.3,,b-1",
                        "2022-05-06,BUY,AAPL,50,150,,USD,1.34,,b-2")  # fmt: skip
    terms = {"pay_date": pay, "amount_per_share": D("0.24"), "currency": "USD", "withholding_rate": D(tax)}
    done = await canadian.apply(await canadian.action("AAPL", "DIVIDEND", ex.isoformat(), **terms))
    (entry,) = done.entries
    assert done.quantity == D(100)  # what was bought on the ex-date has no part in it
    assert (entry.amount, entry.withholding_tax, entry.transaction_date, entry.ex_date) == (D("24.00"), D("24.00") * D(tax), pay, ex)
    assert entry.fx_rate == D(pay_rate)
    assert round(entry.cash_effect * entry.fx_rate, 2) == D(net_base)


async def test_r11_without_a_rate_of_the_pay_date_a_dividend_is_not_booked(canadian: Desk):
    await canadian.book("2022-01-03,DEPOSIT,,,,20000,USD,1.3,,d-1", "2022-01-04,BUY,AAPL,10,150,,USD,1.3,,b-1")
    terms = {"amount_per_share": D("0.24"), "currency": "USD"}
    action = await canadian.action("AAPL", "DIVIDEND", "2022-05-06", pay_date=date(2022, 5, 12), **terms)
    with pytest.raises(Invalid, match="no exchange rate from USD to CAD on 2022-05-12"):
        await canadian.apply(action)
    undated = await canadian.action("AAPL", "DIVIDEND", "2022-08-05", **terms)
    with pytest.raises(Invalid, match="no pay date"):
        await canadian.apply(undated)


async def test_base_cost_stays_what_it_was_when_lots_move(canadian: Desk):
    await canadian.book("2020-01-02,DEPOSIT,,,,100000,USD,1.3,,d-1", "2020-02-03,BUY,OLD,333,51.17,,USD,1.32871,,b-1")
    async with canadian.database.transaction(SYSTEM) as tx:
        await observations.put_rates(tx, [("EUR", c, date(2022, 1, 10), "ECB", D(r), NOW) for c, r in (("USD", "1.13"), ("CAD", "1.43"))])
    before = (await canadian.state()).lots[0].cost_basis_base
    await canadian.apply(await canadian.action("OLD", "SYMBOL_CHANGE", "2022-01-10", other_symbol="NEW"))
    (after,) = [lot for lot in (await canadian.state()).lots if lot.qty_open]
    assert (after.symbol, after.cost_basis_base) == ("NEW", before)


async def test_a_preview_writes_nothing_and_says_what_applying_then_does(desk: Desk, database_clone):
    await desk.book(*buys("OLD"))
    action = await desk.action("OLD", "MERGER", "2022-01-10", ratio=D("0.5"), other_symbol="NEW")
    before = await desk.lots()
    shown = await applying.preview(desk.database, desk.owner, desk.portfolio.id, action.id, identifiers=desk.identifiers)
    assert await desk.lots() == before
    done = await desk.apply(action)
    assert shown.application_id is None
    assert [(e.transaction_type, e.symbol, e.quantity, e.cost_basis) for e in shown.entries] == [
        (e.transaction_type, e.symbol, e.quantity, e.cost_basis) for e in done.entries
    ]
    with psycopg.connect(database_clone.admin_dsn) as admin:
        assert admin.execute("select count(*) from app.corporate_action_applications").fetchone() == (1,)


async def test_what_was_applied_is_taken_back_as_a_whole_and_can_be_applied_again(desk: Desk):
    await desk.book(*buys("OLD"))
    action = await desk.action("OLD", "MERGER", "2022-01-10", ratio=D("0.5"), other_symbol="NEW", cash_per_share=D(40), share_value=D(100))
    before = await desk.lots()
    await desk.apply(action)
    after = await desk.lots()
    with pytest.raises(Conflict, match="applied to this portfolio already"):
        await desk.apply(action)
    arguments = (desk.database, desk.owner, desk.portfolio.id, action.id)
    await applying.take_back(*arguments, reason="The terms were wrong", identifiers=desk.identifiers)
    assert await desk.lots() == before
    with pytest.raises(NotFound, match="not applied"):
        await applying.take_back(*arguments, reason="again", identifiers=desk.identifiers)
    await desk.apply(action)
    assert await desk.lots() == after


async def test_what_a_later_sale_depends_on_is_not_taken_back(desk: Desk):
    await desk.book(*buys("OLD"))
    action = await desk.action("OLD", "SYMBOL_CHANGE", "2022-01-10", other_symbol="NEW")
    done = await desk.apply(action)
    lots = f"{done.entries[1].external_ref}:10" if desk.portfolio.cost_basis_method is LotMethod.SPECIFIC else ""
    await desk.book(f"2022-02-01,SELL,NEW,10,90,,USD,,{lots},s-1")
    with pytest.raises(Conflict, match="cannot be reversed"):
        await applying.take_back(desk.database, desk.owner, desk.portfolio.id, action.id, reason="x", identifiers=desk.identifiers)


@pytest.mark.parametrize("state", ["proposed", "rejected"])
async def test_only_an_approved_action_is_applied(canadian: Desk, state: str):
    await canadian.book("2020-01-02,DEPOSIT,,,,100000,USD,1.3,,d-1", "2020-02-03,BUY,OLD,10,50,,USD,1.3,,b-1")
    terms = ActionTerms(symbol="OLD", action_type=ActionType.SPLIT, ex_date=date(2022, 1, 10), split_from=D(1), split_to=D(2))
    action = await propose_terms(canadian.database, SYSTEM, terms, source="test", identifiers=canadian.identifiers)
    if state == "rejected":
        await queue.decide(canadian.database, SYSTEM, action.id, ActionStatus.REJECTED, moment=NOW)
    with pytest.raises(Conflict, match="not approved"):
        await canadian.apply(action)


async def test_one_action_a_security_type_and_ex_date(canadian: Desk):
    await canadian.action("OLD", "SPLIT", "2022-01-10", split_from=D(1), split_to=D(2))
    with pytest.raises(Conflict, match="in the queue already"):
        await canadian.action("OLD", "SPLIT", "2022-01-10", split_from=D(1), split_to=D(3))


async def test_an_owner_cannot_propose_or_approve_for_everybody(canadian: Desk):
    terms = ActionTerms(symbol="OLD", action_type=ActionType.SPLIT, ex_date=date(2022, 1, 10), split_from=D(1), split_to=D(2))
    with pytest.raises(Forbidden):
        await propose_terms(canadian.database, canadian.owner, terms, source="test", identifiers=canadian.identifiers)


@pytest.mark.parametrize(
    ("line", "message"),
    [("2022-01-10,BUY,OLD,5,50,,USD,1.3,,b-2", "on the ex-date itself"), ("2022-02-10,BUY,OLD,5,50,,USD,1.3,,b-2", None)],
)
async def test_a_trade_on_the_ex_date_is_not_split_with_the_rest(canadian: Desk, line: str, message: str | None):
    await canadian.book("2020-01-02,DEPOSIT,,,,100000,USD,1.3,,d-1", "2020-02-03,BUY,OLD,10,50,,USD,1.3,,b-1", line)
    async with canadian.database.transaction(SYSTEM) as tx:
        await observations.put_rates(tx, [("EUR", c, date(2022, 1, 10), "ECB", D(r), NOW) for c, r in (("USD", "1.13"), ("CAD", "1.43"))])
    action = await canadian.action("OLD", "SPLIT", "2022-01-10", split_from=D(1), split_to=D(2))
    if message:
        with pytest.raises(Conflict, match=message):
            await canadian.apply(action)
        return
    await canadian.apply(action)
    assert [quantity for _, quantity, _, _ in await canadian.lots()] == [D(20), D(5)]


async def test_what_is_booked_by_hand_is_not_booked_twice_and_what_is_not_held_not_at_all(canadian: Desk):
    await canadian.book("2020-01-02,DEPOSIT,,,,100000,USD,1.3,,d-1", "2022-01-11,BUY,OLD,10,50,,USD,1.3,,b-1")
    early = await canadian.action("OLD", "SPLIT", "2022-01-10", split_from=D(1), split_to=D(2))
    with pytest.raises(Conflict, match="held none of it then"):
        await canadian.apply(early)


async def test_incomplete_terms_are_refused_before_they_are_kept(canadian: Desk):
    for kind, terms in (("DIVIDEND", {}), ("SPLIT", {"split_from": D(1)}), ("SPIN_OFF", {"ratio": D(1)}), ("MERGER", {"ratio": D(1)})):
        with pytest.raises(DawsosError, match="needs"):
            await canadian.action("OLD", kind, "2022-01-10", **terms)
    with pytest.raises(NotFound, match="'NOSUCH'"):
        await canadian.action("OLD", "SYMBOL_CHANGE", "2022-01-10", other_symbol="NOSUCH")


async def test_prices_stay_as_quoted_and_a_factor_makes_them_comparable(canadian: Desk):
    await canadian.action("AAPL", "SPLIT", "2000-06-21", split_from=D(1), split_to=D(2))
    await canadian.action("AAPL", "SPLIT", "2005-02-28", split_from=D(1), split_to=D(2))
    async with canadian.database.transaction(SYSTEM, read_only=True) as tx:
        splits = await between(tx, date(2000, 1, 1), date(2013, 3, 1))
    factors = [split_factor(splits, date.fromisoformat(day), date(2013, 3, 1)) for day in ("2000-06-20", "2000-06-21", "2005-02-28")]
    assert factors == [D(4), D(2), D(1)]


async def test_upcoming_is_honest_about_what_nobody_has_said(canadian: Desk):
    await canadian.book("2020-01-02,DEPOSIT,,,,100000,USD,1.3,,d-1", "2020-02-03,BUY,OLD,10,50,,USD,1.3,,b-1")
    arguments = {"first": date(2022, 1, 5), "days_ahead": 30}
    nothing = await queue.upcoming(canadian.database, canadian.owner, canadian.portfolio.id, **arguments)
    assert (nothing.data_available, nothing.actions) == (False, ())
    assert nothing.reason is not None and "No source" in nothing.reason
    await canadian.action("OLD", "SPLIT", "2022-01-10", split_from=D(1), split_to=D(2))
    await canadian.action("OLD", "DIVIDEND", "2022-02-01", amount_per_share=D(1), currency="USD", pay_date=date(2022, 2, 20))
    await canadian.action("NEW", "SPLIT", "2022-01-10", split_from=D(1), split_to=D(2))
    found = await queue.upcoming(canadian.database, canadian.owner, canadian.portfolio.id, **arguments)
    assert [(one.action.symbol, one.action.action_type, one.standing) for one in found.actions] == [
        ("OLD", "SPLIT", "approved"),
        ("OLD", "DIVIDEND", "approved"),
    ]
    assert [one.action.action_type for one in found.urgent] == ["SPLIT"]
    assert (found.data_available, found.reason, found.sources) == (True, None, ("test",))
