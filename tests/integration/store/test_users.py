"""Users in the database: logging in, being locked out, sessions and access tokens."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from dawsos.kernel.errors import Conflict, Forbidden
from dawsos.kernel.identity import SYSTEM, Role
from dawsos.store import users
from dawsos.store.database import Database
from tests.support.postgres import make_user, user_id_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


async def fail(database: Database, user_id, moment: datetime) -> users.FailedLoginRecord | None:
    async with database.transaction(SYSTEM) as tx:
        return await users.record_failed_login(tx, user_id, moment, allowed_attempts=5, lock_for=HALF_AN_HOUR)


async def test_a_user_is_found_by_address_however_it_is_written(database: Database):
    actor = await make_user(database, "ada@example.org", Role.MANAGER)
    async with database.transaction(SYSTEM) as tx:
        login = await users.find_login(tx, "  Ada@Example.ORG ")
        assert await users.find_login(tx, "nobody@example.org") is None
    assert login == users.LoginRecord(
        id=user_id_of(actor),
        password_hash="not a hash",
        role=Role.MANAGER,
        is_active=True,
        failed_login_attempts=0,
        locked_until=None,
    )


async def test_an_address_is_taken_once(database: Database):
    await make_user(database, "ada@example.org")
    with pytest.raises(Conflict):
        await make_user(database, "ADA@example.org")


async def test_only_operators_create_users(database: Database):
    user = await make_user(database)
    with pytest.raises(Forbidden):
        async with database.transaction(user) as tx:
            await users.add_user(tx, user_id=uuid4(), email="x@example.org", password_hash="x", role=Role.ADMIN)


async def test_the_fifth_failure_locks_a_user_for_half_an_hour(database: Database):
    user_id = user_id_of(await make_user(database))
    for attempt in range(1, 5):
        assert await fail(database, user_id, NOON + minutes(attempt)) == users.FailedLoginRecord(attempt, None)
    assert await fail(database, user_id, NOON + minutes(5)) == users.FailedLoginRecord(5, NOON + minutes(35))


async def test_after_a_lock_the_count_begins_anew(database: Database):
    user_id = user_id_of(await make_user(database))
    for attempt in range(5):
        await fail(database, user_id, NOON + minutes(attempt))
    assert await fail(database, user_id, NOON + minutes(40)) == users.FailedLoginRecord(1, None)


async def test_a_login_forgets_the_failures_before_it(database: Database):
    actor = await make_user(database, "ada@example.org")
    await fail(database, user_id_of(actor), NOON)
    async with database.transaction(SYSTEM) as tx:
        await users.record_login(tx, user_id_of(actor), NOON + minutes(1))
        login = await users.find_login(tx, "ada@example.org")
    assert login is not None
    assert (login.failed_login_attempts, login.locked_until) == (0, None)
    async with database.transaction(actor) as tx:
        seen = await users.find_user(tx, user_id_of(actor))
    assert seen is not None
    assert seen.last_login == NOON + minutes(1)


async def test_a_session_lives_until_it_expires_or_is_revoked(database: Database):
    actor = await make_user(database, "ada@example.org")
    secret = sha256(b"session").digest()
    async with database.transaction(actor) as tx:
        await users.open_session(
            tx, id_hash=secret, user_id=user_id_of(actor), moment=NOON, expires_at=NOON + minutes(60), user_agent="test", ip="192.0.2.1"
        )
    async with database.transaction(SYSTEM) as tx:
        found = await users.find_session(tx, secret, NOON + minutes(59))
        assert found == users.SessionRecord(user_id_of(actor), "ada@example.org", Role.USER, NOON + minutes(60))
        assert await users.find_session(tx, secret, NOON + minutes(60)) is None
        assert await users.find_session(tx, sha256(b"another").digest(), NOON) is None
    async with database.transaction(actor) as tx:
        assert await users.revoke_session(tx, secret, NOON + minutes(2)) is True
        assert await users.revoke_session(tx, secret, NOON + minutes(3)) is False
    async with database.transaction(SYSTEM) as tx:
        assert await users.find_session(tx, secret, NOON + minutes(4)) is None


async def test_the_session_of_a_user_who_is_kept_out_is_dead(database: Database):
    actor = await make_user(database)
    secret = sha256(b"session").digest()
    async with database.transaction(SYSTEM) as tx:
        await users.open_session(tx, id_hash=secret, user_id=user_id_of(actor), moment=NOON, expires_at=NOON + minutes(60))
        assert await users.set_user_active(tx, user_id_of(actor), is_active=False) is True
        assert await users.find_session(tx, secret, NOON) is None


async def test_a_user_ends_his_own_sessions_and_nobody_elses(database: Database):
    ada, bob = await make_user(database), await make_user(database)
    for actor in (ada, bob):
        async with database.transaction(actor) as tx:
            await users.open_session(
                tx, id_hash=user_id_of(actor).bytes * 2, user_id=user_id_of(actor), moment=NOON, expires_at=NOON + minutes(60)
            )
    async with database.transaction(ada) as tx:
        assert await users.revoke_sessions_of_user(tx, user_id_of(bob), NOON) == 0
        assert await users.revoke_session(tx, user_id_of(bob).bytes * 2, NOON) is False
        assert await users.revoke_sessions_of_user(tx, user_id_of(ada), NOON) == 1
    async with database.transaction(SYSTEM) as tx:
        assert await users.find_session(tx, user_id_of(bob).bytes * 2, NOON) is not None


async def test_a_token_names_its_user_and_its_scopes_until_it_is_revoked(database: Database):
    actor = await make_user(database, "ada@example.org", Role.MANAGER)
    token_id, secret = uuid4(), sha256(b"token").digest()
    async with database.transaction(actor) as tx:
        await users.add_access_token(
            tx,
            token_id=token_id,
            token_hash=secret,
            user_id=user_id_of(actor),
            name="laptop",
            scopes=["portfolio_read"],
            moment=NOON,
            expires_at=None,
        )
    async with database.transaction(SYSTEM) as tx:
        found = await users.find_access_token(tx, secret, NOON + minutes(5))
    assert found == users.TokenLoginRecord(user_id_of(actor), "ada@example.org", Role.MANAGER, token_id, ["portfolio_read"])
    async with database.transaction(actor) as tx:
        (listed,) = await users.list_access_tokens(tx, user_id_of(actor))
        assert (listed.name, listed.last_used_at, listed.revoked_at) == ("laptop", NOON + minutes(5), None)
        assert await users.revoke_access_token(tx, token_id, NOON + minutes(6)) is True
    async with database.transaction(SYSTEM) as tx:
        assert await users.find_access_token(tx, secret, NOON + minutes(7)) is None


async def test_when_a_token_was_last_used_is_noted_at_most_once_a_minute(database: Database):
    actor = await make_user(database)
    secret = sha256(b"token").digest()
    async with database.transaction(actor) as tx:
        await users.add_access_token(
            tx, token_id=uuid4(), token_hash=secret, user_id=user_id_of(actor), name="x", scopes=[], moment=NOON, expires_at=None
        )
    for moment, noted in ((0, 0), (0.5, 0), (1.5, 1.5), (2, 1.5)):
        async with database.transaction(SYSTEM) as tx:
            await users.find_access_token(tx, secret, NOON + minutes(moment))
        async with database.transaction(actor) as tx:
            (token,) = await users.list_access_tokens(tx, user_id_of(actor))
        assert token.last_used_at == NOON + minutes(noted)
