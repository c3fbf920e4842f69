"""What an operator does to users besides creating them: a new password, letting in and keeping out."""

from uuid import UUID

from dawsos.kernel.errors import Invalid, NotFound
from dawsos.kernel.identity import Actor
from dawsos.services.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD
from dawsos.services.audit import record
from dawsos.services.identifiers import Identifiers
from dawsos.services.passwords import PasswordHasher
from dawsos.store import users as store
from dawsos.store.database import Database


async def set_password(
    database: Database, actor: Actor, user_id: UUID, password: str, *, hasher: PasswordHasher, identifiers: Identifiers
) -> int:
    """Replace a user's password and end the user's sessions; how many there were.

    Raises :class:`Invalid` for a password too short or too long, :class:`NotFound` when the actor may see no such user.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(f"The password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", remedy="Choose another one.")
    hashed = await hasher.hash(password)
    moment = identifiers.clock.now()
    async with database.transaction(actor) as tx:
        if not await store.change_password(tx, user_id, hashed):
            raise _unknown(user_id)
        ended = await store.revoke_sessions_of_user(tx, user_id, moment)
        await record(tx, actor, "change_password", "user", entity_id=user_id, moment=moment)
    return ended


async def set_active(database: Database, actor: Actor, user_id: UUID, *, is_active: bool, identifiers: Identifiers) -> None:
    """Let a user in, or keep the user out and end the user's sessions; NotFound when the actor may see no such user."""
    moment = identifiers.clock.now()
    async with database.transaction(actor) as tx:
        if not await store.set_user_active(tx, user_id, is_active=is_active):
            raise _unknown(user_id)
        if not is_active:
            await store.revoke_sessions_of_user(tx, user_id, moment)
        await record(tx, actor, "enable" if is_active else "disable", "user", entity_id=user_id, moment=moment)


def _unknown(user_id: UUID) -> NotFound:
    return NotFound(f"There is no user {user_id}.", remedy="List them with 'dawsos user list'.", code="user_not_found")
