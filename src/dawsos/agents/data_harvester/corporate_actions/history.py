"""Actions of one type between two ex-dates."""

from datetime import timedelta

from dawsos.agents.data_harvester.corporate_actions.shapes import CompanyAction, HistoryRequest, action_of
from dawsos.kernel.errors import Invalid
from dawsos.services.context import RequestContext
from dawsos.services.corporate_actions.coming import ComingActions, actions_between
from dawsos.store.corporate_actions import ActionType


async def known_actions(
    context: RequestContext, request: HistoryRequest, kind: ActionType
) -> tuple[tuple[CompanyAction, ...], ComingActions]:
    """The actions, and what else is known of them."""
    day = context.pinned(request.portfolio_id).pack.date
    first, last = request.from_date or day - timedelta(days=365), request.to_date or day
    if first > last:
        raise Invalid(f"{first} is after {last}.", remedy="Give the earlier date as from_date.")
    found = await actions_between(context, first, last, types=[kind])
    return tuple(action_of(each, urgent=False) for each in found.actions), found
