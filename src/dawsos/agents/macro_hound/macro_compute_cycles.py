"""Where all four cycles stand on a day."""

from datetime import date

from dawsos.agents.macro_hound.civil_readings import CivilReading, read_civil
from dawsos.agents.macro_hound.cycle_readings import CycleReading, CycleRequest, read_cycle
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.context import RequestContext


class AllCycles(Contract):
    """The short- and long-term debt cycles, the cycle of the empire, and civil order, all judged on one day."""

    date: date
    stdc: CycleReading
    ltdc: CycleReading
    empire: CycleReading
    civil: CivilReading


@capability(
    name="macro.compute_cycles", rights=("macro_data_read",), ttl=3600, repeatable=True, cost="medium", example={"asof_date": "2022-10-31"}
)
async def macro_compute_cycles(context: RequestContext, request: CycleRequest) -> AllCycles:
    """The four cycles on a day, each from what was known then; one that cannot be judged says why."""
    stdc = await read_cycle(context, "STDC", request.asof_date)
    return AllCycles(
        date=stdc.date,
        stdc=stdc,
        ltdc=await read_cycle(context, "LTDC", request.asof_date),
        empire=await read_cycle(context, "EMPIRE", request.asof_date),
        civil=await read_civil(context, request.asof_date),
    )
