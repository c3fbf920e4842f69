"""Factor betas of the securities a portfolio holds: estimated in each one's own currency, assumed where the history is short."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

import numpy as np

from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.compute.factors.exposures import ERRORS
from dawsos.compute.factors.history import FactorHistory
from dawsos.compute.factors.position_betas import SUFFICIENT, Method, PositionBetas, position_betas
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.kernel.errors import Internal
from dawsos.kernel.identity import Role
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, Derived, get_or_compute
from dawsos.services.risk.exposures import PLACES, column_figure, column_value
from dawsos.services.risk.factor_series import factors_known, fingerprint_of, note_factors
from dawsos.services.risk.present import Present, assumed_betas, past_changes, present_holdings
from dawsos.store import factors as store
from dawsos.store.factors import PositionBetaRecord, PositionBetaRow
from dawsos.store.transaction import DatabaseTransaction

_KEEPERS: Final = frozenset({Role.SYSTEM, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityBetas:
    """Betas of a security's return in its own currency; errors and R² only of a regression.

    ``residual_deviation`` is the standard error of the regression, per period as observed.
    """

    security_id: UUID
    symbol: str
    betas: dict[str, float]
    standard_errors: dict[str, float] = field(default_factory=dict)
    residual_deviation: float | None = None
    r_squared: float | None = None
    n_obs: int
    methodology: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaTable:
    """The betas of every security held, by symbol."""

    asof_date: date
    frequency: str | None
    securities: tuple[SecurityBetas, ...]


@dataclass(frozen=True, slots=True)
class BetaInputs:
    """Holdings, the factors, and the holdings' changes in their own currencies; none where the factors are not known."""

    asof_date: date
    present: Present
    history: FactorHistory | NotComputable
    changes: FloatArray | None
    assumed: FloatArray


class PositionFactorBetas(Derivation[BetaInputs, BetaTable]):
    """Betas of the securities held; parameter ``factors`` is the hash of the factors' history."""

    name: ClassVar[str] = "position_factor_betas"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = BetaTable
    tables: ClassVar[tuple[str, ...]] = ("app.derived_results", "position_factor_betas")

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> BetaInputs:  # noqa: ARG002 (part of the key only)
        """The holdings and what they did in their own currencies over the periods of the factors."""
        pins = context.pinned()
        history, present = await factors_known(context, pins), await present_holdings(context, pins)
        changes = None if isinstance(history, NotComputable) else (await past_changes(context, pins, present, history)).local
        return BetaInputs(pins.pack.date, present, history, changes, assumed_betas(present)[0])

    async def read(self, tx: DatabaseTransaction, key: DerivationKey, moment: datetime) -> tuple[BetaTable, datetime] | None:
        """The kept table, the figures of a security taken from its row of that date where the row was written with the table."""
        found = await super().read(tx, key, moment)
        if found is None:
            return None
        table, computed_at = found
        rows = await store.list_position_betas(tx, [one.security_id for one in table.securities], table.asof_date)
        # A row does not say which history of the factors it rests on; the moment it was written does.
        own = {row.security_id: row for row in rows if (row.pricing_pack_id, row.created_at) == (key.pricing_pack_id, computed_at)}
        securities = (_with_row(one, own[one.security_id]) if one.security_id in own else one for one in table.securities)
        return replace(table, securities=tuple(securities)), computed_at

    def compute(self, inputs: BetaInputs) -> BetaTable:
        """The regressions, each figure rounded to eight places."""
        rows = [row for row, one in enumerate(inputs.present.positions) if one.security_id is not None]
        if isinstance(inputs.history, NotComputable) or inputs.changes is None or not rows:
            found = [_assumed(inputs, row) for row in rows]
            return BetaTable(asof_date=inputs.asof_date, frequency=None, securities=_by_symbol(found))
        fit = position_betas(
            inputs.changes[rows],
            inputs.history.panel.changes,
            inputs.assumed[rows],
            minimum=SUFFICIENT,
            errors=ERRORS[inputs.history.frequency],
        )
        found = [_estimated(inputs, row, fit, place) for place, row in enumerate(rows)]
        return BetaTable(asof_date=inputs.asof_date, frequency=inputs.history.frequency, securities=_by_symbol(found))


