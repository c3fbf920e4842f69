"""The headers that tell a browser what a page of ours may do: nothing but talk to us."""

from collections.abc import Mapping
from typing import Final

CONTENT_SECURITY_POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_ALWAYS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
#: Only sent where cookies are for HTTPS only: elsewhere the browser would be locked out of plain HTTP.
_WITH_TLS: Final[Mapping[str, str]] = {"Strict-Transport-Security": "max-age=31536000"}
#: Answers are about somebody's money, so nothing in between may keep them unless the answer itself says otherwise.
_UNLESS_SAID: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}


def security_headers(*, has_tls: bool) -> Mapping[str, str]:
    """The headers of every answer."""
    return {**_ALWAYS, **(_WITH_TLS if has_tls else {})}


def default_headers() -> Mapping[str, str]:
    """The headers of every answer that does not have them already."""
    return _UNLESS_SAID
