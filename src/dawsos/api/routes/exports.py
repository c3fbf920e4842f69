"""Answers of patterns as files: PDF, CSV and workbook; and the report of a portfolio under an address of its own."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, JsonValue
from starlette.responses import Response

from dawsos.api.call import Call, Needs
from dawsos.api.pinning import pinning, query_pinning
from dawsos.api.routes.patterns import PinnedRequest
from dawsos.api.routing import subject_router
from dawsos.api.running import PatternRunner
from dawsos.api.texts import Word
from dawsos.bootstrap import Application
from dawsos.patterns.checker import Pattern
from dawsos.services.opening import Pinning
from dawsos.services.reports.exporting import ExportedFile, ExportForm, media_type_of, right_for
from dawsos.services.reports.of_answers import file_of, require_allowed

SUBJECT: Final = "exports"
_REPORT: Final = "export_portfolio_report"


class ExportRequest(PinnedRequest):
    """The inputs of the pattern; ``portfolio_id`` says what it is about when the inputs do not."""

    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    portfolio_id: UUID | None = None


def export_router(application: Application, runner: PatternRunner) -> APIRouter:
    """The routes that answer with a file."""
    router = subject_router(SUBJECT)
    for form in ExportForm:
        _add(router, runner, form)
    if _REPORT in application.patterns:
        _add_report(router, runner)
    return router


def _add_report(router: APIRouter, runner: PatternRunner) -> None:
    @router.get("/v1/portfolios/{portfolio_id}/report.pdf", response_class=Response, responses=_a_file(ExportForm.PDF))
    async def portfolio_report(
        call: Annotated[Call, Depends(Needs(("portfolio_read", "macro_data_read", "export_pdf")))],
        portfolio_id: UUID,
        wanted: Annotated[Pinning, Depends(query_pinning)],
        include_holdings: Annotated[bool, Query(description="Show the holdings and the sectors.")] = True,
        include_performance: Annotated[bool, Query(description="Show performance, history and attribution.")] = True,
        include_macro: Annotated[bool, Query(description="Show the economic regime.")] = False,
        strict: Annotated[bool, Query(description="Refuse the whole of it when a part may not be exported.")] = False,
        lookback_days: Annotated[int, Query(ge=1, le=10_000, description="Daily returns to look back on.")] = 252,
    ) -> Response:
        """The report of a portfolio as PDF; the same pack, ledger state and choices give the same bytes."""
        pattern = call.application.patterns.find(_REPORT)
        inputs = {
            "portfolio_id": str(portfolio_id),
            "include_holdings": include_holdings,
            "include_performance": include_performance,
            "include_macro": include_macro,
            "strict": strict,
            "lookback_days": lookback_days,
        }
        return _download(await _file(call, runner, pattern, inputs, wanted, None, ExportForm.PDF))


def _add(router: APIRouter, runner: PatternRunner, form: ExportForm) -> None:
    endpoint = _endpoint(runner, form)
    endpoint.__name__ = f"export_{form.value}"
    endpoint.__annotations__["call"] = Annotated[Call, Depends(Needs((right_for(form),)))]
    router.add_api_route(
        f"/v1/patterns/{{pattern_id}}/export/{form.value}",
        endpoint,
        methods=["POST"],
        response_class=Response,
        responses=_a_file(form),
        summary=f"A pattern's answer as {form.value}",
    )


def _endpoint(runner: PatternRunner, form: ExportForm) -> Callable[..., Awaitable[Response]]:
    async def endpoint(call: Call, pattern_id: Word, body: ExportRequest) -> Response:
        """What the pattern shows, as a file; sections whose sources may not be exported are left out with a notice."""
        pattern = call.application.patterns.find(pattern_id)
        await Needs(pattern.file.rights_required)(call)
        inputs = dict(body.inputs)
        if "portfolio_id" in pattern.inputs and inputs.get("portfolio_id") is None and body.portfolio_id is not None:
            inputs["portfolio_id"] = str(body.portfolio_id)
        pins = pinning(body.pack_id, body.asof_date, body.ledger_commit_hash)
        return _download(await _file(call, runner, pattern, inputs, pins, body.portfolio_id, form))

    return endpoint


async def _file(
    call: Call,
    runner: PatternRunner,
    pattern: Pattern,
    inputs: dict[str, Any],
    wanted: Pinning,
    portfolio_id: UUID | None,
    form: ExportForm,
) -> ExportedFile:
    require_allowed(pattern.id, pattern.file.export_allowed.model_dump(), form)
    context, answer = await runner.run(call, pattern, inputs, wanted, portfolio_id=portfolio_id)
    return await file_of(context, pattern.file.name, answer.content["panels"], form)


def _a_file(form: ExportForm) -> dict[int | str, dict[str, Any]]:
    content = {media_type_of(form).partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": "The file.", "content": content}}


def _download(file: ExportedFile) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "ETag": f'"{file.sha256}"',
        "Cache-Control": "private, no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
