"""Corporate actions that are to come for what a portfolio holds."""

from typing import Annotated

from dawsos.agents.data_harvester.corporate_actions.shapes import EXAMPLE, AheadRequest, CompanyAction, action_of
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Days
from dawsos.services.context import RequestContext
from dawsos.services.corporate_actions.coming import coming_actions
from dawsos.store.corporate_actions import ActionType

NO_EARNINGS = "no source of earnings dates is connected"


class Upcoming(Contract):
    """The actions by ex-date, the urgent ones again by themselves, and how many there are of each kind.

    ``data_available`` is false when no source has ever said anything of what is held; ``message`` says so.
    """

    actions: tuple[CompanyAction, ...]
    urgent: tuple[CompanyAction, ...]
    time_horizon_days: Annotated[int, Days]
    total_actions: Annotated[int, Count]
    urgent_actions: Annotated[int, Count]
    dividends_expected: Annotated[int, Count]
    splits_pending: Annotated[int, Count]
    mergers_acquisitions: Annotated[int, Count]
    earnings_releases: Annotated[int | None, Count]
    data_available: bool
    message: str | None
    sources: tuple[str, ...]
    reasons: dict[str, str]


@capability(name="corporate_actions.upcoming", rights=("portfolio_read",), ttl=3600, repeatable=True, example=EXAMPLE)
async def corporate_actions_upcoming(context: RequestContext, request: AheadRequest) -> Upcoming:
    """What takes effect after the pack's date, of what was held on it; urgent within a week. Where nobody has said anything, it says so."""
    context.pinned(request.portfolio_id)
    found = await coming_actions(context, request.days_ahead)
    actions = tuple(action_of(each, urgent=found.is_urgent(each)) for each in found.actions)
    urgent = tuple(each for each in actions if each.urgent)

    def count(*kinds: ActionType) -> int:
        return sum(each.action_type in kinds for each in actions)

    reasons = {"earnings_releases": NO_EARNINGS}
    if found.reason is None:
        reasons["message"] = "there is nothing to explain"
    return Upcoming(
        actions=actions,
        urgent=urgent,
        time_horizon_days=request.days_ahead,
        total_actions=len(actions),
        urgent_actions=len(urgent),
        dividends_expected=count(ActionType.DIVIDEND),
        splits_pending=count(ActionType.SPLIT),
        mergers_acquisitions=count(ActionType.MERGER, ActionType.SPIN_OFF),
        earnings_releases=None,
        data_available=found.reason is None,
        message=found.reason,
        sources=found.sources,
        reasons=reasons,
    )
