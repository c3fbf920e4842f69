"""Accounts: who may come in, how a password is checked, what a session and a token are."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited, Unauthenticated
from dawsos.kernel.identity import ALL_RIGHTS, SYSTEM, Actor, Role
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.identifiers import Identifiers
from dawsos.services.passwords import PasswordHasher
from dawsos.services.strangers import Strangers
from dawsos.services.telemetry import Meters
from dawsos.store import users
from dawsos.store.database import Database
from dawsos.store.users import AccessTokenRecord, LoginRecord, UserRecord

BEARER_MARK: Final = "dawsos_"
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 1024
_ONE_ADDRESS_EACH: Final = "users_email_key"


@dataclass(frozen=True, slots=True)
class Lockout:
    """How many wrong passwords lock an account, and for how long."""

    attempts: int
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who has proved who they are; ``scopes`` narrows the rights of the role when a token says so."""

    user_id: UUID
    email: str
    role: Role
    scopes: frozenset[str] | None = None

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, self.role, self.scopes)

    @property
    def rights(self) -> frozenset[str]:
        return self.actor.rights


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session: ``secret`` goes to the browser and is kept nowhere else."""

    secret: str
    identity: Identity
    expires_at: datetime


class Accounts:
    """Everything about coming in."""

    def __init__(
        self,
        database: Database,
        identifiers: Identifiers,
        hasher: PasswordHasher,
        meters: Meters,
        *,
        lockout: Lockout,
        session_length: timedelta,
        new_secret: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._database = database
        self._identifiers = identifiers
        self._hasher = hasher
        self._meters = meters
        self._lockout = lockout
        self._strangers = Strangers(attempts=lockout.attempts, duration=lockout.duration)
        self._session_length = session_length
        self._new_secret = new_secret

    @property
    def _clock(self) -> Clock:
        return self._identifiers.clock

    async def create_user(self, actor: Actor, email: str, password: str, role: Role) -> UserRecord:
        """Create a user; for administrators and SYSTEM."""
        _require_admin(actor)
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise Invalid(f"The password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", remedy="Choose a longer one.")
        if "@" not in email.strip(" @"):
            raise Invalid(f"'{email}' is not an e-mail address.", remedy="Write it like name@example.org.")
        hashed = await self._hasher.hash(password)
        try:
            return await self._add_user(actor, email, hashed, role)
        except Conflict as error:
            if error.details.get("constraint") != _ONE_ADDRESS_EACH:
                raise
            raise Conflict(
                f"There is a user '{email.strip().lower()}' already.", remedy="Use another address.", code="user_exists"
            ) from error

    async def _add_user(self, actor: Actor, email: str, password_hash: str, role: Role) -> UserRecord:
        async with self._database.transaction(actor) as tx:
            user_id = await users.add_user(tx, user_id=self._identifiers.new(), email=email, password_hash=password_hash, role=role)
            user = await users.find_user(tx, user_id)
            changes = {"email": email, "role": role}
            await record(tx, actor, "create", "user", entity_id=user_id, changes=changes, moment=self._clock.now())
        if user is None:
            raise NotFound(f"User {user_id} is not visible to its creator.")
        return user

    async def log_in(self, email: str, password: str, origin: Origin = NOWHERE) -> OpenedSession:
        """Check a password and open a session.

        A wrong password and an unknown address are the same :class:`Unauthenticated`, and take the same time. Too many wrong passwords lock
        the address for a while, whether or not somebody has it: :class:`RateLimited`, also for the right password.
        """
        async with self._database.transaction(SYSTEM) as tx:
            login = await users.find_login(tx, email)
        now = self._clock.now()
        locked_until = login.locked_until if login else self._strangers.locked_until(email, now)
        if locked_until is not None and locked_until > now:
            raise self._locked(locked_until)
        if not await self._hasher.verify(password, login.password_hash if login else None):
            await self._count_failure(login, email, origin)
            raise _wrong_login()
        if login is None or not login.is_active:
            raise _wrong_login()
        return await self._open_session(login, email, origin)

    async def _count_failure(self, login: LoginRecord | None, email: str, origin: Origin) -> None:
        self._meters.logins.labels("refused").inc()
        now = self._clock.now()
        if login is None:
            self._strangers.count_failure(email, now)
            return
        async with self._database.transaction(SYSTEM) as tx:
            await users.record_failed_login(tx, login.id, now, allowed_attempts=self._lockout.attempts, lock_for=self._lockout.duration)
            await record(tx, SYSTEM, "login_refused", "user", entity_id=login.id, moment=now, origin=origin)

    def _locked(self, until: datetime) -> RateLimited:
        self._meters.logins.labels("locked").inc()
        seconds = max(1, int((until - self._clock.now()).total_seconds()) + 1)
        return RateLimited(
            "This account is locked after too many wrong passwords.",
            remedy=f"Try again in {-(-seconds // 60)} minutes.",
            retry_after=seconds,
            code="account_locked",
        )

    async def _open_session(self, login: LoginRecord, email: str, origin: Origin) -> OpenedSession:
        now = self._clock.now()
        secret = self._new_secret()
        expires_at = now + self._session_length
        actor = Actor(login.id, login.role)
        async with self._database.transaction(actor) as tx:
            await users.record_login(tx, login.id, now)
            await users.open_session(
                tx,
                id_hash=_hashed(secret),
                user_id=login.id,
                moment=now,
                expires_at=expires_at,
                user_agent=origin.user_agent,
                ip=origin.ip_address,
            )
            await record(tx, actor, "login", "user", entity_id=login.id, moment=now, origin=origin)
        self._meters.logins.labels("accepted").inc()
        return OpenedSession(secret, Identity(login.id, email.strip().lower(), login.role), expires_at)

    async def change_password(self, identity: Identity, current: str, wanted: str, origin: Origin = NOWHERE) -> None:
        """Replace the password and end every session of the user, this one too.

        Raises :class:`Invalid` for a wrong current password, which counts as a failed login, and for a new one that is too short or the
        same again; :class:`RateLimited` once there were too many wrong ones.
        """
        if not SHORTEST_PASSWORD <= len(wanted) <= LONGEST_PASSWORD:
            raise Invalid(f"The password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", remedy="Choose a longer one.")
        if wanted == current:
            raise Invalid("The new password is the old one.", remedy="Choose another one.")
        async with self._database.transaction(SYSTEM) as tx:
            login = await users.find_login(tx, identity.email)
        now = self._clock.now()
        if login is not None and login.locked_until is not None and login.locked_until > now:
            raise self._locked(login.locked_until)
        if login is None or not await self._hasher.verify(current, login.password_hash):
            await self._count_failure(login, identity.email, origin)
            raise Invalid("The current password is wrong.", remedy="Try again.", code="wrong_password")
        hashed = await self._hasher.hash(wanted)
        async with self._database.transaction(SYSTEM) as tx:  # users read themselves; only the house writes them
            await users.change_password(tx, identity.user_id, hashed)
            await users.revoke_sessions_of_user(tx, identity.user_id, now)
            await record(tx, identity.actor, "change_password", "user", entity_id=identity.user_id, moment=now, origin=origin)

    async def log_out(self, identity: Identity, secret: str) -> None:
        """End the session."""
        now = self._clock.now()
        async with self._database.transaction(identity.actor) as tx:
            await users.revoke_session(tx, _hashed(secret), now)
            await record(tx, identity.actor, "logout", "user", entity_id=identity.user_id, moment=now)

    async def by_session(self, secret: str) -> Identity:
        """Whose live session this is; Unauthenticated when there is none."""
        async with self._database.transaction(SYSTEM) as tx:
            found = await users.find_session(tx, _hashed(secret), self._clock.now())
        if found is None:
            raise Unauthenticated("The session has ended.", remedy="Log in again.")
        return Identity(found.user_id, found.email, found.role)

    async def by_token(self, token: str) -> Identity:
        """Whose live access token this is; Unauthenticated when there is none."""
        async with self._database.transaction(SYSTEM) as tx:
            found = await users.find_access_token(tx, _hashed(token), self._clock.now())
        if found is None:
            raise Unauthenticated("The access token is unknown, expired or revoked.", remedy="Make a new one with 'dawsos token create'.")
        return Identity(found.user_id, found.email, found.role, frozenset(found.scopes) or None)

    async def create_token(
        self, identity: Identity, name: str, *, scopes: Sequence[str] = (), lifetime: timedelta | None = None
    ) -> tuple[UUID, str]:
        """A new access token for the API: its id, and the token itself, which is shown once.

        No scopes: all rights of the user; or, made with a narrowed token, those of that token.
        """
        unknown = set(scopes) - ALL_RIGHTS
        if unknown:
            raise Invalid(f"Unknown scopes: {', '.join(sorted(unknown))}.", remedy=f"Known are {', '.join(sorted(ALL_RIGHTS))}.")
        beyond = set(scopes) - identity.rights
        if beyond:
            raise Forbidden(f"You do not have these rights yourself: {', '.join(sorted(beyond))}.", remedy="Leave them out.")
        granted = sorted(scopes or identity.scopes or ())
        token = BEARER_MARK + self._new_secret()
        token_id, now = self._identifiers.new(), self._clock.now()
        async with self._database.transaction(identity.actor) as tx:
            await users.add_access_token(
                tx,
                token_id=token_id,
                token_hash=_hashed(token),
                user_id=identity.user_id,
                name=name,
                scopes=granted,
                moment=now,
                expires_at=None if lifetime is None else now + lifetime,
            )
            await record(tx, identity.actor, "create", "access_token", entity_id=token_id, changes={"name": name}, moment=now)
        return token_id, token

    async def list_tokens(self, identity: Identity) -> list[AccessTokenRecord]:
        """The user's access tokens."""
        async with self._database.transaction(identity.actor) as tx:
            return await users.list_access_tokens(tx, identity.user_id)

    async def revoke_token(self, identity: Identity, token_id: UUID) -> None:
        """End an access token; NotFound when the user has no such live token."""
        now = self._clock.now()
        async with self._database.transaction(identity.actor) as tx:
            if not await users.revoke_access_token(tx, token_id, now):
                raise NotFound(f"There is no live access token {token_id}.", remedy="List yours with 'dawsos token list'.")
            await record(tx, identity.actor, "revoke", "access_token", entity_id=token_id, moment=now)


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _wrong_login() -> Unauthenticated:
    return Unauthenticated("E-mail address or password is wrong.", remedy="Check both and try again.", code="wrong_credentials")


def _require_admin(actor: Actor) -> None:
    if "admin" not in actor.rights:
        raise Forbidden("Only administrators create users.", remedy="Ask an administrator.")