BETAS: Final = PositionFactorBetas()


async def betas_of_positions(context: RequestContext, pins: Pins) -> Derived[BetaTable]:
    """The betas under the request's pins, stored or computed; computed for an operator, they go into the table all users share."""
    history = await factors_known(context, pins)
    note_factors(context, history)
    found = await get_or_compute(BETAS, context, {"factors": fingerprint_of(history)})
    if not found.stored and context.actor.role in _KEEPERS:
        async with context.database.transaction(context.actor) as tx:
            await store.put_position_betas(tx, [_row(one, found.value, pins, found.computed_at) for one in found.value.securities])
    return found


def _by_symbol(found: list[SecurityBetas]) -> tuple[SecurityBetas, ...]:
    return tuple(sorted(found, key=lambda one: one.symbol))


def _assumed(inputs: BetaInputs, row: int, observations: int = 0) -> SecurityBetas:
    security_id, symbol = _named(inputs, row)
    return SecurityBetas(
        security_id=security_id,
        symbol=symbol,
        betas=_by_factor(inputs.assumed[row]),
        n_obs=observations,
        methodology=Method.PRIOR.value,
    )


def _estimated(inputs: BetaInputs, row: int, fit: PositionBetas, place: int) -> SecurityBetas:
    observations = int(fit.observations[place])
    if fit.methods[place] is Method.PRIOR:
        return _assumed(inputs, row, observations)
    security_id, symbol = _named(inputs, row)
    return SecurityBetas(
        security_id=security_id,
        symbol=symbol,
        betas=_by_factor(fit.betas[place]),
        standard_errors=_by_factor(fit.standard_errors[place]),
        residual_deviation=_finite(math.sqrt(fit.residual_variance[place])),
        r_squared=_finite(fit.r_squared[place]),
        n_obs=observations,
        methodology=fit.methods[place].value,
    )


def _named(inputs: BetaInputs, row: int) -> tuple[UUID, str]:
    position = inputs.present.positions[row]
    if position.security_id is None:
        raise Internal("Cash has no betas.")
    return position.security_id, position.symbol


def _by_factor(values: FloatArray) -> dict[str, float]:
    return {name: round(float(value), PLACES) + 0.0 for name, value in zip(FACTOR_NAMES, values, strict=True) if np.isfinite(value)}


def _finite(value: float) -> float | None:
    return round(float(value), PLACES) if np.isfinite(value) else None


def _with_row(one: SecurityBetas, row: PositionBetaRecord) -> SecurityBetas:
    """The betas with what the row says; a figure its column had no room for stays as it was kept."""
    columns = (row.beta_real_rates, row.beta_inflation, row.beta_credit, row.beta_usd, row.beta_equity)
    stored = dict(zip(FACTOR_NAMES, columns, strict=True))
    return replace(
        one,
        betas={name: column_figure(stored[name], beta) for name, beta in one.betas.items()},
        residual_deviation=column_figure(row.estimation_error, one.residual_deviation),
        r_squared=column_figure(row.r_squared, one.r_squared),
        n_obs=one.n_obs if row.n_obs is None else row.n_obs,
        methodology=row.methodology,
    )


def _row(one: SecurityBetas, table: BetaTable, pins: Pins, moment: datetime) -> PositionBetaRow:
    real_rates, inflation, credit, usd, equity = (column_value(one.betas.get(name)) for name in FACTOR_NAMES)
    return (
        one.security_id, table.asof_date, real_rates, inflation, credit, usd, equity, column_value(one.residual_deviation),
        column_value(one.r_squared), one.n_obs, one.methodology, pins.pack.id, moment,
    )  # fmt: skip
