"""Exact money: currencies, the steps amounts are kept in, and the one place that rounds them."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Final

from dawsos.kernel.errors import Invalid

MONEY_STEP: Final = Decimal("0.01")
QUANTITY_STEP: Final = Decimal("0.00000001")
RATE_STEP: Final = Decimal("0.00000001")
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)

#: Products of the ledger's operands (20 + 20 digits and a rate) fit without loss; only an explicit quantize rounds.
EXACT: Final = Context(prec=64, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
#: Quotients (inverse and cross rates) carry 28 significant digits.
QUOTIENT: Final = Context(prec=28, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP
    CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD
    IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
    MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG
    XOF XPF YER ZAR ZMW ZWG CYP EEK HRK LTL LVL MTL ROL SIT SKK TRL
"""
#: ISO 4217 codes of currencies in circulation, and those the ECB has published rates for that have since been replaced.
CURRENCIES: Final = frozenset(_CODES.split())


def currency(code: str) -> str:
    """Return ``code`` if it is a three-letter ISO 4217 code, else raise :class:`Invalid`."""
    if code not in CURRENCIES:
        raise Invalid(f"'{code}' is not an ISO 4217 currency code.", remedy="Use three capital letters, for example CAD.")
    return code


def _step(value: Decimal, step: Decimal) -> Decimal:
    if not value.is_finite():
        raise Invalid(f"{value} is not a finite number.", remedy="Give a plain decimal number.")
    return value.quantize(step, context=EXACT)


def round_money(value: Decimal) -> Decimal:
    """Round to the cent, half to even: the only rounding amounts of money ever get."""
    return _step(value, MONEY_STEP)


def round_quantity(value: Decimal) -> Decimal:
    """Round to eight places, half to even."""
    return _step(value, QUANTITY_STEP)


def round_rate(value: Decimal) -> Decimal:
    """Round an exchange rate to the eight places it is frozen with."""
    return _step(value, RATE_STEP)


def multiply(*factors: Decimal) -> Decimal:
    """The exact product of ``factors`` (64 significant digits)."""
    product = ONE
    for factor in factors:
        product = EXACT.multiply(product, factor)
    return product


def share(total: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """``total × part / whole`` rounded to the cent; all of ``total`` when ``part`` is the whole, so nothing is ever left over."""
    if part == whole:
        return total
    return round_money(EXACT.divide(EXACT.multiply(total, part), whole))
