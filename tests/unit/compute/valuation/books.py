"""Small books kept by hand: what is held on each day, as segments and as plain quantities to check them against."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np

from dawsos.compute.ledger.segments import OPEN_END, FlowKind, HoldingSegments, Instrument, day_number
from dawsos.kernel.identifiers import named


@dataclass
class Book:
    """One portfolio; days are dates, quantities and amounts decimals or text."""

    name: str = "test"
    currency_of: dict[str, str] = field(default_factory=dict)
    moves: list[tuple] = field(default_factory=list)  # (day, instrument, change)
    flows: list[tuple] = field(default_factory=list)  # (day, instrument, kind, amount, currency, quantity, is_external, is_gain)
    splits: list[tuple] = field(default_factory=list)  # (day, symbol, from, to)

    @property
    def portfolio_id(self):
        return named("portfolio", self.name)

    def _security(self, symbol):
        return Instrument(named("security", symbol), symbol, self.currency_of.get(symbol, "CAD"))

    def _cash(self, currency):
        return Instrument(None, None, currency)

    def _flow(self, day, instrument, kind, amount=0, currency=None, quantity=0, *, external=False, gain=False):
        self.flows.append((day, instrument, kind, Decimal(amount), currency or instrument.currency, Decimal(quantity), external, gain))

    def cash(self, day, currency, amount, *, kind=None, external=True):
        kind = kind or (FlowKind.DEPOSIT if Decimal(amount) > 0 else FlowKind.WITHDRAWAL)
        self.moves.append((day, self._cash(currency), Decimal(amount)))
        self._flow(day, self._cash(currency), kind, amount, external=external)

    def interest(self, day, currency, amount):
        self.moves.append((day, self._cash(currency), Decimal(amount)))
        self._flow(day, self._cash(currency), FlowKind.INTEREST, amount, gain=True)

    def trade(self, day, symbol, quantity, paid):
        """Buy ``quantity`` for ``paid``, or sell (both negative)."""
        one, quantity, paid = self._security(symbol), Decimal(quantity), Decimal(paid)
        kind = FlowKind.BUY if quantity > 0 else FlowKind.SELL
        self.moves += [(day, one, quantity), (day, self._cash(one.currency), -paid)]
        self._flow(day, one, kind, paid, quantity=quantity)
        self._flow(day, self._cash(one.currency), kind, -paid)

    def dividend(self, day, symbol, amount):
        one = self._security(symbol)
        self.moves.append((day, self._cash(one.currency), Decimal(amount)))
        self._flow(day, one, FlowKind.DIVIDEND, -Decimal(amount))
        self._flow(day, self._cash(one.currency), FlowKind.DIVIDEND, amount)

    def in_kind(self, day, symbol, quantity):
        self.moves.append((day, self._security(symbol), Decimal(quantity)))
        kind = FlowKind.TRANSFER_IN if Decimal(quantity) > 0 else FlowKind.TRANSFER_OUT
        self._flow(day, self._security(symbol), kind, quantity=quantity, external=True)

    def convert(self, day, sold, amount, bought, received):
        self.cash(day, sold, -Decimal(amount), kind=FlowKind.TRANSFER_OUT, external=False)
        self.cash(day, bought, Decimal(received), kind=FlowKind.TRANSFER_IN, external=False)

    def split(self, day, symbol, old, new):
        self.splits.append((day, symbol, Decimal(old), Decimal(new)))

    def held(self, day):
        """Quantities at the end of ``day``: {instrument: decimal}."""
        quantities = defaultdict(Decimal)
        events = [(on, 1, one, change) for on, one, change in self.moves] + [
            (on, 0, self._security(symbol), Decimal(new) / Decimal(old)) for on, symbol, old, new in self.splits
        ]
        for on, is_move, one, what in sorted(events, key=lambda event: event[:2]):
            if on <= day:
                quantities[one] = quantities[one] + what if is_move else quantities[one] * what
        return {one: quantity for one, quantity in quantities.items() if quantity}

    def event_days(self):
        return sorted({event[0] for event in [*self.moves, *self.splits]})

    def segments(self):
        """[(instrument, start, end, steps)] without empty ones."""
        days, rows = self.event_days(), []
        held = {day: self.held(day) for day in days}
        for one in dict.fromkeys(one for _, one, _ in self.moves):
            for start, end in zip(days, [*days[1:], None], strict=True):
                steps = int(held[start].get(one, 0) * (100 if one.is_cash else 10**8))
                if rows and rows[-1][0] == one and rows[-1][3] == steps and rows[-1][2] == start:
                    rows[-1] = (one, rows[-1][1], end, steps)
                elif steps:
                    rows.append((one, start, end, steps))
        return rows


def block(*books):
    """The segments of several books as one block."""
    instruments = tuple(dict.fromkeys(one for book in books for _, one, *_ in [*book.moves, *book.flows]))
    currencies = tuple(sorted({one.currency for one in instruments}))
    place = {one: index for index, one in enumerate(instruments)}
    held = [book.segments() for book in books]
    segments = [(place[one], day_number(a), OPEN_END if b is None else day_number(b), q) for rows in held for one, a, b, q in rows]
    flows = [
        (place[one], day_number(day), kind, int(amount * 100), currencies.index(currency), 0, int(quantity * 10**8), external, gain)
        for x in books
        for day, one, kind, amount, currency, quantity, external, gain in sorted(x.flows, key=lambda flow: flow[0])
    ]
    splits = [
        (place[x._security(symbol)], day_number(day), int(old * 10**8), int(new * 10**8))
        for x in books
        for day, symbol, old, new in sorted(x.splits)
    ]

    def columns(rows, *types):
        table = list(zip(*rows, strict=True)) or [[] for _ in types]
        return [np.array(column, dtype=kind) for column, kind in zip(table, types, strict=True)]

    def offsets(counts):
        return np.concatenate([[0], np.cumsum(list(counts))]).astype(np.int64)

    i4, i8 = np.int32, np.int64
    return HoldingSegments(
        tuple(book.portfolio_id for book in books),
        instruments,
        currencies,
        offsets(map(len, held)),
        *columns(segments, i4, i4, i4, i8),
        offsets(len(book.flows) for book in books),
        *columns(flows, i4, i4, np.int8, i8, i4, i8, i8, np.bool_, np.bool_),
        offsets(len(book.splits) for book in books),
        *columns(splits, i4, i4, i8, i8),
    )


def weekdays(start, count):
    """``count`` weekdays from ``start`` (a weekday) on."""
    return [day.item() for day in np.busday_offset(np.datetime64(start), np.arange(count))]


def d(day):
    """A day of January 2024 or later: d(1) is Monday the 1st."""
    return date.fromordinal(date(2023, 12, 31).toordinal() + day)
