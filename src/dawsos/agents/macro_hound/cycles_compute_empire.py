"""Where the cycle of the empire stands."""

from dawsos.agents.macro_hound.cycle_readings import CycleReading, CycleRequest, read_cycle
from dawsos.registry.capability import capability
from dawsos.services.context import RequestContext


@capability(
    name="cycles.compute_empire", rights=("macro_data_read",), ttl=3600, repeatable=True, cost="medium", example={"asof_date": "2022-10-31"}
)
async def cycles_compute_empire(context: RequestContext, request: CycleRequest) -> CycleReading:
    """The phase of the empire cycle on a day, from levels that were entered; without enough of them it says what is missing."""
    return await read_cycle(context, "EMPIRE", request.asof_date)
