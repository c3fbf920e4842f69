"""Whether a risk figure was exceeded as often as it said it would be."""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import BoolArray, NotComputable
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A test statistic, its degrees of freedom and the probability of one as large when the figure is right."""

    statistic: float
    degrees_of_freedom: int
    probability: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Forecasts against outcomes: how many, how many were exceeded, the share of those and the share expected, the mean absolute
    difference, and the tests of coverage, of independence and of both. ``is_rejected`` when coverage fails at 5 %.
    """  # noqa: D205 - one thought

    observations: int
    breaches: int
    breach_rate: float
    expected_rate: float
    mean_absolute_deviation: float
    kupiec: LikelihoodRatio
    independence: LikelihoodRatio | NotComputable
    conditional_coverage: LikelihoodRatio | NotComputable

    @property
    def is_rejected(self) -> bool:
        return self.kupiec.probability < 0.05


def kupiec(breaches: int, observations: int, expected_rate: float) -> LikelihoodRatio:
    """Unconditional coverage: −2 ln[(1 − p)^(n−x) p^x / ((1 − x/n)^(n−x) (x/n)^x)], χ² with one degree of freedom.

    Source: Kupiec, Techniques for Verifying the Accuracy of Risk Measurement Models, 1995.
    """
    if not 0 <= breaches <= observations or observations < 1 or not 0 < expected_rate < 1:
        raise Invalid(
            f"{breaches} breaches of {observations} at a rate of {expected_rate}.", remedy="Give counts and a rate between 0 and 1."
        )
    usual = _log_likelihood(observations - breaches, breaches, expected_rate)
    seen = _log_likelihood(observations - breaches, breaches, breaches / observations)
    return _ratio(2.0 * (seen - usual), 1)


def christoffersen(breached: ArrayLike) -> LikelihoodRatio | NotComputable:
    """Independence: whether a breach is as likely after a breach as after none, χ² with one degree of freedom.

    Not computable with fewer than two outcomes. Source: Christoffersen, Evaluating Interval Forecasts, 1998.
    """
    flags = np.asarray(breached, dtype=bool)
    if flags.size < 2:
        return NotComputable("consecutive forecasts", 2, int(flags.size))
    (calm, started), (ended, went_on) = _moves(flags)
    overall = (started + went_on) / (flags.size - 1)
    apart = _log_likelihood(calm, started, started / (calm + started) if calm + started else 0.0)
    apart += _log_likelihood(ended, went_on, went_on / (ended + went_on) if ended + went_on else 0.0)
    together = _log_likelihood(calm + ended, started + went_on, overall)
    return _ratio(2.0 * (apart - together), 1)


def calibration(forecasts: ArrayLike, outcomes: ArrayLike, *, confidence: float = 0.95) -> Calibration | NotComputable:
    """Compare forecast depths with those realised over their horizons, in order of time; pairs with NaN are left out.

    A breach is an outcome deeper than its forecast. Overlapping horizons make breaches cluster, which the independence test shows. Not
    computable without a pair.
    """
    said, was = np.asarray(forecasts, dtype=np.float64), np.asarray(outcomes, dtype=np.float64)
    if said.shape != was.shape or said.ndim != 1:
        raise Invalid("Forecasts and outcomes do not match.", remedy="Give one outcome for each forecast.")
    known = ~(np.isnan(said) | np.isnan(was))
    said, was = said[known], was[known]
    if not said.size:
        return NotComputable("forecasts whose horizon has passed", 1, 0)
    breached = was > said
    coverage, independence = kupiec(int(breached.sum()), said.size, 1.0 - confidence), christoffersen(breached)
    both = independence if isinstance(independence, NotComputable) else _ratio(coverage.statistic + independence.statistic, 2)
    deviation = float(np.abs(said - was).mean())
    rate = float(breached.mean())
    return Calibration(said.size, int(breached.sum()), rate, 1.0 - confidence, deviation, coverage, independence, both)


def _log_likelihood(failures: int, successes: int, rate: float) -> float:
    return (failures * log(1.0 - rate) if failures else 0.0) + (successes * log(rate) if successes else 0.0)


def _ratio(statistic: float, degrees_of_freedom: int) -> LikelihoodRatio:
    size = max(0.0, statistic)
    from scipy.special import chdtrc  # noqa: PLC0415 - slow to import

    return LikelihoodRatio(size, degrees_of_freedom, float(chdtrc(degrees_of_freedom, size)))


def _moves(flags: BoolArray) -> tuple[tuple[int, int], tuple[int, int]]:
    before, after = flags[:-1], flags[1:]
    return (int((~before & ~after).sum()), int((~before & after).sum())), (int((before & ~after).sum()), int((before & after).sum()))
