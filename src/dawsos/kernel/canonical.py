"""Canonical bytes: one spelling for each value, so that equal contents have equal hashes."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from dawsos.kernel.errors import Internal


def plain_decimal(value: Decimal) -> str:
    """Fixed-point text without an exponent or trailing zeros: ``1.50`` and ``1.5`` are one number and have one spelling."""
    if not value.is_finite():
        raise Internal(f"{value} has no canonical form.")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case float():
            if not math.isfinite(value):
                raise Internal("A number that is not finite reached a result; it must be null with a reason.")
            return 0.0 if value == 0 else value
        case Decimal():
            return plain_decimal(value)
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case AbstractSet():
            return sorted((_plain(item) for item in value), key=str)
        case Sequence():
            return [_plain(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise Internal(f"{type(value).__name__} has no canonical form.")


def canonical_bytes(value: object) -> bytes:
    """UTF-8 JSON with sorted keys, no spaces, decimals as plain text and shortest round-trip floats."""
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def sha256_hex(*chunks: bytes) -> str:
    """Lower-case hexadecimal SHA-256 of the chunks one after another."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def fingerprint(value: object) -> str:
    """SHA-256 of the canonical bytes of ``value``."""
    return sha256_hex(canonical_bytes(value))
