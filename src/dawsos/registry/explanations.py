"""Why a value is null: where contracts say it, and which nulls nobody explains."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dawsos.registry.shapes import fields_of


def reason_for(owners: Sequence[Any], trail: Sequence[str]) -> str | None:
    """Why the field at the end of ``trail`` is null, as the nearest contract around it says.

    ``owners`` are the things it lies in, outermost first, and ``trail`` the name of the field taken from each. A contract explains a
    field by an entry of ``reasons`` under the dotted path from there, or under the field taken from it; a row may have one ``reason``.
    """
    for depth in range(len(owners) - 1, -1, -1):
        reasons = getattr(owners[depth], "reasons", None)
        if isinstance(reasons, Mapping):
            for name in (".".join(trail[depth:]), trail[depth]):
                if name in reasons:
                    return str(reasons[name])
        reason = getattr(owners[depth], "reason", None)
        if isinstance(reason, str) and reason:
            return reason
    return None


def unexplained_nulls(result: Any) -> list[str]:
    """Dotted paths of the numbers in ``result`` that are null without a reason; items of lists and mappings are ``*``."""
    return list(dict.fromkeys(".".join(path) for path in _unexplained(result, (), (), ())))


def _unexplained(value: Any, owners: tuple[Any, ...], trail: tuple[str, ...], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    fields = fields_of(type(value))
    if fields is not None:
        for name, field in fields.items():
            inner = getattr(value, name)
            around, names = (*owners, value), (*trail, name)
            if inner is None and field.unit is not None and reason_for(around, names) is None:
                yield (*path, name)
            yield from _unexplained(inner, around, names, (*path, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _unexplained(inner, owners, trail, (*path, "*"))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _unexplained(inner, owners, trail, (*path, "*"))
