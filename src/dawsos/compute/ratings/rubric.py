"""What a rating is judged by: criteria with bands and weights, read from their stored form."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dawsos.kernel.errors import Invalid

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WEIGHT_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Band:
    """``score`` where ``value comparison bound`` holds."""

    comparison: str
    bound: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One component: the ``source`` it reads, its ``weight``, its ``bands`` from best to worst and the score ``otherwise``.

    Without bands the source is itself a score from 0 to 10 (a judgement somebody gave).
    """

    name: str
    source: str
    weight: float
    bands: tuple[Band, ...] = ()
    otherwise: float = 0.0

    def score(self, value: float) -> float:
        """The score of the first band that holds."""
        if not self.bands:
            return min(max(value, 0.0), 10.0)
        return next((band.score for band in self.bands if _COMPARISONS[band.comparison](value, band.bound)), self.otherwise)

    @property
    def best(self) -> float:
        return max((band.score for band in self.bands), default=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """All criteria of one rating type in one version; their weights add up to 1."""

    rating_type: str
    method_version: str
    criteria: tuple[Criterion, ...]


def read_rubric(rating_type: str, method_version: str, criteria: Mapping[str, Any], weights: Mapping[str, Any]) -> Rubric:
    """A rubric from its stored form.

    ``criteria``: ``{name: {"source": input, "bands": [["<", 0.3, 10], …], "otherwise": 2}}`` or ``{name: {"source": input}}`` for a given
    score; ``weights``: ``{name: fraction}``. The heaviest criterion comes first, since a stored object keeps no order. Raises
    :class:`Invalid` when a criterion lacks a weight or the other way round, when the weights do not add up to 1, when a comparison is
    unknown or a score lies outside 0 to 10.
    """
    if set(criteria) != set(weights):
        missing = sorted(set(criteria) ^ set(weights))
        raise Invalid(f"The rubric {rating_type} {method_version} does not weigh its criteria: {missing}.", remedy="Weigh each of them.")
    total = sum(float(weight) for weight in weights.values())
    if abs(total - 1.0) > _WEIGHT_TOLERANCE:
        raise Invalid(f"The weights of {rating_type} {method_version} add up to {total:g}.", remedy="Make them add up to 1.")
    read = [_criterion(name, facts, float(weights[name])) for name, facts in criteria.items()]
    read.sort(key=lambda each: (-each.weight, each.name))
    return Rubric(rating_type=rating_type, method_version=method_version, criteria=tuple(read))


def _criterion(name: str, facts: Mapping[str, Any], weight: float) -> Criterion:
    bands = tuple(_band(name, each) for each in facts.get("bands", ()))
    otherwise = float(facts.get("otherwise", 0.0))
    if not all(0.0 <= score <= 10.0 for score in (otherwise, *(band.score for band in bands))):
        raise Invalid(f"The criterion {name} gives a score outside 0 to 10.", remedy="Keep scores between 0 and 10.")
    return Criterion(name=name, source=str(facts["source"]), weight=weight, bands=bands, otherwise=otherwise)


def _band(name: str, given: Sequence[Any]) -> Band:
    comparison, bound, score = given
    if comparison not in _COMPARISONS:
        raise Invalid(f"The criterion {name} compares with '{comparison}'.", remedy="Use <, <=, > or >=.")
    return Band(str(comparison), float(bound), float(score))
