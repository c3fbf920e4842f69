"""Whether an answer is what was published."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.oracles.cases import REMARKS, Case


@dataclass(frozen=True)
class Magnitude:
    """A loss whose sign is a matter of print (a drawdown of 29 % or of −29 %): either sign passes, its size must be right."""

    size: float


@dataclass(frozen=True)
class Roots:
    """The rate given, and every rate that solves the equation: a case that accepts any of several takes any of them."""

    rate: float | str
    every: tuple[float, ...]


def differences(case: Case, got: Mapping[str, Any]) -> list[str]:
    """One line per value that is not as published; empty when all are."""
    accepted = case.expected.get("accept_any_of")
    lines: list[str] = []
    for key, expected in case.expected.items():
        if key not in REMARKS:
            lines += _differences(case, key, expected, got.get(key, _ABSENT), accepted)
    return lines


_ABSENT = object()


def _differences(case: Case, path: str, expected: Any, got: Any, accepted: Sequence[float] | None) -> list[str]:
    if got is _ABSENT:
        return [f"{path}: expected {expected!r}, got nothing"]
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        return [line for key in expected for line in _differences(case, f"{path}.{key}", expected[key], got.get(key, _ABSENT), accepted)]
    if isinstance(expected, list) and isinstance(got, Sequence) and not isinstance(got, str):
        if len(expected) != len(got):
            return [f"{path}: expected {len(expected)} values, got {len(got)}: {list(got)!r}"]
        return [
            line
            for place, pair in enumerate(zip(expected, got, strict=True))
            for line in _differences(case, f"{path}[{place}]", *pair, accepted)
        ]
    return [] if _same(case, expected, got, accepted) else [f"{path}: expected {expected!r}, got {_shown(got)}"]


def _shown(got: Any) -> str:
    if isinstance(got, Roots):
        others = f" of {list(got.every)}" if len(got.every) > 1 else ""
        return f"{got.rate!r}{others}"
    return repr(got.size if isinstance(got, Magnitude) else got)


def _same(case: Case, expected: Any, got: Any, accepted: Sequence[float] | None) -> bool:
    if isinstance(got, Roots):
        if accepted:
            return got.rate == "ambiguous" or any(_close(case, choice, got.rate) for choice in [*accepted, expected])
        return _same(case, expected, got.rate, None)
    if isinstance(got, Magnitude):
        return _number(expected) and _close(case, abs(expected), abs(got.size))
    if _number(expected) and _number(got):
        return _close(case, expected, got)
    return bool(expected == got)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _close(case: Case, expected: float, got: Any) -> bool:
    if not _number(got) or math.isnan(got):
        return False
    return abs(expected - got) <= max(case.absolute, case.relative * abs(expected))
