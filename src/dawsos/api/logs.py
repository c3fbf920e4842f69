"""Log lines as JSON on standard error, without passwords, tokens and keys."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

HIDDEN: Final = "[hidden]"
_SECRET_NAMES: Final = re.compile(r"pass(word|wd)?|secret|token|authorization|cookie|api_?key|dsn|database_url", re.IGNORECASE)
_SECRET_TEXT: Final = (
    re.compile(r"dawsos_[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?<=[?&])(?:api_?key|token|access_token|key)=[^&\s\"']+", re.IGNORECASE),
    re.compile(r"(?<=://)[^/\s:@]*:[^@\s]*(?=@)"),
    re.compile(r"(?i)\bpassword=(?:'[^']*'|\S+)"),
    re.compile(r"(?i)\bbearer\s+\S+"),
)


def without_secrets(value: Any) -> Any:
    """``value`` with everything that looks like a password, token or key hidden, at any depth."""
    if isinstance(value, str):
        for pattern in _SECRET_TEXT:
            value = pattern.sub(HIDDEN, value)
        return value
    if isinstance(value, Mapping):
        return {key: HIDDEN if _SECRET_NAMES.search(str(key)) else without_secrets(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(inner) for inner in value]
    return value


def hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last step before a line is written; rendered exceptions have become text by then."""
    return dict(without_secrets(event))


def configure_logs(level: str) -> None:
    """Write lines of ``level`` and above. Called once by whoever owns the process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.processors.JSONRenderer(sort_keys=True, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
