"""Factor exposures of a portfolio: its present holdings, regressed on the history of the factors, and kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final, TypeVar

import numpy as np

from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.compute.factors.exposures import Exposures, Methodology, portfolio_exposures
from dawsos.compute.factors.history import FactorHistory
from dawsos.compute.returns.figures import FloatArray, NotComputable, as_date
from dawsos.kernel.canonical import canonical_bytes
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, Derived, get_or_compute, of_present_state
from dawsos.services.risk.factor_series import end_of, factors_known, fingerprint_of, note_factors
from dawsos.services.risk.present import Present, assumed_betas, past_changes, present_holdings
from dawsos.store import factors as store
from dawsos.store.factors import FactorExposureRecord, NewFactorExposures
from dawsos.store.transaction import DatabaseTransaction

Number = TypeVar("Number", float, float | None)

PLACES: Final = 8
_LARGEST: Final = 9_999.0
_COLUMNS: Final = dict(zip(("beta_real_rate", "beta_inflation", "beta_credit", "beta_fx", "beta_market"), FACTOR_NAMES, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureFigures:
    """Betas in base currency by factor, and what they account for; null with reasons where there is no regression.

    Variances and volatilities are per year; ``variance_shares`` hold one for each factor and ``idiosyncratic`` and sum to one, as
    ``volatility_contributions`` sum to ``portfolio_volatility``. ``covariance`` of the factors and ``residual_variance`` are per trading
    day. ``assumed`` names the holdings whose betas are priors.
    """

    asof_date: date
    betas: dict[str, float]
    t_statistics: dict[str, float] = field(default_factory=dict)
    standard_errors: dict[str, float] = field(default_factory=dict)
    methodology: str
    r_squared: float | None = None
    var_factor: float | None = None
    var_idiosyncratic: float | None = None
    portfolio_volatility: float | None = None
    variance_shares: dict[str, float] = field(default_factory=dict)
    volatility_contributions: dict[str, float] = field(default_factory=dict)
    residual_variance: float | None = None
    n_obs: int = 0
    frequency: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    market: str | None = None
    assumed: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExposureInputs:
    """Holdings with their past changes and assumed betas, and the factors; no changes where the factors are not known."""

    asof_date: date
    present: Present
    history: FactorHistory | NotComputable
    changes: FloatArray | None
    assumed: FloatArray


class FactorExposures(Derivation[ExposureInputs, ExposureFigures]):
    """Betas of the present holdings to the five core factors; parameter ``factors`` is the hash of their history."""

    name: ClassVar[str] = "factor_exposures"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = ExposureFigures
    tables: ClassVar[tuple[str, ...]] = ("app.derived_results", "factor_exposures")

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> ExposureInputs:  # noqa: ARG002 (part of the key only)
        """The holdings at the pack's prices, what they did over the periods of the factors, and the factors."""
        return await exposure_inputs(context, context.pinned())

    def compute(self, inputs: ExposureInputs) -> ExposureFigures:
        """The regression, each figure rounded to eight places."""
        if isinstance(inputs.history, NotComputable) or inputs.changes is None:
            return _assumed(inputs, str(inputs.history))
        found = portfolio_exposures(inputs.present.weights, inputs.changes, inputs.assumed, inputs.history)
        return _assumed(inputs, str(found)) if isinstance(found, NotComputable) else _figures(found, inputs, inputs.history)

    async def read(self, tx: DatabaseTransaction, key: DerivationKey, moment: datetime) -> tuple[ExposureFigures, datetime] | None:
        """The kept result, its figures taken from the official row of its date where that row was written with it."""
        found = await super().read(tx, key, moment)
        if found is None or key.portfolio_id is None:
            return found
        result, computed_at = found
        rows = await store.list_factor_exposures(tx, key.portfolio_id, result.asof_date, result.asof_date)
        # The row does not say which history of the factors it rests on; the moment it was written does.
        written_with_it = (key.pricing_pack_id, key.ledger_commit_hash, computed_at)
        for row in rows:
            if (row.pricing_pack_id, row.ledger_commit_hash, row.created_at) == written_with_it:
                return _with_row(result, row), computed_at
        return found

    async def write(self, tx: DatabaseTransaction, key: DerivationKey, result: ExposureFigures, moment: datetime) -> None:
        """Keep the result; one of the state the portfolio is in now becomes the official row of its date."""
        await super().write(tx, key, result, moment)
        if key in await of_present_state(tx, [key]):
            await store.put_factor_exposures(tx, _row(key, result), moment)


EXPOSURES: Final = FactorExposures()


async def factor_exposures(context: RequestContext, pins: Pins) -> Derived[ExposureFigures]:
    """The exposures under the request's pins, stored or computed, with a note on where the factors come from."""
    history = await factors_known(context, pins)
    note_factors(context, history)
    return await get_or_compute(EXPOSURES, context, {"factors": fingerprint_of(history)})


async def exposure_inputs(context: RequestContext, pins: Pins) -> ExposureInputs:
    """Everything the exposures are computed from."""
    history = await factors_known(context, pins)
    present = await present_holdings(context, pins)
    changes = None if isinstance(history, NotComputable) else (await past_changes(context, pins, present, history)).base
    return ExposureInputs(pins.pack.date, present, history, changes, assumed_betas(present)[1])


