"""A broker's statement against the ledger, and the period it settles."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from dawsos.kernel.errors import Conflict, Invalid
from dawsos.kernel.ledger import TransactionType
from dawsos.services.imports.drafts import TransactionDraft
from dawsos.services.ledger.booking import Booking, book, open_ledger, replay_of
from dawsos.services.ledger.correction import reverse
from dawsos.services.reconciliation.statements import BrokerStatement, compare_statement, read_statement
from dawsos.store import periods
from tests.support.demo import Demo

DAY = date(2022, 6, 30)
NOW = datetime(2023, 2, 1, tzinfo=UTC)


async def stated(demo: Demo) -> BrokerStatement:
    """What a broker would say who booked everything as the ledger has it."""
    context = await demo.context("Household")
    async with context.database.transaction(context.actor) as tx:
        ledger = await open_ledger(tx, demo.portfolios["Household"].id)
    state = replay_of(ledger.portfolio, ledger.transactions, through=DAY)
    lines = [f"POSITION,{one.symbol},{one.quantity}" for one in state.positions()] + [
        f"CASH,{code},{one}" for code, one in state.cash.items()
    ]
    return read_statement(("kind,name,amount\n" + "\n".join(lines)).encode(), "Broker")


async def booked(demo: Demo, draft: TransactionDraft, reason: str | None = None) -> Booking:
    app = demo.application
    async with app.database.transaction(demo.owner("Household")) as tx:
        ledger = await open_ledger(tx, demo.portfolios["Household"].id)
        return await book(tx, ledger, [draft], source="manual", new_id=app.identifiers.new, moment=NOW, restate_because=reason)


async def compared(demo: Demo, statement: BrokerStatement, *, lock: bool = False):
    app = demo.application
    portfolio = demo.portfolios["Household"]
    return await compare_statement(
        app.database, demo.owner("Household"), portfolio.id, statement, DAY, identifiers=app.identifiers, lock=lock
    )


async def test_a_statement_that_agrees_settles_the_period_and_later_entries_need_a_reason(own_demo: Demo) -> None:
    app, actor, portfolio = own_demo.application, own_demo.owner("Household"), own_demo.portfolios["Household"]
    found = await compared(own_demo, await stated(own_demo), lock=True)
    assert (found.agrees, found.locked_through) == (True, DAY)
    fee = TransactionDraft(
        line=1,
        transaction_type=TransactionType.FEE,
        transaction_date=date(2022, 6, 1),
        currency="CAD",
        amount=D("-5.00"),
        external_ref="late",
    )
    with pytest.raises(Conflict, match="settled through 2022-06-30") as refusal:
        await booked(own_demo, fee)
    assert refusal.value.code == "period_locked"
    done = await booked(own_demo, fee, "the bank corrected itself")
    async with app.database.transaction(actor) as tx:
        ledger = await open_ledger(tx, portfolio.id)
        await reverse(tx, ledger, done.booked[0].transaction.id, reason="no, it did not", new_id=app.identifiers.new, moment=NOW)
        late = await periods.list_late_entries(tx, portfolio.id)
    assert [(one.transaction_date, one.reason) for one in late] == [
        (date(2022, 6, 1), "the bank corrected itself"),
        (date(2022, 6, 1), "no, it did not"),
    ]


async def test_differences_are_found_named_and_nothing_is_settled(own_demo: Demo) -> None:
    right = await stated(own_demo)
    symbols = sorted(right.positions)
    positions = dict(right.positions)
    positions[symbols[0]] *= 2
    del positions[symbols[1]]
    positions["NEWCO"] = D(10)
    cash = {**right.cash, "USD": right.cash["USD"] + D("12.34")}
    wrong = BrokerStatement("Broker", positions, cash, right.file_hash)
    found = await compared(own_demo, wrong)
    assert {(one.kind.value, one.subject) for one in found.differences} == {
        ("QUANTITY_MISMATCH", symbols[0]),
        ("MISSING_POSITION_IN_LEDGER", symbols[1]),
        ("MISSING_POSITION_IN_DB", "NEWCO"),
        ("CASH_MISMATCH", "USD"),
    }
    assert "split of 1:2" in next(one.probable_cause for one in found.differences if one.subject == symbols[0])
    with pytest.raises(Conflict, match="differs from the ledger in 4 places"):
        await compared(own_demo, wrong, lock=True)
    portfolio = own_demo.portfolios["Household"]
    async with own_demo.application.database.transaction(own_demo.owner("Household")) as tx:
        assert await periods.find_lock(tx, portfolio.id) is None
        assert [one.agrees for one in await periods.list_statements(tx, portfolio.id, 10)] == [False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("symbol,quantity\nKO,1", "names its columns"),
        ("kind,name,amount\nSHARE,KO,1", "Line 2"),
        ("kind,name,amount\nPOSITION,KO,many", "'many' is not a number"),
        ("kind,name,amount\nPOSITION,KO,NaN", "not a number"),
        ("kind,name,amount\nCASH,XXQ,1", "not a currency"),
        ("kind,name,amount\nPOSITION,KO,1\nPOSITION,KO,2", "stands twice"),
    ],
)
def test_a_statement_that_cannot_be_read_names_the_line(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_statement(text.encode(), "Broker")
