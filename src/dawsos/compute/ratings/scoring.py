"""Ratings from 0 to 10 by a rubric, with what they rest on and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dawsos.compute.ratings.inputs import RatingInputs
from dawsos.compute.ratings.rubric import Criterion, Rubric

#: A rating needs criteria of at least this weight.
LEAST_COMPLETENESS = 0.5
Status = Literal["rated", "not_rated", "not_applicable"]
RiskFlag = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One criterion: the ``value`` judged, its ``score``, its stated ``weight``, and why there is no score or an unusual one."""

    name: str
    source: str
    weight: float
    value: float | None
    score: float | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """``score`` 0–10 when ``status`` is ``rated``; ``completeness`` is the weight of the criteria that could be judged."""

    rating_type: str
    method_version: str
    status: Status
    score: float | None
    completeness: float
    components: tuple[Component, ...]
    missing: tuple[str, ...]
    reason: str = ""

    @property
    def risk_flag(self) -> RiskFlag | None:
        """``high`` below 5, ``medium`` below 7, else ``low``."""
        return None if self.score is None else "high" if self.score < 5.0 else "medium" if self.score < 7.0 else "low"


def rate(rubric: Rubric, inputs: RatingInputs) -> Rating:
    """Σ weight·score / Σ weight over the criteria whose input is known.

    A criterion without input is left out and the weights of the rest are scaled up; below half of the weight there is no rating. An
    input that is worse than any number (no positive equity, a dividend paid out of losses) takes the lowest score of its criterion, one
    better than any number (no interest to pay) the highest. Dividend safety does not apply to a company that pays none.
    """
    components = tuple(_component(criterion, inputs) for criterion in rubric.criteria)
    missing = tuple(component.source for component in components if component.score is None)
    judged = [(component.weight, component.score) for component in components if component.score is not None]
    completeness = sum(weight for weight, _ in judged)
    facts = {
        "rating_type": rubric.rating_type,
        "method_version": rubric.method_version,
        "components": components,
        "missing": missing,
        "completeness": round(completeness, 12),
    }
    if rubric.rating_type == "DIVIDEND_SAFETY" and inputs.pays_dividends is False:
        return _unrated(facts, "not_applicable", "the company pays no dividend")
    if completeness + 1e-12 < LEAST_COMPLETENESS:
        return _unrated(facts, "not_rated", f"only {completeness:.0%} of the criteria can be judged; missing: {', '.join(missing)}")
    score = sum(weight * value for weight, value in judged) / completeness
    return Rating(status="rated", score=round(score, 10), **facts)  # type: ignore[arg-type]


def _unrated(facts: Mapping[str, object], status: Status, reason: str) -> Rating:
    return Rating(status=status, score=None, reason=reason, **facts)  # type: ignore[arg-type]


def _component(criterion: Criterion, inputs: RatingInputs) -> Component:
    value = inputs.values.get(criterion.source)
    note = inputs.notes.get(criterion.source, "")
    score: float | None
    if criterion.source in inputs.beyond_worst:
        score = criterion.otherwise
    elif criterion.source in inputs.beyond_best:
        score = criterion.best
    else:
        score = None if value is None else criterion.score(value)
    return Component(name=criterion.name, source=criterion.source, weight=criterion.weight, value=value, score=score, note=note)
