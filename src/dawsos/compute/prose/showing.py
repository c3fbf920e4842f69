"""How a figure is put into a sentence: as it is shown everywhere else, rounded for reading."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from dawsos.compute.prose.topics import Figure

#: Words of names that are spelt out, or written in capitals.
_SPELT_OUT: Final = {
    "twr": "time-weighted return", "mwr": "money-weighted return", "nav": "net asset value", "pl": "profit or loss", "fx": "FX",
    "var": "VaR", "pct": "percentage", "roe": "return on equity", "fcf": "free cash flow", "cv": "variation", "dar": "drawdown at risk",
    "gdp": "GDP", "cpi": "CPI", "usd": "USD", "te": "tracking error", "std": "standard", "dev": "deviation", "avg": "average",
    "asof": "as-of", "ytd": "YTD",
}  # fmt: skip
#: Parts of names that say the value is a share or a rate, where nothing else says it.
_SHARES: Final = (
    "weight", "_pct", "share", "return", "twr", "mwr", "volatility", "drawdown", "margin", "yield", "payout", "probability", "confidence",
    "coverage_ratio", "turnover", "roe", "growth", "exposed", "completeness",
)  # fmt: skip
_LARGEST_SHARE: Final = 10.0


def words(name: str) -> str:
    """A field's name as words: ``max_drawdown`` is "max drawdown", ``twr_1y`` "time-weighted return (1y)"."""
    parts = [part for part in name.split("_") if part]
    tail = f" ({parts.pop()})" if len(parts) > 1 and parts[-1][0].isdigit() else ""
    return " ".join(_SPELT_OUT.get(part, part) for part in parts) + tail


def shown(figure: Figure) -> str:
    """The value in words and digits; "not known" for a null."""
    value = figure.value
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case str():
            return value
    number = Decimal(str(value))
    if figure.unit == "fraction" or (figure.unit is None and is_share(figure)):
        return percent(number)
    if figure.unit in {"money", "price"} or figure.currency:
        return f"{figure.currency} {number:,.2f}" if figure.currency else f"{number:,.2f}"
    if figure.unit == "basis_points":
        return f"{plain(number)} basis points"
    if figure.unit in {"days", "years", "seconds"}:
        return f"{plain(number)} {figure.unit}"
    return plain(number)


def is_share(figure: Figure) -> bool:
    """Whether a number of unknown unit is, by its name and size, a fraction."""
    value = figure.value
    if not isinstance(value, float | Decimal):
        return False
    return any(part in figure.name for part in _SHARES) and abs(float(value)) <= _LARGEST_SHARE


def percent(fraction: Decimal) -> str:
    """A fraction in percent: one decimal, more for the very small."""
    value = fraction.scaleb(2)
    places = 1 if abs(value) >= 1 or value == 0 else 2
    return f"{value:,.{places}f}%"


def plain(number: Decimal) -> str:
    """A number with as many decimals as one reads: none for whole ones, two, or two digits when it is small."""
    if number == number.to_integral_value():
        return f"{number:,.0f}"
    if abs(number) < Decimal("0.01"):
        return f"{number:.{-number.adjusted() + 1}f}"
    return f"{number:,.2f}"


def listed(items: Sequence[str]) -> str:
    """Items with commas, and "and" before the last."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentence(text: str) -> str:
    """With a capital at the beginning and a full stop at the end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".") if text else ""
