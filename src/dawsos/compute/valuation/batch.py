"""The positions of very many portfolios valued with one pack at once, exact to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.segments import Float64, Int32, Int64
from dawsos.compute.valuation.panels import MISSING, whole_rate
from dawsos.compute.valuation.rates import RateTable
from dawsos.compute.valuation.undecided import exact_cents, with_room
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LotColumns:
    """Open lots and cash of P portfolios as columns, in any order.

    ``portfolio`` and ``security`` are numbers from 0; ``qty_open`` is in 1e-8 steps; ``cash_amount`` in cents of ``cash_currency`` (an
    index into the currencies the block is valued with); ``base`` is the index of each portfolio's base currency.
    """

    portfolio: Int32  # [L]
    security: Int32  # [L]
    qty_open: Int64  # [L]
    cash_portfolio: Int32  # [A]
    cash_currency: Int32  # [A]
    cash_amount: Int64  # [A]
    base: Int32  # [P]


@dataclass(frozen=True, slots=True, eq=False)
class PositionBlock:
    """Lots gathered into positions and sorted for valuation: made once per ledger state, valued with as many packs as one likes.

    Portfolios of one base currency stand together, so that a single row of unit values is in use at a time; ``place`` says where each
    portfolio went.
    """

    place: Int64  # [P]
    base: Int32  # [P] in sorted order, like everything below
    offsets: npt.NDArray[np.uint64]  # [P + 1]
    security: npt.NDArray[np.uint32]  # [positions]
    quantity: Int64  # [positions]
    steps: Float64  # [positions] the quantity as float64, correctly rounded
    largest: Float64  # [P] the largest quantity, of either sign
    cash_offsets: npt.NDArray[np.uint64]  # [P + 1]
    cash_currency: Int32  # [accounts]
    cash_amount: Int64  # [accounts]

    @classmethod
    def of(cls, lots: LotColumns) -> Self:
        """Gather lots of one security and portfolio into one position. Raises :class:`Invalid` for a number out of range."""
        count = len(lots.base)
        for numbers in (lots.portfolio, lots.cash_portfolio):
            if len(numbers) and (numbers.min() < 0 or numbers.max() >= count):
                raise Invalid(
                    f"A lot or account is of a portfolio outside 0 … {count - 1}.", remedy="Give every portfolio a base currency."
                )
        if min(lots.security.min(initial=0), lots.cash_currency.min(initial=0)) < 0:
            raise Invalid("A security or currency number is negative.", remedy="Number them from 0.")
        order = np.argsort(lots.base, kind="stable")
        place = np.empty(count, dtype=np.int64)
        place[order] = np.arange(count)
        offsets, security, quantity = _gathered(place[lots.portfolio], lots.security, lots.qty_open, count)
        cash_offsets, currency, amount = _gathered(place[lots.cash_portfolio], lots.cash_currency, lots.cash_amount, count)
        return cls(
            place=place,
            base=lots.base[order],
            offsets=offsets,
            security=security.astype(np.uint32),
            quantity=quantity,
            steps=quantity.astype(np.float64),
            largest=_largest(offsets, quantity),
            cash_offsets=cash_offsets,
            cash_currency=currency.astype(np.int32),
            cash_amount=amount,
        )


def _largest(offsets: npt.NDArray[np.uint64], quantity: Int64) -> Float64:
    largest = np.zeros(len(offsets) - 1)
    begins = np.flatnonzero(offsets[:-1] < offsets[1:])
    if len(begins):
        largest[begins] = np.maximum.reduceat(np.abs(quantity.astype(np.float64)), offsets[begins].astype(np.intp))
    return largest


def _gathered(
    portfolio: Int64, thing: Int32, amount: Int64, count: int
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.integer[Any]], Int64]:
    """Rows sorted by (portfolio, thing), those of one thing added up, and where each portfolio's rows begin."""
    key = portfolio * (int(thing.max(initial=0)) + 1) + thing
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.empty(0, dtype=np.int64)
    sums = np.add.reduceat(amount[order], starts) if len(key) else amount
    kept = order[starts]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(portfolio[kept], minlength=count))]).astype(np.uint64)
    return offsets, thing[kept], sums


@dataclass(frozen=True, slots=True, eq=False)
class BatchValues:
    """Cents of each portfolio's base currency; ``unpriced`` positions and accounts lack a price or a rate and count for nothing."""

    securities_value: Int64  # [P]
    cash: Int64  # [P]
    unpriced: Int64  # [P]

    @property
    def nav(self) -> Int64:
        return self.cash + self.securities_value


