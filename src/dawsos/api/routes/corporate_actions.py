"""Corporate actions: what is to come, the queue, and applying one to a portfolio."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from dawsos.api.call import Admin, Call, Reader, Writer
from dawsos.api.envelope import answer_of
from dawsos.api.ledger_contracts import LedgerEntry, ReversalWanted, Symbol
from dawsos.api.routing import subject_router
from dawsos.api.texts import Sentences
from dawsos.kernel.clock import today
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Days, Fraction, Money, Price, Quantity
from dawsos.services.corporate_actions import applying
from dawsos.services.corporate_actions import queue as service
from dawsos.services.corporate_actions.proposing import ActionTerms, propose_terms
from dawsos.services.corporate_actions.queue import QueuedAction
from dawsos.store.corporate_actions import ActionStatus, ActionType, CorporateActionRecord

router = subject_router("corporate actions")

Share = Annotated[Decimal, Field(ge=0, le=1), Fraction]
Positive = Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=8)]


class CorporateAction(Contract):
    """What a company did; what does not belong to its type is null. ``standing``: proposed, approved, applied or reversed."""

    id: UUID
    security_id: UUID
    symbol: str
    action_type: ActionType
    ex_date: date
    pay_date: date | None
    amount_per_share: Annotated[Decimal | None, Price("currency")]
    currency: str | None
    withholding_rate: Annotated[Decimal | None, Fraction]
    split_from: Annotated[Decimal | None, Quantity]
    split_to: Annotated[Decimal | None, Quantity]
    other_symbol: str | None
    ratio: Annotated[Decimal | None, Quantity]
    cost_share: Annotated[Decimal | None, Fraction]
    cash_per_share: Annotated[Decimal | None, Price("currency")]
    share_value: Annotated[Decimal | None, Price("currency")]
    cash_in_lieu_price: Annotated[Decimal | None, Price("currency")]
    boot_rule: str | None
    source: str
    note: str | None
    standing: str


class ActionSummary(Contract):
    """How many of each kind there are."""

    total_actions: Annotated[int, Count]
    dividends_expected: Annotated[int, Count]
    splits_pending: Annotated[int, Count]
    earnings_releases: Annotated[int | None, Count]
    mergers_acquisitions: Annotated[int, Count]
    reasons: dict[str, str]


class ActionNotifications(Contract):
    """Those within a week, and the others."""

    urgent: tuple[CorporateAction, ...]
    informational: tuple[CorporateAction, ...]


class ActionMetadata(Contract):
    """Whether anybody has told DawsOS about these securities; ``message`` says why not."""

    data_available: bool
    message: str | None
    sources: tuple[str, ...]


class UpcomingActions(Contract):
    """What takes effect within ``time_horizon_days`` of today, of the securities the portfolio holds."""

    portfolio_id: UUID
    time_horizon_days: Annotated[int, Days]
    actions: tuple[CorporateAction, ...]
    summary: ActionSummary
    notifications: ActionNotifications
    last_updated: datetime
    metadata: ActionMetadata


class ActionQueue(Contract):
    """The actions of the securities a portfolio ever held, by ex-date."""

    actions: tuple[CorporateAction, ...]


class ActionWanted(Contract):
    """A corporate action to propose: a security, a type, the day it takes effect, and the terms of its type."""

    symbol: Symbol
    action_type: ActionType
    ex_date: date
    pay_date: date | None = None
    amount_per_share: Annotated[Positive | None, Price("currency")] = None
    currency: Annotated[str, Field(min_length=3, max_length=3)] | None = None
    withholding_rate: Share | None = None
    split_from: Annotated[Positive | None, Quantity] = None
    split_to: Annotated[Positive | None, Quantity] = None
    other_symbol: Symbol | None = None
    ratio: Annotated[Positive | None, Quantity] = None
    cost_share: Share | None = None
    cash_per_share: Annotated[Positive | None, Price("currency")] = None
    share_value: Annotated[Positive | None, Price("currency")] = None
    cash_in_lieu_price: Annotated[Positive | None, Price("currency")] = None
    boot_rule: str | None = None
    note: Sentences | None = None


class LotOfAction(Contract):
    """A lot of a security concerned, before or after."""

    id: UUID
    symbol: str | None
    acquisition_date: date
    qty_open: Annotated[Decimal, Quantity]
    cost_basis: Annotated[Decimal, Money("currency")]
    cost_basis_base: Decimal
    currency: str


class ActionApplied(Contract):
    """What applying came to, or for a preview would come to. ``realized_pl`` is in the portfolio's base currency."""

    application_id: UUID | None
    quantity: Annotated[Decimal, Quantity]
    entries: tuple[LedgerEntry, ...]
    lots_before: tuple[LotOfAction, ...]
    lots_after: tuple[LotOfAction, ...]
    realized_pl: Decimal
    ledger_commit_hash: str


class ActionTakenBack(Contract):
    """The entries that took it back."""

    reversals: tuple[LedgerEntry, ...]


