"""Drawdown at risk of a portfolio: simulated, kept, and compared with what came to pass."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

import numpy as np

from dawsos.compute.drawdown.calibration import Calibration, calibration
from dawsos.compute.drawdown.covariances import PhaseCovariances
from dawsos.compute.drawdown.forecast import forecast_drawdown, realised_drawdown
from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.compute.factors.history import DAYS_PER_YEAR
from dawsos.compute.regimes.rules import VERSION as REGIMES_VERSION
from dawsos.compute.returns.daily import daily_returns
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.scenarios.macro_aware import LTDC_ADJUSTMENTS, DebtAdjustment
from dawsos.kernel.canonical import sha256_hex
from dawsos.kernel.money import round_money
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, Derived, get_or_compute
from dawsos.services.history import daily_history
from dawsos.services.risk.covariances import covariances_known
from dawsos.services.risk.economy import economy_on, note_economy
from dawsos.services.risk.exposures import PLACES, ExposureFigures, factor_exposures
from dawsos.services.risk.factor_series import factors_known, fingerprint_of, note_factors
from dawsos.services.risk.present import present_holdings
from dawsos.store import drawdowns as store
from dawsos.store.drawdowns import DrawdownForecastRecord, NewDrawdownForecast
from dawsos.store.transaction import DatabaseTransaction

PATHS: Final = 10_000
STANDARD_CONFIDENCE: Final = 0.95
STANDARD_HORIZON: Final = 30
UNKNOWN: Final = "UNKNOWN"
_LEAST_RETURNS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawdownFigures:
    """Depths as positive fractions of ``nav``; ``contributions`` hold one for each factor and ``idiosyncratic`` and sum to ``dar_pct``."""

    asof_date: date
    nav: Decimal
    currency: str
    regime: str
    probabilities: dict[str, float]
    confidence: float
    horizon_days: int
    trading_days: int
    num_simulations: int
    seed: int
    dar: Decimal | None = None
    dar_pct: float | None = None
    mean_drawdown: float | None = None
    median_drawdown: float | None = None
    max_drawdown: float | None = None
    contributions: dict[str, float] = field(default_factory=dict)
    covariance_sources: dict[str, str] = field(default_factory=dict)
    covariance_observations: dict[str, int] = field(default_factory=dict)
    adjusted_by: str | None = None
    methodology: str = ""
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrawdownInputs:
    """Everything the simulation depends on; ``own_variance`` is that of the portfolio's own daily returns, None where there are few."""

    exposures: ExposureFigures
    covariances: PhaseCovariances
    probabilities: Mapping[str, float] | None
    regime: str
    adjustment: DebtAdjustment | None
    ltdc_phase: str | None
    own_variance: float | None
    nav: Decimal
    currency: str
    confidence: float
    horizon_days: int
    seed: int


