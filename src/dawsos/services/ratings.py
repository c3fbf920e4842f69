"""Quality ratings of securities: statements known by the pack's date, judged by the rubrics in use."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from dawsos.compute.ratings.aggregate import AggregateRating, aggregate
from dawsos.compute.ratings.inputs import RatingInputs, rating_inputs
from dawsos.compute.ratings.moat import MoatEvidence, moat_evidence
from dawsos.compute.ratings.rubric import Rubric, read_rubric
from dawsos.compute.ratings.scoring import Rating, rate
from dawsos.compute.ratings.statements import AnnualStatement
from dawsos.kernel.errors import NotFound
from dawsos.services.context import RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, get_or_compute
from dawsos.services.holdings import security_facts
from dawsos.services.reference_data import RUBRICS, STATEMENTS, reference_revision
from dawsos.store import ratings as store
from dawsos.store.ratings import StatementRecord
from dawsos.store.securities import SecurityRecord
from dawsos.store.transaction import DatabaseTransaction

#: Sectors whose trade is borrowing: current ratio, interest cover and debt to equity say nothing of them.
FINANCIAL_SECTORS: Final = frozenset({"Financials"})
_FIGURES: Final = tuple(each.name for each in fields(AnnualStatement) if each.name not in {"fiscal_date", "currency"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRatings:
    """Everything the ratings of a company rest on, and the ratings by type."""

    statements: tuple[AnnualStatement, ...]
    sources: tuple[str, ...]
    inputs: RatingInputs
    ratings: Mapping[str, Rating]
    overall: AggregateRating
    evidence: MoatEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedSecurity(CompanyRatings):
    """A security with its ratings."""

    security: SecurityRecord


@dataclass(frozen=True, slots=True)
class RatingsInputs:
    """What a company is rated from."""

    sector: str | None
    records: Sequence[StatementRecord]
    rubrics: Sequence[Rubric]


class Ratings(Derivation[RatingsInputs, CompanyRatings]):
    """The ratings of ``security_id`` in ``sector`` by what was public on ``known_by``; the other parameters are revisions."""

    name: ClassVar[str] = "ratings"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = CompanyRatings

    def key(self, context: RequestContext, parameters: Mapping[str, Any]) -> DerivationKey:  # noqa: ARG002 - the same for everybody
        """A company is the same in every portfolio."""
        return self.shared_key(parameters)

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> RatingsInputs:
        """The statements that were public, and the rubrics in use."""
        security_id, known_by = UUID(parameters["security_id"]), date.fromisoformat(parameters["known_by"])
        async with context.database.transaction(context.actor, read_only=True) as tx:
            records = (await store.statements_known(tx, [security_id], known_by))[security_id]
            return RatingsInputs(parameters["sector"], records, await active_rubrics(tx))

    def compute(self, inputs: RatingsInputs) -> CompanyRatings:
        """Each rubric's rating, all of them as one, and what kind of moat the figures point to."""
        statements = tuple(_statement(record) for record in inputs.records)
        figures = rating_inputs(statements, is_financial=inputs.sector in FINANCIAL_SECTORS)
        ratings = {rubric.rating_type: rate(rubric, figures) for rubric in inputs.rubrics}
        return CompanyRatings(
            statements=statements,
            sources=tuple(record.source for record in inputs.records),
            inputs=figures,
            ratings=ratings,
            overall=aggregate(list(ratings.values())),
            evidence=moat_evidence(figures, statements, sector=inputs.sector),
        )


RATINGS: Final = Ratings()


async def rated_securities(context: RequestContext, security_ids: Collection[UUID]) -> dict[UUID, RatedSecurity]:
    """All ratings of some securities from the statements that were public by the pack's date (by today without a pack).

    A company without statements is not rated, and each rating says what is missing.
    """
    facts = await security_facts(context, security_ids)
    return {security_id: await _rated(context, facts.get(security_id), security_id) for security_id in security_ids}


async def rated_security(context: RequestContext, security_id: UUID) -> RatedSecurity:
    """The ratings of one security, as :func:`rated_securities` gives them."""
    return (await rated_securities(context, {security_id}))[security_id]


async def _rated(context: RequestContext, security: SecurityRecord | None, security_id: UUID) -> RatedSecurity:
    if security is None:
        raise NotFound(f"There is no security {security_id}.", remedy="List them with 'dawsos security list'.", code="security_not_found")
    revisions = await reference_revision(context, STATEMENTS), await reference_revision(context, RUBRICS)
    known_by = context.asof_date or context.clock.now().date()
    found = (await get_or_compute(RATINGS, context, ratings_parameters(security, known_by, *revisions))).value
    for source in found.sources:
        # How old the rating is says the newest statement; the older ones are history by intention.
        context.provenance.note(source=source, asof=found.statements[0].fiscal_date)
    for rating in found.ratings.values():
        context.provenance.note(method_version=f"ratings/{rating.rating_type.lower()}/{rating.method_version}")
    return RatedSecurity(security=security, **{each.name: getattr(found, each.name) for each in fields(CompanyRatings)})


def rating_by(rated: RatedSecurity, rating_type: str) -> Rating:
    """The rating of one type. Raises :class:`NotFound` where no rubric of that type is in use."""
    if rating_type not in rated.ratings:
        raise NotFound(
            f"There is no rubric of type {rating_type} in use.",
            remedy="Put one into use; those DawsOS comes with stand in its migrations (0040_fundamentals).",
            code="rubric_not_found",
        )
    return rated.ratings[rating_type]


def ratings_parameters(security: SecurityRecord, known_by: date, statements: int, rubrics: int) -> dict[str, Any]:
    """Everything the ratings of a company depend on; the last two are revisions."""
    return {
        "security_id": str(security.id),
        "sector": security.sector,
        "known_by": known_by.isoformat(),
        "statements": statements,
        "rubrics": rubrics,
    }


async def active_rubrics(tx: DatabaseTransaction) -> tuple[Rubric, ...]:
    """The rubrics in use."""
    records = await store.active_rubrics(tx)
    return tuple(read_rubric(each.rating_type, each.method_version, each.criteria, each.weights) for each in records)


async def known_statements(context: RequestContext, security_id: UUID, known_by: date) -> list[StatementRecord]:
    """A company's stored annual statements that were public by a day, newest first."""

    async def load() -> list[StatementRecord]:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            return (await store.statements_known(tx, [security_id], known_by))[security_id]

    return await context.memory.once(("statements", security_id, known_by), load)


def _statement(record: StatementRecord) -> AnnualStatement:
    figures: dict[str, Any] = {name: float(record.figures[name]) for name in _FIGURES if record.figures.get(name) is not None}
    return AnnualStatement(fiscal_date=record.fiscal_date, currency=record.currency, **figures)
