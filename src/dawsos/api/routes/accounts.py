"""Coming in and going out, access tokens, and the users."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field, SecretStr
from starlette.responses import Response

from dawsos.api.call import SESSION_COOKIE, Admin, AnyCall, AnyVisit, Call, refuse_forged
from dawsos.api.envelope import answer_of
from dawsos.api.login_limit import LoginLimit
from dawsos.api.routing import subject_router
from dawsos.api.texts import Name, Word
from dawsos.bootstrap import Application
from dawsos.kernel.errors import Conflict, Forbidden
from dawsos.kernel.identity import Role
from dawsos.registry.contract import Contract
from dawsos.registry.units import Days
from dawsos.services.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, Identity, OpenedSession
from dawsos.store.users import list_users

router = subject_router("accounts")
_LONGEST_TOKEN_DAYS: Final = 3650


class Credentials(Contract):
    """What a login needs."""

    email: Word
    password: SecretStr = Field(max_length=LONGEST_PASSWORD)


class User(Contract):
    """A user."""

    id: UUID
    email: str
    role: Role


class Me(User):
    """Who is logged in, and what that person may do here."""

    rights: tuple[str, ...]


class Session(Contract):
    """A session that was opened; its secret is in the cookie."""

    user: Me
    expires_at: datetime


class LoggedOut(Contract):
    """The session that ended."""

    user: User


class NewToken(Contract):
    """A wish for an access token. Without ``scopes`` it may do all its user may do; without ``days`` it never expires."""

    name: Name
    scopes: tuple[Word, ...] = Field(default=(), max_length=32)
    days: Annotated[int | None, Days, Field(ge=1, le=_LONGEST_TOKEN_DAYS)] = None


class AccessToken(Contract):
    """An access token, without what is secret about it."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewAccessToken(Contract):
    """An access token; ``token`` is shown this once."""

    id: UUID
    token: str
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime | None


class RevokedToken(Contract):
    """The access token that was revoked."""

    id: UUID


class NewUser(Contract):
    """A user to be."""

    email: Word
    password: SecretStr = Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)
    role: Literal[Role.ADMIN, Role.MANAGER, Role.USER, Role.VIEWER] = Role.USER


class UserAccount(User):
    """A user as administrators see it."""

    created_at: datetime
    last_login: datetime | None
    is_active: bool


def limit_of_logins(request: Request) -> LoginLimit:
    """The limit of this application."""
    found = request.app.state.login_limit
    if not isinstance(found, LoginLimit):
        raise TypeError("The application has no limit of logins.")
    return found


@router.post("/api/auth/login", include_in_schema=False, dependencies=[Depends(refuse_forged)])
@router.post("/v1/auth/login", response_model=answer_of(Session), dependencies=[Depends(refuse_forged)])
async def log_in(visit: AnyVisit, credentials: Credentials, limit: Annotated[LoginLimit, Depends(limit_of_logins)]) -> Response:
    """Open a session; its secret goes into an HttpOnly cookie. Too many wrong passwords lock the account for a while."""
    origin = visit.frame.origin
    limit.begin(origin.ip_address)
    opened = await visit.application.accounts.log_in(credentials.email, credentials.password.get_secret_value(), origin)
    limit.succeed(origin.ip_address)
    response = visit.success(Session(user=_me(opened.identity), expires_at=opened.expires_at))
    _set_cookie(response, opened, visit.application)
    return response


