"""What one position contributed to the return of its portfolio, and through which of its parts."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from dawsos.compute.attribution.contribution import LEAST_RETURN
from dawsos.compute.attribution.currency import CurrencyAttribution, Effect
from dawsos.compute.attribution.records import PLACES
from dawsos.compute.returns.compounding import link
from dawsos.compute.returns.figures import FloatArray, NotComputable


@dataclass(frozen=True, slots=True)
class OwnReturn:
    """Return of a position by itself: (1 + local)(1 + fx) − 1 = local + fx + interaction = total, all linked over the days held."""

    local: float
    fx: float
    interaction: float
    total: float


def effect_of(attribution: CurrencyAttribution, security_id: UUID) -> Effect | None:
    """The linked effects of one security; None when it neither was held nor moved in the window."""
    return next((one.effect for one in attribution.instruments if one.security_id == security_id), None)


def share_of_return(contribution: float, portfolio_return: float) -> float | NotComputable:
    """Contribution over portfolio return; not stated when that is smaller than a basis point, of which shares say nothing."""
    if abs(portfolio_return) < LEAST_RETURN:
        return NotComputable("a portfolio return of at least one basis point")
    return round(contribution / portfolio_return, PLACES) + 0.0


def own_return(total: FloatArray, local: FloatArray) -> OwnReturn | NotComputable:
    """Link daily ``total`` and ``local`` returns of the days held (NaN else); what the total has beyond the local one is the currency's."""
    held = ~np.isnan(total) & ~np.isnan(local)
    if not held.any():
        return NotComputable("days on which the position was held", 1, 0)
    whole, inside = (float(np.asarray(link(one[held]))) for one in (total, local))
    if np.isnan(whole) or np.isnan(inside) or inside <= -1.0:
        return NotComputable("daily returns above −100 %")
    fx = (1.0 + whole) / (1.0 + inside) - 1.0
    return OwnReturn(*(round(one, PLACES) + 0.0 for one in (inside, fx, inside * fx, whole)))
