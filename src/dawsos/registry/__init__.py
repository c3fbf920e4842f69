"""What a capability is, and the catalogue of all of them."""

from dawsos.registry.capability import Capability, capability
from dawsos.registry.catalogue import Agent, CapabilityResult, Registry
from dawsos.registry.contract import Contract
from dawsos.registry.discovery import discover
from dawsos.registry.explanations import unexplained_nulls
from dawsos.registry.provenance import CallContext, Provenance, ProvenanceNotes
from dawsos.registry.units import (
    BasisPoints,
    Count,
    Days,
    ExchangeRate,
    Fraction,
    Milliseconds,
    Money,
    Number,
    Price,
    Quantity,
    Score,
    Seconds,
    Unit,
    UnitOf,
    Years,
)

__all__ = [
    "Agent",
    "BasisPoints",
    "CallContext",
    "Capability",
    "CapabilityResult",
    "Contract",
    "Count",
    "Days",
    "ExchangeRate",
    "Fraction",
    "Milliseconds",
    "Money",
    "Number",
    "Price",
    "Provenance",
    "ProvenanceNotes",
    "Quantity",
    "Registry",
    "Score",
    "Seconds",
    "Unit",
    "UnitOf",
    "Years",
    "capability",
    "discover",
    "unexplained_nulls",
]
