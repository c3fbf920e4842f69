"""Where a value stands among those before it: z-score, percentile, trend."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np

from dawsos.compute.macro.series import IndicatorSeries, as_day
from dawsos.compute.returns.figures import NotComputable, as_date

#: Years of history a value is compared with, and the least number of observations.
WINDOW_YEARS: Final = {"daily": 3, "weekly": 5, "monthly": 10, "quarterly": 10, "annual": 30}
LEAST: Final = {"daily": 60, "weekly": 52, "monthly": 24, "quarterly": 20, "annual": 10}


@dataclass(frozen=True, slots=True)
class Standing:
    """The last value known on a day, against its history.

    ``zscore`` = (value − mean)/standard deviation (ddof 1); ``percentile`` the share of the window at or below the value; ``trend`` the
    direction of the mean of the last quarter of a year against the year before it, by more than a tenth of a standard deviation.
    """

    date: date
    value: float
    zscore: float
    percentile: float
    trend: Literal["rising", "falling", "flat"]
    observations: int
    staleness_days: int


def standing(series: IndicatorSeries, asof: date | np.datetime64, *, years: float | None = None) -> Standing | NotComputable:
    """Where ``series`` stood on ``asof``, from what had been published by then, over a window of ``years`` ending with its last period.

    Not computable with fewer observations than :data:`LEAST` for its frequency, or when the window does not vary.
    """
    part = series.known(asof)
    if not len(part):
        return NotComputable(f"published values of {series.name}", LEAST[series.frequency], 0)
    span = np.timedelta64(round((years or WINDOW_YEARS[series.frequency]) * 365.25), "D")
    window = part.values[part.dates > part.dates[-1] - span]
    if window.size < LEAST[series.frequency]:
        return NotComputable(f"values of {series.name} in the window", LEAST[series.frequency], int(window.size))
    spread = float(window.std(ddof=1))
    if spread <= 1e-12 * max(1.0, float(np.abs(window).max())):
        return NotComputable(f"{series.name} did not move in the window")
    value = float(window[-1])
    return Standing(
        as_date(part.dates[-1]),
        value,
        (value - float(window.mean())) / spread,
        float((window <= value).mean()),
        _trend(part, spread),
        int(window.size),
        int((as_day(asof) - part.dates[-1]).astype(int)),
    )


def _trend(part: IndicatorSeries, spread: float) -> Literal["rising", "falling", "flat"]:
    age = part.dates[-1] - part.dates
    recent = part.values[age < np.timedelta64(92, "D")]
    before = part.values[(age >= np.timedelta64(92, "D")) & (age < np.timedelta64(457, "D"))]
    if not before.size:
        return "flat"
    moved = float(recent.mean() - before.mean())
    return "flat" if abs(moved) <= 0.1 * spread else "rising" if moved > 0 else "falling"
