"""Quality ratings of securities: statements known by the pack's date, judged by the rubrics in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from dawsos.compute.ratings.aggregate import AggregateRating, aggregate
from dawsos.compute.ratings.inputs import RatingInputs, rating_inputs
from dawsos.compute.ratings.moat import MoatEvidence, moat_evidence
from dawsos.compute.ratings.rubric import Rubric, read_rubric
from dawsos.compute.ratings.scoring import Rating, rate
from dawsos.compute.ratings.statements import AnnualStatement
from dawsos.kernel.errors import NotFound
from dawsos.services.context import RequestContext
from dawsos.services.holdings import security_facts
from dawsos.store import ratings as store
from dawsos.store.ratings import StatementRecord
from dawsos.store.securities import SecurityRecord

#: Sectors whose trade is borrowing: current ratio, interest cover and debt to equity say nothing of them.
FINANCIAL_SECTORS: Final = frozenset({"Financials"})
_FIGURES: Final = tuple(each.name for each in fields(AnnualStatement) if each.name not in {"fiscal_date", "currency"})


@dataclass(frozen=True, slots=True)
class RatedSecurity:
    """A security with everything its ratings rest on."""

    security: SecurityRecord
    statements: tuple[AnnualStatement, ...]
    sources: tuple[str, ...]
    inputs: RatingInputs
    ratings: Mapping[str, Rating]
    overall: AggregateRating
    evidence: MoatEvidence


async def rated_security(context: RequestContext, security_id: UUID) -> RatedSecurity:
    """All ratings of a security from the statements that were public by the pack's date (by today without a pack).

    A company without statements is not rated, and each rating says what is missing.
    """
    facts = await security_facts(context, {security_id})
    security = facts.get(security_id)
    if security is None:
        raise NotFound(f"There is no security {security_id}.", remedy="List them with 'dawsos security list'.", code="security_not_found")
    known_by = context.asof_date or context.clock.now().date()
    records = await known_statements(context, security_id, known_by)
    statements = tuple(_statement(record) for record in records)
    inputs = rating_inputs(statements, is_financial=security.sector in FINANCIAL_SECTORS)
    ratings = {rubric.rating_type: rate(rubric, inputs) for rubric in await rubrics(context)}
    for record in records:
        # How old the rating is says the newest statement; the older ones are history by intention.
        context.provenance.note(source=record.source, asof=records[0].fiscal_date)
    for rating in ratings.values():
        context.provenance.note(method_version=f"ratings/{rating.rating_type.lower()}/{rating.method_version}")
    context.provenance.note(origin="computed")
    return RatedSecurity(
        security=security,
        statements=statements,
        sources=tuple(record.source for record in records),
        inputs=inputs,
        ratings=ratings,
        overall=aggregate(list(ratings.values())),
        evidence=moat_evidence(inputs, statements, sector=security.sector),
    )


async def rubrics(context: RequestContext) -> Sequence[Rubric]:
    """The rubrics in use."""

    async def load() -> tuple[Rubric, ...]:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            records = await store.active_rubrics(tx)
        return tuple(read_rubric(each.rating_type, each.method_version, each.criteria, each.weights) for each in records)

    return await context.memory.once("rubrics", load)


async def known_statements(context: RequestContext, security_id: UUID, known_by: date) -> list[StatementRecord]:
    """A company's stored annual statements that were public by a day, newest first."""

    async def load() -> list[StatementRecord]:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            return await store.statements_known(tx, security_id, known_by)

    return await context.memory.once(("statements", security_id, known_by), load)


def _statement(record: StatementRecord) -> AnnualStatement:
    figures: dict[str, Any] = {name: float(record.figures[name]) for name in _FIGURES if record.figures.get(name) is not None}
    return AnnualStatement(fiscal_date=record.fiscal_date, currency=record.currency, **figures)
