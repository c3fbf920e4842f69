"""Securities that pay once: discounted ones, those with interest at maturity, and treasury bills. Rates are fractions, prices per 100."""

from datetime import date
from typing import Final

from dawsos.compute.returns.day_counts import DayCount, year_fraction
from dawsos.compute.returns.windows import months_before
from dawsos.kernel.errors import Invalid

#: Treasury bills of up to half a year are quoted by simple interest, longer ones compound once.
HALF_A_YEAR: Final = 182


def _years(start: date, end: date, day_count: DayCount | str) -> float:
    if end <= start:
        raise Invalid(f"{end} is not after {start}.", remedy="Give a security that has not matured.")
    return year_fraction(start, end, day_count)


def discount_price(settlement: date, maturity: date, discount: float, *, redemption: float = 100.0, day_count: DayCount | str) -> float:
    """Redemption·(1 − discount·t) (Excel PRICEDISC)."""
    return redemption * (1.0 - discount * _years(settlement, maturity, day_count))


def discount_rate(settlement: date, maturity: date, price: float, *, redemption: float = 100.0, day_count: DayCount | str) -> float:
    """(Redemption − price)/redemption/t (Excel DISC)."""
    return (redemption - price) / redemption / _years(settlement, maturity, day_count)


def simple_yield(settlement: date, maturity: date, price: float, *, redemption: float = 100.0, day_count: DayCount | str) -> float:
    """(Redemption − price)/price/t (Excel INTRATE and YIELDDISC)."""
    return (redemption - price) / price / _years(settlement, maturity, day_count)


def received(settlement: date, maturity: date, investment: float, discount: float, *, day_count: DayCount | str) -> float:
    """Investment/(1 − discount·t): what a fully invested security pays at maturity (Excel RECEIVED)."""
    return investment / (1.0 - discount * _years(settlement, maturity, day_count))


def price_at_maturity_interest(
    settlement: date, maturity: date, issue: date, rate: float, yield_: float, *, day_count: DayCount | str
) -> float:
    """Clean price of a security that pays all interest at maturity: (100 + 100·i·t_im)/(1 + y·t_sm) − 100·i·t_is (Excel PRICEMAT)."""
    accrued = 100.0 * rate * year_fraction(issue, settlement, day_count)
    whole = 100.0 + 100.0 * rate * year_fraction(issue, maturity, day_count)
    return whole / (1.0 + yield_ * _years(settlement, maturity, day_count)) - accrued


def yield_at_maturity_interest(
    settlement: date, maturity: date, issue: date, rate: float, price: float, *, day_count: DayCount | str
) -> float:
    """The yield at which :func:`price_at_maturity_interest` is ``price`` (Excel YIELDMAT)."""
    paid = price + 100.0 * rate * year_fraction(issue, settlement, day_count)
    whole = 100.0 + 100.0 * rate * year_fraction(issue, maturity, day_count)
    return (whole / paid - 1.0) / _years(settlement, maturity, day_count)


def interest_accrued(issue: date, settlement: date, rate: float, *, face: float = 1000.0, day_count: DayCount | str) -> float:
    """Face·rate·t from ``issue``: interest of a security that pays at maturity (Excel ACCRINTM)."""
    return face * rate * _years(issue, settlement, day_count)


def bill_price(settlement: date, maturity: date, discount: float) -> float:
    """100·(1 − discount·days/360) of a treasury bill of at most a year (Excel TBILLPRICE)."""
    return 100.0 * (1.0 - discount * _bill_days(settlement, maturity) / 360.0)


def bill_yield(settlement: date, maturity: date, price: float) -> float:
    """(100 − price)/price·360/days: money-market yield of a treasury bill (Excel TBILLYIELD)."""
    return (100.0 - price) / price * 360.0 / _bill_days(settlement, maturity)


def bill_bond_equivalent(settlement: date, maturity: date, discount: float) -> float:
    """The yield a treasury bill would have as a bond (Excel TBILLEQ).

    Up to 182 days 365·d/(360 − d·days). Beyond, the y with price·(1 + y/2)·(1 + y·(days/365 − ½)) = 100: one coupon falls in between.
    """
    days = _bill_days(settlement, maturity)
    if days <= HALF_A_YEAR:
        return 365.0 * discount / (360.0 - discount * days)
    price, t = bill_price(settlement, maturity, discount), days / 365.0
    half = t - 0.5
    # half/2·y² + t·y + 1 − 100/price = 0
    root: float = ((t**2 - 2.0 * half * (1.0 - 100.0 / price)) ** 0.5 - t) / half
    return root


def _bill_days(settlement: date, maturity: date) -> int:
    days = (maturity - settlement).days
    if days <= 0 or maturity > months_before(settlement, -12):
        raise Invalid(f"A treasury bill from {settlement} to {maturity}.", remedy="Give a maturity within a year after settlement.")
    return days
