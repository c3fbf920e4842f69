"""Constant-quantity holding segments and dated flows: what valuation needs of the ledger, as columns."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Int8 = npt.NDArray[np.int8]
Bool = npt.NDArray[np.bool_]
Float64 = npt.NDArray[np.float64]

#: ``end_day`` of a segment that is still held.
OPEN_END: Final = np.iinfo(np.int32).max
#: Security quantities are whole numbers of this part of a unit, cash whole numbers of cents.
QUANTITY_STEPS: Final = 100_000_000
CENTS: Final = 100

_EPOCH: Final = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01, the integer behind ``numpy.datetime64[D]``."""
    return (day - _EPOCH).days


def calendar_day(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=number)


class FlowKind(IntEnum):
    """Which transaction a flow row comes from."""

    BUY = 1
    SELL = 2
    DIVIDEND = 3
    INTEREST = 4
    FEE = 5
    TAX = 6
    DEPOSIT = 7
    WITHDRAWAL = 8
    TRANSFER_IN = 9
    TRANSFER_OUT = 10
    SPLIT = 11


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something a portfolio holds: a security (``security_id`` set) or the cash of one currency (``security_id`` None)."""

    security_id: UUID | None
    symbol: str | None
    currency: str

    @property
    def is_cash(self) -> bool:
        return self.security_id is None


@dataclass(frozen=True, slots=True, eq=False)
class HoldingSegments:
    """Quantities held at the end of each day, and what moved, for a block of portfolios (P), segments (S), flows (F), splits (X).

    Days are ``int32`` day numbers (:func:`day_number`). Portfolio *p* owns rows ``offsets[p]:offsets[p + 1]``.

    Segments, sorted by (portfolio, instrument, start_day), adjacent and without overlap; none where the quantity is zero.
    ``quantity`` was held at the end of every day in ``[start_day, end_day)``: 1e-8 steps for a security, cents for cash
    (cash may be negative). A position opened and closed on one day has no segment, only flows.

    Flows, sorted by (portfolio, day, booking order). ``flow_amount`` is in cents of currency ``flow_currency`` (index into ``currencies``),
    **positive into the instrument**: a purchase is + on the security and − on the cash, a dividend − on the security and + on the cash.
    The change of a cash quantity is the sum of its ``flow_amount``; the change of a security's is the sum of its ``flow_quantity``
    (and splits). Purchases, deposits and transfers in count from the start of their day, as every external flow does
    (docs/architecture.md, 5).

    - ``flow_is_external``: counts in F of the time-weighted return. An external flow in kind has ``flow_amount`` 0 and is worth
      ``flow_quantity`` × that day's price.
    - ``flow_is_gain``: a movement of cash that is itself the result of holding the cash (interest, account fees, taxes), hence no flow
      in the instrument's gain. Interest, fees and taxes that name a security are instead flows between that security and the cash.
    - ``flow_fx_rate``: the rate to base in 1e-8 frozen on the transaction, for reference; performance uses the day's rate.

    Splits: on ``split_day`` quantities become × ``split_to / split_from`` (1e-8 steps each); segments already hold the result.
    """

    portfolio_ids: tuple[UUID, ...]
    instruments: tuple[Instrument, ...]
    currencies: tuple[str, ...]

    segment_offsets: Int64  # [P + 1]
    instrument: Int32  # [S] index into instruments
    start_day: Int32  # [S]
    end_day: Int32  # [S] exclusive; OPEN_END while held
    quantity: Int64  # [S]

    flow_offsets: Int64  # [P + 1]
    flow_instrument: Int32  # [F]
    flow_day: Int32  # [F]
    flow_kind: Int8  # [F] a FlowKind
    flow_amount: Int64  # [F] cents of flow_currency
    flow_currency: Int32  # [F] index into currencies
    flow_fx_rate: Int64  # [F] 1e-8
    flow_quantity: Int64  # [F] 1e-8 steps, signed; 0 on cash rows
    flow_is_external: Bool  # [F]
    flow_is_gain: Bool  # [F]

    split_offsets: Int64  # [P + 1]
    split_instrument: Int32  # [X]
    split_day: Int32  # [X]
    split_from: Int64  # [X]
    split_to: Int64  # [X]

    def units(self) -> Float64:
        """``quantity`` of every segment as float64 in whole units: shares, or whole currency for cash."""
        steps = np.array([CENTS if one.is_cash else QUANTITY_STEPS for one in self.instruments], dtype=np.float64)
        return self.quantity / steps[self.instrument]
