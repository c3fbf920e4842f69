"""Proposals for rebalancing: made and kept, listed, accepted or rejected, shown entry by entry, booked."""

from uuid import UUID

from starlette.responses import Response

from dawsos.api.call import Call, Reader, Writer
from dawsos.api.envelope import answer_of
from dawsos.api.pinning import open_context
from dawsos.api.routing import subject_router
from dawsos.api.suggestion_contracts import (
    Executed,
    ExecutionWanted,
    FillsWanted,
    PolicyWanted,
    Suggestion,
    Suggestions,
    executed_of,
    suggestion_of,
)
from dawsos.services.opening import NEWEST
from dawsos.services.portfolios import find_portfolio
from dawsos.services.rebalancing import policy_of
from dawsos.services.suggestions import executing, keeping
from dawsos.services.taxes import rules_named
from dawsos.store.suggestions import Decision, SuggestionRecord

router = subject_router("rebalancing")


@router.post("/v1/portfolios/{portfolio_id}/suggestions", response_model=answer_of(Suggestion), status_code=201)
async def propose_rebalancing(call: Writer, portfolio_id: UUID, wanted: PolicyWanted) -> Response:
    """Propose trades from where the portfolio stands now, and keep them as pending; nothing is booked. Asked again, it is the same."""
    context = await open_context(call, portfolio_id, NEWEST)
    kept = await keeping.keep_proposal(
        context,
        policy_of(wanted.template, wanted.changes()),
        smallest_order=wanted.min_trade_value,
        rules=rules_named(wanted.tax_system),
        tax_rate=wanted.tax_rate,
        identifiers=call.application.identifiers,
        origin=call.frame.origin,
    )
    warnings = [str(each) for each in kept.constraints.get("warnings", ())]
    return call.success(suggestion_of(kept, context.base_currency or ""), warnings=warnings, status_code=201)


@router.get("/v1/portfolios/{portfolio_id}/suggestions", response_model=answer_of(Suggestions))
async def list_suggestions(call: Reader, portfolio_id: UUID) -> Response:
    """The kept proposals of the portfolio, the newest first."""
    return await _listed(call, portfolio_id)


@router.get("/api/optimizer/proposals", response_model=answer_of(Suggestions))
async def list_proposals(call: Reader, portfolio_id: UUID) -> Response:
    """The same list by its older address."""
    return await _listed(call, portfolio_id)


@router.get("/v1/portfolios/{portfolio_id}/suggestions/{suggestion_id}", response_model=answer_of(Suggestion))
async def find_suggestion(call: Reader, portfolio_id: UUID, suggestion_id: UUID) -> Response:
    """One proposal."""
    found = await keeping.find_kept(call.application.database, call.actor, portfolio_id, suggestion_id)
    return call.success(await _told(call, found))


@router.post("/v1/portfolios/{portfolio_id}/suggestions/{suggestion_id}/acceptance", response_model=answer_of(Suggestion))
async def accept_suggestion(call: Writer, portfolio_id: UUID, suggestion_id: UUID) -> Response:
    """Accept a proposal: it can then be executed. Nothing is booked."""
    return await _decided(call, portfolio_id, suggestion_id, "accepted")


@router.post("/v1/portfolios/{portfolio_id}/suggestions/{suggestion_id}/rejection", response_model=answer_of(Suggestion))
async def reject_suggestion(call: Writer, portfolio_id: UUID, suggestion_id: UUID) -> Response:
    """Reject a proposal; it stays in the list."""
    return await _decided(call, portfolio_id, suggestion_id, "rejected")


@router.post("/v1/portfolios/{portfolio_id}/suggestions/{suggestion_id}/preview", response_model=answer_of(Executed))
async def preview_suggestion(call: Reader, portfolio_id: UUID, suggestion_id: UUID, wanted: FillsWanted) -> Response:
    """Exactly the entries that executing would book; nothing is written."""
    return await _shown(call, portfolio_id, suggestion_id, wanted)


@router.post("/v1/portfolios/{portfolio_id}/suggestions/{suggestion_id}/execution", response_model=answer_of(Executed), status_code=201)
async def execute_suggestion(call: Writer, portfolio_id: UUID, suggestion_id: UUID, wanted: ExecutionWanted) -> Response:
    """Book the entries that were shown: all of them, or none. 409 when ledger or pack moved since, or when they would be others."""
    return await _executed(call, portfolio_id, suggestion_id, wanted)


@router.post("/api/optimizer/suggestions/{suggestion_id}/accept", response_model=answer_of(Suggestion))
async def accept_proposal(call: Writer, suggestion_id: UUID) -> Response:
    """Accept a proposal, by its older address."""
    return await _decided(call, await _portfolio(call, suggestion_id), suggestion_id, "accepted")


@router.post("/api/optimizer/suggestions/{suggestion_id}/reject", response_model=answer_of(Suggestion))
async def reject_proposal(call: Writer, suggestion_id: UUID) -> Response:
    """Reject a proposal, by its older address."""
    return await _decided(call, await _portfolio(call, suggestion_id), suggestion_id, "rejected")


@router.post("/api/optimizer/suggestions/{suggestion_id}/execute", response_model=answer_of(Executed), status_code=201)
async def execute_proposal(call: Writer, suggestion_id: UUID, wanted: ExecutionWanted) -> Response:
    """Book the entries that were shown, by its older address."""
    return await _executed(call, await _portfolio(call, suggestion_id), suggestion_id, wanted)


async def _portfolio(call: Call, suggestion_id: UUID) -> UUID:
    return await keeping.portfolio_of(call.application.database, call.actor, suggestion_id)


async def _told(call: Call, found: SuggestionRecord) -> Suggestion:
    portfolio = await find_portfolio(call.application.database, call.actor, found.portfolio_id)
    return suggestion_of(found, portfolio.base_currency)


async def _listed(call: Call, portfolio_id: UUID) -> Response:
    found = await keeping.list_kept(call.application.database, call.actor, portfolio_id)
    portfolio = await find_portfolio(call.application.database, call.actor, portfolio_id)
    return call.success(Suggestions(suggestions=tuple(suggestion_of(each, portfolio.base_currency) for each in found)))


async def _decided(call: Call, portfolio_id: UUID, suggestion_id: UUID, decision: Decision) -> Response:
    parts = call.application
    found = await keeping.decide(
        parts.database, call.actor, portfolio_id, suggestion_id, decision, identifiers=parts.identifiers, origin=call.frame.origin
    )
    return call.success(await _told(call, found))


async def _shown(call: Call, portfolio_id: UUID, suggestion_id: UUID, wanted: FillsWanted) -> Response:
    parts = call.application
    done = await executing.show(parts.database, call.actor, portfolio_id, suggestion_id, wanted.fills(), identifiers=parts.identifiers)
    return call.success(executed_of(done), warnings=done.warnings)


async def _executed(call: Call, portfolio_id: UUID, suggestion_id: UUID, wanted: ExecutionWanted) -> Response:
    parts = call.application
    done = await executing.execute(
        parts.database,
        call.actor,
        portfolio_id,
        suggestion_id,
        wanted.fills(),
        shown=wanted.shown,
        identifiers=parts.identifiers,
        origin=call.frame.origin,
    )
    return call.success(executed_of(done), warnings=done.warnings, status_code=200 if done.is_duplicate else 201)
