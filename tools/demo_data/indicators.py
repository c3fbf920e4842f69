"""The one economic series the demo's figures need: the three-month Treasury bill, as the risk-free rate."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from tools.demo_data.files import Row
from tools.demo_data.market import rows

SERIES: Final = "TB3MS"
FIRST: Final = date(1999, 1, 1)
COLUMNS: Final = ("indicator_name", "date", "value", "unit", "source", "release_date")
_PLACES: Final = Decimal("0.000001")


def bill_rates(source: Path) -> Iterator[Row]:
    """Monthly averages as fractions per year. The average of a month is known from the first day of the next one on."""
    for row in rows(source / "macro_fred.csv.gz"):
        month = date.fromisoformat(row["date"])
        if row["series_id"] != SERIES or month < FIRST:
            continue
        # The file passed through 4-byte floats; the series is published in hundredths of a percent.
        percent = Decimal(row["value"]).quantize(Decimal("0.01"))
        released = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        yield {
            "indicator_name": SERIES,
            "date": month.isoformat(),
            "value": str((percent / 100).quantize(_PLACES).normalize()),
            "unit": "fraction per year",
            "source": "FRED",
            "release_date": released.isoformat(),
        }
