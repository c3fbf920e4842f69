"""The catalogue of all capabilities, and the one way to call them."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from dawsos.kernel.errors import DawsosError, Forbidden, Internal, Invalid, NotFound, Unavailable
from dawsos.kernel.identity import Actor
from dawsos.registry.capability import Capability
from dawsos.registry.contract import Contract
from dawsos.registry.names import did_you_mean
from dawsos.registry.provenance import CallContext, Provenance, ProvenanceNotes


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent: the folder its capabilities lie in and what it is for."""

    name: str
    purpose: str
    package: str


@dataclass(frozen=True, slots=True)
class CapabilityResult:
    """What a capability returned, exactly as returned, and where it came from."""

    result: Contract
    provenance: Provenance


def require_rights(subject: str, rights: Iterable[str], actor: Actor) -> None:
    """Raise :class:`Forbidden` naming the rights ``subject`` needs and ``actor`` lacks."""
    missing = sorted(set(rights) - actor.rights)
    if missing:
        raise Forbidden(
            f"{subject} needs the right {', '.join(missing)}, which role {actor.role.value} does not have.",
            remedy="Ask an administrator for a role that has it.",
            details={"missing_rights": missing},
        )


def invalid_request(subject: str, error: ValidationError, known: Iterable[str]) -> Invalid:
    """The refusal of a request, field by field, without repeating what was sent."""
    problems = [{"field": ".".join(map(str, one["loc"])) or "request", "message": one["msg"]} for one in error.errors()]
    listed = "; ".join(f"{one['field']}: {one['message']}" for one in problems)
    return Invalid(
        f"The request for {subject} is wrong: {listed}.",
        remedy=f"Its fields are {', '.join(known) or 'none'}.",
        details={"problems": problems},
    )


def _validated(capability: Capability, payload: Contract | Mapping[str, Any]) -> Contract:
    try:
        return capability.request.model_validate(payload)
    except ValidationError as error:
        raise invalid_request(f"'{capability.name}'", error, capability.request.model_fields) from error


async def _run(capability: Capability, context: CallContext, request: Contract, seconds: float) -> Contract:
    try:
        async with asyncio.timeout(seconds) as limit:
            result = await capability.function(context, request)
    except TimeoutError as error:
        if limit.expired():
            raise Unavailable(
                f"Capability '{capability.name}' did not answer within {seconds:g} seconds.",
                remedy="Try again; if it stays slow, ask for a shorter window.",
                code="timeout",
                details={"capability": capability.name, "timeout_seconds": seconds},
            ) from error
        raise _unexpected(capability, error) from error
    except DawsosError:
        raise
    except Exception as error:
        raise _unexpected(capability, error) from error
    if not isinstance(result, capability.result):
        raise Internal(
            f"Capability '{capability.name}' returned {type(result).__name__} instead of {capability.result.__name__}.",
            code="agent_execution_error",
        )
    return result


def _unexpected(capability: Capability, error: Exception) -> Internal:
    return Internal(
        f"Capability '{capability.name}' failed unexpectedly ({type(error).__name__}).",
        remedy="The log holds the cause under this request's trace id.",
        code="agent_execution_error",
        details={"capability": capability.name},
    )


def _provenance(notes: ProvenanceNotes, took: timedelta) -> Provenance:
    return Provenance(
        sources=tuple(sorted(set(notes.sources))),
        asof=notes.asof,
        method_version=notes.method_version,
        origin=notes.origin,
        warnings=tuple(notes.warnings),
        duration_ms=round(took.total_seconds() * 1000, 3),
    )


class Registry:
    """Every capability by name. Made by :func:`dawsos.registry.discovery.discover`, never changed afterwards."""

    def __init__(self, capabilities: Iterable[Capability], agents: Iterable[Agent] = ()) -> None:
        self._capabilities = {one.name: one for one in sorted(capabilities, key=lambda one: one.name)}
        self.agents = tuple(sorted(agents, key=lambda agent: agent.name))

    def __iter__(self) -> Iterator[Capability]:
        return iter(self._capabilities.values())

    def __len__(self) -> int:
        return len(self._capabilities)

    def __contains__(self, name: object) -> bool:
        return name in self._capabilities

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all capabilities in alphabetical order."""
        return tuple(self._capabilities)

    @property
    def families(self) -> tuple[str, ...]:
        """What stands before the dot in the names."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self._capabilities))

    def get(self, name: str) -> Capability:
        """The capability called ``name``; :class:`NotFound` with the nearest names otherwise."""
        found = self._capabilities.get(name)
        if found is None:
            raise NotFound(
                f"There is no capability '{name}'.",
                remedy=did_you_mean(name, self._capabilities) or f"The families are {', '.join(self.families) or 'none'}.",
                code="capability_not_found",
                details={"capability": name},
            )
        return found

    async def call(
        self, name: str, context: CallContext, payload: Contract | Mapping[str, Any], *, seconds: float | None = None
    ) -> CapabilityResult:
        """Check the actor's rights, validate ``payload``, run the capability within its time and say where the result came from.

        Raises :class:`NotFound` for an unknown name, :class:`Forbidden` for a missing right, :class:`Invalid` for a wrong payload,
        :class:`Unavailable` with code ``timeout`` when it takes longer than ``seconds`` (or the capability's own limit), the capability's
        own :class:`DawsosError`, and :class:`Internal` with code ``agent_execution_error`` for anything else that went wrong inside it.
        """
        capability = self.get(name)
        outcome = "ok"
        try:
            return await self._call(capability, context, payload, seconds)
        except DawsosError as error:
            outcome = error.kind
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            context.meters.capability_calls.labels(name, capability.agent, outcome).inc()

    async def _call(
        self, capability: Capability, context: CallContext, payload: Contract | Mapping[str, Any], seconds: float | None
    ) -> CapabilityResult:
        require_rights(f"Capability '{capability.name}'", capability.rights, context.actor)
        request = _validated(capability, payload)
        own = context.with_own_provenance()
        started = own.clock.now()
        result = await _run(capability, own, request, capability.timeout if seconds is None else seconds)
        return CapabilityResult(result, _provenance(own.provenance, own.clock.now() - started))
