"""Prices that look wrong: in the wrong unit, against another source, against the day before, or standing still."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

#: Two sources of one close may differ by this fraction, by ``security_type``; others as EQUITY.
TOLERANCES: Final[Mapping[str, float]] = {"EQUITY": 0.005, "ETF": 0.005, "FUND": 0.005, "BOND": 0.01, "CRYPTO": 0.02}
#: A move of the logarithm of the close beyond this from one day to the next is an outlier unless a second source saw it too.
OUTLIERS: Final[Mapping[str, float]] = {"EQUITY": 0.5, "ETF": 0.3, "FUND": 0.3, "BOND": 0.2, "CRYPTO": 0.8}
#: As many equal closes in a row, all of them observed, are suspicious.
STANDING_STILL: Final = 10
#: Prices in pence, and bonds per 100 of face value, are off by this factor.
UNIT: Final = 100.0
_UNIT_ROOM: Final = 0.15


class PriceRule(StrEnum):
    """Which rule a price breaks."""

    UNIT = "unit"
    DISAGREEMENT = "disagreement"
    OUTLIER = "outlier"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class SeenPrice:
    """A close as a source gave it."""

    date: date
    source: str
    close: Decimal


@dataclass(frozen=True, slots=True)
class PriceDoubt:
    """A price that looks wrong, what it was compared with, and why."""

    rule: PriceRule
    seen: SeenPrice
    compared: SeenPrice
    finding: str


def doubts_about(
    seen: SeenPrice, others: Sequence[SeenPrice], earlier: Sequence[SeenPrice], *, security_type: str | None
) -> list[PriceDoubt]:
    """What is doubtful about ``seen``.

    ``others`` are closes of the same day from other sources, ``earlier`` closes of the same source before it, ascending. Rules, in order:

    - unit: the ratio to another source, or without one to the close before, is within 15 % of 100 or 1/100;
    - disagreement: |seen/other − 1| beyond the tolerance of the asset class (:data:`TOLERANCES`);
    - outlier: |ln(seen/before)| beyond :data:`OUTLIERS`, and no other source agrees with ``seen`` within the tolerance;
    - stale: the last :data:`STANDING_STILL` closes, this one included, are equal, and another source's close is a different one.

    A unit error is not reported again as a disagreement or an outlier. A first close without another source is never doubtful.
    """
    kind = security_type or "EQUITY"
    tolerance, limit = TOLERANCES.get(kind, TOLERANCES["EQUITY"]), OUTLIERS.get(kind, OUTLIERS["EQUITY"])
    before = earlier[-1] if earlier else None
    for compared in [*others, *([before] if before and not others else [])]:
        if _is_other_unit(seen, compared):
            factor = _ratio(seen, compared)
            return [PriceDoubt(PriceRule.UNIT, seen, compared, f"{seen.close} is {factor:.4g} times {_said(compared)}; pence, or per 100?")]
    found = [
        PriceDoubt(PriceRule.DISAGREEMENT, seen, other, f"{seen.close} is {_ratio(seen, other) - 1:+.2%} from {_said(other)}")
        for other in others
        if abs(_ratio(seen, other) - 1) > tolerance
    ]
    agreed = any(abs(_ratio(seen, other) - 1) <= tolerance for other in others)
    if before and not agreed and abs(math.log(_ratio(seen, before))) > limit:
        move = _ratio(seen, before) - 1
        found.append(PriceDoubt(PriceRule.OUTLIER, seen, before, f"{seen.close} is {move:+.1%} from {_said(before)}; a split, or a slip?"))
    run = [*earlier[-(STANDING_STILL - 1) :], seen]
    moved = next((other for other in others if other.close != seen.close), None)
    if moved and len(run) == STANDING_STILL and len({one.close for one in run}) == 1:
        found.append(PriceDoubt(PriceRule.STALE, seen, moved, f"{seen.close} for {STANDING_STILL} days, while {moved.source} moves"))
    return found


def _is_other_unit(seen: SeenPrice, compared: SeenPrice) -> bool:
    return abs(abs(math.log(_ratio(seen, compared))) - math.log(UNIT)) < _UNIT_ROOM


def _ratio(seen: SeenPrice, compared: SeenPrice) -> float:
    return float(seen.close) / float(compared.close)


def _said(price: SeenPrice) -> str:
    return f"{price.close} ({price.source}, {price.date})"
