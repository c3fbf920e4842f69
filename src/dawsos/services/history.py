"""The daily values of a portfolio: kept with the state they were computed under, computed anew when that state is another."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from dawsos.compute.ledger.segment_building import segments
from dawsos.compute.valuation.history import nav_history
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.kernel.ledger import Transaction
from dawsos.services.context import Pins, RequestContext
from dawsos.services.holdings import pinned_transactions
from dawsos.services.panels import load_panels
from dawsos.store import derived as derived_store
from dawsos.store import history as store
from dawsos.store import ledger as ledger_store
from dawsos.store import packs as packs_store
from dawsos.store.history import NavSeriesRecord
from dawsos.store.packs import PackRecord
from dawsos.store.transaction import DatabaseTransaction

METHOD: Final = "nav_history/1"
DERIVATION: Final = "nav_history"
_COLUMNS: Final = ("nav", "cash", "securities_value", "total_pl", "daily_pl", "net_external_flow")
_LOCK_SPACE: Final = 0x6E61765F


@dataclass(frozen=True, slots=True)
class DailyHistory:
    """The valued days up to the pinned pack's, and why days are missing among them."""

    series: NavSeries
    gaps: tuple[str, ...]
    stored: bool


async def daily_history(context: RequestContext, pins: Pins) -> DailyHistory:
    """The daily values from the first booking to the pinned pack, under the pinned ledger state."""

    async def load() -> DailyHistory:
        return await _get_or_compute(context, pins)

    history = await context.memory.once("history", load)
    context.provenance.note(method_version=METHOD, origin="stored" if history.stored else "computed")
    return history


async def _get_or_compute(context: RequestContext, pins: Pins) -> DailyHistory:
    async with context.database.transaction(context.actor) as tx:
        found = await _stored(tx, pins)
    if found is not None:
        context.meters.derivations.labels(DERIVATION, "hit").inc()
        return DailyHistory(found.through(pins.pack.date), (), stored=True)
    transactions = await pinned_transactions(context, pins)
    async with context.database.transaction(context.actor) as tx:
        await derived_store.lock_key(tx, _lock_key(pins.portfolio.id))
        found = await _stored(tx, pins)
        if found is not None:  # somebody else was faster
            context.meters.derivations.labels(DERIVATION, "hit").inc()
            return DailyHistory(found.through(pins.pack.date), (), stored=True)
        target = await _target(tx, pins)
        with context.meters.derivation_duration.labels(DERIVATION).time():
            series, gaps = await compute_history(tx, transactions, target or pins.pack, pins.portfolio.base_currency)
        if target is not None and not gaps:
            await keep_history(tx, pins, target, series, moment=context.clock.now())
    context.meters.derivations.labels(DERIVATION, "miss").inc()
    return DailyHistory(series.through(pins.pack.date), tuple(gaps), stored=False)


async def _stored(tx: DatabaseTransaction, pins: Pins) -> NavSeries | None:
    """The kept series, if it was computed under the pinned state and reaches the pinned pack."""
    return usable_series(await store.find_nav_series(tx, pins.portfolio.id), pins)


def usable_series(kept: NavSeriesRecord | None, pins: Pins) -> NavSeries | None:
    """``kept`` unpacked, if it was computed under the pinned state and reaches the pinned pack."""
    if kept is None or pins.pack.superseded_by is not None:
        return None
    state = (kept.ledger_commit_hash, kept.edition, kept.method_version, kept.currency)
    if state != (pins.ledger.commit_hash, pins.pack.edition, METHOD, pins.portfolio.base_currency):
        return None
    series = _unpacked(kept)
    return series if series.last_date is None or series.last_date >= pins.pack.date else None


async def _target(tx: DatabaseTransaction, pins: Pins) -> PackRecord | None:
    """The pack to compute up to when the result is worth keeping: the newest one, for the ledger as it stands now."""
    newest = await packs_store.pack_in_force(tx, pins.pack.policy)
    head = await ledger_store.ledger_head(tx, pins.portfolio.id)
    is_present = head is not None and head.sequence == pins.ledger.sequence
    if newest is None or not is_present or newest.edition != pins.pack.edition or pins.pack.superseded_by is not None:
        return None
    return newest


