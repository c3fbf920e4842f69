"""Listens: on this machine only, unless told otherwise in so many words."""

import gc
import ipaddress
import socket
from collections.abc import Callable
from typing import Final

import uvicorn

from dawsos.api.application import create_app
from dawsos.api.logs import configure_logs
from dawsos.bootstrap import Application
from dawsos.kernel.errors import Conflict, Invalid
from dawsos.settings import Settings

_BACKLOG: Final = 2048
_GRACE_SECONDS: Final = 10


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def require_safe_address(settings: Settings, *, exposed: bool) -> None:
    """Refuse an address other machines reach, unless cookies are for HTTPS only or ``exposed`` says that it is meant."""
    if not (is_loopback(settings.host) or settings.secure_cookies or exposed):
        raise Invalid(
            f"Listening on {settings.host} would send passwords over the network in the clear.",
            remedy="Listen on 127.0.0.1, or put a proxy with TLS in front and set DAWSOS_SECURE_COOKIES=true.",
            code="unsafe_address",
        )


def bind(host: str, port: int) -> socket.socket:
    """A socket listening on ``host`` and ``port``; port 0 takes a free one. Conflict when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, its connections are sent without delay; asyncio does not ask further, and each answer would wait 40 ms otherwise.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise Conflict(
            f"Port {port} of {host} cannot be used: {error.strerror}.", remedy="Choose another with DAWSOS_PORT.", code="port_in_use"
        ) from error
    return listener


async def serve(application: Application, *, exposed: bool = False, ready: Callable[[str], None] = lambda _: None) -> None:
    """Answer requests until the process is told to stop; ``ready`` is called with the address once it listens.

    Raises :class:`Invalid` for an address other machines reach without TLS, and :class:`Conflict` for a port that is taken.
    """
    settings = application.settings
    require_safe_address(settings, exposed=exposed)
    configure_logs(settings.log_level)
    listener = bind(settings.host, settings.port)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(application),
            lifespan="off",
            ws="none",
            access_log=False,
            server_header=False,
            log_level="warning",
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    gc.collect()
    gc.freeze()  # what is here now stays; looking through it again and again would only delay answers
    host, port = listener.getsockname()[:2]
    ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    try:
        await server.serve([listener])
    finally:
        listener.close()
