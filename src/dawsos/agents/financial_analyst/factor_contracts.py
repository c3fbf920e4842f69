"""The shapes factor exposures have on every surface."""

from datetime import date
from typing import Annotated, Literal

from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Number

Methodology = Literal["regression", "mixed", "prior"]


class FactorExposure(Contract):
    """How the portfolio moves with one factor.

    ``beta`` is the return for a change of one of the factor: −5 on real rates loses 5 % when they rise by one percentage point, 0.8 on
    equities gains 8 % when they gain 10 %. ``variance_share`` of all factors and the own risk sum to one; a negative one hedges the others.
    """

    factor: str
    label: str
    beta: Annotated[float, Number]
    standard_error: Annotated[float | None, Number]
    t_statistic: Annotated[float | None, Number]
    variance_share: Annotated[float | None, Fraction]
    volatility_contribution: Annotated[float | None, Fraction]


class FactorExposures(Contract):
    """Betas of the present holdings in base currency, and the risk they account for; volatilities and variances are per year.

    ``methodology``: ``regression`` on the history of the factors; ``prior`` where there is none, with betas by kind and sector of each
    holding; ``mixed`` where ``assumed`` names holdings with too short a history. ``frequency`` says whether changes of days or of
    monthly averages were compared, ``market`` what stands for equities.
    """

    exposures: tuple[FactorExposure, ...]
    methodology: Methodology
    r_squared: Annotated[float | None, Fraction]
    var_factor: Annotated[float | None, Number]
    var_idiosyncratic: Annotated[float | None, Number]
    idiosyncratic_share: Annotated[float | None, Fraction]
    portfolio_volatility: Annotated[float | None, Fraction]
    n_obs: Annotated[int, Count]
    frequency: str | None
    start_date: date | None
    end_date: date | None
    market: str | None
    assumed: tuple[str, ...]
    asof_date: date
    reasons: dict[str, str]
