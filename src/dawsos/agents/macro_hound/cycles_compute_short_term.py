"""Where the short-term debt cycle stands."""

from dawsos.agents.macro_hound.cycle_readings import CycleReading, CycleRequest, read_cycle
from dawsos.registry.capability import capability
from dawsos.services.context import RequestContext


@capability(
    name="cycles.compute_short_term",
    rights=("macro_data_read",),
    ttl=3600,
    repeatable=True,
    cost="medium",
    example={"asof_date": "2022-10-31"},
)
async def cycles_compute_short_term(context: RequestContext, request: CycleRequest) -> CycleReading:
    """The phase of the short-term debt cycle on a day, from series as they were known then, with its score and drivers."""
    return await read_cycle(context, "STDC", request.asof_date)
