"""Instruments hedges are made of, what each is assumed to be exposed to, and which are thought of for which scenario.

Exposures are returns in the instrument's own currency for a change of one of the factor, from what the instrument is: the duration of
its bonds, the index it tracks, the currency it holds. They are assumptions, shown with every suggestion.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from dawsos.compute.scenarios.records import Scenario

Kind = Literal["linear", "put", "call"]


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something to hedge with: what it holds, its ``exposures``, what holding it costs a year (a fraction), and its asset class.

    Bonds lose duration × change of their yield, which is real rate + inflation (nominal bonds) or real rate alone (linked ones), + spread.
    """

    symbol: str
    what: str
    exposures: Mapping[str, float]
    carry: float = 0.0
    asset_class: str | None = None


@dataclass(frozen=True, slots=True)
class HedgeIdea:
    """An instrument to be held directly, or options on it, so that it covers ``ratio`` of the loss."""

    strategy: str
    symbol: str
    kind: Kind
    ratio: float


def _bond(symbol: str, what: str, duration: float, *, spread: float = 0.0, carry: float, asset_class: str) -> Instrument:
    exposures = {"real_rates": -duration, "inflation": -duration, "credit": -spread}
    return Instrument(symbol, what, MappingProxyType(exposures), carry, asset_class)


#: Durations are those of the funds' indices, rounded; carry is the funds' yearly fee.
INSTRUMENTS: Final[Mapping[str, Instrument]] = MappingProxyType({one.symbol: one for one in (
    _bond("TLT", "Treasuries of 20 years and more", 17.0, carry=0.0015, asset_class="government_bond"),
    _bond("IEF", "Treasuries of 7 to 10 years", 7.5, carry=0.0015, asset_class="government_bond"),
    _bond("SHY", "Treasuries of 1 to 3 years", 1.9, carry=0.0015, asset_class="government_bond"),
    _bond("HYG", "high-yield bonds", 3.5, spread=3.5, carry=0.0049, asset_class="corporate_bond"),
    _bond("LQD", "investment-grade bonds", 8.4, spread=8.4, carry=0.0014, asset_class="corporate_bond"),
    Instrument(
        "TIP/IEF", "inflation-linked Treasuries bought and nominal ones of 7 to 10 years sold",
        MappingProxyType({"real_rates": 0.8, "inflation": 7.5}), 0.0034,
    ),
    Instrument("SPY", "the S&P 500", MappingProxyType({"equity": 1.0}), 0.0009, "equity"),
    Instrument("DBC", "a basket of commodities", MappingProxyType({"commodity": 1.0}), 0.0085, "commodity"),
    Instrument("GLD", "gold, which gains what the dollar loses", MappingProxyType({"usd": -1.0}), 0.004, None),
    Instrument("UUP", "the dollar against other currencies", MappingProxyType({"usd": 1.0}), 0.0078, None),
    Instrument("VIX", "implied volatility of the S&P 500", MappingProxyType({"volatility": 1.0}), 0.0, None),
)})  # fmt: skip

