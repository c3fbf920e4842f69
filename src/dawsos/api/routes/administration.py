"""What an administrator looks after: nights, dead letters, doubtful prices, kept results, the audit log; and the sources, for everybody."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from dawsos.api.call import Admin, Reader
from dawsos.api.envelope import answer_of
from dawsos.api.ledger_contracts import Symbol
from dawsos.api.routing import subject_router
from dawsos.api.texts import Sentences, Word
from dawsos.kernel.clock import today
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Price, Seconds
from dawsos.services.dead_letters import Replayed
from dawsos.services.feeds.doctor import examine
from dawsos.services.feeds.overrides import list_overrides, put_override, remove_override
from dawsos.services.kept_results import kept_result_uses
from dawsos.services.packs.checking import decide, list_checks
from dawsos.store.audit import newest_entries
from dawsos.store.runs import recent_runs
from dawsos.store.sources import list_fetches

router = subject_router("administration")

PolicyName = Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,32}$")]


class NightlyStep(Contract):
    """A step of a nightly chain: running, succeeded, failed or skipped; one that was killed still says running."""

    policy: str
    asof_date: date
    job: str
    place: Annotated[int, Count]
    pricing_pack_id: str | None
    status: str
    attempts: Annotated[int, Count]
    units_done: Annotated[int, Count]
    units_total: Annotated[int, Count]
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    warnings: tuple[str, ...]


class DeadLetter(Contract):
    """Background work that could not be done: pending (tried again at ``next_attempt_at``), processing, failed or resolved."""

    id: UUID
    queue_name: str
    message: dict[str, Any]
    error: str | None
    retry_count: Annotated[int, Count]
    created_at: datetime
    last_attempt_at: datetime | None
    status: str
    next_attempt_at: datetime | None


class ReplayedLetter(Contract):
    """What became of a letter that was tried again: resolved, pending or failed."""

    id: UUID
    queue_name: str
    status: str
    error: str | None


class SettlementNote(Contract):
    """Why a letter needs nothing more."""

    note: Sentences


class SettledLetter(Contract):
    """The letter that was settled by hand."""

    id: UUID


class PriceDoubt(Contract):
    """A price that looks wrong, by which rule, against what: open, accepted or quarantined. Closes are as the sources gave them."""

    policy: str
    symbol: str
    date: date
    source: str
    rule: str
    close: Annotated[Decimal, Price("currency")]
    compared_with: str
    compared_close: Annotated[Decimal, Price("currency")]
    finding: str
    status: str
    note: str | None
    found_at: datetime
    decided_at: datetime | None


class PriceDecision(Contract):
    """What is to be done with a doubtful price: it is right, or no pack built from now on may use it."""

    policy: PolicyName | None = None
    symbol: Symbol
    date: date
    source: Word
    decision: Literal["accepted", "quarantined"]
    note: Sentences


class DecidedPrice(Contract):
    """The price that was decided about."""

    symbol: str
    date: date
    decision: str


class KeptResult(Contract):
    """One kind of kept result since this process began, and what the database keeps of it now."""

    derivation: str
    hits: Annotated[int, Count]
    misses: Annotated[int, Count]
    hit_rate: Annotated[float | None, Fraction]
    mean_age_seconds: Annotated[float | None, Seconds]
    kept: Annotated[int, Count]
    oldest: datetime | None
    newest: datetime | None


class AuditEntry(Contract):
    """Who did what."""

    id: Annotated[int, Count]
    user_id: UUID | None
    action: str
    entity_type: str | None
    entity_id: UUID | None
    entity_ref: str | None
    changes: dict[str, Any] | None
    trace_id: str | None
    created_at: datetime


class Source(Contract):
    """A source of figures: whether it is configured, what may be done with what it tells, and the newest day it told about."""

    name: str
    title: str
    is_configured: bool
    key_setting: str | None
    uses: tuple[str, ...]
    attribution: str | None
    newest: date | None
    dead_letters: Annotated[int, Count]
    requests_this_month: Annotated[int, Count]
    bytes_this_month: Annotated[int, Count]
    allowance_used: Annotated[float | None, Fraction]
    allowance_alarm: Annotated[float | None, Fraction]


class FetchedSubject(Contract):
    """What was fetched of a source for a night: fetched, stale, partly, failed, not_configured or not_needed, and why not everything."""

    asof_date: date
    provider: str
    subject: str
    status: str
    told: Annotated[int, Count]
    kept: Annotated[int, Count]
    problem: str | None
    unknown_symbols: tuple[str, ...]
    finished_at: datetime


class SymbolOverride(Contract):
    """What a source calls a security where the rules for its tickers do not fit."""

    provider: str
    symbol: str
    ticker: str
    note: str | None
    set_at: datetime


class OverrideWanted(Contract):
    """The ticker as the source writes it, and why."""

    ticker: Word
    note: Sentences | None = None


@router.get("/v1/admin/jobs", response_model=answer_of(list[NightlyStep]))
async def list_nightly_steps(call: Admin, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Response:
    """The steps of the newest nightly chains."""
    async with call.application.database.transaction(call.actor, read_only=True) as tx:
        found = await recent_runs(tx, limit)
    return call.success([NightlyStep.model_validate(one) for one in found])


@router.get("/v1/admin/dlq", response_model=answer_of(list[DeadLetter]))
async def list_dead_letters(call: Admin, *, resolved: bool = False, limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> Response:
    """What waits for somebody, oldest first; settled letters too with ``resolved``."""
    found = await call.application.letters.waiting(call.actor, resolved=resolved, limit=limit)
    return call.success([DeadLetter.model_validate(one) for one in found])


@router.post("/v1/admin/dlq/replay-batch", response_model=answer_of(list[ReplayedLetter]))
async def replay_dead_letters(call: Admin) -> Response:
    """Do the work of every letter that is due again."""
    return call.success([_replayed(one) for one in await call.application.letters.replay_due()])


@router.post("/v1/admin/dlq/{letter_id}/replay", response_model=answer_of(ReplayedLetter))
async def replay_dead_letter(call: Admin, letter_id: UUID) -> Response:
    """Do the work of one letter again, due or not. 409 when it is settled or being handled."""
    return call.success(_replayed(await call.application.letters.replay(letter_id)))


@router.post("/v1/admin/dlq/{letter_id}/resolve", response_model=answer_of(SettledLetter))
async def resolve_dead_letter(call: Admin, letter_id: UUID, wanted: SettlementNote) -> Response:
    """Settle a letter by hand, with a reason."""
    await call.application.letters.resolve(call.actor, letter_id, wanted.note)
    return call.success(SettledLetter(id=letter_id))


@router.get("/v1/admin/price-doubts", response_model=answer_of(list[PriceDoubt]))
async def list_price_doubts(call: Admin, *, policy: PolicyName | None = None, decided: bool = False) -> Response:
    """Prices that look wrong: in the wrong unit, against another source, far from the day before, or standing still."""
    parts = call.application
    found = await list_checks(parts.database, call.actor, policy or parts.settings.policy, open_only=not decided)
    return call.success([PriceDoubt.model_validate(one) for one in found])


@router.post("/v1/admin/price-doubts/decision", response_model=answer_of(DecidedPrice))
async def decide_price_doubt(call: Admin, wanted: PriceDecision) -> Response:
    """Say that a doubtful price is right, or keep it out of every pack built from now on."""
    parts = call.application
    policy = wanted.policy or parts.settings.policy
    await decide(
        parts.database, call.actor, policy, wanted.symbol, wanted.date, wanted.source, wanted.decision, note=wanted.note, clock=parts.clock
    )
    return call.success(DecidedPrice(symbol=wanted.symbol, date=wanted.date, decision=wanted.decision))


@router.get("/v1/admin/cache", response_model=answer_of(list[KeptResult]))
async def list_kept_results(call: Admin) -> Response:
    """Hits, misses and ages of every kind of kept result since this process began, and what is kept."""
    parts = call.application
    found = await kept_result_uses(parts.database, parts.meters, parts.answers.listed())
    return call.success([KeptResult.model_validate(one) for one in found])


@router.get("/v1/admin/audit", response_model=answer_of(list[AuditEntry]))
async def list_audit_entries(call: Admin, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Response:
    """The newest entries of the audit log."""
    async with call.application.database.transaction(call.actor, read_only=True) as tx:
        found = await newest_entries(tx, limit)
    return call.success([AuditEntry.model_validate(one) for one in found])


@router.get("/v1/admin/fetches", response_model=answer_of(list[FetchedSubject]))
async def list_fetched_subjects(call: Admin, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Response:
    """What was fetched of the sources before the newest nights, and what was not, and why."""
    async with call.application.database.transaction(call.actor, read_only=True) as tx:
        found = await list_fetches(tx, limit)
    return call.success([FetchedSubject.model_validate(one) for one in found])


@router.get("/v1/admin/symbol-overrides", response_model=answer_of(list[SymbolOverride]))
async def list_symbol_overrides(call: Admin) -> Response:
    """What sources call securities where the rules do not fit."""
    return call.success([SymbolOverride.model_validate(one) for one in await list_overrides(call.application.database, call.actor)])


@router.put("/v1/admin/symbol-overrides/{provider}/{symbol}", response_model=answer_of(list[SymbolOverride]))
async def set_symbol_override(call: Admin, provider: Word, symbol: Symbol, wanted: OverrideWanted) -> Response:
    """Say what a source calls a security; all overrides afterwards."""
    parts = call.application
    await put_override(
        parts.database, call.actor, provider, symbol, wanted.ticker, note=wanted.note, clock=parts.clock, origin=call.frame.origin
    )
    return await list_symbol_overrides(call)


@router.delete("/v1/admin/symbol-overrides/{provider}/{symbol}", response_model=answer_of(list[SymbolOverride]))
async def remove_symbol_override(call: Admin, provider: Word, symbol: Symbol) -> Response:
    """Let the rules decide again what a source calls a security; all overrides afterwards."""
    parts = call.application
    await remove_override(parts.database, call.actor, provider, symbol, clock=parts.clock, origin=call.frame.origin)
    return await list_symbol_overrides(call)


@router.get("/v1/sources", response_model=answer_of(list[Source]))
async def list_sources(call: Reader) -> Response:
    """Every source, with its rights and the age of what it told. Nothing is sent anywhere."""
    parts = call.application
    found = await examine(
        parts.database,
        lambda provider: parts.settings.provider_key(provider.key_setting),
        parts.sources.gateway,
        licensed=parts.settings.licensed_sources,
        megabytes=parts.settings.monthly_megabytes,
        today=today(parts.clock),
    )
    named = ("name", "title", "is_configured", "key_setting", "attribution", "newest", "dead_letters")
    return call.success(
        [
            Source(
                uses=tuple(use.value for use in one.uses),
                requests_this_month=one.used.requests,
                bytes_this_month=one.used.bytes,
                allowance_used=one.used.share,
                allowance_alarm=one.used.alarm,
                **{name: getattr(one, name) for name in named},
            )
            for one in found
        ]
    )


def _replayed(done: Replayed) -> ReplayedLetter:
    return ReplayedLetter(id=done.id, queue_name=done.queue_name, status=done.status, error=done.error)
