"""What one position contributed to the portfolio's return."""

from datetime import date
from typing import Annotated

from dawsos.agents.financial_analyst.position_request import EXAMPLE, NEVER_HELD, PositionRequest
from dawsos.compute.attribution.position import effect_of, share_of_return
from dawsos.compute.returns.figures import NotComputable
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction
from dawsos.services.context import RequestContext
from dawsos.services.market_sources import note_market_sources
from dawsos.services.positions import attributed

_FIGURES = ("total_contribution", "local_contribution", "fx_contribution", "interaction_contribution", "weight_avg")


class PortfolioContribution(Contract):
    """``local + fx + interaction = total_contribution``; the contributions of all positions and cash sum to ``portfolio_return``.

    ``weight_avg`` is the average share of the capital at work; ``pct_of_portfolio_return`` is null below one basis point of return.
    """

    total_contribution: Annotated[float | None, Fraction]
    local_contribution: Annotated[float | None, Fraction]
    fx_contribution: Annotated[float | None, Fraction]
    interaction_contribution: Annotated[float | None, Fraction]
    pct_of_portfolio_return: Annotated[float | None, Fraction]
    weight_avg: Annotated[float | None, Fraction]
    portfolio_return: Annotated[float | None, Fraction]
    start_date: date | None
    end_date: date | None
    n_obs: Annotated[int, Count]
    reasons: dict[str, str]


@capability(
    name="compute_portfolio_contribution",
    rights=("portfolio_read", "position_read"),
    ttl=300,
    repeatable=True,
    cost="medium",
    example=EXAMPLE,
)
async def compute_portfolio_contribution(context: RequestContext, request: PositionRequest) -> PortfolioContribution:
    """The linked contribution of one position to the return of the portfolio, and its share of it."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version="contribution/1", origin="computed")
    await note_market_sources(context, pins)
    found = await attributed(context, pins, request.lookback_days)
    if isinstance(found, NotComputable):
        return _missing(str(found), None, (None, None), 0)
    window = (found.start_date, found.end_date)
    effect = effect_of(found, request.security_id)
    if effect is None:
        return _missing(NEVER_HELD, found.total_return, window, found.n_obs)
    share = share_of_return(effect.total, found.total_return)
    return PortfolioContribution(
        total_contribution=effect.total,
        local_contribution=effect.local,
        fx_contribution=effect.fx,
        interaction_contribution=effect.interaction,
        pct_of_portfolio_return=None if isinstance(share, NotComputable) else share,
        weight_avg=effect.weight,
        portfolio_return=found.total_return,
        start_date=window[0],
        end_date=window[1],
        n_obs=found.n_obs,
        reasons={"pct_of_portfolio_return": str(share)} if isinstance(share, NotComputable) else {},
    )


def _missing(reason: str, portfolio_return: float | None, window: tuple[date | None, date | None], n_obs: int) -> PortfolioContribution:
    names = [*_FIGURES, "pct_of_portfolio_return"] + ([] if portfolio_return is not None else ["portfolio_return"])
    return PortfolioContribution(
        **dict.fromkeys(_FIGURES),
        pct_of_portfolio_return=None,
        portfolio_return=portfolio_return,
        start_date=window[0],
        end_date=window[1],
        n_obs=n_obs,
        reasons=dict.fromkeys(names, reason),
    )
