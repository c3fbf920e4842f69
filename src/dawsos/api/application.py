"""Puts the API together over an opened application."""

import asyncio
import random
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from starlette.middleware import Middleware

from dawsos.api import openapi
from dawsos.api.failures import answer_failures
from dawsos.api.frame import RequestFrame
from dawsos.api.gates import BodyGate, HostGate
from dawsos.api.login_limit import LoginLimit
from dawsos.api.routes import (
    accounts,
    administration,
    alerts,
    corporate_actions,
    evidence,
    health,
    ledger,
    packs,
    portfolios,
    suggestions,
    upkeep,
)
from dawsos.api.routes.capabilities import capability_router
from dawsos.api.routes.exports import export_router
from dawsos.api.routes.patterns import pattern_router
from dawsos.api.running import PatternRunner
from dawsos.api.web_app import BUILT, WebApp
from dawsos.bootstrap import Application
from dawsos.patterns.orchestrator import Orchestrator

DESCRIPTION: Final = """\
Every figure is a function of a pricing pack, a state of the ledger and a method: pinned to the same ones, an answer is the same again.

Success is `{status, data, warnings, trace_id, timestamp}`; failure is an RFC 9457 problem. Money, prices and quantities are decimal
strings with their currency beside them, ratios are fractions, dates are ISO 8601; `x-unit` names the unit of every number.
A browser uses the session cookie and sends `X-Requested-With: dawsos` with every change; programs send an access token.
"""


def create_app(application: Application, *, web_app: Path = BUILT) -> FastAPI:
    """The API of ``application``, which must be open for as long as this answers; ``web_app`` is the folder the web app was built into."""
    app = FastAPI(
        title="DawsOS",
        version=version("dawsos"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(RequestFrame, application=application),
            Middleware(HostGate, allowed=application.settings.allowed_hosts),
            Middleware(BodyGate),
        ],
    )
    app.state.application = application
    app.state.login_limit = LoginLimit(application.clock)
    answer_failures(app)
    _add_routes(app, application)
    app.router.default = WebApp(web_app)
    described: dict[str, Any] = {}

    def describe() -> dict[str, Any]:
        if not described:
            described.update(openapi.describe(app))
        return described

    app.openapi = describe  # type: ignore[method-assign]  # the framework's own way to replace the description
    return app


def _add_routes(app: FastAPI, application: Application) -> None:
    jitter = random.Random()  # noqa: S311 (spreads retries, guards nothing)
    runner = PatternRunner(Orchestrator(application.registry, sleep=asyncio.sleep, chance=jitter))
    routers = (
        health.router,
        accounts.router,
        portfolios.router,
        ledger.router,
        packs.router,
        corporate_actions.router,
        alerts.router,
        suggestions.router,
        upkeep.router,
        administration.router,
        evidence.router,
        export_router(application, runner),
        pattern_router(application, runner),
        capability_router(application),
    )
    for router in routers:
        app.router.routes.extend(router.routes)
