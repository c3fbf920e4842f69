"""What would soften the blow of a scenario: instruments sized against its loss, each checked to gain when it comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.compute.factors.history import DAYS_PER_YEAR
from dawsos.compute.optimizer.hedge_book import INSTRUMENTS, HedgeIdea, Instrument, instrument_return
from dawsos.compute.optimizer.hedges import SizedHedge, option_value, size_linear_hedge, size_option_hedge
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.scenarios.records import Scenario
from dawsos.services.context import Pins, RequestContext
from dawsos.services.risk.covariances import covariances_known
from dawsos.services.risk.factor_series import factors_known, note_factors

METHOD = "hedges/1"
#: Volatility of implied volatility itself, per year, which no series here tells.
VOLATILITY_OF_VOLATILITY = 0.9
#: Options run for two months.
OPTION_YEARS = 1.0 / 6.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A hedge, what it is made of, and how it was sized; ``sized`` is the reason where it does not help."""

    idea: HedgeIdea
    instrument: Instrument
    own_return: float
    volatility: float
    sized: SizedHedge | NotComputable


@dataclass(frozen=True, slots=True)
class HedgeTools:
    """The covariance of the factors per day, which options are priced by."""

    covariance: FloatArray

    def volatility(self, instrument: Instrument) -> float:
        """Per year: √(e'Σe·252) of the instrument's exposures, or of implied volatility itself."""
        if "volatility" in instrument.exposures:
            return VOLATILITY_OF_VOLATILITY
        exposures = np.array([instrument.exposures.get(name, 0.0) for name in FACTOR_NAMES])
        return float(np.sqrt(exposures @ self.covariance @ exposures * DAYS_PER_YEAR))


async def hedge_tools(context: RequestContext, pins: Pins) -> HedgeTools:
    """The covariance as known under the request's pins."""
    history = await factors_known(context, pins)
    note_factors(context, history)
    context.provenance.note(method_version=METHOD, origin="computed")
    return HedgeTools((await covariances_known(context, pins)).pooled)


def suggestions(
    tools: HedgeTools, ideas: Sequence[HedgeIdea], scenario: Scenario, loss: float, *, base_currency: str, may_short: bool
) -> tuple[Suggestion, ...]:
    """Each idea sized against ``loss`` (negative, in base currency), its gain translated at the rate after the scenario."""
    growth = scenario.currency_move("USD") / scenario.currency_move(base_currency)
    return tuple(_sized(tools, idea, scenario, loss / growth, may_short=may_short) for idea in ideas)


def pl_of(hedge: Suggestion, scenario: Scenario, base_currency: str) -> float:
    """What a sized hedge gains or loses in any scenario, in base currency; options beyond their premium lose nothing."""
    if isinstance(hedge.sized, NotComputable):
        return 0.0
    growth = scenario.currency_move("USD") / scenario.currency_move(base_currency)
    moved = instrument_return(hedge.instrument, scenario)
    if hedge.idea.kind == "linear":
        return (1.0 if hedge.sized.side == "buy" else -1.0) * hedge.sized.notional * moved * growth
    shocked = hedge.volatility * (1.0 + (0.0 if hedge.instrument.symbol == "VIX" else scenario.factors.get("volatility", 0.0)))
    before = option_value(hedge.idea.kind, spot=1.0, strike=1.0, volatility=hedge.volatility, years=OPTION_YEARS)
    after = option_value(hedge.idea.kind, spot=max(1.0 + moved, 1e-9), strike=1.0, volatility=shocked, years=OPTION_YEARS)
    return hedge.sized.notional * (after - before) * growth


def exposures_in_words(exposures: Mapping[str, float]) -> str:
    """What a hedge was sized with."""
    return ", ".join(f"{name} {size:+g}" for name, size in exposures.items() if size)


def _sized(tools: HedgeTools, idea: HedgeIdea, scenario: Scenario, loss: float, *, may_short: bool) -> Suggestion:
    instrument = INSTRUMENTS[idea.symbol]
    moved, volatility = instrument_return(instrument, scenario), tools.volatility(instrument)
    sized: SizedHedge | NotComputable
    if idea.kind == "linear":
        sized = size_linear_hedge(
            instrument.symbol, loss=loss, ratio=idea.ratio, hedge_return=moved, carry=instrument.carry, may_short=may_short
        )
    else:
        shocked = volatility * (1.0 + scenario.factors.get("volatility", 0.0)) if instrument.symbol != "VIX" else volatility
        sized = size_option_hedge(
            instrument.symbol,
            idea.kind,
            loss=loss,
            ratio=idea.ratio,
            underlying_return=moved,
            volatility=volatility,
            shocked_volatility=shocked,
            years=OPTION_YEARS,
        )
    return Suggestion(idea, instrument, moved, volatility, sized)
