"""Whether the server lives, whether it can answer, and what it measures. These are for machines and come without an envelope."""

import ipaddress
from datetime import date, datetime
from importlib.metadata import version
from typing import Annotated, Final, Literal

from fastapi import Depends, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from dawsos.api.call import AnyVisit, Call, Visit, open_call
from dawsos.api.frame import client_address
from dawsos.api.routing import subject_router
from dawsos.kernel.errors import Forbidden, Unauthenticated
from dawsos.kernel.identity import SYSTEM
from dawsos.services.packs.readiness import ReadinessWord, readiness
from dawsos.store.health import ask_database, chain_pace, newest_pack

router = subject_router("health")

#: What a proxy adds; a request that has them did not begin on this machine, whatever its address says.
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
_LOOKED_AT: Final = ConfigDict(frozen=True, from_attributes=True)


class Health(BaseModel):
    """The server lives."""

    status: Literal["ok"] = "ok"


class PackHealth(BaseModel):
    """How ready the newest pricing pack is."""

    model_config = _LOOKED_AT

    status: ReadinessWord
    pack_id: str | None
    asof_date: date | None
    is_fresh: bool
    prewarm_done: bool | None
    reconciliation_passed: bool | None
    updated_at: datetime | None
    error_message: str | None
    estimated_ready: datetime | None


class DatabaseHealth(BaseModel):
    """The database behind the server."""

    model_config = _LOOKED_AT

    server_version: str
    name: str
    is_read_only: bool


class DetailedHealth(Health):
    """The server and what it stands on; everything but ``status`` is for administrators and null for others."""

    version: str | None = None
    database: DatabaseHealth | None = None
    pack: PackHealth | None = None
    capabilities: int | None = None
    patterns: int | None = None


@router.get("/health")
async def is_alive() -> Health:
    """The process answers. Nothing else is looked at."""
    return Health()


@router.get("/health/pack")
async def pack_health(visit: AnyVisit) -> PackHealth:
    """Whether figures can be asked for, and of which date their prices are."""
    return await _pack_health(visit)


async def _pack_health(visit: Visit) -> PackHealth:
    application = visit.application
    policy = application.settings.policy
    async with application.database.transaction(SYSTEM, read_only=True) as tx:
        pack = await newest_pack(tx, policy)
        pace = await chain_pace(tx, policy, pack.date) if pack is not None else None
    return PackHealth.model_validate(readiness(pack, application.clock, policy, pace))


async def _administrator(request: Request, visit: AnyVisit) -> Call | None:
    """Whoever asks, if an administrator."""
    try:
        call = await open_call(request, visit, None, None)
    except Unauthenticated:
        return None
    return call if "admin" in call.identity.rights else None


PerhapsAdmin = Annotated[Call | None, Depends(_administrator)]


@router.get("/health/detailed")
async def detailed_health(visit: AnyVisit, admin: PerhapsAdmin) -> DetailedHealth:
    """Whether the database answers; for administrators also what is there."""
    application = visit.application
    async with application.database.transaction(SYSTEM, read_only=True) as tx:
        facts = await ask_database(tx)
    if admin is None:
        return DetailedHealth()
    return DetailedHealth(
        version=version("dawsos"),
        database=DatabaseHealth.model_validate(facts),
        pack=await _pack_health(visit),
        capabilities=len(application.registry),
        patterns=len(application.patterns),
    )


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, visit: AnyVisit, admin: PerhapsAdmin) -> Response:
    """What is measured, for Prometheus: to this machine, and to administrators."""
    if admin is None and not _is_local(request):
        raise Forbidden("The measurements are for administrators.", remedy="Send an administrator's access token.")
    return Response(generate_latest(visit.application.meters.registry), media_type=CONTENT_TYPE_LATEST)


def _is_local(request: Request) -> bool:
    address = client_address(request.scope)
    is_forwarded = any(name in request.headers for name in _FORWARDED)
    return address is not None and ipaddress.ip_address(address).is_loopback and not is_forwarded
