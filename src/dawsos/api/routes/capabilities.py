"""One typed route for each capability, made from the registry; and the catalogue of all of them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final, Generic
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import create_model
from starlette.responses import Response

from dawsos.api.call import AnyCall, Call, Needs
from dawsos.api.envelope import Data, Success, answer_of
from dawsos.api.pinning import open_context, query_pinning
from dawsos.api.routing import subject_router
from dawsos.bootstrap import Application
from dawsos.patterns.inputs import title
from dawsos.registry.capability import Capability, Cost
from dawsos.registry.catalogue import CapabilityResult
from dawsos.registry.contract import Contract
from dawsos.registry.provenance import Origin
from dawsos.registry.units import Milliseconds, Seconds
from dawsos.services.context import RequestContext
from dawsos.services.opening import Pinning

SUBJECT: Final = "capabilities"
_ABOUT: Final = "The portfolio the request is about."


class ResultProvenance(Contract):
    """Where a result came from: with the same pack, ledger state, method and request it is the same again, byte for byte."""

    pricing_pack_id: str | None
    ledger_commit_hash: str | None
    sources: tuple[str, ...]
    asof: date | None
    method_version: str | None
    origin: Origin
    duration_ms: Annotated[float, Milliseconds]


class CapabilitySuccess(Success[Data], Generic[Data]):
    """The answer of a capability: its result, and where that came from."""

    provenance: ResultProvenance


class CapabilitySummary(Contract):
    """A capability in the catalogue; ``request`` and ``result`` are JSON schemas, ``ttl`` is how long a shown result stays fresh."""

    name: str
    agent: str
    summary: str
    description: str
    rights: tuple[str, ...]
    ttl: Annotated[int, Seconds]
    timeout: Annotated[float, Seconds]
    cost: Cost
    example: dict[str, Any]
    request: dict[str, Any]
    result: dict[str, Any]


def capability_router(application: Application) -> APIRouter:
    """The routes of every capability of ``application``."""
    router = subject_router(SUBJECT)
    catalogue = [_summary(one) for one in application.registry]

    @router.get("/v1/capabilities", response_model=answer_of(list[CapabilitySummary]))
    async def list_capabilities(call: AnyCall) -> Response:
        """Every capability: what it is for, what it takes and gives, and what it needs."""
        return call.success(catalogue)

    for one in application.registry:
        _add(router, one)

    @router.post("/v1/capabilities/{name}", include_in_schema=False)
    async def unknown_capability(call: AnyCall, name: str) -> Response:
        """No capability has this name: say so, with the nearest names."""
        call.application.registry.get(name)
        return Response(status_code=404)  # unreachable: every known name has its own route

    return router


def _summary(one: Capability) -> CapabilitySummary:
    return CapabilitySummary(
        name=one.name,
        agent=one.agent,
        summary=one.summary,
        description=one.description,
        rights=one.rights,
        ttl=one.ttl,
        timeout=one.timeout,
        cost=one.cost,
        example=dict(one.example),
        request=one.request.model_json_schema(),
        result=one.result.model_json_schema(mode="serialization"),
    )


def _add(router: APIRouter, one: Capability) -> None:
    spelled = one.name.replace(".", "_")
    names_portfolio = "portfolio_id" in one.request.model_fields
    endpoint = _about_its_own(one) if names_portfolio else _about_any(one)
    endpoint.__name__ = f"call_{spelled}"
    endpoint.__annotations__ |= {
        "call": Annotated[Call, Depends(Needs(one.rights))],
        "body": one.request,
        "wanted": Annotated[Pinning, Depends(query_pinning)],
    }
    router.add_api_route(
        f"/v1/capabilities/{one.name}",
        endpoint,
        methods=["POST"],
        response_model=answer_model(one),
        summary=one.summary,
        description=one.description,
        openapi_extra={"x-agent": one.agent, "x-ttl-seconds": one.ttl, "x-cost": one.cost},
    )


def answer_model(one: Capability) -> type[CapabilitySuccess[Any]]:
    """The type of the whole answer, for example ``MetricsComputeTwrAnswer``."""
    data: Any = one.result
    base: type[CapabilitySuccess[Any]] = CapabilitySuccess[data]
    return create_model(f"{title(one.name.replace('.', '_'))}Answer", __base__=base, __doc__=f"Answer of capability {one.name}.")


def _about_its_own(one: Capability) -> Callable[..., Awaitable[Response]]:
    async def endpoint(call: Call, body: Contract, wanted: Pinning) -> Response:
        return await _answer(one, call, body, getattr(body, "portfolio_id", None), wanted)

    return endpoint


def _about_any(one: Capability) -> Callable[..., Awaitable[Response]]:
    """For a request that does not name the portfolio itself, the query may: its figures can still depend on whose they are."""

    async def endpoint(
        call: Call, body: Contract, wanted: Pinning, portfolio_id: Annotated[UUID | None, Query(description=_ABOUT)] = None
    ) -> Response:
        return await _answer(one, call, body, portfolio_id, wanted)

    return endpoint


async def _answer(one: Capability, call: Call, body: Contract, portfolio_id: UUID | None, wanted: Pinning) -> Response:
    named = getattr(body, "pack_id", None)
    if isinstance(named, str) and wanted.pack_id is None and wanted.asof_date is None:
        wanted = replace(wanted, pack_id=named)
    context = await open_context(call, portfolio_id, wanted)
    return _response(call, context, await call.application.registry.call(one.name, context, body))


def _response(call: Call, context: RequestContext, answer: CapabilityResult) -> Response:
    found = answer.provenance
    provenance = ResultProvenance(
        pricing_pack_id=context.pricing_pack_id,
        ledger_commit_hash=context.ledger_commit_hash,
        sources=found.sources,
        asof=found.asof,
        method_version=found.method_version,
        origin=found.origin,
        duration_ms=found.duration_ms,
    )
    return call.success(answer.result, warnings=found.warnings, provenance=provenance.plain())
