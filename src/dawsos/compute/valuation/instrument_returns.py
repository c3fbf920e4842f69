"""The daily return of every instrument as it was held, in base currency and in its own."""

from dataclasses import dataclass

import numpy as np

from dawsos.compute.attribution.daily import daily_effects
from dawsos.compute.ledger.segments import Instrument, Int32
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.valuation.position_panel import PositionPanel


@dataclass(frozen=True, slots=True, eq=False)
class InstrumentReturns:
    """Fractions of N instruments on D days; NaN on a day on which nothing was invested in the instrument.

    ``total`` is in base currency, dividends and charges included; ``local`` in the instrument's own currency. ``portfolio`` is the
    time-weighted return of the whole, NaN on a day without capital. ``moved`` is the move of the instrument's exchange rate to base.
    """

    opening_day: int
    days: Int32  # [D]
    instruments: tuple[Instrument, ...]  # [N]
    total: FloatArray  # [N × D]
    local: FloatArray  # [N × D]
    moved: FloatArray  # [N × D]
    portfolio: FloatArray  # [D]


def instrument_returns(panel: PositionPanel) -> InstrumentReturns | NotComputable:
    """Gain over what was invested, by day: (V1·x1 − V0·x0 − f·x1) / (V0·x0 + s·x1), s the flows at the start of the day.

    V0, V1 are values in own currency, f all flows and x0, x1 the rates to base, as in
    :func:`~dawsos.compute.attribution.daily.daily_effects`; the local return is (V1 − V0 − f) / (V0 + s). :class:`NotComputable` as there.
    """
    effects = daily_effects(panel)
    if isinstance(effects, NotComputable):
        return effects
    own = panel.value_local[:, :-1] + panel.flow_start[:, 1:]
    return InstrumentReturns(
        opening_day=int(panel.days[0]),
        days=panel.days[1:],
        instruments=panel.instruments,
        total=_over(effects.total, effects.invested),
        local=_over(panel.gain[:, 1:], own),
        moved=_over(panel.rate[:, 1:], panel.rate[:, :-1]) - 1.0,
        portfolio=_over(effects.shown, effects.capital),
    )


def _over(gains: FloatArray, invested: FloatArray) -> FloatArray:
    """The quotient where something (at least half a cent) was invested, NaN elsewhere."""
    found: FloatArray = np.divide(gains, invested, out=np.full(invested.shape, np.nan), where=invested > 5e-3)
    return found
