"""The kinds of condition an alert can have: what each is made of, what it may be, and how it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType
from typing import Any, Final, Literal

from dawsos.kernel.errors import Invalid
from dawsos.services.macro.catalogue import series_catalogue
from dawsos.services.metrics import METRICS as FIGURES

Condition = Mapping[str, str | float | int]

OPERATORS: Final = (">", "<", ">=", "<=", "==", "!=")
_SPELT: Final = {">": "above", "<": "below", ">=": "at or above", "<=": "at or below", "==": "exactly", "!=": "other than"}
#: The economic series a condition may watch, and what they are called.
ENTITIES: Final[Mapping[str, str]] = MappingProxyType({
    "VIX": "Volatility index (VIX)", "DGS10": "10-year Treasury yield", "DGS2": "2-year Treasury yield", "UNRATE": "Unemployment",
    "CPI": "Inflation", "T10YIE": "Breakeven inflation (10 years)", "DFII10": "Real yield (10 years)",
    "BAMLC0A0CM": "Credit spread of US companies", "DTWEXBGS": "US dollar index",
})  # fmt: skip
#: The figures of a portfolio a condition may watch.
METRICS: Final = tuple(FIGURES)
_RATINGS: Final = ("dividend_safety", "moat_strength", "resilience")
_PRICES: Final = ("close", "open", "high", "low", "volume", "change_pct", "change_abs")
_LONGEST_SYMBOL: Final = 32


@dataclass(frozen=True, slots=True)
class _Part:
    """One value of a condition; without a default it must be given."""

    kind: Literal["number", "whole", "choice", "symbol"]
    low: float = -1e12
    high: float = 1e12
    choices: tuple[str, ...] = ()
    default: str | float | int | None = None


@dataclass(frozen=True, slots=True)
class ConditionKind:
    """A kind of condition: its parts, whether it watches a portfolio, and how it reads."""

    parts: Mapping[str, _Part]
    about_portfolio: bool
    sentence: Callable[[Condition], str]


_OP: Final = _Part("choice", choices=OPERATORS)
_SYMBOL: Final = _Part("symbol")


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _share(value: object) -> str:
    return f"{value * 100:g} %" if isinstance(value, int | float) else str(value)


def _compared(condition: Condition) -> str:
    return f"{_SPELT[str(condition['op'])]} {_number(condition['value'])}"


def _macro(condition: Condition) -> str:
    what = ENTITIES[str(condition["entity"])]
    if condition["metric"] == "change":
        points = " percentage points" if _in_percent(condition) else ""
        return f"{what}: change over {condition['window_days']} days {_compared(condition)}{points}"
    if condition["metric"] == "change_pct":
        return f"{what}: change over {condition['window_days']} days {_SPELT[str(condition['op'])]} {_share(condition['value'])}"
    return f"{what} {_compared(condition)}" + (" %" if _in_percent(condition) else "")


def _in_percent(condition: Condition) -> bool:
    """Whether the series is published in percent, as yields and spreads are."""
    series = series_catalogue().get(str(condition["entity"]))
    return series is not None and series.unit == "percent"


#: Shares of a portfolio's value and relative changes are fractions; levels and changes of economic series are in the series' own unit.
KINDS: Final[Mapping[str, ConditionKind]] = MappingProxyType(
    {
        "macro": ConditionKind(
            {
                "entity": _Part("choice", choices=tuple(ENTITIES)),
                "metric": _Part("choice", choices=("level", "change", "change_pct"), default="level"),
                "op": _OP,
                "value": _Part("number"),
                "window_days": _Part("whole", 1, 365, default=7),
            },
            about_portfolio=False,
            sentence=_macro,
        ),
        "metric": ConditionKind(
            {"metric": _Part("choice", choices=METRICS), "op": _OP, "value": _Part("number")},
            about_portfolio=True,
            sentence=lambda one: f"{str(one['metric']).replace('_', ' ')} {_compared(one)}",
        ),
        "rating": ConditionKind(
            {"symbol": _SYMBOL, "metric": _Part("choice", choices=_RATINGS), "op": _OP, "value": _Part("number", 0, 10)},
            about_portfolio=False,
            sentence=lambda one: f"{one['symbol']}: {str(one['metric']).replace('_', ' ')} {_compared(one)}",
        ),
        "price": ConditionKind(
            {"symbol": _SYMBOL, "metric": _Part("choice", choices=_PRICES, default="close"), "op": _OP, "value": _Part("number")},
            about_portfolio=False,
            sentence=lambda one: f"{one['symbol']}: {str(one['metric']).replace('_', ' ')} {_compared(one)}",
        ),
        "news_sentiment": ConditionKind(
            {"symbol": _SYMBOL, "op": _OP, "value": _Part("number", -1, 1), "window_days": _Part("whole", 1, 30, default=7)},
            about_portfolio=False,
            sentence=lambda one: f"{one['symbol']}: mean sentiment of the news of {one['window_days']} days {_compared(one)}",
        ),
        "news_impact": ConditionKind(
            {"value": _Part("number", 0, 1), "lookback_hours": _Part("whole", 1, 720, default=24)},
            about_portfolio=True,
            sentence=lambda one: f"An article of the last {one['lookback_hours']} hours with an impact of {_number(one['value'])} or more",
        ),
        "dar_breach": ConditionKind(
            {
                "threshold": _Part("number", 0.05, 0.50, default=0.15),
                "confidence": _Part("number", 0.5, 0.999, default=0.95),
                "horizon_days": _Part("whole", 1, 365, default=30),
            },
            about_portfolio=True,
            sentence=lambda one: (
                f"Drawdown at risk over {one['horizon_days']} days ({_share(one['confidence'])}) above {_share(one['threshold'])}"
            ),
        ),
        "drawdown_limit": ConditionKind(
            {"threshold": _Part("number", 0.10, 0.40, default=0.20)},
            about_portfolio=True,
            sentence=lambda one: f"Drawdown deeper than {_share(one['threshold'])}",
        ),
        "regime_shift": ConditionKind(
            {"confidence": _Part("number", 0.80, 1.0, default=0.90), "distance": _Part("whole", 1, 4, default=2)},
            about_portfolio=False,
            sentence=lambda one: f"Regime {one['distance']} phases or more from today's, at least {_share(one['confidence'])} sure",
        ),
        "volatility_spike": ConditionKind(
            {"ratio": _Part("number", 0.2, 2.0, default=0.5)},
            about_portfolio=True,
            sentence=lambda one: f"Volatility {_share(one['ratio'])} above its usual level",
        ),
    }
)


def checked_condition(alert_type: str, given: Mapping[str, Any]) -> Condition:
    """The condition with its defaults, in the order of its kind.

    Raises :class:`Invalid`, naming each part that is wrong: unknown kinds and parts, missing ones, values that are not of their kind or
    out of range.
    """
    kind = KINDS.get(alert_type)
    if kind is None:
        raise Invalid(f"There is no kind of alert '{alert_type}'.", remedy=f"Use one of {', '.join(KINDS)}.", code="unknown_alert_type")
    problems = [{"field": name, "message": f"is no part of {alert_type}"} for name in sorted(given.keys() - kind.parts.keys())]
    found: dict[str, str | float | int] = {}
    for name, part in kind.parts.items():
        value = given.get(name, part.default)
        wrong = "is missing" if value is None else _problem(part, value)
        if wrong is not None:
            problems.append({"field": name, "message": wrong})
        else:
            found[name] = float(value) if part.kind == "number" else value
    if problems:
        named = "; ".join(f"{one['field']} {one['message']}" for one in problems)
        raise Invalid(
            f"The condition cannot be kept: {named}.",
            remedy="Correct the named parts.",
            code="condition_refused",
            details={"problems": problems},
        )
    return MappingProxyType(found)


def sentence_of(alert_type: str, condition: Condition) -> str:
    """The condition as a person reads it."""
    return KINDS[alert_type].sentence(condition)


def _problem(part: _Part, value: Any) -> str | None:
    match part.kind:
        case "choice":
            return None if value in part.choices else f"must be one of {', '.join(part.choices)}"
        case "symbol":
            is_symbol = isinstance(value, str) and 0 < len(value) <= _LONGEST_SYMBOL and value == value.strip()
            return None if is_symbol else "must be the symbol of a security"
        case "whole":
            if isinstance(value, bool) or not isinstance(value, int):
                return "must be a whole number"
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
                return "must be a number"
    return None if part.low <= value <= part.high else f"must lie between {part.low:g} and {part.high:g}"
