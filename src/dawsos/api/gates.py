"""What is refused before anybody looks at it: a foreign host name, and a body larger than its address takes."""

import re
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dawsos.api.frame import frame_of
from dawsos.api.problems import Failure, protocol_failure

LARGEST_BODY: Final = 1_000_000
LARGEST_IMPORT: Final = 50_000_000
_IMPORT: Final = re.compile(r"/v1/portfolios/[^/]+/imports")
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::\d{1,5})?")


class HostGate:
    """Lets through requests addressed to a name of ours, so that a foreign name pointed at this machine leads nowhere."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = tuple(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(Headers(scope=scope).get("host", "")):
            refusal = Failure(
                status=400,
                title="Unknown host",
                code="unknown_host",
                detail="The request is addressed to a host name this server does not answer to.",
                remedy="Use a name listed in DAWSOS_ALLOWED_HOSTS.",
            )
            await refusal.response(frame_of(scope).trace_id)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        return found is not None and any(_is_covered(found[1].lower(), name) for name in self._allowed)


def _is_covered(name: str, allowed: str) -> bool:
    if allowed.startswith("*."):
        return name.endswith(allowed[1:]) and len(name) > len(allowed) - 1
    return allowed in {"*", name}


class BodyTooLarge(HTTPException):
    """The body grew beyond what its address takes."""

    def __init__(self) -> None:
        super().__init__(413)


class BodyGate:
    """Refuses a body that says it is too large, and stops reading one that turns out to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = largest_body(scope["path"])
        if _announced(scope) > largest:
            await protocol_failure(413).response(frame_of(scope).trace_id)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > largest:
                raise BodyTooLarge
            return message

        await self._app(scope, counted, send)


def largest_body(path: str) -> int:
    """How many bytes the body of a request to ``path`` may have."""
    return LARGEST_IMPORT if _IMPORT.fullmatch(path) else LARGEST_BODY


def _announced(scope: Scope) -> int:
    try:
        return int(Headers(scope=scope).get("content-length", "0"))
    except ValueError:
        return 0
