"""What the answer holds of any panel: its envelope, and values ready to be shown."""

from datetime import date
from typing import Annotated, Literal

from dawsos.patterns.formats import ColorCondition, Format
from dawsos.patterns.panels.actions import Action
from dawsos.patterns.values import Scalar
from dawsos.registry.contract import Contract
from dawsos.registry.units import Number, Seconds


class PanelProvenance(Contract):
    """Where the data of a panel came from: the same for the same pack, ledger and inputs."""

    capabilities: tuple[str, ...]
    sources: tuple[str, ...]
    method_versions: tuple[str, ...]
    warnings: tuple[str, ...]


class PanelResult(Contract):
    """A panel in the answer. ``data`` is null exactly when ``status`` is ``unavailable``; ``reason`` says why something is missing.

    ``actions`` are what a reader may do about it.
    """

    id: str
    title: str
    description: str | None
    refresh_ttl: Annotated[int, Seconds]
    asof: date | None
    stale: bool
    status: Literal["ok", "empty", "unavailable"]
    reason: str | None
    provenance: PanelProvenance
    actions: tuple[Action, ...] = ()


class Look(Contract):
    """How a value is shown. ``unit`` is the name of one of :mod:`dawsos.registry.units`, or one the data itself names."""

    label: str
    format: Format
    unit: str | None
    currency: str | None
    reason: str | None
    color_condition: ColorCondition | None
    threshold: Annotated[float | None, Number]


class Cell(Look):
    """One value ready to be shown; a null has a ``reason``."""

    value: Scalar


class Series(Look):
    """Values in a row, all of one unit; ``reason`` says why some are null."""

    values: tuple[Scalar, ...]
