"""A user's alerts: checked when entered, kept once, nobody else's business, and every change on record."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from dawsos.kernel.errors import Forbidden, Invalid, NotFound
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.services.alerts.keeping import NewAlert, create_alert, delete_alert, list_alerts, set_active
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone

NOON = datetime(2022, 12, 29, 12, tzinfo=UTC)
DRAWDOWN = {"threshold": 0.15}


def drawdown(demo: Demo, name: str = "Household") -> NewAlert:
    return NewAlert(alert_type="drawdown_limit", condition=DRAWDOWN, portfolio_id=demo.portfolios[name].id)


async def test_an_alert_is_kept_once_however_often_it_is_created(own_demo: Demo) -> None:
    database, owner = own_demo.application.database, own_demo.owner("Household")
    first = await create_alert(database, owner, drawdown(own_demo), moment=NOON)
    again = await create_alert(database, owner, drawdown(own_demo), moment=NOON)
    assert (first.created, again.created, again.alert) == (True, False, first.alert)
    assert first.watches == first.alert.name == "Drawdown deeper than 15 %"
    assert (first.alert.condition_json, first.alert.portfolio_name, first.alert.is_active) == (DRAWDOWN, "Household", True)
    deeper = await create_alert(
        database, owner, NewAlert(alert_type="drawdown_limit", portfolio_id=own_demo.portfolios["Household"].id), moment=NOON
    )
    assert deeper.alert.condition_json == {"threshold": 0.2}
    assert {one.alert.id for one in await list_alerts(database, owner)} == {first.alert.id, deeper.alert.id}


async def test_an_alert_is_paused_resumed_and_deleted_and_each_is_on_record(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    database, owner = own_demo.application.database, own_demo.owner("Household")
    kept = await create_alert(database, owner, drawdown(own_demo), moment=NOON)
    paused = await set_active(database, owner, kept.alert.id, is_active=False, moment=NOON)
    resumed = await set_active(database, owner, kept.alert.id, is_active=True, moment=NOON)
    assert (paused.alert.is_active, resumed.alert.is_active) == (False, True)
    await delete_alert(database, owner, kept.alert.id, moment=NOON)
    assert await list_alerts(database, owner) == []
    with pytest.raises(NotFound, match="no alert"):
        await delete_alert(database, owner, kept.alert.id, moment=NOON)
    with psycopg.connect(own_demo_clone.admin_dsn) as admin:
        rows = admin.execute("select action, user_id from public.audit_log where entity_type = 'alert' order by id").fetchall()
    assert rows == [(action, owner.user_id) for action in ("create", "pause", "resume", "delete")]


async def test_alerts_are_nobody_elses_business(own_demo: Demo) -> None:
    database, owner = own_demo.application.database, own_demo.owner("Household")
    kept = await create_alert(database, owner, drawdown(own_demo), moment=NOON)
    stranger = Actor(await _somebody(own_demo), Role.MANAGER)
    assert await list_alerts(database, stranger) == []
    for attempt in (
        set_active(database, stranger, kept.alert.id, is_active=False, moment=NOON),
        delete_alert(database, stranger, kept.alert.id, moment=NOON),
        create_alert(database, stranger, drawdown(own_demo), moment=NOON),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert [one.alert.id for one in await list_alerts(database, owner)] == [kept.alert.id]


async def _somebody(demo: Demo) -> UUID:
    user = await demo.application.accounts.create_user(SYSTEM, f"{uuid4().hex}@example.org", "correct horse battery staple", Role.MANAGER)
    return user.id


async def test_without_the_right_nothing_is_kept(demo: Demo) -> None:
    owner = demo.owner("Household")
    for actor in (Actor(owner.user_id, Role.VIEWER), Actor(owner.user_id, Role.MANAGER, frozenset({"portfolio_read"}))):
        with pytest.raises(Forbidden):
            await create_alert(demo.application.database, actor, drawdown(demo), moment=NOON)


@pytest.mark.parametrize(
    ("alert", "why"),
    [
        (NewAlert(alert_type="dar_breach", condition={}), "watches a portfolio"),
        (NewAlert(alert_type="rain"), "no kind of alert 'rain'"),
        (NewAlert(alert_type="macro", condition={"entity": "VIX", "op": ">", "value": "thirty"}), "value must be a number"),
    ],
)
async def test_what_could_not_be_watched_is_refused(demo: Demo, alert: NewAlert, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        await create_alert(demo.application.database, demo.owner("Household"), alert, moment=NOON)


async def test_a_security_nobody_knows_cannot_be_watched(demo: Demo) -> None:
    alert = NewAlert(alert_type="price", condition={"symbol": "NOPE", "op": ">", "value": 1})
    with pytest.raises(NotFound, match="NOPE"):
        await create_alert(demo.application.database, demo.owner("Household"), alert, moment=NOON)
