"""Currency attribution of a portfolio: computed from its positions day by day, checked against its daily values, and kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from dawsos.compute.attribution.currency import CurrencyAttribution, Effect, currency_attribution
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.valuation.nav_change import nav_change
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.compute.valuation.position_panel import PositionPanel
from dawsos.kernel.canonical import canonical_bytes
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, of_present_state
from dawsos.services.history import METHOD as HISTORY
from dawsos.services.metrics import STANDARD_LOOKBACK
from dawsos.services.positions import position_window
from dawsos.store import attribution as store
from dawsos.store.attribution import AttributionRecord, NewAttribution
from dawsos.store.transaction import DatabaseTransaction

#: An attribution whose parts miss the return by more than this is shown with a warning and never stored as official.
TOLERANCE_BPS: Final = 0.1
_FIGURES: Final = ("local_return", "fx_return", "interaction_return", "total_return", "base_return_actual", "error_bps")
_NOTHING: Final = "the portfolio has no valued day up to this date"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionFigures:
    """The parts of a return as fractions; null with reasons when they could not be computed."""

    base_currency: str
    lookback_days: int
    start_date: date | None = None
    end_date: date | None = None
    local_return: float | None = None
    fx_return: float | None = None
    interaction_return: float | None = None
    total_return: float | None = None
    base_return_actual: float | None = None
    error_bps: float | None = None
    attribution_by_currency: dict[str, Effect] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttributionInputs:
    """Positions over the window and, independently, the daily values of the same days."""

    panel: PositionPanel | None
    series: NavSeries
    base_currency: str
    lookback_days: int


class CurrencyAttributions(Derivation[AttributionInputs, AttributionFigures]):
    """Local, currency and interaction part of the return of the whole portfolio; parameter ``lookback_days``."""

    name: ClassVar[str] = "currency_attribution"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = AttributionFigures
    built_on: ClassVar[tuple[str, ...]] = (HISTORY,)
    tables: ClassVar[tuple[str, ...]] = ("currency_attribution", "app.derived_results")

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> AttributionInputs:
        """The daily values of the window, and every position, price and rate in it."""
        pins = context.pinned()
        lookback = int(parameters["lookback_days"])
        window = await position_window(context, pins, lookback)
        return AttributionInputs(window.panel, window.series, pins.portfolio.base_currency, lookback)

    def compute(self, inputs: AttributionInputs) -> AttributionFigures:
        """The linked parts, and how far their sum is from the return by the daily values."""
        if inputs.panel is None:
            return _missing(inputs, _NOTHING)
        found = currency_attribution(inputs.panel, base_return_actual=nav_change(inputs.series).exact_return)
        return _missing(inputs, str(found)) if isinstance(found, NotComputable) else _figures(found, inputs)

    async def read(self, tx: DatabaseTransaction, key: DerivationKey, moment: datetime) -> tuple[AttributionFigures, datetime] | None:
        """The official row of the date when it is of this very state, else what was kept under the key."""
        if key.parameters["lookback_days"] == STANDARD_LOOKBACK and key.portfolio_id and key.pricing_pack_id and key.ledger_commit_hash:
            row = await store.find_attribution(
                tx,
                key.portfolio_id,
                asof_date=date.fromisoformat(key.parameters["asof_date"]),
                pricing_pack_id=key.pricing_pack_id,
                ledger_commit_hash=key.ledger_commit_hash,
                lookback_days=STANDARD_LOOKBACK,
            )
            if row is not None:
                return _of_row(row, date.fromisoformat(key.parameters["asof_date"])), row.created_at
        return await super().read(tx, key, moment)

    async def write(self, tx: DatabaseTransaction, key: DerivationKey, result: AttributionFigures, moment: datetime) -> None:
        """Keep the result, see :meth:`write_many`."""
        await self.write_many(tx, [(key, result)], moment)

    async def kept(self, tx: DatabaseTransaction, keys: Sequence[DerivationKey], moment: datetime) -> set[DerivationKey]:
        """Those of ``keys`` with an official row or a kept result."""
        found = await super().kept(tx, keys, moment)
        pinned = [key for key in keys if key.portfolio_id and key.ledger_commit_hash and key.pricing_pack_id]
        states = {(key.pricing_pack_id or "", key.parameters["asof_date"]) for key in pinned if _is_standard(key)}
        for pack_id, day in states:
            mine = {key.portfolio_id: key for key in pinned if (key.pricing_pack_id, key.parameters["asof_date"]) == (pack_id, day)}
            done = await store.attributed(
                tx,
                {one: key.ledger_commit_hash or "" for one, key in mine.items() if one is not None},
                asof_date=date.fromisoformat(day),
                pricing_pack_id=pack_id,
                lookback_days=STANDARD_LOOKBACK,
            )
            found |= {mine[one] for one in done}
        return found

    async def write_many(
        self, tx: DatabaseTransaction, results: Iterable[tuple[DerivationKey, AttributionFigures]], moment: datetime
    ) -> None:
        """A result of the standard window and the present state that holds the tolerance becomes the official row of its date."""
        kept = [(key, result, _official(key, result)) for key, result in results]
        present = await of_present_state(tx, (key for key, _, row in kept if row is not None))
        await store.put_new_attributions(tx, [row for key, _, row in kept if row is not None and key in present], moment)
        await super().write_many(tx, [(key, result) for key, result, row in kept if row is None or key not in present], moment)


def _is_standard(key: DerivationKey) -> bool:
    return bool(key.parameters["lookback_days"] == STANDARD_LOOKBACK)


def attribution_parameters(pins: Pins, lookback_days: int) -> dict[str, Any]:
    """Everything besides the pins that an attribution depends on."""
    return {"lookback_days": lookback_days, "asof_date": pins.pack.date.isoformat()}


def _figures(found: CurrencyAttribution, inputs: AttributionInputs) -> AttributionFigures:
    return AttributionFigures(
        base_currency=found.base_currency,
        lookback_days=inputs.lookback_days,
        start_date=found.start_date,
        end_date=found.end_date,
        attribution_by_currency=found.attribution_by_currency,
        reasons={},
        **{name: getattr(found, name) for name in _FIGURES},
    )


def _missing(inputs: AttributionInputs, reason: str) -> AttributionFigures:
    reasons = dict.fromkeys((*_FIGURES, "start_date", "end_date"), reason)
    return AttributionFigures(base_currency=inputs.base_currency, lookback_days=inputs.lookback_days, reasons=reasons)


def _of_row(row: AttributionRecord, asof_date: date) -> AttributionFigures:
    return AttributionFigures(
        base_currency=row.base_currency,
        lookback_days=STANDARD_LOOKBACK,
        start_date=row.start_date,
        end_date=asof_date,
        attribution_by_currency={code: Effect(**effect) for code, effect in row.attribution_by_currency.items()},
        reasons={},
        **{name: _number(getattr(row, name)) for name in _FIGURES},
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value) + 0.0


def _official(key: DerivationKey, result: AttributionFigures) -> NewAttribution | None:
    figures = {name: getattr(result, name) for name in _FIGURES}
    if None in figures.values() or result.lookback_days != STANDARD_LOOKBACK or figures["error_bps"] > TOLERANCE_BPS:
        return None
    if not (key.portfolio_id and key.pricing_pack_id and key.ledger_commit_hash and result.start_date and result.end_date):
        return None
    if result.end_date.isoformat() != key.parameters["asof_date"]:
        return None
    return NewAttribution(
        portfolio_id=key.portfolio_id,
        asof_date=result.end_date,
        pricing_pack_id=key.pricing_pack_id,
        ledger_commit_hash=key.ledger_commit_hash,
        lookback_days=result.lookback_days,
        start_date=result.start_date,
        attribution_by_currency=canonical_bytes(result.attribution_by_currency).decode(),
        base_currency=result.base_currency,
        **figures,
    )


ATTRIBUTIONS: Final = CurrencyAttributions()
