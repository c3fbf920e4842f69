"""The limits a portfolio must keep, and how far given weights are from keeping them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dawsos.compute.optimizer.risk_model import RiskModel
from dawsos.compute.returns.figures import BoolArray, FloatArray
from dawsos.kernel.errors import Invalid

#: A limit counts as kept within this, in weight, volatility or tracking error.
TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLimit:
    """The weights of the ``members`` add up to something between ``lower`` and ``upper``: a sector, a quality bucket, a currency."""

    name: str
    members: BoolArray
    lower: float = -np.inf
    upper: float = np.inf
    is_sector: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Everything that must hold at once. Weights, volatility and tracking error are fractions, the latter two per year.

    ``budget``: the weights add up to it. ``lower``, ``upper`` ``[n]``: bounds per position. ``turnover``: ½·Σ|w − current| at most.
    ``tracking_error``: √((w − b)ᵀΣ(w − b)) at most, b the ``benchmark``. ``volatility``: √(wᵀΣw) at most. ``target_return``: μᵀw at
    least. ``minimum_position``: a weight is 0 or at least this. None means no such limit.
    """

    lower: FloatArray
    upper: FloatArray
    budget: float = 1.0
    groups: tuple[GroupLimit, ...] = ()
    current: FloatArray | None = None
    turnover: float | None = None
    benchmark: FloatArray | None = None
    tracking_error: float | None = None
    volatility: float | None = None
    target_return: float | None = None
    minimum_position: float = 0.0

    def without(self, *names: str) -> "Limits":
        """The same limits less those named: ``turnover``, ``tracking_error``, ``sector``, ``volatility``."""
        changed: dict[str, object] = {name: None for name in names if name != "sector"}
        if "sector" in names:
            changed["groups"] = tuple(group for group in self.groups if not group.is_sector)
        return replace(self, **changed)  # type: ignore[arg-type]


def long_only(size: int, *, highest: float = 1.0) -> Limits:
    """Weights between 0 and ``highest``, fully invested."""
    return Limits(lower=np.zeros(size), upper=np.full(size, highest))


def checked(limits: Limits, size: int) -> Limits:
    """``limits``, after a look at shapes and at what can never hold; raises :class:`Invalid` naming it."""
    for name, given in (("lower", limits.lower), ("upper", limits.upper), ("current", limits.current), ("benchmark", limits.benchmark)):
        if given is not None and (np.shape(given) != (size,) or np.isnan(given).any()):
            raise Invalid(f"'{name}' must be {size} numbers, one per asset.", remedy="Give weights in the order of the assets.")
    if limits.turnover is not None and limits.current is None:
        raise Invalid("A limit on turnover needs the current weights.", remedy="Give 'current'.")
    if limits.tracking_error is not None and limits.benchmark is None:
        raise Invalid("A limit on tracking error needs the benchmark's weights.", remedy="Give 'benchmark'.")
    for group in limits.groups:
        if np.shape(group.members) != (size,):
            raise Invalid(f"The group {group.name} does not name {size} assets.", remedy="Say for each asset whether it belongs.")
    if not 0.0 <= limits.minimum_position < 1.0:
        raise Invalid(f"A smallest position of {limits.minimum_position:g} is no fraction.", remedy="Give a fraction such as 0.005.")
    return limits


def violations(weights: FloatArray, limits: Limits, model: RiskModel, expected: FloatArray | None = None) -> Mapping[str, float]:
    """By how much each limit is exceeded, where it is exceeded by more than nothing.

    Keys: ``budget``, ``position``, ``group:<name>``, ``turnover``, ``tracking_error``, ``volatility``, ``target_return``,
    ``minimum_position``. A solution is accepted when no value is above :data:`TOLERANCE`.
    """
    found = {
        "budget": abs(float(weights.sum()) - limits.budget),
        "position": float(np.maximum(limits.lower - weights, weights - limits.upper).max(initial=0.0)),
    }
    for group in limits.groups:
        held = float(weights[group.members].sum())
        found[f"group:{group.name}"] = max(group.lower - held, held - group.upper)
    if limits.turnover is not None and limits.current is not None:
        found["turnover"] = one_way_turnover(limits.current, weights) - limits.turnover
    if limits.tracking_error is not None and limits.benchmark is not None:
        found["tracking_error"] = model.volatility(weights - limits.benchmark) - limits.tracking_error
    if limits.volatility is not None:
        found["volatility"] = model.volatility(weights) - limits.volatility
    if limits.target_return is not None and expected is not None:
        found["target_return"] = limits.target_return - float(expected @ weights)
    if limits.minimum_position > 0.0:
        held_weights = weights[np.abs(weights) > TOLERANCE]
        found["minimum_position"] = float((limits.minimum_position - held_weights).max(initial=0.0))
    return {name: excess for name, excess in found.items() if excess > 0.0}


def one_way_turnover(current: FloatArray, target: FloatArray) -> float:
    """½·Σ|target − current|: what is bought, as a fraction of the portfolio, when nothing is paid in or out."""
    return 0.5 * float(np.abs(target - current).sum())
