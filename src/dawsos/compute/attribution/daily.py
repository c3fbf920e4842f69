"""What each instrument gained on each day, divided into its local, currency and interaction part."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.segments import CENTS, calendar_day
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.valuation.position_panel import PositionPanel


class Scope(StrEnum):
    """What is attributed: the whole portfolio with its cash, or its securities alone, for which cash is the outside world."""

    PORTFOLIO = "portfolio"
    SECURITIES = "securities"


@dataclass(frozen=True, slots=True, eq=False)
class DailyEffects:
    """Amounts in base currency of N instruments on D = T − 1 days; ``capital[d]`` is what was at work, ``invested`` its parts.

    ``local + fx + interaction`` of a day sum to ``shown[d]``, the gain by the values as they are shown, V − V₋₁ − F. Whether a day lost
    everything, or had no capital and gained all the same, is decided by ``shown``: the sum of the parts has floating point's last bits.
    """

    local: FloatArray  # [N × D]
    fx: FloatArray  # [N × D]
    interaction: FloatArray  # [N × D]
    invested: FloatArray  # [N × D]
    capital: FloatArray  # [D]
    shown: FloatArray  # [D]

    @property
    def total(self) -> FloatArray:
        return self.local + self.fx + self.interaction

    @property
    def at_work(self) -> npt.NDArray[np.bool_]:
        """Days on which there was capital, so that a return exists: ``[D]``."""
        return self.capital > 0

    @property
    def broken(self) -> npt.NDArray[np.bool_]:
        """Days without capital on which something was held or happened all the same: ``[D]``."""
        gained: npt.NDArray[np.bool_] = self.shown != 0
        return ~self.at_work & (gained | (self.capital < 0))

    @property
    def all_lost(self) -> npt.NDArray[np.bool_]:
        """Days that lost all their capital or more: ``[D]``."""
        lost: npt.NDArray[np.bool_] = self.shown <= -self.capital
        return self.at_work & lost


def daily_effects(panel: PositionPanel, scope: Scope = Scope.PORTFOLIO) -> DailyEffects | NotComputable:
    """Divide each instrument's daily gain; V0, V1 are its values in own currency, f its flows, x0, x1 the rates to base.

    With gain g = V1 − V0 − f: local = g·x0, fx = V0·(x1 − x0), interaction = g·(x1 − x0), so V1·x1 − V0·x0 − f·x1 is their sum. What a
    currency conversion gained or lost against the day's rates is fx of the foreign account (of the one that received it, if both are).
    Instruments in base currency have neither fx nor interaction. Values are shown rounded to the cent; the fraction of a cent by which
    that moves the gain of a day goes to the instrument most was invested in over all the days: to its fx if nothing but its rate moved
    it on any of them, else to its local part.

    ``capital`` is V₋₁ + F for the portfolio; for securities alone it is their opening value and what was bought, or came in, that day.
    :class:`NotComputable` when a rate of an instrument that was held or moved is missing, or there are fewer than two valuations.
    """
    if len(panel.days) < 2:
        return NotComputable("Attribution needs two valuations", 2, len(panel.days))
    counted = np.ones(len(panel.instruments), dtype=np.bool_) if scope is Scope.PORTFOLIO else ~panel.is_cash
    if lacking := _missing_rate(panel, counted):
        return lacking
    rate, held = np.nan_to_num(panel.rate), counted[:, None]
    opening, x0, x1, gain = panel.value_local[:, :-1] * held, rate[:, :-1], rate[:, 1:], panel.gain[:, 1:] * held
    local, fx, interaction = gain * x0, opening * (x1 - x0) + panel.conversion[:, 1:] * held, gain * (x1 - x0)
    invested = opening * x0 + panel.flow_start[:, 1:] * x1 * held
    capital, shown = _shown(panel, scope, invested, x1)
    rest = shown - (local + fx + interaction).sum(axis=0)
    if len(invested):
        most = int((invested / np.where(capital > 0, capital, np.inf)).sum(axis=1).argmax())
        moved_only_by_rate = not gain[most].any() and (x1[most] != x0[most]).any()
        (fx if moved_only_by_rate else local)[most] += rest
    return DailyEffects(local, fx, interaction, invested, capital, shown)


def _shown(panel: PositionPanel, scope: Scope, invested: FloatArray, x1: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Capital at work and the gain of every day, by the values as they are shown, in cents."""
    if scope is Scope.PORTFOLIO:
        external = panel.external_flow[:, 1:].sum(axis=0)
        return (panel.nav[:-1] + external) / CENTS, (np.diff(panel.nav) - external) / CENTS
    securities = ~panel.is_cash
    gained = np.diff(panel.market_value[securities].sum(axis=0)) / CENTS
    return invested.sum(axis=0), gained - (panel.flow[:, 1:] * x1)[securities].sum(axis=0)


def _missing_rate(panel: PositionPanel, counted: npt.NDArray[np.bool_]) -> NotComputable | None:
    active = (panel.value_local[:, :-1] != 0) | (panel.value_local[:, 1:] != 0) | (panel.flow[:, 1:] != 0)
    unknown = np.isnan(panel.rate)
    lacking = counted[:, None] & active & (unknown[:, :-1] | unknown[:, 1:])
    if not lacking.any():
        return None
    instrument, day = (int(place[0]) for place in np.nonzero(lacking))
    when = calendar_day(int(panel.days[day if unknown[instrument, day] else day + 1]))
    currency = panel.instruments[instrument].currency
    return NotComputable(f"There is no exchange rate from {currency} to {panel.base_currency} on {when}")
