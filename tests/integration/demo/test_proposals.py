"""Proposals over the demo: what they would change against plain arithmetic; kept, accepted, shown, booked as one; refused when stale."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal as D
from uuid import UUID, uuid4

import httpx2
import numpy as np
import pytest
import pytest_asyncio

from dawsos.api.application import create_app
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.services.accounts import Identity
from dawsos.services.panels import load_panels
from dawsos.services.portfolios import NewPortfolio, book_entry, create_portfolio
from dawsos.store import users
from tests.integration.api.clients import data, make_client, problem
from tests.support.demo import Demo

POLICY = {"method": "risk_parity", "max_single_position": 0.08, "max_turnover": 0.2}


async def analysed(demo: Demo) -> dict:
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    asked = {"portfolio_id": str(demo.portfolios["Household"].id), **POLICY}
    result = await orchestrator.run(demo.application.patterns["policy_rebalance"], asked, await demo.context("Household"))
    assert all(panel["status"] in {"ok", "empty"} for panel in result.plain()["panels"]), result.plain()["panels"]
    return result.plain()["data"]


async def test_the_impact_is_that_of_holding_the_weights(demo: Demo) -> None:
    found = await analysed(demo)
    positions = (await demo.overview("Household")).plain()["data"]["valued_positions"]
    impact, trades = found["impact"], found["proposal"]["trades"]
    nav = D(positions["nav"])
    assert D(impact["current"]["value"]) == nav
    assert D(impact["delta"]["value"]) == D(impact["post"]["value"]) - nav
    assert abs(D(impact["delta"]["value"]) + D(found["proposal"]["estimated_costs"])) <= D("0.01") * 2 * len(trades)
    held = {each["security_id"]: D(each["market_value"]) for each in positions["positions"] if each["security_id"]}
    top = sum(sorted(held.values(), reverse=True)[:10]) / nav
    assert impact["current"]["top10"] == pytest.approx(float(top), abs=1e-8)
    rated = {each["security_id"]: each for each in found["quality"]["companies"]}
    known = [(float(held[key]), one["dividend_safety"]) for key, one in rated.items() if one["dividend_safety"] is not None]
    expected = sum(value * score for value, score in known) / sum(value for value, _ in known)
    assert impact["current"]["dividend_safety"] == pytest.approx(expected, abs=1e-7)
    assert await _volatility(demo, positions) == pytest.approx(impact["current"]["volatility"], abs=1e-7)
    assert impact["post"]["top10"] != impact["current"]["top10"]
    # The owner has no other portfolio: the whole is the portfolio.
    assert impact["all_portfolios"]["current"] == impact["current"]
    assert impact["other_ledgers"] == []


async def _volatility(demo: Demo, positions: dict) -> float:
    """σ of Σ w·r over the last 252 days, from closes and rates by hand."""
    context = await demo.context("Household")
    pins = context.pinned()
    ids = {each["security_id"]: each for each in positions["positions"] if each["security_id"]}
    cash = [each for each in positions["positions"] if not each["security_id"] and each["currency"] != pins.portfolio.base_currency]
    async with demo.application.database.transaction(context.actor, read_only=True) as tx:
        prices, rates = await load_panels(
            tx,
            pins.pack,
            pins.pack.date - timedelta(days=500),
            security_ids={UUID(key) for key in ids},
            currencies={each["currency"] for each in positions["positions"]},
            base_currency=pins.portfolio.base_currency,
        )
    column = {code: rates.rate[0, place] for place, code in enumerate(rates.currencies)}
    daily = np.zeros(252)
    for key, each in ids.items():
        value = prices.close[prices.row[UUID(key)]].astype(float) * column[each["currency"]]
        daily += each["weight"] * (value[1:] / value[:-1] - 1.0)[-252:]
    for each in cash:
        level = column[each["currency"]]
        daily += each["weight"] * (level[1:] / level[:-1] - 1.0)[-252:]
    return float(daily.std(ddof=1) * np.sqrt(252))


async def test_taxes_of_a_proposal_are_those_of_its_lots(demo: Demo) -> None:
    found = (await analysed(demo))["proposal"]
    sales = [each for each in found["trades"] if each["action"] == "sell"]
    assert sales
    for each in sales:
        gain = D(each["short_term_gain"]) + D(each["long_term_gain"])
        assert gain == D(each["realized_gain"])
        assert D(each["tax_cost"]) == ((gain + D(each["disallowed"])) * D("0.32")).quantize(D("0.01"))
    assert all(each["tax_cost"] is None and each["reasons"]["tax_cost"] for each in found["trades"] if each["action"] == "buy")
    assert D(found["tax_cost"]) == sum(D(each["tax_cost"]) for each in sales)


@dataclass
class Desk:
    """The owner of a portfolio at work over HTTP."""

    demo: Demo
    client: httpx2.AsyncClient
    home: str

    async def ledger(self) -> tuple[int, str]:
        page = data(await self.client.get(f"{self.home}/transactions"))
        return page["total"], page["items"][0]["ledger_commit_hash"]

    async def proposed(self) -> dict:
        return data(await self.client.post(f"{self.home}/suggestions", json=POLICY), 201)


@pytest_asyncio.fixture
async def desk(own_demo: Demo) -> AsyncIterator[Desk]:
    parts, portfolio = own_demo.application, own_demo.portfolios["Household"]
    async with parts.database.transaction(own_demo.owner("Household"), read_only=True) as tx:
        owner = next(each for each in await users.list_users(tx) if each.id == portfolio.owner_id)
    _, token = await parts.accounts.create_token(Identity(owner.id, owner.email, owner.role), "tests")
    async with make_client(create_app(parts), headers={"Authorization": f"Bearer {token}"}) as client:
        yield Desk(own_demo, client, f"/v1/portfolios/{portfolio.id}")


async def test_r13_a_proposal_is_kept_accepted_shown_and_booked_as_one(desk: Desk) -> None:
    before = await desk.ledger()
    kept = await desk.proposed()
    assert (kept["status"], kept["trade_count"]) == ("pending", len(kept["trades"]))
    assert (await desk.proposed())["id"] == kept["id"]  # asked again from the same state, it is the same
    here = f"{desk.home}/suggestions/{kept['id']}"
    shown = data(await desk.client.post(f"{here}/preview", json={}))
    problem(await desk.client.post(f"{here}/execution", json={"shown": shown["shown"]}), 409, "suggestion_not_accepted")
    assert data(await desk.client.post(f"{here}/acceptance"))["status"] == "accepted"
    assert data(await desk.client.post(f"{here}/acceptance"))["status"] == "accepted"
    problem(await desk.client.post(f"{here}/execution", json={"shown": "0" * 64}), 409, "not_as_shown")
    assert await desk.ledger() == before  # nothing so far has written an entry
    _adds_up(kept, shown)

    done = data(await desk.client.post(f"{here}/execution", json={"shown": shown["shown"]}), 201)
    facts = ("transaction_type", "symbol", "quantity", "price", "amount", "fee", "currency", "fx_rate", "transaction_date", "external_ref")
    assert [[each[name] for name in facts] for each in done["entries"]] == [[each[name] for name in facts] for each in shown["entries"]]
    assert (done["suggestion"]["status"], done["is_duplicate"], done["cash"]) == ("executed", False, shown["cash"])
    assert (done["realized_pl"], await desk.ledger()) == (
        shown["realized_pl"],
        (before[0] + len(done["entries"]), done["ledger_commit_hash"]),
    )

    again = data(await desk.client.post(f"{here}/execution", json={"shown": shown["shown"]}), 200)
    assert again["is_duplicate"] is True
    assert [each["id"] for each in again["entries"]] == [each["id"] for each in done["entries"]]
    assert (await desk.ledger())[0] == before[0] + len(done["entries"])
    other = data(await desk.client.post(f"{here}/preview", json={}), 200)
    assert other["is_duplicate"] is True
    problem(await desk.client.post(f"{here}/preview", json={"with_estimated_costs": True}), 409, "suggestion_executed")
    problem(await desk.client.post(f"{here}/rejection"), 409, "suggestion_executed")


def _adds_up(kept: dict, shown: dict) -> None:
    trades = {each["symbol"]: each for each in kept["trades"]}
    booked = [each for each in shown["entries"] if each["symbol"]]
    assert {each["symbol"] for each in booked} == set(trades)
    for each in booked:
        trade = trades[each["symbol"]]
        sign = 1 if each["transaction_type"] == "SELL" else -1
        assert D(each["quantity"]) == abs(D(trade["quantity"])) and D(each["price"]) == D(trade["price"])
        assert D(each["amount"]) == sign * (D(each["quantity"]) * D(each["price"])).quantize(D("0.01"))
        assert (each["currency"], D(each["fee"])) == (trade["currency"], 0)
    # What is traded abroad is converted: cash in a foreign currency stays what it was.
    for code in {each["currency"] for each in shown["entries"]} - {kept["base_currency"]}:
        assert sum(D(each["amount"]) for each in shown["entries"] if each["currency"] == code) == 0
    assert shown["entries"][0]["transaction_type"] == "SELL"


async def test_fills_a_person_states_are_booked_and_what_was_proposed_before_the_ledger_moved_is_refused(desk: Desk) -> None:
    kept = await desk.proposed()
    here = f"{desk.home}/suggestions/{kept['id']}"
    data(await desk.client.post(f"{here}/acceptance"))
    sale = next(each for each in kept["trades"] if each["action"] == "sell")
    unfilled = [{"symbol": each["symbol"], "quantity": "0"} for each in kept["trades"] if each is not sale]
    fills = {"trades": [{"symbol": sale["symbol"], "quantity": "1", "price": "12.5", "fee": "1.25"}, *unfilled]}
    shown = data(await desk.client.post(f"{here}/preview", json=fills))
    entry = shown["entries"][0]
    assert (entry["quantity"], entry["price"], D(entry["amount"]), D(entry["fee"])) == ("1", "12.5", D("12.50"), D("1.25"))
    abroad = sale["currency"] != kept["base_currency"]
    assert [each["transaction_type"] for each in shown["entries"]] == ["SELL", *(["TRANSFER_OUT", "TRANSFER_IN"] if abroad else [])]
    if abroad:
        assert D(shown["entries"][1]["amount"]) == D("-11.25")
    problem(await desk.client.post(f"{here}/preview", json={"trades": [{"symbol": "NOBODY", "quantity": "1"}]}), 422, "validation_error")
    nothing = {"trades": [{"symbol": each["symbol"], "quantity": "0"} for each in kept["trades"]]}
    problem(await desk.client.post(f"{here}/preview", json=nothing), 422, "nothing_filled")
    problem(await desk.client.post(f"{here}/preview", json={"trade_date": "1999-01-04"}), 422, "validation_error")
    done = data(await desk.client.post(f"{here}/execution", json={**fills, "shown": shown["shown"]}), 201)
    assert len(done["entries"]) == len(shown["entries"])
    await _stale_proposals_are_refused(desk)


async def _stale_proposals_are_refused(desk: Desk) -> None:
    kept = await desk.proposed()
    here = f"{desk.home}/suggestions/{kept['id']}"
    data(await desk.client.post(f"{here}/acceptance"))
    shown = data(await desk.client.post(f"{here}/preview", json={}))
    deposit = {"transaction_date": "2020-01-02", "transaction_type": "DEPOSIT", "currency": kept["base_currency"], "amount": "1.00"}
    data(await desk.client.post(f"{desk.home}/transactions", json=deposit), 201)
    refused = problem(await desk.client.post(f"{here}/execution", json={"shown": shown["shown"]}), 409, "ledger_moved")
    assert "Propose again" in refused["remedy"]
    problem(await desk.client.post(f"{here}/preview", json={}), 409, "ledger_moved")
    assert data(await desk.client.post(f"{here}/rejection"))["status"] == "rejected"
    problem(await desk.client.post(f"{here}/acceptance"), 409, "suggestion_rejected")
    listed = data(await desk.client.get(f"/api/optimizer/proposals?portfolio_id={kept['portfolio_id']}"))["suggestions"]
    assert [each["status"] for each in listed] == ["rejected", "executed"]
    unknown = f"{desk.home}/suggestions/{uuid4()}"
    for answer in (await desk.client.get(unknown), await desk.client.post(f"{unknown}/acceptance")):
        problem(answer, 404, "suggestion_not_found")


async def test_a_loss_another_portfolio_buys_into_is_flagged_and_its_holdings_count_for_the_whole(own_demo: Demo) -> None:
    demo, owner, parts = own_demo, own_demo.owner("Household"), own_demo.application
    home = demo.portfolios["Household"]
    context = await demo.context("Household")
    lots = (await demo.overview("Household")).plain()["data"]["valued_positions"]["positions"]
    loser = next(each for each in lots if each["security_id"] and any(D(lot["unrealized_pl"] or 0) < 0 for lot in each["lots"]))
    asked = {
        "portfolio_id": str(home.id),
        "proposed_trades": [{"security_id": loser["security_id"], "quantity": str(-D(loser["quantity"]))}],
    }
    alone = (await parts.registry.call("optimizer.analyze_impact", context, asked)).result
    wanted = NewPortfolio(name="Second", base_currency=home.base_currency, pricing_policy=home.pricing_policy)
    second = await create_portfolio(parts.database, owner, wanted, identifiers=parts.identifiers)
    day = context.pinned().pack.date
    money = {"transaction_type": "DEPOSIT", "amount": "100000.00", "currency": loser["currency"]}
    bought = {"transaction_type": "BUY", "symbol": loser["symbol"], "quantity": "1", "price": loser["price"], "currency": loser["currency"]}
    for entry in (money, bought):
        columns = {"transaction_date": str(day - timedelta(days=3)), **entry}
        await book_entry(parts.database, owner, second.id, columns, identifiers=parts.identifiers)
    found = (await parts.registry.call("optimizer.analyze_impact", await demo.context("Household"), asked)).result
    (flag,) = [each for each in found.wash_sales if each not in alone.wash_sales]
    assert (flag.kind, flag.portfolio_name, flag.symbol, flag.is_planned) == ("loss_disallowed", "Second", loser["symbol"], False)
    assert flag.quantity == 1 and flag.disallowed > 0
    assert abs(found.tax_cost - alone.tax_cost - flag.disallowed * D("0.32")) <= D("0.01")
    more = D("100000.00") * D(loser["fx_rate"])
    assert found.current == alone.current
    assert abs(found.all_portfolios.current.value - alone.current.value - more) <= D("0.02")  # each account is rounded by itself
    assert [each.name for each in found.other_ledgers] == ["Second"]