def _assumed(inputs: ExposureInputs, why: str) -> ExposureFigures:
    """Priors at today's weights: no error, no share of variance, and no R² goes with them."""
    nulls = (
        "r_squared",
        "var_factor",
        "var_idiosyncratic",
        "portfolio_volatility",
        "residual_variance",
        "start_date",
        "end_date",
        "market",
    )
    betas = inputs.present.weights @ inputs.assumed if inputs.present.positions else np.zeros(len(FACTOR_NAMES))
    return ExposureFigures(
        asof_date=inputs.asof_date,
        betas=_named(betas),
        methodology=Methodology.PRIOR.value,
        assumed=tuple(one.symbol for one in inputs.present.securities),
        reasons=dict.fromkeys(nulls, f"the betas are assumed: {why}"),
    )


def _figures(found: Exposures, inputs: ExposureInputs, history: FactorHistory) -> ExposureFigures:
    risk = found.risk
    scale = history.variance_scale / history.trading_days
    held = inputs.present.positions
    shares = [*risk.factor_shares, risk.idiosyncratic_share]
    parts = [*risk.volatility_contributions, *np.atleast_1d(risk.idiosyncratic_variance / risk.volatility)] if risk.variance > 0 else []
    reasons = {} if np.isfinite(found.r_squared) else {"r_squared": "the value did not vary"}
    return ExposureFigures(
        asof_date=inputs.asof_date,
        betas=_named(found.betas),
        t_statistics=_named(found.t_statistics),
        standard_errors=_named(found.standard_errors),
        methodology=found.methodology.value,
        r_squared=_rounded(found.r_squared),
        var_factor=_rounded(risk.factor_variance),
        var_idiosyncratic=_rounded(risk.idiosyncratic_variance),
        portfolio_volatility=_rounded(risk.volatility),
        variance_shares=_named(shares, "idiosyncratic"),
        volatility_contributions=_named(parts, "idiosyncratic") if parts else {},
        residual_variance=float(found.residual_variance * scale),
        n_obs=found.observations,
        frequency=history.frequency,
        start_date=as_date(history.periods[0]),
        end_date=as_date(end_of(history)),
        market=history.panel.sources[FACTOR_NAMES.index("equity")],
        assumed=tuple(one.symbol for one, known in zip(held, found.is_estimated, strict=True) if not known),
        reasons=reasons,
    )


def _row(key: DerivationKey, result: ExposureFigures) -> NewFactorExposures:
    if key.portfolio_id is None or key.pricing_pack_id is None or key.ledger_commit_hash is None:
        raise ValueError("Exposures of a portfolio need a portfolio, a pack and a ledger state in their key.")
    explained = sum(result.variance_shares.get(name, 0.0) for name in FACTOR_NAMES)
    shares = {name: result.variance_shares[name] / explained for name in FACTOR_NAMES} if explained else {}
    return NewFactorExposures(
        portfolio_id=key.portfolio_id,
        asof_date=result.asof_date,
        pricing_pack_id=key.pricing_pack_id,
        ledger_commit_hash=key.ledger_commit_hash,
        **{column: column_value(result.betas[name]) for column, name in _COLUMNS.items()},
        var_factor=column_value(result.var_factor),
        var_idiosyncratic=column_value(result.var_idiosyncratic),
        r_squared=column_value(result.r_squared),
        factor_contributions=canonical_bytes(shares).decode(),
        estimation_window_days=None if result.start_date is None or result.end_date is None else _weekdays(result),
        benchmark_id=result.market,
        n_obs=result.n_obs,
        t_stats=canonical_bytes(result.t_statistics).decode(),
    )


def _with_row(result: ExposureFigures, row: FactorExposureRecord) -> ExposureFigures:
    """The result with what the official row says; a figure its column had no room for stays as it was kept."""
    betas = {name: column_figure(getattr(row, column), result.betas[name]) for column, name in _COLUMNS.items()}
    return replace(
        result,
        betas={name: betas[name] for name in result.betas},
        r_squared=column_figure(row.r_squared, result.r_squared),
        var_factor=column_figure(row.var_factor, result.var_factor),
        var_idiosyncratic=column_figure(row.var_idiosyncratic, result.var_idiosyncratic),
        n_obs=result.n_obs if row.n_obs is None else row.n_obs,
    )


def _weekdays(result: ExposureFigures) -> int:
    """Length of the window in weekdays, which the packs' days are."""
    return int(np.busday_count(np.datetime64(result.start_date, "D"), np.datetime64(result.end_date, "D")))


def column_value(number: float | None) -> Decimal | None:
    """A statistic as its column holds it; none that the column has no room for (10 000 or more)."""
    return None if number is None or abs(number) > _LARGEST else Decimal(repr(round(number, PLACES)))


def column_figure(stored: Decimal | None, kept: Number) -> Number:
    """The statistic a column holds, else what was kept beside it."""
    return kept if stored is None else float(stored) + 0.0


def _named(values: Any, *more: str) -> dict[str, float]:
    """By factor, those that are numbers, rounded."""
    found = dict(zip((*FACTOR_NAMES, *more), (float(one) for one in values), strict=True))
    return {name: number for name, value in found.items() if (number := _rounded(value)) is not None}


def _rounded(value: Any) -> float | None:
    number = float(value)
    return round(number, PLACES) + 0.0 if np.isfinite(number) else None
