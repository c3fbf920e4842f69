"""The restatement bridge: a change of NAV and return between two states, taken apart by what caused each piece, without remainder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.segment_building import segments
from dawsos.compute.risk.performance import PLACES, performance_summary
from dawsos.compute.valuation.history import nav_history
from dawsos.compute.valuation.market_view import MarketView
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.kernel.errors import InsufficientData
from dawsos.kernel.ledger import Transaction
from dawsos.kernel.money import ZERO

_STEP: Final = Decimal(1).scaleb(-PLACES)


class CauseKind(StrEnum):
    """What kind of object caused a piece of the change."""

    ENTRY = "entry"
    DAY = "day"
    PRICE = "price"
    RATE = "rate"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Figures:
    """What is compared: the value on a day, and the return of its year so far, rounded to eight places (None when it has none)."""

    nav: Decimal
    twr_ytd: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One object that is different, and what it changed. ``before`` and ``after`` are its two values, null where it was not there."""

    kind: CauseKind
    subject: str
    date: date
    before: str | None
    after: str | None
    nav_change: Decimal
    twr_ytd_change: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A ledger state under a pack: ``entries`` in booking order, the market as the pack sees it, valued on ``asof``."""

    entries: tuple[Transaction, ...]
    market: MarketView
    asof: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """The two figures and the causes between them; the changes sum to the differences exactly."""

    before: Figures
    after: Figures
    causes: tuple[Cause, ...]


def restatement_bridge(before: State, after: State, *, base_currency: str, names: Mapping[UUID, str]) -> Bridge:
    """Take the change from ``before`` to ``after`` apart.

    The objects that differ are exchanged one after another, in this order: entries of the ledger in booking order, days that only one of
    the packs sees, closes and quoted rates by date up to the earlier of the two dates, and then the passage of time, day by day. After each
    exchange everything is valued anew, and what the figures changed by is that object's piece. The pieces are differences of neighbours in
    one chain of values, so they sum to the whole exactly: NAV to the cent, the return to the eighth place. The piece of an object depends
    on the order where two act on the same amount; the order is fixed, so the answer is.

    One ledger must be a continuation of the other. ``names`` are the securities' symbols. Raises :class:`InsufficientData` when a state on
    the way cannot be valued, and names the reason.
    """
    if after.asof < before.asof:
        return _turned(restatement_bridge(after, before, base_currency=base_currency, names=names))
    before.market.refuse_other_shape(after.market)
    chain = _Chain(before, base_currency)
    first = chain.figures
    causes = [
        *chain.entries(before.entries, after.entries),
        *chain.days(after.market, before.asof),
        *chain.prices(after.market, before.asof, names),
        *chain.rates(after.market, before.asof),
        *chain.passage(after.market, after.asof),
    ]
    return Bridge(before=first, after=chain.figures, causes=tuple(causes))


def _turned(bridge: Bridge) -> Bridge:
    causes = [
        replace(
            one,
            before=one.after,
            after=one.before,
            nav_change=-one.nav_change,
            twr_ytd_change=None if one.twr_ytd_change is None else -one.twr_ytd_change,
        )
        for one in reversed(bridge.causes)
    ]
    return Bridge(before=bridge.after, after=bridge.before, causes=tuple(causes))


def state_figures(state: State, base_currency: str) -> Figures:
    """NAV on the state's day and the time-weighted return of its year so far; an empty ledger is worth nothing and has no return."""
    if not any(entry.transaction_date <= state.asof for entry in state.entries):
        return Figures(ZERO, None)
    history = nav_history(segments([state.entries]), state.market.prices, state.market.rates, base_currency)
    series = NavSeries.of(history).through(state.asof)
    if series.last_date != state.asof:
        reasons = [gap.reason for gap in history.gaps() if gap.date == state.asof] or [f"There is no valuation on {state.asof}."]
        raise InsufficientData(f"The portfolio has no value on {state.asof}: {reasons[0]}", remedy="Compare two days that both have one.")
    found = performance_summary(
        series.days.astype("datetime64[D]"), series.units("nav"), series.units("net_external_flow"), asof=state.asof, opening_nav=0.0
    )
    return Figures(series.amounts("nav")[-1], None if found.twr_ytd is None else Decimal(repr(found.twr_ytd)).quantize(_STEP))


