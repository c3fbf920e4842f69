"""One figure from several ratings, for a company and for a portfolio of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dawsos.compute.ratings.scoring import Rating
from dawsos.kernel.errors import Invalid

Grade = Literal["A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F"]
#: How much each type counts; the architect's note has .40, .35, .25.
WEIGHTS: Mapping[str, float] = {"MOAT": 0.40, "DIVIDEND_SAFETY": 0.30, "RESILIENCE": 0.30}


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateRating:
    """``score`` 0–100 and ``grade`` when something could be rated; ``weights`` as used, ``missing`` names types without a rating."""

    score: float | None
    grade: Grade | None
    weights: Mapping[str, float]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioRating:
    """Averages by market value over what is rated; ``covered`` is its share of the value of all positions."""

    score: float | None
    grade: Grade | None
    by_type: Mapping[str, float | None]
    covered: float


def grade(score: float, *, with_signs: bool = False) -> Grade:
    """A from 90, B from 80, C from 70, D from 60, else F; ``with_signs``: + from 7 points above the letter's edge, − below 3."""
    letters: tuple[tuple[float, str], ...] = ((90.0, "A"), (80.0, "B"), (70.0, "C"), (60.0, "D"))
    for edge, letter in letters:
        if score >= edge:
            sign = "" if not with_signs else "+" if score >= edge + 7.0 else "-" if score < edge + 3.0 else ""
            return f"{letter}{sign}"  # type: ignore[return-value]
    return "F"


def aggregate(ratings: Sequence[Rating], *, weights: Mapping[str, float] = WEIGHTS) -> AggregateRating:
    """10·Σ weight·score / Σ weight over the types rated.

    A type that does not apply or could not be rated is left out and the rest re-weighted. Raises :class:`Invalid` for a type without
    a weight.
    """
    unknown = [rating.rating_type for rating in ratings if rating.rating_type not in weights]
    if unknown:
        raise Invalid(f"No weight is given for {', '.join(unknown)}.", remedy="Weigh every type of rating.")
    judged = [(rating.rating_type, weights[rating.rating_type], rating.score) for rating in ratings if rating.score is not None]
    total = sum(weight for _, weight, _ in judged)
    missing = tuple(name for name in weights if name not in {each for each, _, _ in judged})
    if not total > 0.0:
        return AggregateRating(score=None, grade=None, weights={}, missing=missing)
    score = round(10.0 * sum(weight * value for _, weight, value in judged) / total, 10)
    return AggregateRating(score=score, grade=grade(score), weights={name: weight / total for name, weight, _ in judged}, missing=missing)


def portfolio_rating(positions: Sequence[tuple[float, AggregateRating, Sequence[Rating]]]) -> PortfolioRating:
    """``positions``: market value > 0, the aggregate and the ratings of each. Value-weighted means; None over nothing."""
    whole = sum(value for value, _, _ in positions)
    rated = [(value, each.score) for value, each, _ in positions if each.score is not None]
    score = _weighted(rated)
    kinds = sorted({rating.rating_type for _, _, ratings in positions for rating in ratings})
    by_type = {kind: _weighted(_of_kind(kind, positions)) for kind in kinds}
    covered = sum(value for value, _ in rated) / whole if whole > 0.0 else 0.0
    return PortfolioRating(score=score, grade=None if score is None else grade(score), by_type=by_type, covered=covered)


def _of_kind(kind: str, positions: Sequence[tuple[float, AggregateRating, Sequence[Rating]]]) -> list[tuple[float, float]]:
    rated = ((value, rating) for value, _, ratings in positions for rating in ratings if rating.rating_type == kind)
    return [(value, rating.score) for value, rating in rated if rating.score is not None]


def _weighted(pairs: Sequence[tuple[float, float]]) -> float | None:
    total = sum(value for value, _ in pairs)
    return sum(value * score for value, score in pairs) / total if total > 0.0 else None
