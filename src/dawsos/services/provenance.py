"""Notes on where a result came from, collected while it is made."""

from datetime import date
from typing import Literal

Origin = Literal["stored", "computed"]


class Provenance:
    """Collects sources, the oldest date that went in, the method and the warnings of one call."""

    def __init__(self) -> None:
        self._sources: dict[str, None] = {}
        self._warnings: dict[str, None] = {}
        self._methods: dict[str, None] = {}
        self._asof: date | None = None
        self._origins: set[Origin] = set()

    def note(
        self,
        *,
        source: str | None = None,
        asof: date | None = None,
        method_version: str | None = None,
        origin: Origin | None = None,
        warning: str | None = None,
    ) -> None:
        """Add what is given; what is not given stays as it was."""
        if source:
            self._sources[source] = None
        if warning:
            self._warnings[warning] = None
        if method_version:
            self._methods[method_version] = None
        if asof and (self._asof is None or asof < self._asof):
            self._asof = asof
        if origin:
            self._origins.add(origin)

    def take_over(self, other: "Provenance") -> None:
        """Add everything ``other`` collected."""
        self._sources |= dict.fromkeys(other.sources)
        self._warnings |= dict.fromkeys(other.warnings)
        self._methods |= dict.fromkeys(other.methods)
        self._origins |= other.origins
        self.note(asof=other.asof)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted(self._sources))

    @property
    def asof(self) -> date | None:
        return self._asof

    @property
    def methods(self) -> tuple[str, ...]:
        return tuple(self._methods)

    @property
    def origins(self) -> frozenset[Origin]:
        return frozenset(self._origins)

    @property
    def method_version(self) -> str | None:
        return ", ".join(sorted(self._methods)) or None

    @property
    def origin(self) -> Origin:
        """``stored`` only when everything was."""
        return "stored" if self._origins == {"stored"} else "computed"

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self._warnings)
