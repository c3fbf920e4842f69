"""The numbers of an answer, by where they stand, and which of them moved between two answers."""

import re
import types
import typing
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel

#: Fields whose value says which item of a list is meant, from a vocabulary of the product: the same items are in every answer.
KEYS: Final = ("cycle_type", "factor", "phase", "figure", "indicator", "moved", "name")
_WRITTEN: Final = re.compile(r"\d+(?:[.,]\d+)*")

Numbers = dict[str, frozenset[str]]


def numbers_of(answer: BaseModel, texts: Iterable[str] = ()) -> Numbers:
    """What is written at each place: ``.exposures[equity].beta``; ``[]`` stands for all items of a list that has no such key.

    Of a list only the different numbers count, so that a longer list of the same number has not moved. Numbers within the strings of
    the fields named in ``texts`` count as well.
    """
    found: dict[str, set[str]] = {}
    for place, number in _walk(answer, "", frozenset(texts)):
        found.setdefault(place, set()).add(number)
    return {place: frozenset(numbers) for place, numbers in found.items()}


def _walk(value: Any, place: str, texts: frozenset[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name in texts:
                for text in [inner] if isinstance(inner, str) else inner or ():
                    yield from ((f"{place}.{name}", number) for number in _WRITTEN.findall(text))
            else:
                yield from _walk(inner, f"{place}.{name}", texts)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _walk(inner, f"{place}[{name}]", texts)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _walk(inner, f"{place}[{_key(inner)}]", texts)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        yield place, f"{value:.9g}"


def _key(item: Any) -> str:
    if hasattr(item, "symbol"):
        return ""
    return next((getattr(item, name) for name in KEYS if isinstance(getattr(item, name, None), str)), "")


def still(answers: Sequence[Numbers], may_have: AbstractSet[str]) -> set[str]:
    """The places at which no two answers have different numbers, with those of the shapes ``may_have`` at which none has any.

    A place only one answer has cannot be compared: it is judged by the others of its shape.
    """
    times = Counter(place for answer in answers for place in answer)
    numbers = {place: {answer[place] for answer in answers if place in answer} for place in times}
    moving = {place for place, different in numbers.items() if len(different) > 1}
    shapes = {shape(place) for place in moving}
    alone = {place for place, count in times.items() if count == 1 and shape(place) in shapes}
    return (set(times) - moving - alone) | (set(may_have) - {shape(place) for place in times})


def shape(place: str) -> str:
    """The place without the keys of its items, as :func:`declared` spells it."""
    return re.sub(r"\[[^\]]*\]", "[]", place)


def declared(annotation: Any, place: str = "", within: frozenset[Any] = frozenset()) -> Iterator[str]:
    """The shapes of the places at which a contract may have numbers."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from declared(parts[0], place, within)
    elif origin in {typing.Union, types.UnionType}:
        for part in parts:
            yield from declared(part, place, within)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from declared(parts[1], f"{place}[]", within)
    elif origin in {tuple, list}:
        for part in set(parts) - {...}:
            yield from declared(part, f"{place}[]", within)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in within:
            for name, field in annotation.model_fields.items():
                yield from declared(field.annotation, f"{place}.{name}", within | {annotation})
    elif annotation in {int, float, Decimal}:
        yield place


def matches(pattern: str, place: str) -> bool:
    """Whether ``pattern`` means ``place``; ``*`` stands for anything."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), place) is not None