_EQUITY_PUTS: Final = HedgeIdea("Puts on equities", "SPY", "put", 0.80)
_VOLATILITY_CALLS: Final = HedgeIdea("Calls on volatility", "VIX", "call", 0.20)
_LONG_BOND_PUTS: Final = HedgeIdea("Puts on long Treasuries", "TLT", "put", 0.50)
_LONG_BOND_CALLS: Final = HedgeIdea("Calls on long Treasuries", "TLT", "call", 0.50)
_BONDS_SHORT: Final = HedgeIdea("Treasuries against the move of rates", "IEF", "linear", 0.50)
_LINKERS: Final = HedgeIdea("Inflation-linked against nominal Treasuries", "TIP/IEF", "linear", 0.75)
_COMMODITIES: Final = HedgeIdea("Commodities", "DBC", "linear", 0.75)
_GOLD: Final = HedgeIdea("Gold", "GLD", "linear", 0.30)
_DOLLAR: Final = HedgeIdea("The dollar", "UUP", "linear", 1.00)
_CREDIT_PUTS: Final = HedgeIdea("Puts on high-yield bonds", "HYG", "put", 0.60)
_CREDIT_PROTECTION: Final = HedgeIdea("Investment-grade credit sold", "LQD", "linear", 0.60)
#: By scenario of the library, the preferred first.
IDEAS: Final[Mapping[str, tuple[HedgeIdea, ...]]] = MappingProxyType({
    "rates_up": (_LONG_BOND_PUTS, _BONDS_SHORT), "rates_down": (_LONG_BOND_CALLS,), "usd_up": (_DOLLAR,), "usd_down": (_DOLLAR, _GOLD),
    "cpi_surprise": (_LINKERS, _COMMODITIES, _GOLD), "credit_spread_widening": (_CREDIT_PUTS, _CREDIT_PROTECTION),
    "equity_selloff": (_EQUITY_PUTS, _VOLATILITY_CALLS),
})  # fmt: skip
#: For other scenarios, by the cause of the loss.
BY_CAUSE: Final[Mapping[str, tuple[HedgeIdea, ...]]] = MappingProxyType({
    "equity": (_EQUITY_PUTS, _VOLATILITY_CALLS), "asset_class": (_EQUITY_PUTS, _VOLATILITY_CALLS), "symbol": (_EQUITY_PUTS,),
    "real_rates": (_LONG_BOND_PUTS, _BONDS_SHORT, _LONG_BOND_CALLS), "inflation": (_LINKERS, _COMMODITIES, _LONG_BOND_PUTS),
    "credit": (_CREDIT_PUTS, _CREDIT_PROTECTION), "usd": (_DOLLAR, _GOLD), "currency": (_DOLLAR, _GOLD), "interaction": (),
})  # fmt: skip
#: What is thought of in a deleveraging, by where the long-term debt cycle stands.
DELEVERAGING_IDEAS: Final[Mapping[str, tuple[HedgeIdea, ...]]] = MappingProxyType({
    "deleveraging": (
        HedgeIdea("Equities", "SPY", "linear", 0.40), HedgeIdea("Long-dated Treasuries", "TLT", "linear", 0.30),
        HedgeIdea("Gold", "GLD", "linear", 0.30), HedgeIdea("Out of high-yield credit", "HYG", "linear", 1.00),
    ),
    "late_expansion": (
        HedgeIdea("Equities", "SPY", "linear", 0.20), _EQUITY_PUTS, HedgeIdea("Long-dated Treasuries", "TLT", "linear", 0.15),
    ),
    "reflation": (
        HedgeIdea("Less duration", "IEF", "linear", 0.50), HedgeIdea("Gold", "GLD", "linear", 0.20),
        HedgeIdea("Commodities", "DBC", "linear", 0.20),
    ),
})  # fmt: skip
#: Which of these a phase of the long-term debt cycle calls for; where it is not known, that of a deleveraging.
STANCES: Final[Mapping[str, str]] = MappingProxyType({
    "EXPANSION": "late_expansion", "BUBBLE": "late_expansion", "TOP": "late_expansion", "DEBT_CRISIS": "deleveraging",
    "DEPRESSION": "deleveraging", "DELEVERAGING": "deleveraging", "REFLATION": "reflation",
})  # fmt: skip


def ideas_for(scenario_id: str, losses_by_cause: Mapping[str, float]) -> tuple[HedgeIdea, ...]:
    """The ideas for a scenario: its own, else those against the causes that lose, the costliest cause first; none twice."""
    if scenario_id in IDEAS:
        return IDEAS[scenario_id]
    causes = sorted((cause for cause, amount in losses_by_cause.items() if amount < 0), key=lambda cause: losses_by_cause[cause])
    found = (idea for cause in causes for idea in BY_CAUSE.get(cause, ()))
    return tuple(dict.fromkeys(found))[:4]


def instrument_return(instrument: Instrument, scenario: Scenario) -> float:
    """What the instrument itself does in a scenario: the move of its class where classes move, else Σ exposure × move of the factor."""
    if instrument.symbol in scenario.symbols:
        return scenario.symbols[instrument.symbol]
    if instrument.asset_class is not None and instrument.asset_class in scenario.asset_classes:
        return scenario.asset_classes[instrument.asset_class]
    moves = dict(scenario.factors)
    if "USD" in scenario.currencies:
        moves.setdefault("usd", scenario.currencies["USD"])
    return sum(exposure * moves.get(factor, 0.0) for factor, exposure in instrument.exposures.items())
