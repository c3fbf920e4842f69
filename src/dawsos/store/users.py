"""Users, and what lets them in: logins, sessions, access tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dawsos.kernel.identity import Role
from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A user, without anything secret."""

    id: UUID
    email: str
    role: Role
    created_at: datetime
    last_login: datetime | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class LoginRecord:
    """What checking a password needs."""

    id: UUID
    password_hash: str
    role: Role
    is_active: bool
    failed_login_attempts: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class FailedLoginRecord:
    """Where a user stands after a failed attempt."""

    failed_login_attempts: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """Who a live session belongs to."""

    user_id: UUID
    email: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenLoginRecord:
    """Who a live access token belongs to, and what it may do."""

    user_id: UUID
    email: str
    role: Role
    token_id: UUID
    scopes: list[str]


@dataclass(frozen=True, slots=True)
class AccessTokenRecord:
    """An access token as its user sees it."""

    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


_statements = load("users")
ADD_USER = _statements.value("add_user", UUID)
FIND_USER = _statements.optional("find_user", UserRecord)
LIST_USERS = _statements.many("list_users", UserRecord)
COUNT_USERS = _statements.value("count_users", int)
CHANGE_PASSWORD = _statements.none("change_password")
SET_USER_ACTIVE = _statements.none("set_user_active")
FIND_LOGIN = _statements.optional("find_login", LoginRecord)
RECORD_FAILED_LOGIN = _statements.optional("record_failed_login", FailedLoginRecord)
RECORD_LOGIN = _statements.none("record_login")
OPEN_SESSION = _statements.none("open_session")
FIND_SESSION = _statements.optional("find_session", SessionRecord)
REVOKE_SESSION = _statements.none("revoke_session")
REVOKE_SESSIONS_OF_USER = _statements.none("revoke_sessions_of_user")
ADD_ACCESS_TOKEN = _statements.none("add_access_token")
FIND_ACCESS_TOKEN = _statements.optional("find_access_token", TokenLoginRecord)
LIST_ACCESS_TOKENS = _statements.many("list_access_tokens", AccessTokenRecord)
REVOKE_ACCESS_TOKEN = _statements.none("revoke_access_token")


async def add_user(tx: DatabaseTransaction, *, user_id: UUID, email: str, password_hash: str, role: Role) -> UUID:
    """Create a user; only SYSTEM and administrators may. Raises Conflict when the e-mail address is taken."""
    return await tx.fetch_value(ADD_USER, id=user_id, email=email, password_hash=password_hash, role=role.value)


async def find_user(tx: DatabaseTransaction, user_id: UUID) -> UserRecord | None:
    """The user, if the actor may see it: everybody sees himself, operators see all."""
    return await tx.fetch_one(FIND_USER, user_id=user_id)


async def list_users(tx: DatabaseTransaction) -> list[UserRecord]:
    """Every user the actor may see, by e-mail address."""
    return await tx.fetch_all(LIST_USERS)


async def count_users(tx: DatabaseTransaction) -> int:
    """How many users the actor may see."""
    return await tx.fetch_value(COUNT_USERS)


async def change_password(tx: DatabaseTransaction, user_id: UUID, password_hash: str) -> bool:
    """Replace a password hash; False when the actor may see no such user."""
    return await tx.execute(CHANGE_PASSWORD, user_id=user_id, password_hash=password_hash) == 1


async def set_user_active(tx: DatabaseTransaction, user_id: UUID, *, is_active: bool) -> bool:
    """Let a user in or keep the user out; False when the actor may see no such user."""
    return await tx.execute(SET_USER_ACTIVE, user_id=user_id, is_active=is_active) == 1


async def find_login(tx: DatabaseTransaction, email: str) -> LoginRecord | None:
    """What a login needs; works under any actor."""
    return await tx.fetch_one(FIND_LOGIN, email=email)


async def record_failed_login(
    tx: DatabaseTransaction, user_id: UUID, moment: datetime, *, allowed_attempts: int, lock_for: timedelta
) -> FailedLoginRecord | None:
    """Count a failed attempt, locking the user when ``allowed_attempts`` are used up. Commit it even though the login fails."""
    return await tx.fetch_one(RECORD_FAILED_LOGIN, user_id=user_id, moment=moment, allowed_attempts=allowed_attempts, lock_for=lock_for)


async def record_login(tx: DatabaseTransaction, user_id: UUID, moment: datetime) -> None:
    """Note a successful login."""
    await tx.execute(RECORD_LOGIN, user_id=user_id, moment=moment)


async def open_session(
    tx: DatabaseTransaction,
    *,
    id_hash: bytes,
    user_id: UUID,
    moment: datetime,
    expires_at: datetime,
    user_agent: str | None = None,
    ip: str | None = None,
) -> None:
    """Begin a session; ``id_hash`` is the SHA-256 of the id the browser keeps."""
    await tx.execute(OPEN_SESSION, id_hash=id_hash, user_id=user_id, moment=moment, expires_at=expires_at, user_agent=user_agent, ip=ip)


async def find_session(tx: DatabaseTransaction, id_hash: bytes, moment: datetime) -> SessionRecord | None:
    """The active user of a live session; works under any actor."""
    return await tx.fetch_one(FIND_SESSION, id_hash=id_hash, moment=moment)


async def revoke_session(tx: DatabaseTransaction, id_hash: bytes, moment: datetime) -> bool:
    """End a session; False when the actor has no such live session."""
    return await tx.execute(REVOKE_SESSION, id_hash=id_hash, moment=moment) == 1


async def revoke_sessions_of_user(tx: DatabaseTransaction, user_id: UUID, moment: datetime) -> int:
    """End every session of a user; how many there were."""
    return await tx.execute(REVOKE_SESSIONS_OF_USER, user_id=user_id, moment=moment)


async def add_access_token(
    tx: DatabaseTransaction,
    *,
    token_id: UUID,
    token_hash: bytes,
    user_id: UUID,
    name: str,
    scopes: Sequence[str],
    moment: datetime,
    expires_at: datetime | None,
) -> None:
    """Keep the SHA-256 of a new access token; the token itself is shown once and never stored."""
    await tx.execute(
        ADD_ACCESS_TOKEN,
        id=token_id,
        token_hash=token_hash,
        user_id=user_id,
        name=name,
        scopes=list(scopes),
        moment=moment,
        expires_at=expires_at,
    )


async def find_access_token(tx: DatabaseTransaction, token_hash: bytes, moment: datetime) -> TokenLoginRecord | None:
    """The active user of a live access token; works under any actor."""
    return await tx.fetch_one(FIND_ACCESS_TOKEN, token_hash=token_hash, moment=moment)


async def list_access_tokens(tx: DatabaseTransaction, user_id: UUID) -> list[AccessTokenRecord]:
    """A user's access tokens, newest first."""
    return await tx.fetch_all(LIST_ACCESS_TOKENS, user_id=user_id)


async def revoke_access_token(tx: DatabaseTransaction, token_id: UUID, moment: datetime) -> bool:
    """End an access token; False when the actor has no such live token."""
    return await tx.execute(REVOKE_ACCESS_TOKEN, token_id=token_id, moment=moment) == 1
