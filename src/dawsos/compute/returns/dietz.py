"""Modified Dietz: the return of a period from its two values and its dated flows, without values in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.compounding import link
from dawsos.compute.returns.figures import FloatArray, NotComputable, as_block
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class DietzReturn:
    """``rate = gain / average_capital`` for the whole period (not per year); null with ``missing`` when the capital is not positive."""

    gain: float
    average_capital: float
    rate: float | None
    missing: NotComputable | None = None


def flow_weights(
    flow_dates: Sequence[date], start: date, end: date, *, timing: Literal["start_of_day", "end_of_day"] = "end_of_day"
) -> FloatArray:
    """The part of the period each flow was at work: (D − d)/D at the end of its day, (D − d + 1)/D at its start.

    D = calendar days from ``start`` (the day of the opening value) to ``end``, d = days from ``start`` to the flow. Raises
    :class:`Invalid` for a flow outside (``start``, ``end``] or an empty period.
    """
    length = (end - start).days
    if length <= 0:
        raise Invalid(f"The period from {start} to {end} has no days.", remedy="Give an end after the start.")
    outside = [day for day in flow_dates if not start < day <= end]
    if outside:
        raise Invalid(f"The flow of {outside[0]} lies outside {start} to {end}.", remedy="Give the flows of the period only.")
    passed = np.array([(day - start).days for day in flow_dates], dtype=np.float64)
    return (length - passed + (1.0 if timing == "start_of_day" else 0.0)) / length


def modified_dietz(opening: float, closing: float, flows: ArrayLike, weights: ArrayLike) -> DietzReturn:
    """(V1 − V0 − ΣF) / (V0 + Σ w·F).

    ``flows`` are signed (+ in), ``weights`` the part of the period each was at work (:func:`flow_weights`). Average capital ≤ 0 gives a
    null rate: such a period must be split. Source: Dietz 1966; Bacon, ch. 2; GIPS 2020.
    """
    moved, share = as_block(flows, "Flows"), as_block(weights, "Weights")
    if moved.shape != share.shape:
        raise Invalid(f"There are {moved.size} flows and {share.size} weights.", remedy="Give one weight per flow.")
    gain = closing - opening - float(moved.sum())
    capital = opening + float((share * moved).sum())
    if not capital > 0:
        return DietzReturn(gain, capital, None, NotComputable("positive average capital"))
    return DietzReturn(gain, capital, gain / capital)


def linked_dietz(periods: Sequence[DietzReturn]) -> float | None:
    """Π(1 + rate) − 1 over consecutive periods; null when one of them is, because nothing may be guessed in its place."""
    rates = [period.rate for period in periods]
    if not rates or any(rate is None for rate in rates):
        return None
    total = float(np.asarray(link(np.array(rates, dtype=np.float64))))
    return None if np.isnan(total) else total
