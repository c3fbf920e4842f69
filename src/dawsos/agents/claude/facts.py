"""Results as a writer reads them: labelled figures with their units, and the same as JSON values without what tells a reader nothing."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from dawsos.compute.prose.topics import Figure, Listing, Topic
from dawsos.kernel.canonical import plain_decimal
from dawsos.registry.contract import Contract
from dawsos.registry.explanations import reason_for
from dawsos.registry.shapes import fields_of

#: Parts that only a machine reads, or that repeat in detail what stands beside them.
_LEFT_OUT: Final = frozenset({"lots", "method_version"})
#: Figures carry their own reasons.
_NO_TOPIC: Final = _LEFT_OUT | {"reasons"}
_IDENTIFIER: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}")
_AMOUNT: Final = re.compile(r"-?\d+(?:\.\d+)?")


def topics_of(data: Any) -> tuple[Topic, ...]:
    """``data`` as topics: a mapping of results gives one for each, a single result one, anything else one of its own."""
    if isinstance(data, Mapping) and data and all(_is_nested(value) or value is None for value in data.values()):
        return tuple(_topic(str(name), value, ()) for name, value in data.items() if value is not None)
    return (_topic("", data, ()),)


def plain_of(data: Any) -> Any:
    """``data`` as JSON values without identifiers, empty parts and what only a machine reads; decimals keep their digits."""
    if isinstance(data, Contract):
        data = {name: getattr(data, name) for name in type(data).model_fields}
    elif (fields := fields_of(type(data))) is not None:
        data = {name: getattr(data, name) for name in fields}
    match data:
        case Mapping():
            return {
                str(name): plain_of(value)
                for name, value in data.items()
                if name not in _LEFT_OUT and not _is_identifier(value) and value not in ((), [], {}, "")
            }
        case float() if not math.isfinite(data):
            return None
        case str() | int() | float() | bool() | None if not isinstance(data, Enum):
            return data
        case Enum():
            return data.value
        case Decimal():
            return plain_decimal(data)
        case date():
            return data.isoformat()
        case Sequence():
            return [plain_of(value) for value in data if not _is_identifier(value)]
    return str(data)


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping) or fields_of(type(value)) is not None


def _is_identifier(value: Any) -> bool:
    return isinstance(value, UUID) or (isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None)


def _topic(name: str, value: Any, owners: tuple[Any, ...]) -> Topic:
    if not _is_nested(value):
        value = {name or "value": value}
        name = ""
    around = (*owners, value)
    figures: list[Figure] = []
    lists: list[Listing] = []
    parts: list[Topic] = []
    names: dict[str, tuple[str, ...]] = {}
    for key, item, unit, currency in _fields(value, owners):
        if key in _NO_TOPIC or _is_identifier(item):
            continue
        if _is_nested(item):
            if item:
                parts.append(_topic(key, item, around))
        elif isinstance(item, Sequence) and not isinstance(item, str):
            if all(_is_nested(one) for one in item):
                lists.append(Listing(key, tuple(_topic(key, one, around) for one in item)))
            else:
                names[key] = tuple(str(one) for one in item if not _is_identifier(one))
        else:
            figures.append(_figure(key, item, unit, currency, _reason(around, value, key) if item is None else None))
    return Topic(name, tuple(figures), tuple(lists), tuple(parts), names)


def _fields(value: Any, owners: tuple[Any, ...]) -> list[tuple[str, Any, str | None, str | None]]:
    fields = fields_of(type(value))
    if fields is not None:
        return [
            (
                name,
                getattr(value, name),
                one.unit.name if one.unit else None,
                _currency(one.unit.field if one.unit else None, (*owners, value)),
            )
            for name, one in fields.items()
        ]
    currency = next((value[name] for name in ("currency", "base_currency") if isinstance(value.get(name), str)), None)
    return [
        (str(name), item, None, currency if isinstance(item, str) and _AMOUNT.fullmatch(item) else None) for name, item in value.items()
    ]


def _currency(field: str | None, owners: tuple[Any, ...]) -> str | None:
    if field is None:
        return None
    found = (getattr(owner, field, None) for owner in reversed(owners))
    return next((one for one in found if isinstance(one, str)), None)


def _figure(name: str, item: Any, unit: str | None, currency: str | None, reason: str | None) -> Figure:
    value = item.value if isinstance(item, Enum) else item
    if isinstance(value, float) and not math.isfinite(value):
        return Figure(name, None, unit, None, "it is no finite number")
    if isinstance(value, str) and unit is None and _AMOUNT.fullmatch(value):
        value = Decimal(value)
    if not isinstance(value, Decimal | float | int | bool | str | date) and value is not None:
        value = str(value)
    return Figure(name, value, unit, currency if unit in {None, "money", "price"} else None, reason)


def _reason(around: tuple[Any, ...], value: Any, name: str) -> str | None:
    if isinstance(value, Mapping):
        reasons = value.get("reasons")
        found = reasons.get(name) if isinstance(reasons, Mapping) else value.get("reason")
        return found if isinstance(found, str) and found else None
    return reason_for(around[-1:], (name,))
