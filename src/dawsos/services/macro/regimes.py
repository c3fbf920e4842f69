"""The regime of the economy on a day: judged once, kept in the table of regimes, and read from there."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter

from dawsos.compute.macro.series import IndicatorSeries
from dawsos.compute.regimes.evidence import Regime, evidence, regime_at, regime_history
from dawsos.compute.regimes.rules import VERSION
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.identifiers import named
from dawsos.services.context import RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, get_or_compute
from dawsos.services.macro.observed import observed_series
from dawsos.services.reference_data import INDICATORS, reference_revision
from dawsos.store import judgements as store
from dawsos.store.judgements import RegimeRow, RegimeValues
from dawsos.store.transaction import DatabaseTransaction

Judged = Regime | NotComputable
Observed = Mapping[str, IndicatorSeries]


class Regimes(Derivation[tuple[Observed, date], Judged]):
    """The regime of ``day``, under the figures of ``revision``.

    A row of the table holds as long as it is there: the database itself removes it when a figure that was known by then changes. Only
    operators, and so the nightly chain, write the table; what a request judges by itself is kept under its key.
    """

    name: ClassVar[str] = VERSION.partition("/")[0]
    version: ClassVar[int] = int(VERSION.partition("/")[2])
    result_type: ClassVar[Any] = Judged
    tables: ClassVar[tuple[str, ...]] = ("regime_history", "app.derived_results")

    def key(self, context: RequestContext, parameters: Mapping[str, Any]) -> DerivationKey:  # noqa: ARG002 - the same for everybody
        """The economy is the same for every portfolio and pack."""
        return self.shared_key(parameters)

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> tuple[Observed, date]:
        """Every series it can be judged by, as known on the day."""
        day = date.fromisoformat(parameters["day"])
        return await observed_series(context, day), day

    def compute(self, inputs: tuple[Observed, date]) -> Judged:
        """Phase and quadrant, from values published by the day only."""
        observed, day = inputs
        return regime_at(evidence(observed), day)

    async def read(self, tx: DatabaseTransaction, key: DerivationKey, moment: datetime) -> tuple[Judged, datetime] | None:
        """The row of the day, else what was kept under the key."""
        day = date.fromisoformat(key.parameters["day"])
        row = (await store.regimes_on(tx, VERSION, [day])).get(day)
        return (_of_row(row), row.created_at) if row is not None else await super().read(tx, key, moment)

    async def write(self, tx: DatabaseTransaction, key: DerivationKey, result: Judged, moment: datetime) -> None:
        """Into the table, when the actor may and the figures are still those it was judged by."""
        held = await store.hold_revision(tx, INDICATORS)
        if isinstance(result, Regime) and result.quadrant and held.may_keep and held.revision == key.parameters["revision"]:
            await store.put_regimes(tx, [_values(result, result.quadrant.quadrant, moment)])
        else:
            await super().write(tx, key, result, moment)


REGIMES: Final = Regimes()
_REGIME: Final = TypeAdapter(Regime)


async def regime_on(context: RequestContext, day: date) -> Judged:
    """The regime of a day, kept or judged now."""
    return (await get_or_compute(REGIMES, context, await day_parameters(context, day))).value


async def day_parameters(context: RequestContext, day: date) -> dict[str, Any]:
    """What a judgement of the economy depends on: the day, and the figures as they stand."""
    return {"day": day.isoformat(), "revision": await reference_revision(context, INDICATORS)}


async def regimes_on(context: RequestContext, days: Sequence[date]) -> tuple[Judged, ...]:
    """The regimes of several days, those of the table as they stand there and the others judged now."""
    async with context.database.transaction(context.actor, read_only=True) as tx:
        rows = await store.regimes_on(tx, VERSION, days)
    others = [day for day in days if day not in rows]
    context.meters.derivations.labels(REGIMES.name, "hit").inc(len(rows))
    context.meters.derivations.labels(REGIMES.name, "miss").inc(len(others))
    judged: dict[date, Judged] = {}
    if others:
        observed = await observed_series(context, max(days))
        judged = dict(zip(others, await asyncio.to_thread(lambda: regime_history(evidence(observed), others)), strict=True))
    context.provenance.note(method_version=VERSION, origin="computed" if others else "stored")
    return tuple(_of_row(rows[day]) if day in rows else judged[day] for day in days)


def _of_row(row: RegimeRow) -> Regime:
    scores = row.regime_scores_json
    return _REGIME.validate_python(
        {
            "date": row.date,
            "phase": scores["phase"] | {"drivers": row.drivers_json},
            "quadrant": scores["quadrant"],
            "standings": row.indicators_json,
            "reasons": scores["reasons"],
        }
    )


def _values(found: Regime, quadrant: str, moment: datetime) -> RegimeValues:
    facts = json.loads(canonical_bytes(found))
    phase = facts["phase"]
    drivers = phase.pop("drivers")
    zscores = {name: standing.zscore for name, standing in found.standings.items()}
    scores = {"phase": phase, "quadrant": facts["quadrant"], "reasons": facts["reasons"]}
    texts = [canonical_bytes(each).decode() for each in (facts["standings"], zscores, scores, drivers)]
    confidence = Decimal(repr(round(found.phase.confidence, 4)))
    key = named("regime", VERSION, found.date)
    return (key, found.date, quadrant, found.phase.phase, confidence, texts[0], texts[1], texts[2], texts[3], VERSION, moment)