class DrawdownsAtRisk(Derivation[DrawdownInputs, DrawdownFigures]):
    """Parameters: ``confidence``, ``horizon_days`` (calendar), ``cycle_adjusted``, and the hashes of ``factors`` and ``economy``."""

    name: ClassVar[str] = "drawdown_at_risk"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = DrawdownFigures
    built_on: ClassVar[tuple[str, ...]] = ("factor_exposures/1", REGIMES_VERSION)
    tables: ClassVar[tuple[str, ...]] = ("app.derived_results", "dar_history")

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> DrawdownInputs:
        """Exposures, factors with the phase of each of their periods, the present phase, and the value of the portfolio."""
        pins = context.pinned()
        economy = await economy_on(context, pins)
        exposures = (await factor_exposures(context, pins)).value
        is_known = not isinstance(economy.regime, NotComputable)
        ltdc = economy.state.ltdc_phase if parameters["cycle_adjusted"] else None
        return DrawdownInputs(
            exposures=exposures,
            covariances=await covariances_known(context, pins),
            probabilities=economy.regime.phase.probabilities if not isinstance(economy.regime, NotComputable) else None,
            regime=economy.regime.phase.phase if is_known and not isinstance(economy.regime, NotComputable) else UNKNOWN,
            adjustment=LTDC_ADJUSTMENTS.get(ltdc or ""),
            ltdc_phase=ltdc,
            own_variance=await _own_variance(context, pins) if exposures.residual_variance is None else None,
            nav=(await present_holdings(context, pins)).nav,
            currency=pins.portfolio.base_currency,
            confidence=float(parameters["confidence"]),
            horizon_days=int(parameters["horizon_days"]),
            seed=seed_of(pins),
        )

    def compute(self, inputs: DrawdownInputs) -> DrawdownFigures:
        """The simulation from its seed, each figure rounded to eight places."""
        days = max(1, round(inputs.horizon_days * DAYS_PER_YEAR / 365))
        facts: dict[str, Any] = {
            "asof_date": inputs.exposures.asof_date,
            "nav": inputs.nav,
            "currency": inputs.currency,
            "regime": inputs.regime,
            "probabilities": {phase: round(chance, PLACES) for phase, chance in (inputs.probabilities or {}).items()},
            "confidence": inputs.confidence,
            "horizon_days": inputs.horizon_days,
            "trading_days": days,
            "num_simulations": PATHS,
            "seed": inputs.seed,
            "adjusted_by": inputs.ltdc_phase if inputs.adjustment is not None else None,
            "methodology": inputs.exposures.methodology,
        }
        covariances = inputs.covariances
        betas = np.array([inputs.exposures.betas.get(name, 0.0) for name in FACTOR_NAMES])
        residual = _residual(inputs, betas, covariances.pooled)
        if inputs.nav <= 0 or residual is None:
            why = "the portfolio has no value" if inputs.nav <= 0 else "nothing is known of how the holdings move beside the factors"
            nulls = ("dar", "dar_pct", "mean_drawdown", "median_drawdown", "max_drawdown")
            return DrawdownFigures(**facts, reasons=dict.fromkeys(nulls, why))
        found = forecast_drawdown(
            covariances,
            inputs.probabilities,
            betas,
            residual,
            np.random.default_rng(inputs.seed),
            days=days,
            paths=PATHS,
            confidence=inputs.confidence,
            adjustment=inputs.adjustment,
        ).depths
        depth = _rounded(found.at_risk[0])
        parts = zip((*FACTOR_NAMES, "idiosyncratic"), found.contributions[0], strict=True)
        return DrawdownFigures(
            **facts,
            dar=round_money(inputs.nav * Decimal(repr(depth))),
            dar_pct=depth,
            mean_drawdown=_rounded(found.mean[0]),
            median_drawdown=_rounded(found.median[0]),
            max_drawdown=_rounded(found.maximum[0]),
            contributions={name: _rounded(part) for name, part in parts},
            covariance_sources={phase: source.value for phase, source in covariances.sources.items()},
            covariance_observations=dict(covariances.observations),
        )

    async def write(self, tx: DatabaseTransaction, key: DerivationKey, result: DrawdownFigures, moment: datetime) -> None:
        """Keep the result; the forecast of the standard confidence and horizon goes into the history forecasts are judged by."""
        await super().write(tx, key, result, moment)
        standard = (result.confidence, result.horizon_days) == (STANDARD_CONFIDENCE, STANDARD_HORIZON)
        if standard and result.dar is not None and key.portfolio_id and key.pricing_pack_id and key.ledger_commit_hash:
            method = method_of(cycle_adjusted=bool(key.parameters["cycle_adjusted"]))
            row = _row(result, key.portfolio_id, key.pricing_pack_id, key.ledger_commit_hash, method)
            await store.put_forecast(tx, row, moment)


DRAWDOWNS: Final = DrawdownsAtRisk()


async def drawdown_at_risk(
    context: RequestContext,
    pins: Pins,
    *,
    confidence: float = STANDARD_CONFIDENCE,
    horizon_days: int = STANDARD_HORIZON,
    cycle_adjusted: bool = False,
) -> Derived[DrawdownFigures]:
    """The drawdown at risk under the request's pins, stored or computed."""
    history, economy = await factors_known(context, pins), await economy_on(context, pins)
    note_factors(context, history)
    note_economy(context, economy)
    parameters = {
        "confidence": confidence,
        "horizon_days": horizon_days,
        "cycle_adjusted": cycle_adjusted,
        "factors": fingerprint_of(history),
        "economy": economy.fingerprint,
    }
    return await get_or_compute(DRAWDOWNS, context, parameters)


