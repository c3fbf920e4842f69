"""Securities to compare one with, and what their prices did in a year."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from dawsos.compute.valuation.panels import MISSING
from dawsos.compute.valuation.price_return import price_return
from dawsos.services.context import Pins, RequestContext
from dawsos.services.panels import load_panels
from dawsos.store import securities as securities_store
from dawsos.store.securities import SecurityRecord

YEAR: Final = "a year ago"


async def same_sector(context: RequestContext, own: SecurityRecord, sector: str | None) -> list[SecurityRecord]:
    """Active securities of ``sector`` and of the type of ``own``, without itself."""
    async with context.database.transaction(context.actor, read_only=True) as tx:
        known = await securities_store.list_active_securities(tx)
    return [one for one in known if one.sector == sector and one.security_type == own.security_type and one.id != own.id]


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


async def price_returns(context: RequestContext, pins: Pins, wanted: Sequence[SecurityRecord]) -> dict[UUID, float | None]:
    """The change of price from the last pack on or before the day a year ago to the pinned one; None without a price on either."""
    start = _year_before(pins.pack.date)
    async with context.database.transaction(context.actor, read_only=True) as tx:
        prices, _ = await load_panels(
            tx, pins.pack, date.fromordinal(start.toordinal() - 7), security_ids={one.id for one in wanted}, currencies=(), base_currency=""
        )
    return {
        security_id: price_return(prices.days, prices.close[place], start, pins.pack.date, missing=MISSING)
        for place, security_id in enumerate(prices.security_ids)
    }
