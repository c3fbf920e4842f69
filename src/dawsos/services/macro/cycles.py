"""Where a long cycle stands on a day: judged once, kept in the table of phases, and read from there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter

from dawsos.compute.cycles.civil import INDICATORS as CIVIL_INDICATORS
from dawsos.compute.cycles.civil import CivilState, civil_state
from dawsos.compute.cycles.evidence import cycle_at, cycle_evidence
from dawsos.compute.cycles.scoring import CycleState
from dawsos.compute.cycles.weights import CYCLES, VERSION
from dawsos.compute.macro.series import IndicatorSeries
from dawsos.compute.macro.standing import Standing
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.identifiers import named
from dawsos.services.context import RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, get_or_compute
from dawsos.services.macro.observed import StatedIndicator, observed_series, stated_levels
from dawsos.services.macro.regimes import day_parameters
from dawsos.services.reference_data import INDICATORS
from dawsos.store import judgements as store
from dawsos.store.judgements import CycleRow, CycleValues
from dawsos.store.transaction import DatabaseTransaction

CIVIL: Final = "CIVIL"
#: Every cycle that is judged.
ALL_CYCLES: Final = (*CYCLES, CIVIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleJudgement:
    """The state of a cycle, the standing of each observed indicator that went in, and the levels that were entered."""

    state: CycleState | CivilState | NotComputable
    standings: Mapping[str, Standing]
    stated: Mapping[str, StatedIndicator]


@dataclass(frozen=True, slots=True)
class CycleInputs:
    """What a cycle is judged by."""

    cycle: str
    day: date
    observed: Mapping[str, IndicatorSeries]
    stated: Mapping[str, StatedIndicator]


class Cycles(Derivation[CycleInputs, CycleJudgement]):
    """The phase of ``cycle`` on ``day``, under the figures of ``revision``; kept like regimes are."""

    name: ClassVar[str] = VERSION.partition("/")[0]
    version: ClassVar[int] = int(VERSION.partition("/")[2])
    result_type: ClassVar[Any] = CycleJudgement
    tables: ClassVar[tuple[str, ...]] = ("cycle_phases", "app.derived_results")

    def key(self, context: RequestContext, parameters: Mapping[str, Any]) -> DerivationKey:  # noqa: ARG002 - the same for everybody
        """The economy is the same for every portfolio and pack."""
        return self.shared_key(parameters)

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> CycleInputs:
        """The series and the entered levels it can be judged by, as known on the day."""
        cycle, day = parameters["cycle"], date.fromisoformat(parameters["day"])
        wanted = CIVIL_INDICATORS if cycle == CIVIL else {name for phase in CYCLES[cycle] for name in phase.weights}
        observed = {} if cycle == CIVIL else await observed_series(context, day)
        stated = {name: row for name, row in (await stated_levels(context, day)).items() if name in wanted}
        return CycleInputs(cycle, day, observed, stated)

    def compute(self, inputs: CycleInputs) -> CycleJudgement:
        """The most probable phase, from values published by the day only."""
        levels = {name: row.value for name, row in inputs.stated.items()}
        if inputs.cycle == CIVIL:
            return CycleJudgement(state=civil_state(levels), standings={}, stated=inputs.stated)
        state, standings = cycle_at(inputs.cycle, cycle_evidence(inputs.observed), inputs.day, levels)
        return CycleJudgement(state=state, standings=standings, stated=inputs.stated)

    async def read(self, tx: DatabaseTransaction, key: DerivationKey, moment: datetime) -> tuple[CycleJudgement, datetime] | None:
        """The row of the cycle and day, else what was kept under the key."""
        row = await store.cycle_on(tx, VERSION, key.parameters["cycle"], date.fromisoformat(key.parameters["day"]))
        return (_of_row(row), row.created_at) if row is not None else await super().read(tx, key, moment)

    async def write(self, tx: DatabaseTransaction, key: DerivationKey, result: CycleJudgement, moment: datetime) -> None:
        """Into the table, when the actor may and the figures are still those it was judged by."""
        held = await store.hold_revision(tx, INDICATORS)
        values = _values(key, result, moment)
        if values is not None and held.may_keep and held.revision == key.parameters["revision"]:
            await store.put_cycles(tx, [values])
        else:
            await super().write(tx, key, result, moment)


CYCLE_PHASES: Final = Cycles()
_JUDGEMENT: Final = TypeAdapter(CycleJudgement)


async def cycle_on(context: RequestContext, cycle: str, day: date) -> CycleJudgement:
    """Where a cycle stands on a day, kept or judged now."""
    return (await get_or_compute(CYCLE_PHASES, context, {"cycle": cycle, **await day_parameters(context, day)})).value


def _of_row(row: CycleRow) -> CycleJudgement:
    facts = row.indicators
    drivers = {} if row.drivers is None else {"drivers": row.drivers}
    return _JUDGEMENT.validate_python(facts | {"state": facts["state"] | drivers})


def _values(key: DerivationKey, result: CycleJudgement, moment: datetime) -> CycleValues | None:
    state = result.state
    if isinstance(state, NotComputable):
        return None
    facts = json.loads(canonical_bytes(result))
    drivers = facts["state"].pop("drivers", None)
    phase = state.stage.code if isinstance(state, CivilState) else state.phase.code
    numbers = [Decimal(repr(round(value, 4))) for value in (state.score, state.confidence)]
    texts = ["null" if each is None else canonical_bytes(each).decode() for each in (facts, drivers)]
    day = date.fromisoformat(key.parameters["day"])
    row = named("cycle", VERSION, key.parameters["cycle"], day)
    return (row, key.parameters["cycle"], day, phase, numbers[0], numbers[1], texts[0], texts[1], VERSION, moment)
