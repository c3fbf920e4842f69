"""Daily time-weighted returns from values and external flows."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, as_block
from dawsos.kernel.errors import Invalid


class FlowTiming(StrEnum):
    """When in the day an external flow is taken to happen; V0 is yesterday's value, V1 today's, F the net flow, F⁺ and F⁻ its sides.

    - ``start_of_day``: r = (V1 − V0 − F) / (V0 + F), the house rule.
    - ``end_of_day``: r = (V1 − V0 − F) / V0.
    - ``inflow_start_outflow_end``: r = (V1 + F⁻) / (V0 + F⁺) − 1.
    - ``middle_of_day``: r = (V1 − V0 − F) / (V0 + F/2), the original Dietz weight on a period of one day.
    """

    START_OF_DAY = "start_of_day"
    END_OF_DAY = "end_of_day"
    INFLOW_START_OUTFLOW_END = "inflow_start_outflow_end"
    MIDDLE_OF_DAY = "middle_of_day"


@dataclass(frozen=True, slots=True)
class Break:
    """A day without capital at work (denominator ≤ 0): the chain of returns is interrupted there and goes on the day after."""

    portfolio: int
    index: int
    capital: float


@dataclass(frozen=True, slots=True)
class DailyReturns:
    """``returns[…, t]`` is the return from valuation t to t + 1, NaN on a break or beside a missing value; ``breaks`` lists the breaks."""

    returns: FloatArray
    breaks: tuple[Break, ...]


def _capital(opening: FloatArray, flow: FloatArray, timing: FlowTiming) -> FloatArray:
    match timing:
        case FlowTiming.START_OF_DAY:
            return opening + flow
        case FlowTiming.END_OF_DAY:
            return opening
        case FlowTiming.INFLOW_START_OUTFLOW_END:
            return opening + np.maximum(flow, 0.0)
        case FlowTiming.MIDDLE_OF_DAY:
            return opening + 0.5 * flow


def daily_returns(nav: ArrayLike, flows: ArrayLike, *, timing: FlowTiming | str = FlowTiming.START_OF_DAY) -> DailyReturns:
    """Time-weighted return of each day, gain over the capital at work.

    ``nav`` and ``flows`` are ``[T]`` or ``[portfolios × T]``; ``flows[…, t]`` is the net external flow (+ in, − out) between valuation
    t − 1 and valuation t, in the same currency; ``flows[…, 0]`` lies before the first valuation and is not used. Returns are fractions,
    one fewer than valuations. The gain is V1 − V0 − F under every :class:`FlowTiming`; only the capital differs.

    A NaN value makes the returns beside it NaN. Capital ≤ 0 gives NaN and a :class:`Break`, unless the portfolio is empty at both ends of
    the day and nothing flowed: then nothing was at work, nothing happened and nothing is reported but NaN. Raises :class:`Invalid` for
    shapes that differ. Source: Bacon, Practical Portfolio Performance Measurement and Attribution, ch. 2; GIPS 2020.
    """
    values, flow = as_block(nav, "Values"), as_block(flows, "Flows")
    if values.shape != flow.shape:
        raise Invalid(
            f"There are values {values.shape} and flows {flow.shape}.", remedy="Give one flow per valuation, 0 where there is none."
        )
    opening, closing, moved = values[..., :-1], values[..., 1:], flow[..., 1:]
    capital = _capital(opening, moved, FlowTiming(timing))
    at_work = capital > 0
    gain = closing - opening - moved
    returns = np.divide(gain, capital, out=np.full_like(capital, np.nan), where=at_work)
    idle = (opening == 0) & (closing == 0) & (moved == 0)
    return DailyReturns(returns, _breaks(capital, ~at_work & ~np.isnan(gain) & ~idle))


def _breaks(capital: FloatArray, broken: np.ndarray) -> tuple[Break, ...]:
    places = np.argwhere(np.atleast_2d(broken))
    block = np.atleast_2d(capital)
    return tuple(Break(int(row), int(column), float(block[row, column])) for row, column in places)
