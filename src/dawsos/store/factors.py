"""Factor exposures of portfolios and factor betas of securities: one row per date."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.indicators import IndicatorRecord
from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("factors")

#: Security, date, betas to real rates, inflation, credit, dollar and equity, estimation error, R², observations, methodology, pack, moment.
PositionBetaRow = tuple[
    UUID, date, Decimal | None, Decimal | None, Decimal | None, Decimal | None, Decimal | None, Decimal | None, Decimal | None, int | None,
    str, str, datetime,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactorExposureRecord:
    """Stored exposures of a date; variances are per year, ``factor_contributions`` shares of the explained variance."""

    asof_date: date
    pricing_pack_id: str | None
    beta_real_rate: Decimal | None
    beta_inflation: Decimal | None
    beta_credit: Decimal | None
    beta_fx: Decimal | None
    beta_market: Decimal | None
    var_factor: Decimal | None
    var_idiosyncratic: Decimal | None
    r_squared: Decimal | None
    factor_contributions: Any
    estimation_window_days: int | None
    benchmark_id: str | None
    n_obs: int | None
    t_stats: Any
    ledger_commit_hash: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFactorExposures:
    """Exposures to store; ``factor_contributions`` and ``t_stats`` are canonical JSON."""

    portfolio_id: UUID
    asof_date: date
    pricing_pack_id: str
    ledger_commit_hash: str
    beta_real_rate: Decimal | None
    beta_inflation: Decimal | None
    beta_credit: Decimal | None
    beta_fx: Decimal | None
    beta_market: Decimal | None
    var_factor: Decimal | None
    var_idiosyncratic: Decimal | None
    r_squared: Decimal | None
    factor_contributions: str
    estimation_window_days: int | None
    benchmark_id: str | None
    n_obs: int | None
    t_stats: str


@dataclass(frozen=True, slots=True)
class PositionBetaRecord:
    """Stored betas of a security on a date."""

    security_id: UUID
    beta_real_rates: Decimal | None
    beta_inflation: Decimal | None
    beta_credit: Decimal | None
    beta_usd: Decimal | None
    beta_equity: Decimal | None
    estimation_error: Decimal | None
    r_squared: Decimal | None
    n_obs: int | None
    methodology: str
    pricing_pack_id: str | None
    created_at: datetime


RECENT_OBSERVATIONS = _statements.many("recent_observations", IndicatorRecord)
PUT_FACTOR_EXPOSURES = _statements.none("put_factor_exposures")
LIST_FACTOR_EXPOSURES = _statements.many("list_factor_exposures", FactorExposureRecord)
PUT_POSITION_BETAS = _statements.bulk("put_position_betas")
LIST_POSITION_BETAS = _statements.many("list_position_betas", PositionBetaRecord)


async def recent_observations(
    tx: DatabaseTransaction, indicator_names: Collection[str], first: date, known_by: date
) -> list[IndicatorRecord]:
    """The values of periods from ``first`` on that were known by a date, by indicator and period."""
    return await tx.fetch_all(RECENT_OBSERVATIONS, indicator_names=list(indicator_names), first=first, known_by=known_by)


async def put_factor_exposures(tx: DatabaseTransaction, exposures: NewFactorExposures, moment: datetime) -> None:
    """Store exposures, in place of earlier ones of that date."""
    await tx.execute(PUT_FACTOR_EXPOSURES, **asdict(exposures), moment=moment)


async def list_factor_exposures(tx: DatabaseTransaction, portfolio_id: UUID, first: date, last: date) -> list[FactorExposureRecord]:
    """The stored exposures of a portfolio from ``first`` to ``last``, by date."""
    return await tx.fetch_all(LIST_FACTOR_EXPOSURES, portfolio_id=portfolio_id, first=first, last=last)


async def put_position_betas(tx: DatabaseTransaction, rows: Iterable[PositionBetaRow]) -> int:
    """Store betas of securities, in place of earlier ones of that date; only operators may."""
    return await tx.copy_into(PUT_POSITION_BETAS, rows)


async def list_position_betas(tx: DatabaseTransaction, security_ids: Sequence[UUID], asof_date: date) -> list[PositionBetaRecord]:
    """The stored betas of some securities on a date."""
    return await tx.fetch_all(LIST_POSITION_BETAS, security_ids=list(security_ids), asof_date=asof_date)
