"""What a share and everything paid on it became: closes as quoted, made comparable across splits and dividends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dawsos.compute.returns.figures import DateArray


@dataclass(frozen=True, slots=True)
class ShareEvent:
    """What happened to a share on its ex-date: it became ``split`` shares, and ``dividend`` was paid per share in its own currency."""

    ex_date: date
    split: float = 1.0
    dividend: float = 0.0


def total_return_levels(days: DateArray, closes: npt.NDArray[np.float64], events: Sequence[ShareEvent]) -> npt.NDArray[np.float64]:
    """Closes × number of shares that one share of the first day has become, ``[D]``; NaN where there is no close.

    A split multiplies the number on its ex-date; a dividend buys shares at the close of its ex-date, so the change over that day is
    (P·s + D)/P_before − 1. What falls on a day without a close counts on the next one; what falls before the first day not at all.
    """
    shares = np.ones(closes.size)
    quoted = np.flatnonzero(~np.isnan(closes))
    for event in events:
        if not quoted.size or np.datetime64(event.ex_date, "D") <= days[quoted[0]]:
            continue
        later = quoted[days[quoted] >= np.datetime64(event.ex_date, "D")]
        if later.size:
            first = later[0]
            shares[first:] *= event.split * (1.0 + event.dividend / closes[first])
    return np.asarray(closes * shares)
