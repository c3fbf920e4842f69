"""At which stage civil order stands."""

from dawsos.agents.macro_hound.civil_readings import CivilReading, read_civil
from dawsos.agents.macro_hound.cycle_readings import CycleRequest
from dawsos.registry.capability import capability
from dawsos.services.context import RequestContext


@capability(name="cycles.compute_civil", rights=("macro_data_read",), ttl=3600, repeatable=True, example={"asof_date": "2022-10-31"})
async def cycles_compute_civil(context: RequestContext, request: CycleRequest) -> CivilReading:
    """The stage of civil order on a day, by inequality, trust in institutions and polarisation as they were entered."""
    return await read_civil(context, request.asof_date)
