"""Performance and risk figures of a portfolio, computed from its daily values and kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

import numpy as np
from pydantic import TypeAdapter

from dawsos.compute.risk.performance import PerformanceSummary, performance_summary
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.kernel.errors import Internal
from dawsos.services.benchmarks import benchmark_levels
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, of_present_state
from dawsos.services.history import METHOD as HISTORY
from dawsos.services.history import daily_history
from dawsos.services.risk_free import risk_free_rates
from dawsos.store import derived
from dawsos.store import metrics as store
from dawsos.store.metrics import MetricRow
from dawsos.store.transaction import DatabaseTransaction

#: The window whose figures are the official ones of a date; others live in the kept results only.
STANDARD_LOOKBACK: Final = 252

#: Where each figure of the summary stands in the table of metrics.
METRICS: Final[Mapping[str, tuple[str, str]]] = {
    "twr_1d": ("RETURN", "1D"),
    "twr_mtd": ("RETURN", "MTD"),
    "twr_qtd": ("RETURN", "QTD"),
    "twr_ytd": ("RETURN", "YTD"),
    "twr_1y": ("RETURN", "1Y"),
    "twr_3y_ann": ("RETURN", "3Y"),
    "twr_5y_ann": ("RETURN", "5Y"),
    "twr_inception_ann": ("RETURN", "ITD"),
    "mwr_ytd": ("MWR", "YTD"),
    "mwr_1y": ("MWR", "1Y"),
    "mwr_3y_ann": ("MWR", "3Y"),
    "mwr_inception_ann": ("MWR", "ITD"),
    "volatility_30d": ("VOLATILITY", "30D"),
    "volatility_60d": ("VOLATILITY", "60D"),
    "volatility_90d": ("VOLATILITY", "90D"),
    "volatility_1y": ("VOLATILITY", "1Y"),
    "sharpe_30d": ("SHARPE", "30D"),
    "sharpe_60d": ("SHARPE", "60D"),
    "sharpe_90d": ("SHARPE", "90D"),
    "sharpe_1y": ("SHARPE", "1Y"),
    "max_drawdown": ("MAX_DRAWDOWN", "1Y"),
    "current_drawdown": ("CURRENT_DRAWDOWN", "1Y"),
    "alpha": ("ALPHA", "1Y"),
    "beta": ("BETA", "1Y"),
    "tracking_error": ("TRACKING_ERROR", "1Y"),
    "information_ratio": ("INFORMATION_RATIO", "1Y"),
}

_SUMMARY: Final = TypeAdapter(PerformanceSummary)


@dataclass(frozen=True, slots=True)
class MetricsInputs:
    """What the figures are computed from."""

    series: NavSeries
    asof: date
    lookback_days: int
    risk_free: np.ndarray[Any, np.dtype[np.float64]] | None
    benchmark: np.ndarray[Any, np.dtype[np.float64]] | None


class PerformanceFigures(Derivation[MetricsInputs, PerformanceSummary]):
    """The overview's performance and risk figures; parameter ``lookback_days``."""

    name: ClassVar[str] = "metrics"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = PerformanceSummary
    built_on: ClassVar[tuple[str, ...]] = (HISTORY,)
    tables: ClassVar[tuple[str, ...]] = ("portfolio_metrics", "app.derived_results")

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> MetricsInputs:
        """Daily values, the risk-free rate as it was known on each day, and the benchmark's levels."""
        pins = context.pinned()
        history = await daily_history(context, pins)
        return MetricsInputs(
            series=history.series,
            asof=pins.pack.date,
            lookback_days=int(parameters["lookback_days"]),
            risk_free=await risk_free_rates(context, pins, history.series),
            benchmark=await benchmark_levels(context, pins, history.series),
        )

    def compute(self, inputs: MetricsInputs) -> PerformanceSummary:
        """All figures, each rounded to eight places."""
        series = inputs.series
        return performance_summary(
            series.days.astype("datetime64[D]"),
            series.units("nav"),
            series.units("net_external_flow"),
            asof=inputs.asof,
            lookback_days=inputs.lookback_days,
            risk_free=inputs.risk_free,
            benchmark=inputs.benchmark,
            opening_nav=0.0 if len(series) else None,
        )

    async def read(self, tx: DatabaseTransaction, key: DerivationKey, moment: datetime) -> tuple[PerformanceSummary, datetime] | None:
        """What was kept under the key; the official figures are read where they stand, in the table of metrics."""
        row = await store.find_figures(tx, self.name, key.hash, moment)
        if row is None:
            return None
        facts = dict(row.payload)
        if not METRICS.keys() <= facts.keys():
            figures = row.figures or {}
            if len(figures) != len(METRICS):  # another state, benchmark or computation has taken their place
                return None
            facts |= {field: figures[f"{kind} {period}"] for field, (kind, period) in METRICS.items()}
        return _SUMMARY.validate_python(facts), row.computed_at

    async def kept(self, tx: DatabaseTransaction, keys: Sequence[DerivationKey], moment: datetime) -> set[DerivationKey]:
        """Those of ``keys`` whose figures can be read."""
        found = await store.kept_figures(tx, self.name, [key.hash for key in keys], moment, figures=len(METRICS))
        return {key for key in keys if key.hash in found}

    async def write(self, tx: DatabaseTransaction, key: DerivationKey, result: PerformanceSummary, moment: datetime) -> None:
        """Keep the result, see :meth:`write_many`."""
        await self.write_many(tx, [(key, result)], moment)

    async def write_many(
        self, tx: DatabaseTransaction, results: Iterable[tuple[DerivationKey, PerformanceSummary]], moment: datetime
    ) -> None:
        """Figures of the standard window and the present state go into the table of metrics, and only what it has no row for beside it.

        Any other result is kept whole.
        """
        kept = list(results)
        official = await of_present_state(tx, (key for key, result in kept if _is_official(key, result)))
        rows: list[MetricRow] = []
        beside: list[derived.DerivedResult] = []
        for key, result in kept:
            if key in official and result.end_date is not None:
                rows += _rows(key, result, result.end_date, moment)
                beside.append(self._row(key, {name: value for name, value in asdict(result).items() if name not in METRICS}, moment))
            else:
                beside.append(self._row(key, result, moment))
        await derived.keep_results(tx, beside)
        await store.replace_metrics(tx, rows)


def _is_official(key: DerivationKey, result: PerformanceSummary) -> bool:
    return key.parameters["lookback_days"] == STANDARD_LOOKBACK and result.end_date is not None


def _rows(key: DerivationKey, result: PerformanceSummary, day: date, moment: datetime) -> Iterator[MetricRow]:
    if key.portfolio_id is None or key.pricing_pack_id is None or key.ledger_commit_hash is None:
        raise Internal("Figures of a portfolio need a portfolio, a pack and a ledger state in their key.")
    benchmark = key.parameters["benchmark"]
    for field, (metric_type, period) in METRICS.items():
        value = getattr(result, field)
        number = None if value is None else Decimal(repr(value))
        yield (key.portfolio_id, day, metric_type, period, number, key.pricing_pack_id, key.ledger_commit_hash, moment, benchmark)


FIGURES: Final = PerformanceFigures()


def figures_parameters(pins: Pins, lookback_days: int) -> dict[str, Any]:
    """Everything besides the pins that the figures depend on."""
    return {"lookback_days": lookback_days, "benchmark": pins.portfolio.benchmark_id}
