"""The core factors as they were known under a pricing pack, from stored series and, for equities, from an index among its prices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, ClassVar, Final

import numpy as np

from dawsos.compute.factors.definitions import FactorPanel, Levels
from dawsos.compute.factors.history import FACTOR_SERIES, WINDOWS, FactorFrequency, FactorHistory, factor_history
from dawsos.compute.macro.series import IndicatorSeries
from dawsos.compute.returns.figures import NotComputable, as_date
from dawsos.compute.valuation.panels import MISSING
from dawsos.kernel.canonical import sha256_hex
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, get_or_compute
from dawsos.services.macro.observed import series_of
from dawsos.services.panels import load_panels
from dawsos.services.risk_free import INDICATOR as RISK_FREE
from dawsos.services.risk_free import SOURCE as RISK_FREE_SOURCE
from dawsos.store import factors, securities

#: Stock indices that stand for equities where their series is not kept, by symbol, the preferred first.
INDICES: Final = ("SPX",)
_REACH: Final = timedelta(days=11 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHistory:
    """A factor history as it is kept, or why there is none."""

    unknown: str | None = None
    frequency: FactorFrequency = "daily"
    names: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    periods: tuple[date, ...] = ()
    changes: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesInputs:
    """The series of the factors as known on a day, and the levels of the indices."""

    observed: Mapping[str, IndicatorSeries]
    indices: Mapping[str, Levels]
    risk_free: Levels | None
    day: date


class FactorHistories(Derivation[SeriesInputs, KeptHistory]):
    """The factors over their usual window; the same for every portfolio under a pack. Parameter ``series``: a hash of what is published."""

    name: ClassVar[str] = "factor_history"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = KeptHistory

    def key(self, context: RequestContext, parameters: Mapping[str, Any]) -> DerivationKey:
        """A key of the pack alone: no portfolio and no ledger is part of it."""
        return replace(super().key(context, parameters), portfolio_id=None, ledger_commit_hash=None)

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> SeriesInputs:  # noqa: ARG002 (part of the key only)
        """The series, and the closes of the indices in the packs the pinned one sees."""
        pins = context.pinned()
        published = await _published(context, pins)
        return SeriesInputs(published.observed, await _indices(context, pins), published.risk_free, pins.pack.date)

    def compute(self, inputs: SeriesInputs) -> KeptHistory:
        """The history, every number as it was found: it is built on, not shown."""
        found = factor_history(inputs.observed, inputs.indices, inputs.risk_free, inputs.day)
        if isinstance(found, NotComputable):
            return KeptHistory(unknown=str(found))
        recent = found.last(WINDOWS[found.frequency])
        return KeptHistory(
            frequency=recent.frequency,
            names=recent.panel.names,
            sources=recent.panel.sources,
            periods=tuple(as_date(day) for day in recent.periods),
            changes=tuple(tuple(float(one) for one in row) for row in recent.panel.changes),
        )


HISTORIES: Final = FactorHistories()


async def factors_known(context: RequestContext, pins: Pins) -> FactorHistory | NotComputable:
    """The factors over their usual window (252 days or 120 months) up to the pinned pack; why not, when they cannot be told."""

    async def load(own: RequestContext) -> FactorHistory | NotComputable:
        published = await _published(own, pins)
        found = (await get_or_compute(HISTORIES, own, {"series": published.fingerprint})).value
        if found.unknown is not None:
            return NotComputable(found.unknown)
        periods = np.array(found.periods, dtype="datetime64[D]")
        panel = FactorPanel(found.names, periods[1:], np.array(found.changes), found.sources)
        return FactorHistory(panel, periods, found.frequency)

    return await context.shared("factor history", load)


@dataclass(frozen=True, slots=True)
class _Published:
    observed: Mapping[str, IndicatorSeries]
    risk_free: Levels | None
    fingerprint: str


async def _published(context: RequestContext, pins: Pins) -> _Published:
    """The published series of the last years, and a hash of all their numbers."""

    async def load() -> _Published:
        day = pins.pack.date
        async with context.database.transaction(context.actor, read_only=True) as tx:
            rows = await factors.recent_observations(tx, [*FACTOR_SERIES, RISK_FREE], day - _REACH, day)
        observed = series_of([row for row in rows if row.indicator_name != RISK_FREE])
        bills = {row.known_from: float(row.value) for row in rows if row.indicator_name == RISK_FREE}
        days = sorted(bills)  # of two periods published on one day the later one counts
        risk_free = Levels(np.array(days, dtype="datetime64[D]"), np.array([bills[day] for day in days])) if days else None
        words = "" if risk_free is None else sha256_hex(risk_free.dates.tobytes(), risk_free.values.tobytes())
        return _Published(observed, risk_free, sha256_hex(fingerprint_of_series(observed.values()).encode(), words.encode()))

    return await context.memory.once("published factors", load)


def note_factors(context: RequestContext, history: FactorHistory | NotComputable) -> None:
    """Say where the factors come from, and how far they reach."""
    if isinstance(history, NotComputable):
        context.provenance.note(warning=f"The history of the factors is not known: {history}.")
        return
    for source in history.panel.sources:
        context.provenance.note(source=source if source in INDICES else f"FRED {source}")
    context.provenance.note(source=RISK_FREE_SOURCE, asof=as_date(_end(history)))
    if history.frequency == "monthly":
        context.provenance.note(
            warning=f"The factors are known by month only, up to {as_date(_end(history))}: their changes are those of monthly averages."
        )


def _end(history: FactorHistory) -> np.datetime64:
    if history.frequency == "daily":
        return np.datetime64(history.periods[-1], "D")
    return np.datetime64((history.periods[-1].astype("datetime64[M]") + 1).astype("datetime64[D]") - np.timedelta64(1, "D"), "D")


def end_of(history: FactorHistory) -> np.datetime64:
    """The last day the factors speak of."""
    return _end(history)


def fingerprint_of(history: FactorHistory | NotComputable) -> str:
    """A hash of every number of a history: part of the key of whatever is computed from it."""
    if isinstance(history, NotComputable):
        return sha256_hex(b"unknown", str(history).encode())
    words = [history.frequency, *history.panel.names, *history.panel.sources]
    return sha256_hex("\x1f".join(words).encode(), history.periods.astype("datetime64[D]").tobytes(), history.panel.changes.tobytes())


def fingerprint_of_series(observed: Iterable[IndicatorSeries]) -> str:
    """A hash of every number of some series, with the days they were published."""
    parts = []
    for one in sorted(observed, key=lambda series: series.name):
        parts += [one.name.encode(), one.dates.astype("datetime64[D]").tobytes(), one.values.tobytes(), one.released.tobytes()]
    return sha256_hex(*parts)


async def _indices(context: RequestContext, pins: Pins) -> dict[str, Levels]:
    async with context.database.transaction(context.actor, read_only=True) as tx:
        found = {one.symbol: one for one in await securities.find_securities_by_symbol(tx, INDICES)}
        if not found:
            return {}
        prices, _ = await load_panels(
            tx,
            pins.pack,
            pins.pack.date - _REACH,
            security_ids=[one.id for one in found.values()],
            currencies=(),
            base_currency=pins.portfolio.base_currency,
        )
    days = prices.days.astype("datetime64[D]")
    closes = {symbol: prices.close[prices.row[found[symbol].id]] for symbol in INDICES if symbol in found}
    return {symbol: Levels(days[own != MISSING], own[own != MISSING] / 1e8) for symbol, own in closes.items()}
