"""Where a result came from: what a capability notes while it works, and the record that travels beside its result."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, Self

from dawsos.kernel.clock import Clock
from dawsos.kernel.identity import Actor
from dawsos.services.telemetry import Meters

Origin = Literal["stored", "computed"]


class ProvenanceNotes(Protocol):
    """The collector behind ``context.provenance``; capabilities and services write into it with ``note(…)``."""

    @property
    def sources(self) -> Collection[str]:
        """Names of the sources that were read, for example ``FRED``."""
        ...

    @property
    def asof(self) -> date | None:
        """The date of the oldest data that went in."""
        ...

    @property
    def method_version(self) -> str | None:
        """Version of the method that computed the result."""
        ...

    @property
    def origin(self) -> Origin:
        """Whether the result was read or computed."""
        ...

    @property
    def warnings(self) -> Collection[str]:
        """What the reader must know about the data."""
        ...


class CallContext(Protocol):
    """What the registry itself needs of a request's context."""

    @property
    def actor(self) -> Actor:
        """On whose behalf the capability runs."""
        ...

    @property
    def clock(self) -> Clock:
        """What durations are measured with."""
        ...

    @property
    def provenance(self) -> ProvenanceNotes:
        """The notes of this call."""
        ...

    @property
    def meters(self) -> Meters:
        """Where calls are counted."""
        ...

    def with_own_provenance(self) -> Self:
        """The same context with empty notes, so that concurrent capabilities do not write into each other's."""
        ...


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one capability's result came from; ``duration_ms`` is of this call, everything else of the result."""

    sources: tuple[str, ...]
    asof: date | None
    method_version: str | None
    origin: Origin
    warnings: tuple[str, ...]
    duration_ms: float