class _Chain:
    """The state as it is exchanged piece by piece."""

    def __init__(self, state: State, base_currency: str) -> None:
        self._state, self._base = state, base_currency
        self.figures = state_figures(state, base_currency)

    @property
    def _market(self) -> MarketView:
        return self._state.market

    def _exchange(self, state: State, kind: CauseKind, subject: str, day: date, values: tuple[str | None, str | None]) -> Cause:
        earlier, self._state = self.figures, state
        self.figures = state_figures(state, self._base)
        returns = (earlier.twr_ytd, self.figures.twr_ytd)
        return Cause(
            kind=kind,
            subject=subject,
            date=day,
            before=values[0],
            after=values[1],
            nav_change=self.figures.nav - earlier.nav,
            twr_ytd_change=None if returns[0] is None or returns[1] is None else returns[1] - returns[0],
        )

    def entries(self, before: Sequence[Transaction], after: Sequence[Transaction]) -> Iterator[Cause]:
        """Entries booked in between, or, backwards, taken out again."""
        added = after[len(before) :]
        removed = before[len(after) :]
        for entry in added:
            yield from self._entry((*self._state.entries, entry), entry, is_added=True)
        for entry in reversed(removed):
            yield from self._entry(self._state.entries[:-1], entry, is_added=False)

    def _entry(self, entries: tuple[Transaction, ...], entry: Transaction, *, is_added: bool) -> Iterator[Cause]:
        said = _said(entry)
        values = (None, said) if is_added else (said, None)
        state = replace(self._state, entries=entries)
        yield self._exchange(state, CauseKind.ENTRY, f"entry {entry.sequence}", entry.transaction_date, values)

    def days(self, market: MarketView, until: date) -> Iterator[Cause]:
        """Days only one of the two sees."""
        ours = set(self._market.days(until))
        for day in sorted(ours ^ set(market.days(until))):
            values = ("valued", None) if day in ours else (None, "valued")
            state = replace(self._state, market=self._market.with_day(day, market))
            yield self._exchange(state, CauseKind.DAY, "valuation day", day, values)

    def prices(self, market: MarketView, until: date, names: Mapping[UUID, str]) -> Iterator[Cause]:
        """Closes that are others, by date and symbol."""
        ids = self._market.prices.security_ids
        by_name = sorted(range(len(ids)), key=lambda row: (names.get(ids[row], ""), ids[row]))
        for day, ours, theirs in self._shared(market, until):
            for row in by_name:
                old, new = self._market.close(row, ours), market.close(row, theirs)
                if old != new:
                    state = replace(self._state, market=self._market.with_close(row, ours, market, theirs))
                    values = (_close(old, new), _close(new, old))
                    yield self._exchange(state, CauseKind.PRICE, names.get(ids[row], str(ids[row])), day, values)

    def rates(self, market: MarketView, until: date) -> Iterator[Cause]:
        """Quoted rates that are others, by date and pair."""
        for day, ours, theirs in self._shared(market, until):
            before, after = self._market.quoted(ours), market.quoted(theirs)
            if before == after:
                continue
            for pair in sorted({*before, *after}):
                old, new = before.get(pair), after.get(pair)
                if old != new:
                    state = replace(self._state, market=self._market.with_rate(ours, pair, new))
                    values = (None if old is None else f"{old:f}", None if new is None else f"{new:f}")
                    yield self._exchange(state, CauseKind.RATE, "/".join(pair), day, values)

    def _shared(self, market: MarketView, until: date) -> Iterator[tuple[date, int, int]]:
        """The days both see, and where they stand in each."""
        for day in self._market.days(until):
            ours, theirs = self._market.column(day), market.column(day)
            if ours is not None and theirs is not None:
                yield day, ours, theirs

    def passage(self, market: MarketView, until: date) -> Iterator[Cause]:
        """The days from the earlier date to the later one: prices, rates, flows and income of each."""
        for day in market.days(until):
            last = self._state.asof
            if day > last:
                state = replace(self._state, market=market.until(day), asof=day)
                yield self._exchange(state, CauseKind.PASSAGE, "one valuation day later", day, (last.isoformat(), day.isoformat()))


Close = tuple[Decimal, date]


def _close(quote: Close | None, other: Close | None) -> str | None:
    """A close as it is written, with its day where the other one was traded on another."""
    if quote is None:
        return None
    is_dated = other is not None and other[1] != quote[1]
    return f"{quote[0].normalize():f}" + (f" of {quote[1]}" if is_dated else "")


def _said(entry: Transaction) -> str:
    what = " ".join(filter(None, (entry.transaction_type.value, entry.symbol)))
    amount = f"{entry.amount:f} {entry.currency}"
    return f"{'reversal of ' if entry.is_reversal else ''}{what} {amount}" + (f" ({entry.narration})" if entry.narration else "")
