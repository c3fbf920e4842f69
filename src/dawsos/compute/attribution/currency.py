"""Currency attribution of one portfolio: how much came from its instruments and how much from the currencies they are in."""

import numpy as np

from dawsos.compute.attribution.daily import DailyEffects, Scope, daily_effects
from dawsos.compute.attribution.linking import LinkingMethod, link_effects
from dawsos.compute.attribution.records import EVERYTHING_LOST, TOO_FEW_DAYS, CurrencyAttribution, Effect, attribution_result, effect
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.valuation.position_panel import PositionPanel

__all__ = ["CurrencyAttribution", "Effect", "currency_attribution", "simple_attribution"]


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
        return NotComputable(TOO_FEW_DAYS, max(1, minimum_observations), days)
    columns = _linked(effects, linking)
    if isinstance(columns, NotComputable):
        return columns
    return attribution_result(
        columns,
        panel.instruments,
        by_instrument=True,
        valuations=(int(panel.days[0]), int(panel.days[-1])),
        base_currency=panel.base_currency,
        scope=scope,
        linking=linking,
        observations=days,
        actual=base_return_actual,
        broken=panel.days[1:][effects.broken].tolist(),
    )


def simple_attribution(local_return: float, fx_return: float) -> Effect:
    """The parts of one position's return from its end points: base return = (1 + local)(1 + fx) − 1, interaction = local × fx."""
    return effect(np.array([1.0, local_return, fx_return, local_return * fx_return]))


def _linked(effects: DailyEffects, linking: LinkingMethod) -> FloatArray | NotComputable:
    """Average weight and linked local, fx and interaction part of each instrument: ``[4 × N]``."""
    amounts = np.stack([effects.invested, effects.local, effects.fx, effects.interaction])
    fractions = amounts[:, :, effects.at_work] / effects.capital[effects.at_work]
    if effects.all_lost.any():
        return NotComputable(EVERYTHING_LOST)
    returns = effects.shown[effects.at_work] / effects.capital[effects.at_work]
    return np.concatenate([fractions[:1].mean(axis=-1), link_effects(fractions[1:], returns, method=linking).total])
