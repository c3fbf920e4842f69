"""Currency attribution: how much of a return came from the instruments and how much from the currencies they are in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import numpy as np

from dawsos.compute.attribution.daily import DailyEffects, Scope, daily_effects
from dawsos.compute.attribution.linking import LinkingMethod, link_effects
from dawsos.compute.ledger.segments import Instrument, calendar_day
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.valuation.position_panel import PositionPanel

#: Decimal places of every stored figure.
PLACES: Final = 8
_BASIS_POINTS: Final = 1e4


@dataclass(frozen=True, slots=True)
class Effect:
    """Linked parts of a return as fractions; ``total`` is their sum; ``weight`` the average share of the capital at work."""

    weight: float
    local: float
    fx: float
    interaction: float
    total: float


@dataclass(frozen=True, slots=True)
class InstrumentEffect:
    """The contribution of one security, or of the cash of one currency, to the return."""

    security_id: UUID | None
    symbol: str
    currency: str
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyAttribution:
    """A return over ``start_date`` (opening value) to ``end_date`` and its parts, as fractions to eight places.

    ``local_return + fx_return + interaction_return = total_return``, and so by currency and by instrument. ``error_bps`` is
    |total_return − base_return_actual| in basis points, from unrounded figures; None like ``base_return_actual`` if none was given.
    ``n_obs`` counts the days linked; days without capital at work are left out of it and listed in ``breaks``.
    """

    start_date: date
    end_date: date
    base_currency: str
    scope: Scope
    linking: LinkingMethod
    n_obs: int
    local_return: float
    fx_return: float
    interaction_return: float
    total_return: float
    base_return_actual: float | None
    error_bps: float | None
    attribution_by_currency: dict[str, Effect]
    instruments: tuple[InstrumentEffect, ...]
    breaks: tuple[date, ...]


def currency_attribution(
    panel: PositionPanel,
    *,
    base_return_actual: float | None = None,
    scope: Scope | str = Scope.PORTFOLIO,
    linking: LinkingMethod | str = LinkingMethod.CARINO,
    minimum_observations: int = 1,
) -> CurrencyAttribution | NotComputable:
    """Divide the return of ``panel`` into local, currency and interaction part, by currency and by instrument.

    The daily amounts of :func:`dawsos.compute.attribution.daily.daily_effects` over the capital at work are linked over the window, so
    that they sum to the compounded return Π(1 + r) − 1. ``base_return_actual`` is that return as computed elsewhere from daily values;
    ``error_bps`` compares the two. A day without capital (≤ 0) interrupts the chain, which goes on the day after, as in
    :func:`dawsos.compute.returns.daily.daily_returns`. :class:`NotComputable` with fewer than ``minimum_observations`` days, a missing
    rate, or a day that lost everything.

    Source: Karnosky and Singer, Global Asset Management and Performance Attribution, 1994; Bacon, Practical Portfolio Performance
    Measurement and Attribution, 2nd ed., ch. 6, for the interaction of local and currency return.
    """
    scope, linking = Scope(scope), LinkingMethod(linking)
    effects = daily_effects(panel, scope)
    if isinstance(effects, NotComputable):
        return effects
    days = int(effects.at_work.sum())
    if days < max(1, minimum_observations):
        return NotComputable("Currency attribution needs days with capital at work", max(1, minimum_observations), days)
    columns = _linked(effects, linking)
    if isinstance(columns, NotComputable):
        return columns
    whole, total = _effect(columns.sum(axis=1)), float(columns[1:].sum())
    counted = [place for place, one in enumerate(panel.instruments) if scope is Scope.PORTFOLIO or not one.is_cash]
    return CurrencyAttribution(
        start_date=calendar_day(int(panel.days[0])),
        end_date=calendar_day(int(panel.days[-1])),
        base_currency=panel.base_currency,
        scope=scope,
        linking=linking,
        n_obs=days,
        local_return=whole.local,
        fx_return=whole.fx,
        interaction_return=whole.interaction,
        total_return=whole.total,
        base_return_actual=None if base_return_actual is None else round(base_return_actual, PLACES),
        error_bps=None if base_return_actual is None else round(abs(total - base_return_actual) * _BASIS_POINTS, PLACES),
        attribution_by_currency=_by_currency(panel.instruments, counted, columns),
        instruments=tuple(_instrument(panel.instruments[place], columns[:, place]) for place in counted),
        breaks=tuple(calendar_day(int(day)) for day in panel.days[1:][effects.broken]),
    )


def simple_attribution(local_return: float, fx_return: float) -> Effect:
    """The parts of one position's return from its end points: base return = (1 + local)(1 + fx) − 1, interaction = local × fx."""
    return _effect(np.array([1.0, local_return, fx_return, local_return * fx_return]))


def _linked(effects: DailyEffects, linking: LinkingMethod) -> FloatArray | NotComputable:
    """Average weight and linked local, fx and interaction part of each instrument: ``[4 × N]``."""
    amounts = np.stack([effects.invested, effects.local, effects.fx, effects.interaction])
    fractions = amounts[:, :, effects.at_work] / effects.capital[effects.at_work]
    returns = fractions[1:].sum(axis=(0, 1))
    if (returns <= -1.0).any():
        return NotComputable("A day on which everything was lost cannot be linked with others")
    return np.concatenate([fractions[:1].mean(axis=-1), link_effects(fractions[1:], returns, method=linking).total])


def _effect(columns: FloatArray) -> Effect:
    """Weight and three parts, rounded for keeping: the only place figures are rounded."""
    weight, local, fx, interaction = columns.tolist()
    return Effect(*(round(figure, PLACES) + 0.0 for figure in (weight, local, fx, interaction, local + fx + interaction)))


def _by_currency(instruments: Sequence[Instrument], counted: Sequence[int], columns: FloatArray) -> dict[str, Effect]:
    currencies = sorted({instruments[place].currency for place in counted})
    members = {code: [place for place in counted if instruments[place].currency == code] for code in currencies}
    return {code: _effect(columns[:, places].sum(axis=1)) for code, places in members.items()}


def _instrument(instrument: Instrument, columns: FloatArray) -> InstrumentEffect:
    return InstrumentEffect(instrument.security_id, instrument.symbol or instrument.currency, instrument.currency, _effect(columns))
