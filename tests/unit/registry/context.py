"""A context as small as the registry needs it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from dawsos.kernel.identity import SYSTEM, Actor
from dawsos.services.telemetry import Meters

START = datetime(2025, 11, 3, 12, tzinfo=UTC)


class TickingClock:
    """Every look at this clock is 250 ms later than the one before."""

    def __init__(self):
        self.moment = START

    def now(self):
        self.moment += timedelta(milliseconds=250)
        return self.moment


class Notes:
    """Notes as the services keep them."""

    def __init__(self):
        self.sources, self.warnings = [], []
        self.asof, self.method_version, self.origin = None, None, "computed"

    def note(self, *, source=None, asof: date | None = None, method_version=None, origin=None, warning=None):
        self.sources += [source] if source else []
        self.warnings += [warning] if warning else []
        self.asof = asof or self.asof
        self.method_version = method_version or self.method_version
        self.origin = origin or self.origin


def counted(meters: Meters) -> dict[str, dict[tuple[str, ...], float]]:
    """What has been counted so far, by meter and labels."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in meters.registry.collect():
        for sample in family.samples:
            if sample.name.endswith(("_total", "_count")):
                found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


@dataclass(frozen=True)
class Context:
    """Who asks and what time it is."""

    actor: Actor = SYSTEM
    clock: TickingClock = field(default_factory=TickingClock)
    provenance: Notes = field(default_factory=Notes)
    meters: Meters = field(default_factory=Meters)

    def with_own_provenance(self):
        return replace(self, provenance=Notes())
