"""Published cases of corporate actions through the database: booked, proposed, approved, applied; read back from the stored lots."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal as D
from functools import cache
from typing import Any

import pytest

from dawsos.kernel.ledger import LotMethod
from dawsos.store.database import Database
from dawsos.store.ledger import page_of_transactions
from tests.integration.services.test_corporate_actions import Desk, make_desk
from tests.support.shared_data import SHARED

_FILE = SHARED / "oracles" / "corporate_actions.json"
pytestmark = pytest.mark.skipif(not _FILE.is_file(), reason="no folder ../shared/oracles beside the project")
#: Days for the events of a case, in their order; the year does not matter to any of them.
_DAYS = ("2021-01-04", "2021-02-01", "2021-03-01", "2021-04-01")


@cache
def cases() -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in json.loads(_FILE.read_text())["cases"]} if _FILE.is_file() else {}


async def stored(desk: Desk) -> dict[str, tuple[D, D]]:
    """Quantity and cost of every security, summed over its stored lots."""
    found: dict[str, tuple[D, D]] = {}
    for symbol, quantity, cost, _ in await desk.lots():
        before = found.get(symbol or "", (D(0), D(0)))
        found[symbol or ""] = (before[0] + quantity, before[1] + cost)
    return found


async def cost_of_sales(desk: Desk) -> D:
    """What the stored sales relieved: proceeds less the results stored with them."""
    async with desk.database.transaction(desk.owner, read_only=True) as tx:
        rows, _ = await page_of_transactions(
            tx, desk.portfolio.id, symbol=None, transaction_type="SELL", first=None, last=None, limit=10, offset=0
        )
    return sum((row.amount - row.realized_pl for row in rows), D(0))


def rows(events: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from zip(_DAYS, events, strict=False)


async def play(desk: Desk, events: list[dict[str, Any]]) -> None:
    """Book and apply the events of a case on OLD: rights of the same class are bought, a bonus issue is a split into more."""
    await desk.book("2020-12-01,DEPOSIT,,,,1000000.00,USD,1,,money")
    for day, event in rows(events):
        held = (await stored(desk)).get("OLD", (D(0), D(0)))[0]
        match event["type"]:
            case "buy" | "pool":
                price = D(str(event["price"])) if "price" in event else D(str(event["cost"])) / event["qty"]
                await desk.book(f"{day},BUY,OLD,{event['qty']},{price},,USD,1,,{day}")
            case "sell":
                price = D(str(event["price"])) if "price" in event else D(str(event.get("proceeds", 0) or event["qty"])) / event["qty"]
                await desk.book(f"{day},SELL,OLD,{event['qty']},{price},,USD,1,,{day}")
            case "split":
                await desk.apply(await desk.action("OLD", "SPLIT", day, split_from=D(event["ratio_old"]), split_to=D(event["ratio_new"])))
            case "bonus":
                more, each = (D(part) for part in event["ratio"].split(":"))
                await desk.apply(await desk.action("OLD", "SPLIT", day, split_from=each, split_to=each + more))
            case "rights":
                quantity = D(event["qty"]) if "qty" in event else held / D(event["ratio"].split(":")[1])
                price = D(str(event["price"])) if "price" in event else D(str(event["cost"])) / quantity
                await desk.book(f"{day},BUY,OLD,{quantity},{price},,USD,1,,{day}")


async def pooled(desk: Desk, case: dict[str, Any]) -> None:
    """Cases of one class of shares, by moving average."""
    await play(desk, case["inputs"]["events"])
    quantity, cost = (await stored(desk)).get("OLD", (D(0), D(0)))
    got = {
        "quantity": quantity,
        "qty": quantity,
        "remaining_qty": quantity,
        "investment": cost,
        "total_cost": cost,
        "remaining_cost": cost,
        "average_price": cost / quantity if quantity else None,
        "cost_of_sale": await cost_of_sales(desk),
        "pool_qty": quantity + sum(D(each["qty"]) for each in case["inputs"]["events"] if each["type"] == "sell"),
        "pool_cost": cost + await cost_of_sales(desk),
    }
    assert got["pool_qty"] is not None
    close(got, case)


async def spun_off(desk: Desk, case: dict[str, Any]) -> None:
    """A company that gives part of itself to its shareholders takes its part of the cost along."""
    given = case["inputs"]
    await desk.book("2020-12-01,DEPOSIT,,,,1000000.00,USD,1,,money")
    await desk.book(f"{_DAYS[0]},BUY,T,{given['parent_qty']},{D(str(given['parent_total_basis'])) / given['parent_qty']},,USD,1,,bought")
    action = await desk.action(
        "T", "SPIN_OFF", given["date"], other_symbol="WBD", ratio=D(str(given["ratio"])), cost_share=D(str(given["basis_share_spun"]))
    )
    await desk.apply(action)
    found = await stored(desk)
    close({"spun_qty": found["WBD"][0], "parent_basis_after": found["T"][1], "spun_basis": found["WBD"][1]}, case)


async def other_class(desk: Desk, case: dict[str, Any]) -> None:
    """Rights to shares of another class: what they cost is added to the cost of the old ones, and all is divided by value."""
    old, new, values = (case["inputs"][name] for name in ("original", "rights", "values_at_disposal"))
    whole = D(old["cost"] + new["cost"])
    value_old, value_new = (D(str(values[each["class"]])) * each["qty"] for each in (old, new))
    share = (value_new / (value_old + value_new)).quantize(D("0.00000001"))
    await desk.book("2020-12-01,DEPOSIT,,,,1000000.00,USD,1,,money")
    await desk.book(f"{_DAYS[0]},BUY,OLD,{old['qty']},{whole / old['qty']},,USD,1,,bought")
    ratio = D(new["qty"]) / old["qty"]
    await desk.apply(await desk.action("OLD", "SPIN_OFF", _DAYS[1], other_symbol="NEW", ratio=ratio, cost_share=share))
    found = await stored(desk)
    assert found["NEW"][0] == new["qty"]
    assert found["OLD"][1] + found["NEW"][1] == whole
    close({"ordinary_pool_cost": found["OLD"][1], "ordinary_share_of_cost_pct": 100 * found["OLD"][1] / whole}, case)


def close(got: dict[str, D | None], case: dict[str, Any]) -> None:
    tolerance = case["tolerance"]["abs"]
    for name, expected in case["expected"].items():
        assert float(got[name] or 0) == pytest.approx(expected, abs=max(tolerance, 1e-9)), (case["id"], name)


PLAYED: dict[str, Callable[[Desk, dict[str, Any]], Any]] = {"CA-07": spun_off, "CA-09": other_class}


@pytest.mark.parametrize("case_id", ["CA-03", "CA-05", "CA-07", "CA-08", "CA-09", "CA-11", "CA-13"])
async def test_a_published_case_comes_out_of_the_stored_lots(database: Database, case_id: str) -> None:
    desk = await make_desk(database, LotMethod.FIFO if case_id in PLAYED else LotMethod.AVERAGE, "USD")
    await PLAYED.get(case_id, pooled)(desk, cases()[case_id])


def test_every_published_case_is_played() -> None:
    """A case that is added to the folder must be added above."""
    assert set(cases()) == {"CA-03", "CA-05", "CA-07", "CA-08", "CA-09", "CA-11", "CA-13"}
