"""How a portfolio moves with real rates, inflation, credit spreads, the dollar and equities."""

from uuid import UUID

from dawsos.agents.financial_analyst.factor_contracts import FactorExposure, FactorExposures
from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.compute.factors.labels import label_of
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.context import RequestContext
from dawsos.services.risk.exposures import ExposureFigures, factor_exposures


class FactorExposuresRequest(Contract):
    """Which portfolio; ``pack_id`` must be the pack the request is pinned to."""

    portfolio_id: UUID
    pack_id: str | None = None


@capability(
    name="risk.compute_factor_exposures",
    rights=("portfolio_read", "macro_data_read"),
    ttl=3600,
    repeatable=True,
    timeout=20.0,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001"},
)
async def risk_compute_factor_exposures(context: RequestContext, request: FactorExposuresRequest) -> FactorExposures:
    """Betas of the present holdings to the five core factors, their errors, and the share of the risk each accounts for."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    found = (await factor_exposures(context, pins)).value
    context.provenance.note(source="ledger", asof=found.end_date or pins.pack.date)
    for symbol in found.assumed:
        context.provenance.note(warning=f"The betas of {symbol} are assumed by its kind and sector: its history is too short.")
    return as_contract(found)


def as_contract(found: ExposureFigures) -> FactorExposures:
    """The exposures in the order of the factors."""
    reasons = dict(found.reasons)
    if found.portfolio_volatility is None:
        reasons["idiosyncratic_share"] = reasons["exposures"] = found.reasons.get("portfolio_volatility", "the value did not vary")
    elif not found.variance_shares:
        reasons["idiosyncratic_share"] = reasons["exposures"] = "the value did not vary"
    return FactorExposures(
        exposures=tuple(_exposure(name, found) for name in FACTOR_NAMES),
        methodology=found.methodology,
        r_squared=found.r_squared,
        var_factor=found.var_factor,
        var_idiosyncratic=found.var_idiosyncratic,
        idiosyncratic_share=found.variance_shares.get("idiosyncratic"),
        portfolio_volatility=found.portfolio_volatility,
        n_obs=found.n_obs,
        frequency=found.frequency,
        start_date=found.start_date,
        end_date=found.end_date,
        market=found.market,
        assumed=found.assumed,
        asof_date=found.asof_date,
        reasons=reasons,
    )


def _exposure(name: str, found: ExposureFigures) -> FactorExposure:
    return FactorExposure(
        factor=name,
        label=label_of(name),
        beta=found.betas[name],
        standard_error=found.standard_errors.get(name),
        t_statistic=found.t_statistics.get(name),
        variance_share=found.variance_shares.get(name),
        volatility_contribution=found.volatility_contributions.get(name),
    )
