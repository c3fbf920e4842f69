"""Reads single fields of a line: each function returns a value or raises ``FieldError`` with a reason for people."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from dawsos.kernel.money import CURRENCIES
from dawsos.services.imports.drafts import ChosenLot

_PLAIN_NUMBER = re.compile(r"[+-]?(?:(\d+)(?:\.(\d*))?|\.\d+)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_INTEGER_DIGITS = {2: 18, 8: 12}


class FieldError(ValueError):
    """A field that cannot be read; carries the reason."""


def decimal(text: str, *, places: int) -> Decimal:
    """A plain decimal number with at most ``places`` decimal places that fits its column."""
    match = _PLAIN_NUMBER.fullmatch(text)
    if match is None:
        raise FieldError(f"'{shown(text)}' is not a plain decimal number (write 1234.56, without thousands separators)")
    whole, fraction = match.groups(default="")
    if whole and len(whole) <= _INTEGER_DIGITS[places] and len(fraction) <= places:
        return Decimal(text)
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise FieldError(f"'{shown(text)}' is not a number") from error
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or (-exponent > places and value != value.quantize(Decimal(1).scaleb(-places))):
        raise FieldError(f"{shown(text)} has more than {places} decimal places")
    if len(digits) + min(exponent, 0) > _INTEGER_DIGITS[places]:
        raise FieldError(f"{shown(text)} is larger than DawsOS can hold ({_INTEGER_DIGITS[places]} digits before the point)")
    return value


def day(text: str) -> date:
    """A date written YYYY-MM-DD."""
    try:
        if len(text) != len("YYYY-MM-DD"):
            raise ValueError  # noqa: TRY301 - fromisoformat also takes other forms, which this format does not
        return date.fromisoformat(text)
    except ValueError:
        raise FieldError(f"'{shown(text)}' is not a date written YYYY-MM-DD") from None


def currency_code(text: str) -> str:
    """A known ISO 4217 code."""
    if text not in CURRENCIES:
        raise FieldError(f"'{shown(text)}' is not an ISO 4217 currency code")
    return text


def plain_text(text: str, *, longest: int) -> str:
    """Text without control characters and of bounded length."""
    if len(text) > longest:
        raise FieldError(f"is {len(text):,} characters long; the longest allowed is {longest:,}")
    if _CONTROL.search(text):
        raise FieldError("contains control characters")
    return text


def chosen_lots(text: str) -> tuple[ChosenLot, ...]:
    """``ref:quantity;ref:quantity``: the lots a sale closes and how much of each."""
    chosen = []
    for part in text.split(";"):
        ref, colon, amount = part.strip().rpartition(":")
        if not colon or not ref:
            raise FieldError(f"'{shown(part)}' does not name a lot; write external_ref:quantity, several separated by ';'")
        quantity = decimal(amount.strip(), places=8)
        if quantity <= 0:
            raise FieldError(f"the quantity taken from lot '{shown(ref)}' must be greater than 0")
        chosen.append(ChosenLot(ref, quantity))
    return tuple(chosen)


def shown(text: str) -> str:
    """Text short enough to repeat in a message."""
    return text if len(text) <= 40 else f"{text[:37]}…"