@router.get("/api/corporate-actions", response_model=answer_of(UpcomingActions))
async def upcoming_corporate_actions(call: Reader, portfolio_id: UUID, days_ahead: Annotated[int, Query(ge=1, le=365)] = 30) -> Response:
    """What is to come for a portfolio. Where no source has told of its securities, the list is empty and says why."""
    moment = call.application.clock.now()
    found = await service.upcoming(
        call.application.database, call.actor, portfolio_id, first=today(call.application.clock), days_ahead=days_ahead
    )
    actions, urgent = tuple(map(_action, found.actions)), {one.action.id for one in found.urgent}
    answer = UpcomingActions(
        portfolio_id=portfolio_id,
        time_horizon_days=days_ahead,
        actions=actions,
        summary=ActionSummary(
            total_actions=len(actions),
            dividends_expected=found.count(ActionType.DIVIDEND),
            splits_pending=found.count(ActionType.SPLIT),
            earnings_releases=None,
            mergers_acquisitions=found.count(ActionType.MERGER, ActionType.SPIN_OFF),
            reasons={"earnings_releases": "no source of earnings dates is connected"},
        ),
        notifications=ActionNotifications(
            urgent=tuple(one for one in actions if one.id in urgent), informational=tuple(one for one in actions if one.id not in urgent)
        ),
        last_updated=moment,
        metadata=ActionMetadata(data_available=found.data_available, message=found.reason, sources=found.sources),
    )
    return call.success(answer)


@router.get("/v1/portfolios/{portfolio_id}/corporate-actions", response_model=answer_of(ActionQueue))
async def list_corporate_actions(
    call: Reader, portfolio_id: UUID, from_date: Annotated[date | None, Query(alias="from")] = None, to: date | None = None
) -> Response:
    """The actions of the securities the portfolio ever held, and where each stands; without dates a year either way."""
    now = today(call.application.clock)
    year = timedelta(days=365)
    found = await service.portfolio_queue(call.application.database, call.actor, portfolio_id, from_date or now - year, to or now + year)
    return call.success(ActionQueue(actions=tuple(map(_action, found))))


@router.post("/v1/corporate-actions", response_model=answer_of(CorporateAction), status_code=201)
async def propose_corporate_action(call: Admin, wanted: ActionWanted) -> Response:
    """Put a corporate action in the queue. 409 when the same one (security, type, ex-date) is there."""
    terms = ActionTerms(**dict(wanted))
    proposed = await propose_terms(call.application.database, call.actor, terms, source="manual", identifiers=call.application.identifiers)
    return call.success(_action(proposed), status_code=201)


@router.post("/v1/corporate-actions/{action_id}/approval", response_model=answer_of(CorporateAction))
async def approve_corporate_action(call: Admin, action_id: UUID) -> Response:
    """Approve a proposed action: owners of portfolios can then apply it."""
    return call.success(_action(await _decide(call, action_id, ActionStatus.APPROVED)))


@router.post("/v1/corporate-actions/{action_id}/rejection", response_model=answer_of(CorporateAction))
async def reject_corporate_action(call: Admin, action_id: UUID) -> Response:
    """Reject a proposed action; the same one can be proposed again."""
    return call.success(_action(await _decide(call, action_id, ActionStatus.REJECTED)))


@router.get("/v1/portfolios/{portfolio_id}/corporate-actions/{action_id}/preview", response_model=answer_of(ActionApplied))
async def preview_corporate_action(call: Reader, portfolio_id: UUID, action_id: UUID) -> Response:
    """What applying the action would do to the lots; nothing is written."""
    done = await applying.preview(call.application.database, call.actor, portfolio_id, action_id, identifiers=call.application.identifiers)
    return call.success(_applied(done))


@router.post(
    "/v1/portfolios/{portfolio_id}/corporate-actions/{action_id}/application", response_model=answer_of(ActionApplied), status_code=201
)
async def apply_corporate_action(call: Writer, portfolio_id: UUID, action_id: UUID) -> Response:
    """Book an approved action in the portfolio: all its entries, or none."""
    parts = call.application
    done = await applying.apply(
        parts.database, call.actor, portfolio_id, action_id, identifiers=parts.identifiers, origin=call.frame.origin
    )
    return call.success(_applied(done), status_code=201)


@router.post(
    "/v1/portfolios/{portfolio_id}/corporate-actions/{action_id}/reversal", response_model=answer_of(ActionTakenBack), status_code=201
)
async def reverse_corporate_action(call: Writer, portfolio_id: UUID, action_id: UUID, wanted: ReversalWanted) -> Response:
    """Take an applied action back: every entry it booked is reversed, or none."""
    parts = call.application
    done = await applying.take_back(
        parts.database, call.actor, portfolio_id, action_id, reason=wanted.reason, identifiers=parts.identifiers, origin=call.frame.origin
    )
    return call.success(ActionTakenBack(reversals=tuple(LedgerEntry.model_validate(one) for one in done)), status_code=201)


async def _decide(call: Call, action_id: UUID, status: ActionStatus) -> CorporateActionRecord:
    parts = call.application
    return await service.decide(parts.database, call.actor, action_id, status, moment=parts.clock.now(), origin=call.frame.origin)


def _action(found: QueuedAction | CorporateActionRecord) -> CorporateAction:
    action, standing = (found.action, found.standing) if isinstance(found, QueuedAction) else (found, found.status.value)
    given = {name: getattr(action, name) for name in CorporateAction.model_fields if name != "standing"}
    return CorporateAction(**given, standing=standing)


def _applied(done: applying.Application) -> ActionApplied:
    return ActionApplied(
        application_id=done.application_id,
        quantity=done.quantity,
        entries=tuple(LedgerEntry.model_validate(entry) for entry in done.entries),
        lots_before=tuple(LotOfAction.model_validate(lot) for lot in done.lots_before),
        lots_after=tuple(LotOfAction.model_validate(lot) for lot in done.lots_after),
        realized_pl=done.realized_pl,
        ledger_commit_hash=done.ledger_commit_hash,
    )
