"""How a value may be shown, and which values a format is for."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal, get_args, get_origin
from uuid import UUID

from dawsos.registry.shapes import leaves, present
from dawsos.registry.units import Unit

Format = Literal[
    "percentage", "currency", "number", "decimal_2", "bps", "text", "date", "rating", "rating_badge",
    "sentiment_badge", "risk_badge", "trend_arrow", "auto",
]  # fmt: skip
ColorCondition = Literal["sign", "threshold", "threshold_under", "threshold_over", "sentiment"]

FORMATS: Final[tuple[str, ...]] = get_args(Format)
WITH_THRESHOLD: Final = frozenset({"threshold", "threshold_under", "threshold_over"})

_NUMBERS: Final = (int, float, Decimal)
_UNITS: Final[dict[str, frozenset[str]]] = {
    "percentage": frozenset({"fraction"}),
    "currency": frozenset({"money", "price"}),
    "bps": frozenset({"fraction", "basis_points"}),
}
_NUMERIC: Final = frozenset({"percentage", "currency", "number", "decimal_2", "bps"})
_EITHER: Final = frozenset({"rating", "rating_badge", "sentiment_badge", "trend_arrow"})


def is_number(kind: Any) -> bool:
    """Whether ``kind`` is a type of number; truth values are none."""
    return kind in _NUMBERS


def is_text(kind: Any) -> bool:
    """Whether ``kind`` is written in letters: text, names from a list, identifiers."""
    return get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, str | Enum | UUID))


def is_date(kind: Any) -> bool:
    """Whether ``kind`` is a day or a moment."""
    return isinstance(kind, type) and issubclass(kind, date)


def _fits(form: str, kind: Any) -> bool:
    if form in _NUMERIC:
        return is_number(kind)
    if form in _EITHER:
        return is_number(kind) or is_text(kind)
    if form == "date":
        return is_date(kind)
    if form == "risk_badge":
        return is_text(kind)
    if form == "text":
        return is_text(kind) or kind is bool
    return is_number(kind) or is_text(kind) or is_date(kind) or kind is bool


def format_problem(form: str, annotation: Any, unit: Unit | None) -> str | None:
    """Why a value of this type and unit cannot be shown as ``form``, or None when it can."""
    kinds = [leaf for part in present(annotation) for leaf in leaves(part)]
    if not kinds or not all(_fits(form, kind) for kind in kinds if kind is not type(None)):
        return f"a value of this type cannot be shown as {form}"
    wanted = _UNITS.get(form)
    if wanted and unit is not None and unit.name not in wanted:
        return f"a {unit.name} cannot be shown as {form}, which is for {' or '.join(sorted(wanted))}"
    return None
