"""How a document writes values for people: by unit, with thousands separators, and a dash where there is none."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from dawsos.services.reports.document import Value

NOTHING: Final = "—"
#: A real minus sign is as wide as a plus and does not break a line; files for machines keep the hyphen.
MINUS: Final = "\u2212"
NUMERIC_UNITS: Final = frozenset(
    {"money", "price", "quantity", "exchange_rate", "fraction", "basis_points", "number", "score", "count", "days", "years", "seconds"}
)
NUMERIC_FORMS: Final = frozenset({"percentage", "currency", "number", "decimal_2", "bps"})
_SUFFIXES: Final = {"basis_points": " bp", "days": " days", "years": " years", "seconds": " s", "milliseconds": " ms"}


def is_numeric(unit: str | None, form: str = "auto") -> bool:
    """Whether values of this unit or form are numbers, though they may travel as text."""
    return unit in NUMERIC_UNITS or form in NUMERIC_FORMS


def number_of(value: Value) -> Decimal | None:
    """The value as an exact number; None when it is missing or no number."""
    raw = value.raw
    if raw is None or isinstance(raw, bool | date):
        return None
    if isinstance(raw, str) and not is_numeric(value.unit, value.form):
        return None
    try:
        number = raw if isinstance(raw, Decimal) else Decimal(str(raw))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def written(value: Value, *, with_currency: bool = True) -> str:
    """``value`` as text; the currency is left out where the column says it."""
    raw = value.raw
    if raw is None:
        return NOTHING
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, datetime):
        return f"{raw:%Y-%m-%d %H:%M}"
    if isinstance(raw, date):
        return raw.isoformat()
    number = number_of(value)
    if number is None:
        return str(raw)
    text = _number_written(number, value)
    currency = f" {value.currency}" if with_currency and value.currency and is_amount(value) else ""
    return text.replace("-", MINUS) + currency


def is_amount(value: Value) -> bool:
    """Whether the value counts units of a currency."""
    return value.form == "currency" or value.unit in {"money", "price"}


def _number_written(number: Decimal, value: Value) -> str:
    unit, form = value.unit, value.form
    if form == "percentage" or (form == "auto" and unit == "fraction"):
        return _unsigned_zero(f"{number:,.2%}")
    if form == "bps":
        return _unsigned_zero(f"{number if unit == 'basis_points' else number * 10_000:,.1f}") + " bp"
    if is_amount(value):
        return _plain(number) if unit == "price" and number != round(number, 2) else _unsigned_zero(f"{number:,.2f}")
    if form == "decimal_2" or unit in {"number", "score"} or (unit is None and isinstance(value.raw, float)):
        return _unsigned_zero(f"{number:,.2f}")
    return _plain(number) + _SUFFIXES.get(unit or "", "")


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _unsigned_zero(text: str) -> str:
    """A figure that rounds to nothing has no sign."""
    return text.removeprefix("-") if text.startswith("-") and not any(digit in text for digit in "123456789") else text