def seed_of(pins: Pins) -> int:
    """The seed of a portfolio's paths: 60 bits of a hash of the pack, the ledger state, the portfolio and the method."""
    words = (pins.pack.id, pins.ledger.commit_hash, str(pins.portfolio.id), f"{DRAWDOWNS.name}/{DRAWDOWNS.version}")
    return int(sha256_hex("|".join(words).encode())[:15], 16)


def method_of(*, cycle_adjusted: bool) -> str:
    """Under which method a forecast stands in the history."""
    return f"{DrawdownsAtRisk.name}/{DrawdownsAtRisk.version}" + ("/cycle_adjusted" if cycle_adjusted else "")


async def calibrated(context: RequestContext, pins: Pins, *, cycle_adjusted: bool) -> Calibration | NotComputable:
    """The forecasts whose horizon was over on the pinned day, against the drawdowns that came to pass; these are filled in beside them.

    What came to pass is taken from the daily values under the pinned ledger state.
    """
    async with context.database.transaction(context.actor, read_only=True) as tx:
        made = await store.list_forecasts(tx, pins.portfolio.id, method_of(cycle_adjusted=cycle_adjusted), pins.pack.date)
    if not made:
        return NotComputable("forecasts whose horizon has passed", 1, 0)
    settled = await _settled(context, pins, made)
    forecasts = [float(one.dar_pct) if one.dar_pct is not None else np.nan for one, _ in settled]
    return calibration(forecasts, [depth for _, depth in settled], confidence=STANDARD_CONFIDENCE)


async def _settled(context: RequestContext, pins: Pins, made: list[DrawdownForecastRecord]) -> list[tuple[DrawdownForecastRecord, float]]:
    series = (await daily_history(context, pins)).series
    days, nav, flows = series.days.astype("datetime64[D]"), series.units("nav"), series.units("net_external_flow")
    found, news = [], []
    for one in made:
        depth = realised_drawdown(days, nav, flows, one.asof_date, one.horizon_days)
        if not isinstance(depth, NotComputable):
            found.append((one, _rounded(depth)))
            if one.realized_drawdown is None:
                news.append((one.id, Decimal(repr(_rounded(depth)))))
    if news:
        async with context.database.transaction(context.actor) as tx:
            for forecast_id, depth_seen in news:
                await store.settle_forecast(tx, forecast_id, depth_seen)
    return found


async def _own_variance(context: RequestContext, pins: Pins) -> float | None:
    """Variance of the last year's daily returns of the portfolio itself."""
    series = (await daily_history(context, pins)).series.last(DAYS_PER_YEAR + 1)
    returns = daily_returns(series.units("nav"), series.units("net_external_flow")).returns if len(series) > 1 else np.empty(0)
    known = returns[~np.isnan(returns)]
    return float(known.var(ddof=1)) if known.size >= _LEAST_RETURNS else None


def _residual(inputs: DrawdownInputs, betas: np.ndarray, pooled: np.ndarray) -> float | None:
    """Variance per day beside the factors: of the regression, else what the factors leave of the portfolio's own variance."""
    if inputs.exposures.residual_variance is not None:
        return inputs.exposures.residual_variance
    return None if inputs.own_variance is None else max(0.0, inputs.own_variance - float(betas @ pooled @ betas))


def _row(result: DrawdownFigures, portfolio_id: UUID, pack_id: str, ledger_commit_hash: str, method: str) -> NewDrawdownForecast:
    depths = {name: Decimal(repr(getattr(result, name))) for name in ("dar_pct", "mean_drawdown", "median_drawdown", "max_drawdown")}
    return NewDrawdownForecast(
        portfolio_id=portfolio_id,
        asof_date=result.asof_date,
        pricing_pack_id=pack_id,
        regime=result.regime,
        confidence=Decimal(repr(result.confidence)),
        horizon_days=result.trading_days,
        num_simulations=result.num_simulations,
        seed=result.seed,
        dar=result.dar or Decimal(0),
        current_nav=result.nav,
        method=method,
        ledger_commit_hash=ledger_commit_hash,
        **depths,
    )


def _rounded(value: Any) -> float:
    return round(float(value), PLACES) + 0.0
