"""Dividends of the securities a portfolio ever held, and where each stands."""

from typing import Annotated

from dawsos.agents.data_harvester.corporate_actions.history import known_actions
from dawsos.agents.data_harvester.corporate_actions.shapes import EXAMPLE, CompanyAction, HistoryRequest
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.context import RequestContext
from dawsos.store.corporate_actions import ActionType


class Dividends(Contract):
    """By ex-date. ``data_available`` is false when no source has ever said anything of these securities; ``message`` says so."""

    dividends: tuple[CompanyAction, ...]
    count: Annotated[int, Count]
    data_available: bool
    message: str | None
    sources: tuple[str, ...]
    reasons: dict[str, str]


@capability(name="corporate_actions.dividends", rights=("portfolio_read",), ttl=3600, repeatable=True, example=EXAMPLE)
async def corporate_actions_dividends(context: RequestContext, request: HistoryRequest) -> Dividends:
    """Dividends with their terms, as sources have told them, between two ex-dates."""
    context.pinned(request.portfolio_id)
    actions, found = await known_actions(context, request, ActionType.DIVIDEND)
    return Dividends(
        dividends=actions,
        count=len(actions),
        data_available=found.reason is None,
        message=found.reason,
        sources=found.sources,
        reasons={"message": "there is nothing to explain"} if found.reason is None else {},
    )
