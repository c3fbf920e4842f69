"""One authenticated call: who makes it, what that person may do, and the way to answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.responses import Response

from dawsos.api.envelope import envelope, success_response
from dawsos.api.frame import Frame, frame_of
from dawsos.bootstrap import Application
from dawsos.kernel.errors import Forbidden, Unauthenticated
from dawsos.kernel.identity import Actor
from dawsos.registry.catalogue import require_rights
from dawsos.services.accounts import BEARER_MARK, Identity

SESSION_COOKIE: Final = "dawsos_session"
#: A header no foreign page can make a browser send along with our cookie.
REQUESTED_WITH: Final = "X-Requested-With"
OURSELVES: Final = "dawsos"
_READS_ONLY: Final = frozenset({"GET", "HEAD"})

_cookie = APIKeyCookie(name=SESSION_COOKIE, scheme_name="session", description="Set by POST /v1/auth/login.", auto_error=False)
_bearer = HTTPBearer(scheme_name="access_token", description="An access token, made by POST /v1/auth/tokens.", auto_error=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as every route sees it, whoever makes it."""

    application: Application
    frame: Frame

    def success(self, data: object, *, warnings: Iterable[str] = (), status_code: int = 200, **more: object) -> Response:
        """The answer holding ``data`` and, beside it, whatever ``more`` names."""
        return success_response(data, self.around(warnings, **more), status_code)

    def around(self, warnings: Iterable[str], **more: object) -> dict[str, object]:
        """Everything of an answer but its data."""
        moment = self.application.clock.now()
        return envelope(moment=moment, trace_id=self.frame.trace_id, warnings=warnings, **more)


@dataclass(frozen=True, slots=True)
class Call(Visit):
    """A visit by somebody known. ``session`` is the secret in the cookie when that is how they are known."""

    identity: Identity
    session: str | None

    @property
    def actor(self) -> Actor:
        return self.identity.actor


def open_visit(request: Request) -> Visit:
    """The request, whoever makes it."""
    return Visit(request.app.state.application, frame_of(request.scope))


def refuse_forged(request: Request) -> None:
    """Refuse a change that the cookie alone speaks for: the browser adds it to requests other sites make, too."""
    is_change = request.method not in _READS_ONLY and SESSION_COOKIE in request.cookies
    if is_change and request.headers.get(REQUESTED_WITH) != OURSELVES:
        raise Forbidden(
            f"A change made with the session cookie needs the header {REQUESTED_WITH}: {OURSELVES}.",
            remedy="Send that header, or use an access token.",
            code="csrf",
        )


async def open_call(
    request: Request,
    visit: Annotated[Visit, Depends(open_visit)],
    _session: Annotated[str | None, Depends(_cookie)],
    _token: Annotated[object, Depends(_bearer)],
) -> Call:
    """Whose request this is, by access token or session cookie; Unauthenticated when it is nobody's."""
    accounts = visit.application.accounts
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.startswith(BEARER_MARK):
            raise Unauthenticated("The Authorization header holds no access token.", remedy=f"Write Bearer {BEARER_MARK}….")
        return Call(visit.application, visit.frame, await accounts.by_token(token), None)
    secret = request.cookies.get(SESSION_COOKIE)
    if secret is None:
        raise Unauthenticated("Nobody is logged in.", remedy="Log in with POST /v1/auth/login, or send an access token.")
    refuse_forged(request)
    return Call(visit.application, visit.frame, await accounts.by_session(secret), secret)


@dataclass(frozen=True, slots=True)
class Needs:
    """The dependency of a route that needs rights: the call, when whoever makes it has all of them."""

    rights: tuple[str, ...]

    async def __call__(self, call: Annotated[Call, Depends(open_call)]) -> Call:
        require_rights("This request", self.rights, call.actor)
        return call


AnyVisit = Annotated[Visit, Depends(open_visit)]
AnyCall = Annotated[Call, Depends(open_call)]
Reader = Annotated[Call, Depends(Needs(("portfolio_read",)))]
Writer = Annotated[Call, Depends(Needs(("portfolio_write",)))]
Admin = Annotated[Call, Depends(Needs(("admin",)))]
