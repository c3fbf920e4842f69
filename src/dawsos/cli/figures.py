"""How values are written for people: by unit, with thousands separators, and a dash where there is none."""

from datetime import datetime
from decimal import Decimal
from typing import Final

NOTHING: Final = "–"
_NUMERIC_UNITS: Final = frozenset(
    {"money", "price", "quantity", "exchange_rate", "fraction", "basis_points", "number", "score", "count", "days", "years"}
)
_NUMERIC_FORMATS: Final = frozenset({"percentage", "currency", "number", "decimal_2", "bps"})
_SUFFIXES: Final = {"basis_points": " bp", "days": " d", "years": " y", "seconds": " s", "milliseconds": " ms"}


def is_numeric(unit: str | None, form: str = "auto") -> bool:
    """Whether values of this unit or format stand to the right in a column."""
    return unit in _NUMERIC_UNITS or form in _NUMERIC_FORMATS


def written(value: object, *, unit: str | None = None, form: str = "auto", currency: str | None = None) -> str:
    """``value`` as text; ``unit`` is a unit's name, ``form`` a panel's format."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S %Z}".strip()
    number = _number(value) if is_numeric(unit, form) or isinstance(value, int | float | Decimal) else None
    return str(value) if number is None else _number_written(number, unit, form, currency)


def _number(value: object) -> Decimal | None:
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except ArithmeticError:
        return None


def _number_written(number: Decimal, unit: str | None, form: str, currency: str | None) -> str:
    if form == "percentage" or (form == "auto" and unit == "fraction"):
        return f"{number:,.2%}"
    if form == "bps":
        return f"{number if unit == 'basis_points' else number * 10_000:,.1f} bp"
    if form == "currency" or unit in {"money", "price"}:
        return f"{_amount(number, unit)} {currency}" if currency else _amount(number, unit)
    if form == "decimal_2" or unit in {"number", "score"}:
        return f"{number:,.2f}"
    return _plain(number) + _SUFFIXES.get(unit or "", "")


def _amount(number: Decimal, unit: str | None) -> str:
    """Money to the cent; a price with every decimal it has, and at least two."""
    if unit == "price" and number != round(number, 2):
        return _plain(number)
    return f"{number:,.2f}"


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