def _set_cookie(response: Response, opened: OpenedSession, application: Application) -> None:
    lasts = opened.expires_at - application.clock.now()
    response.set_cookie(
        SESSION_COOKIE,
        opened.secret,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=application.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


@router.post("/v1/auth/logout", response_model=answer_of(LoggedOut))
async def log_out(call: AnyCall) -> Response:
    """End the session."""
    if call.session is None:
        raise Conflict("An access token is not a session.", remedy="Revoke it with DELETE /v1/auth/tokens/{id}.", code="no_session")
    await call.application.accounts.log_out(call.identity, call.session)
    response = call.success(LoggedOut(user=_user(call.identity)))
    response.delete_cookie(SESSION_COOKIE, path="/", secure=call.application.settings.secure_cookies, httponly=True, samesite="lax")
    return response


def _user(identity: Identity) -> User:
    return User(id=identity.user_id, email=identity.email, role=identity.role)


def _me(identity: Identity) -> Me:
    return Me(**dict(_user(identity)), rights=tuple(sorted(identity.rights)))


@router.get("/v1/auth/me", response_model=answer_of(Me))
async def who_am_i(call: AnyCall) -> Response:
    """Who is logged in, with which rights."""
    return call.success(_me(call.identity))


class PasswordChange(Contract):
    """The password there is, and the one there shall be."""

    current: SecretStr = Field(max_length=LONGEST_PASSWORD)
    wanted: SecretStr = Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)


@router.post("/v1/auth/password", response_model=answer_of(LoggedOut))
async def change_password(call: AnyCall, change: PasswordChange) -> Response:
    """Replace the password. Every session of the user ends, this one too: log in with the new one."""
    if call.session is None:
        raise Conflict("An access token cannot change the password.", remedy="Log in first.", code="no_session")
    await call.application.accounts.change_password(
        call.identity, change.current.get_secret_value(), change.wanted.get_secret_value(), call.frame.origin
    )
    response = call.success(LoggedOut(user=_user(call.identity)))
    response.delete_cookie(SESSION_COOKIE, path="/", secure=call.application.settings.secure_cookies, httponly=True, samesite="lax")
    return response


def _unnarrowed(call: AnyCall) -> Call:
    """A narrowed token must not be able to make itself a wider one, nor to end the others."""
    if call.identity.scopes is not None:
        raise Forbidden("A token with scopes cannot manage tokens.", remedy="Log in, or use a token without scopes.", code="narrowed_token")
    return call


TokenOwner = Annotated[Call, Depends(_unnarrowed)]


@router.post("/v1/auth/tokens", response_model=answer_of(NewAccessToken), status_code=201)
async def create_token(call: TokenOwner, wanted: NewToken) -> Response:
    """A new access token for the API and the command line. It is shown this once."""
    accounts = call.application.accounts
    lifetime = timedelta(days=wanted.days) if wanted.days is not None else None
    token_id, token = await accounts.create_token(call.identity, wanted.name, scopes=wanted.scopes, lifetime=lifetime)
    kept = next(record for record in await accounts.list_tokens(call.identity) if record.id == token_id)
    made = NewAccessToken(id=token_id, token=token, name=kept.name, scopes=tuple(kept.scopes), expires_at=kept.expires_at)
    return call.success(made, status_code=201)


@router.get("/v1/auth/tokens", response_model=answer_of(list[AccessToken]))
async def list_tokens(call: TokenOwner) -> Response:
    """The caller's access tokens, newest first."""
    return call.success([AccessToken.model_validate(record) for record in await call.application.accounts.list_tokens(call.identity)])


@router.delete("/v1/auth/tokens/{token_id}", response_model=answer_of(RevokedToken))
async def revoke_token(call: TokenOwner, token_id: UUID) -> Response:
    """End an access token at once."""
    await call.application.accounts.revoke_token(call.identity, token_id)
    return call.success(RevokedToken(id=token_id))


@router.get("/v1/auth/users", response_model=answer_of(list[UserAccount]))
async def list_all_users(call: Admin) -> Response:
    """Every user, by e-mail address."""
    async with call.application.database.transaction(call.actor, read_only=True) as tx:
        records = await list_users(tx)
    return call.success([UserAccount.model_validate(record) for record in records])


@router.post("/v1/auth/users", response_model=answer_of(UserAccount), status_code=201)
async def create_user(call: Admin, wanted: NewUser) -> Response:
    """A new user, who can log in at once."""
    accounts = call.application.accounts
    record = await accounts.create_user(call.actor, wanted.email, wanted.password.get_secret_value(), wanted.role)
    return call.success(UserAccount.model_validate(record), status_code=201)
