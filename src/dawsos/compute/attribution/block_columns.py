"""The columns a block of portfolios is attributed from and into, grouped so that machine code can be handed a few things at a time."""

from typing import NamedTuple

from dawsos.compute.ledger.segments import Bool, Float64, Int8, Int32, Int64


class Holdings(NamedTuple):
    """Constant quantities: segment *s* of portfolio *p* in ``offsets[p]:offsets[p + 1]`` covers the valuations ``first`` … ``last`` − 1."""

    offsets: Int64
    instrument: Int32
    first: Int32
    last: Int32
    quantity: Int64


class Flows(NamedTuple):
    """Flows by portfolio and booking order, as in HoldingSegments; ``column`` is the first valuation on or after the flow."""

    offsets: Int64
    column: Int32
    day: Int32
    kind: Int8
    instrument: Int32
    amount: Int64
    currency: Int32
    quantity: Int64
    is_external: Bool
    is_gain: Bool


class Splits(NamedTuple):
    """Splits by portfolio; ``ratio`` is new shares per old one."""

    offsets: Int64
    instrument: Int32
    day: Int32
    ratio: Float64


class Market(NamedTuple):
    """Instruments (price row, currency, whether cash), the base currency of each portfolio as a row of rates and as a currency (−1 when
    it is none of the currencies), closes in steps of 1e-8 of the currency, and rates.
    """  # noqa: D205 - one thought

    price_row: Int32
    currency: Int32
    is_cash: Bool
    base: Int32
    base_currency: Int32
    days: Int32
    close: Int64
    rate: Float64
    whole: Int64


class Closes(NamedTuple):
    """Closes of the window in half the bytes, as reading prices is most of what adding up holdings costs: ``whole[i, t]`` times
    ``worth[i]`` is what a step of quantity of instrument *i* is worth. ``worth`` is 0 where closes do not fit, and for cash.
    """  # noqa: D205 - one thought

    whole: Int32
    worth: Float64


class Waiting(NamedTuple):
    """Up to four holdings of each currency that are to be added in one pass: how many, which, and how many of ``Closes.whole`` each is."""

    waits: Int64
    instrument: Int64
    units: Float64


class Values(NamedTuple):
    """What is shown of each portfolio, in cents: ``[portfolios × valuations]``."""

    valued: Bool
    value: Int64
    external_flow: Int64


class Sums(NamedTuple):
    """Per currency and valued day of one portfolio, in own currency: values, flows, those that count from the start of the day, results of
    conversions (base currency), rates, and how rates move until the next valued day.
    """  # noqa: D205 - one thought

    value: Float64
    flow: Float64
    flow_start: Float64
    conversion: Float64
    rate: Float64
    moved: Float64


class Days(NamedTuple):
    """Per day of one portfolio: the gain as shown and the capital at work in cents, one over it, and what links the day; and ``lanes`` in
    which sums are kept.
    """  # noqa: D205 - one thought

    shown: Float64
    capital: Float64
    coefficient: Float64
    inverse: Float64
    work: Float64
    lanes: Float64


class Outcome(NamedTuple):
    """What is found out of each portfolio.

    ``effects[p, c]`` is average weight, local, fx and interaction of currency *c*; ``observations`` the days linked; ``opened`` and
    ``closed`` the first and last valuation; ``broken[p, t]`` days without capital on which something was held or happened; ``lacking``
    the currency and valuation of a missing rate.
    """

    status: Int64
    effects: Float64
    observations: Int64
    opened: Int64
    closed: Int64
    broken: Bool
    lacking: Int64