async def compute_history(
    tx: DatabaseTransaction, transactions: Sequence[Transaction], pack: PackRecord, base_currency: str
) -> tuple[NavSeries, list[str]]:
    """Replay ``transactions`` over every pack up to ``pack``: the series, and a reason for every day that could not be valued."""
    if not transactions:
        return NavSeries.empty(), []
    first = min(entry.transaction_date for entry in transactions)
    prices, rates = await load_panels(
        tx,
        pack,
        first,
        security_ids={entry.security_id for entry in transactions if entry.security_id},
        currencies={entry.currency for entry in transactions} | {base_currency},
        base_currency=base_currency,
    )

    def compute() -> tuple[NavSeries, list[str]]:
        history = nav_history(segments([transactions]), prices, rates, base_currency)
        return NavSeries.of(history), [gap.reason for gap in history.gaps()]

    return await asyncio.to_thread(compute)


async def keep_history(tx: DatabaseTransaction, pins: Pins, pack: PackRecord, series: NavSeries, *, moment: Any) -> None:
    """Keep the series packed, and the rows of ``portfolio_daily_values`` that changed beside it."""
    kept = await store.find_nav_series(tx, pins.portfolio.id)
    changed = series.first_difference(_unpacked(kept)) if kept is not None and kept.currency == pins.portfolio.base_currency else date.min
    await store.put_nav_series(tx, _record(pins, pack, series), moment)
    if changed is not None:
        visible = {one.date: one.id for one in await store.visible_packs(tx, pack, changed)}
        await store.replace_daily_values(tx, pins.portfolio.id, _rows(pins, series, visible, changed), first=changed)


async def keep_histories(tx: DatabaseTransaction, pack: PackRecord, found: Sequence[tuple[Pins, NavSeries]], *, moment: Any) -> None:
    """Keep the series of many portfolios, as :func:`keep_history` keeps each. Take :func:`lock_histories` first."""
    before = await store.nav_series_of(tx, [pins.portfolio.id for pins, _ in found])
    changed: dict[UUID, date] = {}
    for pins, series in found:
        kept = before.get(pins.portfolio.id)
        same = kept is not None and kept.currency == pins.portfolio.base_currency
        first = series.first_difference(_unpacked(kept)) if kept is not None and same else date.min
        if first is not None:
            changed[pins.portfolio.id] = first
    await store.put_many_nav_series(tx, [_record(pins, pack, series) for pins, series in found], moment)
    if changed:
        visible = {one.date: one.id for one in await store.visible_packs(tx, pack, min(changed.values()))}
        rows = (row for pins, series in found if (first := changed.get(pins.portfolio.id)) for row in _rows(pins, series, visible, first))
        await store.replace_many_daily_values(tx, changed, rows)


async def lock_histories(tx: DatabaseTransaction, portfolio_ids: Iterable[UUID]) -> None:
    """Keep everybody else from computing these histories until the end of the transaction."""
    await derived_store.lock_keys(tx, [_lock_key(one) for one in portfolio_ids])


def _lock_key(portfolio_id: UUID) -> int:
    return _LOCK_SPACE << 28 | portfolio_id.int & 0xFFFFFFF


def _record(pins: Pins, pack: PackRecord, series: NavSeries) -> NavSeriesRecord:
    packed = series.packed()
    return NavSeriesRecord(
        portfolio_id=pins.portfolio.id,
        edition=pack.edition,
        pricing_pack_id=pack.id,
        ledger_commit_hash=pins.ledger.commit_hash,
        method_version=METHOD,
        currency=pins.portfolio.base_currency,
        dates=packed["days"],
        **{name: packed[name] for name in _COLUMNS},
    )


def _rows(pins: Pins, series: NavSeries, pack_of: dict[date, str], first: date) -> Iterator[tuple[Any, ...]]:
    columns = (series.amounts(name) for name in _COLUMNS)
    for day, nav, cash, securities_value, total_pl, daily_pl, flow in zip(series.dates, *columns, strict=True):
        if day >= first:
            yield (
                pins.portfolio.id, day, nav, cash, securities_value, total_pl, daily_pl, flow, pins.portfolio.base_currency,
                pack_of.get(day), pins.ledger.commit_hash,
            )  # fmt: skip


def _unpacked(kept: NavSeriesRecord) -> NavSeries:
    return NavSeries.unpacked(days=kept.dates, **{name: getattr(kept, name) for name in _COLUMNS})
