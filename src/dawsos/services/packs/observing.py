"""Takes observations in: prices from files, rates from publications; everything readable is kept, everything else is reported."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dawsos.kernel.identity import Actor
from dawsos.providers.protocol import PriceObservation, PriceSource, RateSource, RowProblem
from dawsos.store import observations
from dawsos.store import securities as securities_store
from dawsos.store.database import Database
from dawsos.store.observations import PriceRow


@dataclass(frozen=True, slots=True)
class ObservationReport:
    """What taking a source in did."""

    source: str
    read: int
    kept: int
    problems: tuple[RowProblem, ...]

    @property
    def is_accepted(self) -> bool:
        return not self.problems


async def take_prices(database: Database, actor: Actor, source: PriceSource, *, fetched_at: datetime) -> ObservationReport:
    """Keep every price of ``source``, all or none: with any problem nothing is kept and each one is reported."""
    seen: list[PriceObservation] = []
    problems: list[RowProblem] = []
    for outcome in source.observations():
        if isinstance(outcome, RowProblem):
            problems.append(outcome)
        else:
            seen.append(outcome)
    async with database.transaction(actor) as tx:
        known = {s.symbol: s for s in await securities_store.find_securities_by_symbol(tx, sorted({one.symbol for one in seen}))}
        problems += _strangers(seen, {symbol: (s.id, s.currency) for symbol, s in known.items()})
        kept = 0
        if not problems:
            kept = await observations.put_prices(tx, _price_rows(seen, {symbol: s.id for symbol, s in known.items()}, fetched_at))
    return ObservationReport(source.name, len(seen), kept, tuple(problems))


def _strangers(seen: Iterable[PriceObservation], known: dict[str, tuple[UUID, str]]) -> Iterator[RowProblem]:
    reported = set()
    for one in seen:
        if one.symbol in reported:
            continue
        if one.symbol not in known:
            reported.add(one.symbol)
            yield RowProblem(0, "symbol", f"'{one.symbol}' is not a known security; add it with 'dawsos securities import FILE'")
        elif known[one.symbol][1] != one.currency:
            reported.add(one.symbol)
            yield RowProblem(0, "currency", f"prices of '{one.symbol}' are in {one.currency}, but it trades in {known[one.symbol][1]}")


def _price_rows(seen: Iterable[PriceObservation], ids: dict[str, UUID], fetched_at: datetime) -> Iterator[PriceRow]:
    for o in seen:
        yield (ids[o.symbol], o.date, o.source, o.open, o.high, o.low, o.close, o.volume, o.currency, fetched_at)


async def take_rates(
    database: Database,
    actor: Actor,
    source: RateSource,
    first: date,
    last: date,
    *,
    fetched_at: datetime,
    currencies: Collection[str] | None = None,
) -> ObservationReport:
    """Keep what ``source`` published from ``first`` to ``last``."""
    rows = [(r.base_ccy, r.quote_ccy, r.date, r.source, r.rate, fetched_at) for r in source.published(first, last, currencies)]
    async with database.transaction(actor) as tx:
        kept = await observations.put_rates(tx, rows)
    return ObservationReport(source.name, len(rows), kept, ())
