"""What a price did between two days."""

from datetime import date

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.segments import day_number

PLACES = 8


def price_return(days: npt.NDArray[np.int32], closes: npt.NDArray[np.int64], start: date, end: date, *, missing: int) -> float | None:
    """Close of the last day on or before ``end`` over that on or before ``start``, less one, to eight places.

    None when one of the two has no close (``missing``) or there is no day on or before ``start``. Dividends are not part of it.
    """
    first, last = (int(np.searchsorted(days, day_number(day), side="right")) - 1 for day in (start, end))
    if first < 0 or last < 0 or closes[first] == missing or closes[last] == missing or closes[first] <= 0:
        return None
    return round(float(closes[last]) / float(closes[first]) - 1.0, PLACES) + 0.0
