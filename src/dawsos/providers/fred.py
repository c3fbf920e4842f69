"""Economic series of the Federal Reserve Bank of St. Louis, with the day each figure first appeared."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dawsos.providers import fields
from dawsos.providers.gateway import Answer, Gateway

_FIRST_VINTAGE: Final = "1776-07-04"
_LAST_VINTAGE: Final = "9999-12-31"
#: How FRED writes that there is no figure.
_MISSING: Final = "."


@dataclass(frozen=True, slots=True)
class SeriesFigure:
    """The newest figure of ``period``, and the day the first one for it was published."""

    series_id: str
    period: date
    value: Decimal
    release_date: date


@dataclass(frozen=True, slots=True)
class FetchedSeries:
    """A series as it was said; ``is_stale`` when it is what was said some time ago."""

    figures: tuple[SeriesFigure, ...]
    is_stale: bool


async def fetch_series(gateway: Gateway, series_id: str, first: date | None = None) -> FetchedSeries:
    """Every figure of a series from ``first`` on, by period. Vintages are asked for, so the release dates are those that were."""
    parameters = {"series_id": series_id, "file_type": "json", "realtime_start": _FIRST_VINTAGE, "realtime_end": _LAST_VINTAGE}
    if first is not None:
        parameters["observation_start"] = first.isoformat()
    answer = await gateway.get("/fred/series/observations", parameters, lambda said: _figures(said, series_id))
    return FetchedSeries(tuple(_figures(answer, series_id)), answer.is_stale)


def _figures(answer: Answer, series_id: str) -> list[SeriesFigure]:
    vintages: dict[date, list[tuple[date, Decimal]]] = {}
    for row in fields.rows(fields.record(answer.json(), "the answer").get("observations"), "observations"):
        if row.get("value") == _MISSING:
            continue
        period = fields.day(row.get("date"), "date")
        vintages.setdefault(period, []).append(
            (fields.day(row.get("realtime_start"), "realtime_start"), fields.number(row.get("value"), "value"))
        )
    return [SeriesFigure(series_id, period, max(seen)[1], min(seen)[0]) for period, seen in sorted(vintages.items())]
