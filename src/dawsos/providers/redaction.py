"""Keeps keys out of everything that is kept or shown: messages, dead letters, logs."""

import re
from collections.abc import Iterable
from typing import Final

HIDDEN: Final = "***"
_PARAMETER: Final = re.compile(r"(?i)\b(api_?key|apikey|access_token|token|key)=[^&\s\"']+")
_BEARER: Final = re.compile(r"(?i)\bbearer\s+[A-Za-z0-9._~+/=-]+")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """``text`` without the ``secrets``, without any parameter that looks like a key, and without bearer tokens."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return _BEARER.sub(f"Bearer {HIDDEN}", _PARAMETER.sub(lambda found: f"{found[1]}={HIDDEN}", text))
