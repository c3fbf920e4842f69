"""What a valuation is given: lots, facts about securities, and the prices of one pack."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Protocol
from uuid import UUID

import numpy as np

#: ``security_type`` of the position that is the cash of one currency.
CASH: Final = "CASH"


class OpenLot(Protocol):
    """What valuation reads of a lot; ``dawsos.compute.ledger`` keeps them. ``cost_basis`` is of the open quantity, in ``currency``."""

    @property
    def id(self) -> UUID: ...
    @property
    def security_id(self) -> UUID: ...
    @property
    def symbol(self) -> str | None: ...
    @property
    def qty_open(self) -> Decimal: ...
    @property
    def qty_original(self) -> Decimal: ...
    @property
    def cost_basis(self) -> Decimal: ...
    @property
    def cost_basis_base(self) -> Decimal: ...
    @property
    def acquisition_date(self) -> date: ...
    @property
    def currency(self) -> str: ...
    @property
    def trade_fx_rate(self) -> Decimal: ...


class SecurityFacts(Protocol):
    """What valuation reads of a security."""

    @property
    def symbol(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def security_type(self) -> str | None: ...
    @property
    def sector(self) -> str | None: ...
    @property
    def currency(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PriceQuote:
    """The close of one security in a pack, as it traded (not adjusted for splits after ``price_date``).

    ``price_date`` is the day of the close, which a pack may carry forward; ``currency`` None means the security's own.
    """

    close: Decimal
    price_date: date
    currency: str | None = None


def stale_days(price_date: date, as_of: date) -> int:
    """Weekdays after ``price_date`` up to and including ``as_of``: 0 for Friday's close on a Sunday, 1 on the Monday after."""
    one_day = np.timedelta64(1, "D")
    return max(0, int(np.busday_count(np.datetime64(price_date) + one_day, np.datetime64(as_of) + one_day)))
