"""What surrounds every request: its trace id, the headers every answer has, one log line, one measurement, and the last resort."""

import ipaddress
import re
import time
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dawsos.api.problems import internal_failure
from dawsos.api.security_headers import default_headers, security_headers
from dawsos.bootstrap import Application
from dawsos.services.audit import Origin

log = structlog.get_logger("dawsos.api")

_SANE_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LONGEST_USER_AGENT: Final = 400
#: What nginx calls a request whose client went away before the answer.
_CLIENT_WENT_AWAY: Final = 499
_STATE: Final = "dawsos"


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of a request before anybody looks at it."""

    trace_id: str
    request_id: str
    origin: Origin


def frame_of(scope: Scope) -> Frame:
    """The frame of the request with this scope."""
    found = scope["state"][_STATE]
    if not isinstance(found, Frame):
        raise TypeError("The request did not come through RequestFrame.")
    return found


@dataclass(slots=True)
class _Answer:
    """What became of a request."""

    status: int | None = None
    error: Exception | None = None


class RequestFrame:
    """Gives every request a trace id and every answer its headers; counts, logs, and answers what nobody else could."""

    def __init__(self, app: ASGIApp, application: Application) -> None:
        self._app = app
        self._application = application
        self._headers = security_headers(has_tls=application.settings.secure_cookies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})  # before it is accepted: the answer is 403
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        frame = self._open(scope)
        scope.setdefault("state", {})[_STATE] = frame
        answer = _Answer()

        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                self._add_headers(message, frame)
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, receive, send_framed)
        except ClientDisconnect:
            answer.status = _CLIENT_WENT_AWAY
        except Exception as error:
            answer.error = error
            if answer.status is not None:  # half an answer is out; only breaking the connection tells the client
                raise
            await internal_failure().response(frame.trace_id)(scope, receive, send_framed)
        finally:
            self._conclude(scope, frame, answer, time.perf_counter() - started)

    def _open(self, scope: Scope) -> Frame:
        headers = Headers(scope=scope)
        trace_id = self._application.identifiers.new().hex
        wanted = headers.get("x-request-id", "")
        request_id = wanted if _SANE_IDENTIFIER.fullmatch(wanted) else trace_id
        origin = Origin(client_address(scope), headers.get("user-agent", "")[:_LONGEST_USER_AGENT] or None, trace_id)
        return Frame(trace_id, request_id, origin)

    def _add_headers(self, message: Message, frame: Frame) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers[name] = value
        for name, value in default_headers().items():
            headers.setdefault(name, value)
        headers["X-Trace-Id"] = frame.trace_id
        headers["X-Request-Id"] = frame.request_id

    def _conclude(self, scope: Scope, frame: Frame, answer: _Answer, seconds: float) -> None:
        status = answer.status or 500
        route = route_template(scope)
        self._application.meters.http_duration.labels(scope["method"], route, str(status)).observe(seconds)
        facts = {
            "method": scope["method"],
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 3),
            "trace_id": frame.trace_id,
            "request_id": frame.request_id,
        }
        if answer.error is not None:
            log.error("request failed", **facts, exc_info=answer.error)
        elif route.startswith("/health"):
            log.debug("request", **facts)
        else:
            log.info("request", **facts)


def route_template(scope: MutableMapping[str, Any]) -> str:
    """The path of the route with its parameters unnamed, so that measurements do not grow with what is asked for."""
    path = getattr(scope.get("route"), "path_format", None)
    return path if isinstance(path, str) else "(none)"


def client_address(scope: Scope) -> str | None:
    """The address the request came from; None when it came through a socket file."""
    client = scope.get("client")
    if not client:
        return None
    try:
        return str(ipaddress.ip_address(client[0]))
    except ValueError:
        return None
