"""Yesterday's number explained and reproduced: the restatement bridge and the explanation of figures, over the demo."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from dawsos import demo_data
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import NotFound
from dawsos.kernel.identity import SYSTEM
from dawsos.kernel.ledger import TransactionType
from dawsos.services.comparing import compare_states
from dawsos.services.explaining import Part, explain, explainable
from dawsos.services.imports.drafts import TransactionDraft
from dawsos.services.ledger.booking import book, open_ledger
from dawsos.services.ledger.correction import reverse
from dawsos.services.opening import Pinning
from dawsos.store import observations, securities
from tests.support.demo import Demo

PACK = "PP_2022-12-28"
DAY = date(2022, 12, 28)
EARLIER = date(2022, 3, 15)
NOW = datetime(2023, 2, 1, tzinfo=UTC)


async def correct_one_fee(demo: Demo) -> None:
    """An interest payment of the summer turns out to have been 250.00 more."""
    app, portfolio = demo.application, demo.portfolios["Household"]
    draft = TransactionDraft(
        line=1,
        transaction_type=TransactionType.INTEREST,
        transaction_date=date(2022, 8, 15),
        currency="CAD",
        amount=D("250.00"),
        external_ref="late-interest",
        narration="Interest the bank had forgotten",
    )
    wrong = TransactionDraft(
        line=1,
        transaction_type=TransactionType.FEE,
        transaction_date=date(2022, 9, 1),
        currency="CAD",
        amount=D("-40.00"),
        external_ref="late-fee",
        narration="Charged by mistake",
    )
    for one in (draft, wrong):
        async with app.database.transaction(demo.owner("Household")) as tx:
            ledger = await open_ledger(tx, portfolio.id)
            done = await book(tx, ledger, [one], source="manual", new_id=app.identifiers.new, moment=NOW)
            assert not done.problems
    async with app.database.transaction(demo.owner("Household")) as tx:
        ledger = await open_ledger(tx, portfolio.id)
        entry = ledger.end.by_reference["late-fee"]
        await reverse(tx, ledger, entry.id, reason="never charged", new_id=app.identifiers.new, moment=NOW)


async def correct_one_close(demo: Demo, symbol: str, day: date, factor: str) -> tuple[D, D]:
    """The exchange corrects a close; the pack of the day is restated. The old close and the new one."""
    app = demo.application
    async with app.database.transaction(SYSTEM) as tx:
        (security,) = await securities.find_securities_by_symbol(tx, [symbol])
        (seen,) = [one for one in await observations.prices_between(tx, [demo_data.SKFOLIO.id], day, day) if one.symbol == symbol] or [None]
        assert seen is not None
        new = (seen.close * D(factor)).quantize(D("0.0001"))
        await observations.put_prices(tx, [(security.id, day, seen.source, None, None, None, new, None, seen.currency, NOW)])
    await app.packs.build_day("ECB_CLOSE", day, restate_because="the exchange corrected a close")
    return seen.close, new


async def test_r27_a_late_entry_and_a_late_price_explain_the_whole_change_to_the_cent(own_demo: Demo) -> None:
    before = await own_demo.context("Household")
    old = before.pinned()
    frozen = Pinning(pack_id=PACK, ledger_commit_hash=old.ledger.commit_hash)
    first = await explain(before, "nav")
    await correct_one_fee(own_demo)
    was, became = await correct_one_close(own_demo, "KO", DAY, "1.01")
    report = await own_demo.application.nightly.make_ready("PP_2022-12-28_R1")
    assert report.outcome == "fresh", report.problem
    after = await own_demo.context("Household")
    assert after.pinned().pack.id == "PP_2022-12-28_R1"
    found = await compare_states(await own_demo.context("Household", frozen), after)
    bridge = found.bridge
    assert [(one.kind, one.subject) for one in bridge.causes] == [
        ("entry", f"entry {old.ledger.sequence + 1}"),
        ("entry", f"entry {old.ledger.sequence + 2}"),
        ("entry", f"entry {old.ledger.sequence + 3}"),
        ("price", "KO"),
    ]
    assert bridge.after.nav - bridge.before.nav == sum(one.nav_change for one in bridge.causes)
    assert [one.nav_change for one in bridge.causes[:3]] == [D("250.00"), D("-40.00"), D("40.00")]
    price = bridge.causes[3]
    assert (price.before, price.after) == (f"{was.normalize():f}", f"{became.normalize():f}")
    assert price.nav_change > 0
    assert bridge.before.twr_ytd is not None and bridge.after.twr_ytd is not None
    changes = [one.twr_ytd_change for one in bridge.causes if one.twr_ytd_change is not None]
    assert len(changes) == 4
    assert bridge.after.twr_ytd - bridge.before.twr_ytd == sum(changes)
    assert str(bridge.before.nav) == first.value
    again = await explain(await own_demo.context("Household", frozen), "nav")
    assert canonical_bytes(again) == canonical_bytes(first)
    backwards = (await compare_states(after, await own_demo.context("Household", frozen))).bridge
    assert (backwards.before, backwards.after) == (bridge.after, bridge.before)
    assert backwards.after.nav - backwards.before.nav == sum(one.nav_change for one in backwards.causes)


async def test_the_passage_of_time_is_told_day_by_day(demo: Demo) -> None:
    before = await demo.context("Household", Pinning(asof_date=date(2022, 12, 21)))
    bridge = (await compare_states(before, await demo.context("Household"))).bridge
    assert {one.kind for one in bridge.causes} == {"passage"}
    assert [one.date for one in bridge.causes] == sorted({one.date for one in bridge.causes})
    assert bridge.causes[-1].date == DAY
    assert bridge.after.nav - bridge.before.nav == sum(one.nav_change for one in bridge.causes)
    assert bridge.after.twr_ytd is not None and bridge.before.twr_ytd is not None
    assert bridge.after.twr_ytd - bridge.before.twr_ytd == sum(one.twr_ytd_change or D(0) for one in bridge.causes)


def kinds(parts: tuple[Part, ...]) -> set[str]:
    return {part.kind for part in parts} | {kind for part in parts for kind in kinds(part.parts)}


@pytest.mark.parametrize("figure", ["nav", "cash", "securities_value", "unrealized_pl"])
@pytest.mark.parametrize("name", ["Household", "Income"])
async def test_the_parts_of_a_value_add_up_to_it_and_go_down_to_lots_prices_and_rates(demo: Demo, name: str, figure: str) -> None:
    found = await explain(await demo.context(name), figure)
    assert found.sums and found.value is not None
    assert sum(D(part.value or 0) for part in found.parts) == D(found.value)
    if figure == "nav":
        assert {"position", "lot", "transaction", "price"} <= kinds(found.parts)
        assert ("rate" in kinds(found.parts)) == (name == "Household")
        prices = [inner for part in found.parts for inner in part.parts if inner.kind == "price"]
        assert prices and all(price.facts["source"] and price.facts["fetched_at"] for price in prices)
        for part in found.parts:
            lots = [inner for inner in part.parts if inner.kind == "lot"]
            if lots:
                assert sum(D(lot.value or 0) for lot in lots) == D(part.value or 0)


async def test_a_return_is_the_product_of_the_days_it_is_explained_by(demo: Demo) -> None:
    found = await explain(await demo.context("Household"), "twr_ytd")
    growth = 1.0
    for part in found.parts[1:]:
        growth *= 1.0 + float(part.value or "nan")
    assert found.value is not None
    assert float(found.value) == pytest.approx(growth - 1.0, abs=1e-8)
    assert found.parts[0].name == "2021-12-31"


async def test_every_figure_of_the_overview_can_be_explained(demo: Demo) -> None:
    context = await demo.context("Household")
    for figure in explainable():
        found = await explain(context, figure)
        assert found.formula
        assert (found.value is None) == (found.reason is not None), figure
    with pytest.raises(NotFound, match="no figure 'beauty'") as refusal:
        await explain(context, "beauty")
    assert "twr_ytd" in refusal.value.remedy
