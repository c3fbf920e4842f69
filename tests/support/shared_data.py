"""Figures that lie beside the project (``../shared``): read by tests, which skip where they are absent."""

import csv
import gzip
import json
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from dawsos.compute.macro.series import IndicatorSeries, indicator_series
from dawsos.compute.regimes.chronology import Turn, chronology

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_shared = pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="no folder ../shared beside the project")
_FREQUENCIES = {"M": "monthly", "Q": "quarterly", "A": "annual"}
#: What a description says of the unit, and how it is spelt in the product.
_UNITS = (
    (", %", "percent"), ("Bil. of Chn. 2012 $", "USD billions of 2012"), ("Bil. of $", "USD billions"), ("Bil. of U.S. $", "USD billions"),
    ("Mil. of $", "USD millions"), ("Thous. of Persons", "thousands of persons"), ("Thous. of Units", "thousands of units"),
)  # fmt: skip


@cache
def fred() -> dict[str, IndicatorSeries]:
    """The 64 series of FRED, in the source's units, with release days by their usual lags."""
    described = {row["series_id"]: row for row in csv.DictReader((SHARED / "data" / "macro_fred_series.csv").open(encoding="utf-8"))}
    observed = defaultdict(list)
    with gzip.open(SHARED / "data" / "macro_fred.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            observed[row["series_id"]].append((date.fromisoformat(row["date"]), float(row["value"])))
    found = {}
    for name, rows in observed.items():
        rows.sort()
        words = described[name]["description"]
        unit = next((unit for said, unit in _UNITS if said in words), "index")
        frequency = _FREQUENCIES[described[name]["frequency"]]
        found[name] = indicator_series(name, [day for day, _ in rows], [value for _, value in rows], unit=unit, frequency=frequency)
    return found


@cache
def nber() -> tuple[Turn, ...]:
    """The peaks and troughs of the United States."""
    content = json.loads((SHARED / "oracles" / "data" / "nber_dates.json").read_text(encoding="utf-8"))
    return chronology([(turn["peak"], turn["trough"]) for turn in content["peaks_troughs"]])


@cache
def fama_french() -> dict[str, np.ndarray]:
    """Monthly market, size and value returns and the riskless rate, as fractions."""
    with gzip.open(SHARED / "data" / "fama_french_monthly.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {name: np.array([float(row[name]) for row in rows]) / 100.0 for name in ("Mkt-RF", "SMB", "HML", "RF")}


@cache
def closes(file: str = "prices_us_adjusted.csv.gz") -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Days and closes by symbol, NaN where one was not quoted."""
    with gzip.open(SHARED / "data" / file, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    names = [name for name in rows[0] if name.lower() != "date"]
    day = next(name for name in rows[0] if name.lower() == "date")
    days = np.array([row[day][:10] for row in rows], dtype="datetime64[D]")
    return days, {name: np.array([float(row[name]) if row[name] else np.nan for row in rows]) for name in names}
