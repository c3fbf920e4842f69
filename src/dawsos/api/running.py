"""Runs a pattern for a call and answers with the bytes its data has once and for all."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from dawsos.api.call import Call
from dawsos.api.envelope import MEDIA_TYPE, joined
from dawsos.api.pinning import open_context
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import Invalid
from dawsos.patterns.answer import PatternResult
from dawsos.patterns.checker import Pattern
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.services.context import RequestContext
from dawsos.services.opening import Pinning


class PatternRunner:
    """Answers calls of patterns."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator

    async def answer(
        self, call: Call, pattern: Pattern, inputs: Mapping[str, Any], wanted: Pinning, *, portfolio_id: UUID | None = None
    ) -> Response:
        """The answer of ``pattern`` for ``inputs``, about the portfolio they name, or else about ``portfolio_id``.

        Raises :class:`NotFound` when the caller has no such portfolio, before anything else is looked at.
        """
        _, result = await self.run(call, pattern, inputs, wanted, portfolio_id=portfolio_id)
        return _response(call, result)

    async def run(
        self, call: Call, pattern: Pattern, inputs: Mapping[str, Any], wanted: Pinning, *, portfolio_id: UUID | None = None
    ) -> tuple[RequestContext, PatternResult]:
        """The context of the call and what the pattern gave in it."""
        context = await open_context(call, _one_portfolio(inputs, portfolio_id), wanted)
        return context, await self._orchestrator.run(pattern, inputs, context, call.application.answers)


def _response(call: Call, result: PatternResult) -> Response:
    around = call.around(result.warnings, trace=result.trace.plain())
    return Response(joined(result.canonical, canonical_bytes(around)), media_type=MEDIA_TYPE)


def _one_portfolio(inputs: Mapping[str, Any], beside: UUID | None) -> UUID | None:
    """The portfolio a request is about: named by its inputs, or beside them, or both times the same."""
    named = _portfolio(inputs)
    if named is not None and beside is not None and named != beside:
        raise _wrong_portfolio("names another portfolio than the request does")
    return named or beside


def _portfolio(inputs: Mapping[str, Any]) -> UUID | None:
    named = inputs.get("portfolio_id")
    if named is None or isinstance(named, UUID):
        return named
    try:
        return UUID(str(named))
    except ValueError:
        raise _wrong_portfolio("is not a UUID") from None


def _wrong_portfolio(reason: str) -> Invalid:
    return Invalid(
        f"The input portfolio_id {reason}.",
        remedy="GET /v1/portfolios lists yours.",
        details={"problems": [{"field": "inputs.portfolio_id", "message": reason}]},
    )
