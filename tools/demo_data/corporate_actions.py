"""Splits and dividends, read out of the ratio of adjusted to raw closes.

With r = adjusted close / close, the adjusted series of this source steps on an ex-date by

    r_ex / r_previous = s × (1 + D / C_ex)

where s is the split ratio (1 without a split), D the dividend per share and C_ex the close of the ex-date itself (the dividend is put
back into the share at that close); between ex-dates r does not change. So D = C_ex × (r_ex / (s × r_previous) − 1). That the
step is taken with C_ex, and not with the close before, shows in the figures: every D then is a whole number of cents to within 1e-6
dollars, and none is otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final

from tools.demo_data.market import Bar, Market

#: r moves by less than 1e-12 between ex-dates, and the smallest dividend moves it by more than 1e-3.
NO_STEP: Final = Decimal("1e-9")
#: How far a derived dividend may be from a whole cent before it is no longer believed.
WHOLE_CENT_WITHIN: Final = Decimal("1e-6")


@dataclass(frozen=True, slots=True)
class CorporateAction:
    """A split (``split_to`` for 1) or a cash dividend, effective from the start of ``ex_date``."""

    symbol: str
    ex_date: date
    amount_per_share: Decimal | None = None
    split_to: int | None = None


def corporate_actions(market: Market) -> list[CorporateAction]:
    """Every split and dividend in ``market``, by date and then symbol."""
    found = [action for symbol in market.bars for action in _of_one(symbol, sorted(market.bars[symbol].items()))]
    return sorted(found, key=lambda action: (action.ex_date, action.symbol))


def _of_one(symbol: str, bars: list[tuple[date, Bar]]) -> Iterator[CorporateAction]:
    with localcontext(prec=28):
        for (_, before), (day, bar) in pairwise(bars):
            step = _ratio(bar) / _ratio(before)
            split_to = int(step.to_integral_value()) if step > Decimal("1.5") else 1
            dividend = Decimal(bar.close) * (step / split_to - 1)
            if split_to > 1:
                yield CorporateAction(symbol, day, split_to=split_to)
            if abs(step / split_to - 1) > NO_STEP:
                yield CorporateAction(symbol, day, amount_per_share=_whole_cents(symbol, day, dividend))


def _ratio(bar: Bar) -> Decimal:
    return Decimal(bar.adjusted_close) / Decimal(bar.close)


def _whole_cents(symbol: str, day: date, dividend: Decimal) -> Decimal:
    cents = dividend.quantize(Decimal("0.01"))
    if abs(dividend - cents) > WHOLE_CENT_WITHIN or cents <= 0:
        raise ValueError(f"{symbol} on {day}: the step means {dividend} a share, which is no whole number of cents")
    return cents