@dataclass(frozen=True, slots=True, eq=False)
class PackColumns:
    """One pack's prices and rates as columns: ``close`` in 1e-8 of the currency with index ``currency``, MISSING where there is none.

    ``rate[b, c]`` to base currency *b* from currency *c* and ``whole[b, c]`` the same in 1e-8 steps, as in
    :class:`dawsos.compute.valuation.panels.RatePanel`.
    """

    close: Int64  # [S]
    currency: Int32  # [S]
    currencies: tuple[str, ...]
    rate: Float64  # [C × C]
    whole: Int64  # [C × C]
    table: RateTable

    @classmethod
    def of(cls, close: Int64, currency: Int32, currencies: Sequence[str], table: RateTable) -> Self:
        """Every pair of ``currencies`` is looked up once."""
        size = len(currencies)
        rate, whole = np.zeros((size, size)), np.full((size, size), MISSING, dtype=np.int64)
        for b, base in enumerate(currencies):
            for c, own in enumerate(currencies):
                if path := table.find(own, base):
                    rate[b, c], whole[b, c] = float(path.rate), whole_rate(path.rate)
        return cls(close, currency, tuple(currencies), rate, whole, table)

    def exact(self, base: int, currency: int) -> Decimal:
        """The exact rate behind ``rate[base, currency]``."""
        return self.table.rate(self.currencies[currency], self.currencies[base])


def value_lots_batch(block: PositionBlock, pack: PackColumns) -> BatchValues:
    """Value every position of every portfolio of ``block`` with one pack.

    Per position and cash account round(quantity × close × rate) to the cent, half to even, of the exact product, summed: what
    ``value_positions`` shows, for all portfolios at once. The float64 product decides wherever it cannot be wrong and whole numbers or
    decimals elsewhere (:mod:`dawsos.compute.valuation.rounding_kernel`). Results are in the portfolios' own order.
    """
    # The compiler takes a second to import, and most processes never value a batch.
    from dawsos.compute.valuation import batch_kernel  # noqa: PLC0415

    close = np.where(pack.close == MISSING, 0, pack.close)
    unit_value = np.take(pack.rate, pack.currency, axis=1)
    unit_value *= close * 1e-14
    highest = unit_value.max(axis=1, initial=0.0)
    values, cash = np.empty(len(block.base), dtype=np.int64), np.empty(len(block.base), dtype=np.int64)
    positions = with_room(
        lambda undecided, _: batch_kernel.value_portfolios(
            block.offsets,
            block.base,
            block.security,
            block.quantity,
            block.steps,
            block.largest,
            unit_value,
            highest,
            close,
            pack.currency,
            pack.whole,
            values,
            undecided,
        )
    )
    accounts = with_room(
        lambda undecided, _: batch_kernel.value_cash(
            block.cash_offsets, block.base, block.cash_currency, block.cash_amount, pack.rate, pack.whole, cash, undecided
        )
    )
    for row, _, quantity in positions:
        security, p = block.security[row], _owner(block.offsets, row)
        values[p] += exact_cents(quantity, int(close[security]), pack.exact(block.base[p], pack.currency[security]))
    for row, _, amount in accounts:
        p = _owner(block.cash_offsets, row)
        cash[p] += exact_cents(amount, None, pack.exact(block.base[p], block.cash_currency[row]))
    return BatchValues(values[block.place], cash[block.place], _unpriced(block, pack)[block.place])


def _owner(offsets: npt.NDArray[np.uint64], row: int) -> int:
    return int(np.searchsorted(offsets, np.uint64(row), side="right")) - 1


def _unpriced(block: PositionBlock, pack: PackColumns) -> Int64:
    """How many positions and accounts of each portfolio lack a price or a rate."""
    no_price, no_rate = pack.close == MISSING, pack.whole == MISSING
    count = np.zeros(len(block.base), dtype=np.int64)
    if no_price.any() or no_rate.any():
        owner = np.repeat(np.arange(len(block.base)), _lengths(block.offsets))
        lacking = no_price[block.security] | no_rate[block.base[owner], pack.currency[block.security]]
        count += np.bincount(owner[lacking], minlength=len(count))
        owner = np.repeat(np.arange(len(block.base)), _lengths(block.cash_offsets))
        count += np.bincount(owner[no_rate[block.base[owner], block.cash_currency]], minlength=len(count))
    return count


def _lengths(offsets: npt.NDArray[np.uint64]) -> Int64:
    return (offsets[1:] - offsets[:-1]).astype(np.int64)
