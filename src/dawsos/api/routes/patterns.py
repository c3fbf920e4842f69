"""One typed route for each pattern, made from the library; the list of them; and one route that runs any by its id."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Annotated, Any, Final, Generic
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field, JsonValue, TypeAdapter, create_model
from starlette.responses import Response

from dawsos.api.call import AnyCall, Call, Needs
from dawsos.api.envelope import Data, Success, answer_of
from dawsos.api.pinning import CommitHash, PackId, pinning
from dawsos.api.routing import subject_router
from dawsos.api.running import PatternRunner
from dawsos.api.texts import Word
from dawsos.bootstrap import Application
from dawsos.patterns.answer import pattern_result_model
from dawsos.patterns.checker import Pattern
from dawsos.patterns.file import Group
from dawsos.patterns.inputs import title
from dawsos.patterns.panels import AnyPanel
from dawsos.patterns.trace import Trace
from dawsos.registry.contract import Contract
from dawsos.registry.units import Seconds

SUBJECT: Final = "patterns"


class PatternInput(Contract):
    """An input of a pattern: a default may be a fact of the request, such as its date, which ``default_fact`` names.

    ``json_schema`` says what may be given for it.
    """

    name: str
    label: str
    type: str
    required: bool
    default: JsonValue
    default_fact: str | None
    choices: tuple[str, ...] | None
    description: str
    json_schema: dict[str, JsonValue]


class PatternPanel(Contract):
    """A panel of a pattern; shown data is fresh for ``refresh_ttl``."""

    id: str
    title: str
    type: str
    refresh_ttl: Annotated[int, Seconds]


class PatternSummary(Contract):
    """A pattern: what it is for, what it takes, what it shows, and what it needs. ``group`` is where a surface lists it."""

    id: str
    name: str
    description: str
    version: str
    category: str
    group: Group
    tags: tuple[str, ...]
    inputs: tuple[PatternInput, ...]
    panels: tuple[PatternPanel, ...]
    rights: tuple[str, ...]
    export_allowed: dict[str, bool]


class PatternDetails(PatternSummary):
    """A pattern with its steps, as its file has them."""

    steps: tuple[dict[str, JsonValue], ...]
    outputs: tuple[str, ...]


class PinnedRequest(Contract):
    """What a pattern is asked with. Without ``pack_id`` the newest pricing pack in force, on or before ``asof_date`` if that is given.

    ``ledger_commit_hash`` names a state of the ledger by the hash after its last entry; without it, everything booked counts.
    """

    pack_id: PackId | None = None
    asof_date: date | None = None
    ledger_commit_hash: CommitHash | None = None


class ExecuteRequest(PinnedRequest):
    """A pattern by its id and its inputs. ``portfolio_id`` says what it is about when the inputs do not."""

    pattern: Word
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    portfolio_id: UUID | None = None


class PatternSuccess(Success[Data], Generic[Data]):
    """The answer of a pattern: its results, its panels ready to be shown, and how they came about."""

    panels: tuple[AnyPanel, ...]
    trace: Trace


class ExecuteAnswer(PatternSuccess[dict[str, JsonValue]]):
    """The answer of any pattern; the routes of the single patterns have typed data."""


def pattern_router(application: Application, runner: PatternRunner) -> APIRouter:
    """The routes of every pattern of ``application``."""
    router = subject_router(SUBJECT)
    summaries = [PatternSummary(**_facts(pattern)) for pattern in application.patterns.values()]

    @router.get("/api/patterns/list", include_in_schema=False)
    @router.get("/v1/patterns", response_model=answer_of(list[PatternSummary]))
    async def list_patterns(call: AnyCall) -> Response:
        """Every pattern of the library, by id."""
        return call.success(summaries)

    @router.get("/v1/patterns/{pattern_id}", response_model=answer_of(PatternDetails))
    async def read_pattern(call: AnyCall, pattern_id: Word) -> Response:
        """One pattern."""
        return call.success(_details(call.application.patterns.find(pattern_id)))

    for pattern in application.patterns.values():
        _add(router, pattern, runner)

    @router.post("/v1/patterns/{pattern_id}", include_in_schema=False)
    async def unknown_pattern(call: AnyCall, pattern_id: str) -> Response:
        """No pattern has this id: say so, with the nearest ids."""
        call.application.patterns.find(pattern_id)
        return Response(status_code=404)  # unreachable: every known id has its own route

    @router.post("/api/patterns/execute", include_in_schema=False)
    @router.post("/v1/execute", response_model=ExecuteAnswer)
    async def execute(call: AnyCall, body: ExecuteRequest) -> Response:
        """Run any pattern by its id."""
        pattern = call.application.patterns.find(body.pattern)
        await Needs(pattern.file.rights_required)(call)
        inputs = dict(body.inputs)
        if "portfolio_id" in pattern.inputs and inputs.get("portfolio_id") is None and body.portfolio_id is not None:
            inputs["portfolio_id"] = str(body.portfolio_id)
        return await runner.answer(call, pattern, inputs, _pins(body), portfolio_id=body.portfolio_id)

    return router


def _pins(body: PinnedRequest) -> Any:
    return pinning(body.pack_id, body.asof_date, body.ledger_commit_hash)


def _add(router: APIRouter, pattern: Pattern, runner: PatternRunner) -> None:
    endpoint = _endpoint(pattern, runner)
    endpoint.__name__ = f"run_{pattern.id}"
    endpoint.__annotations__ |= {
        "call": Annotated[Call, Depends(Needs(pattern.file.rights_required))],
        "body": request_model(pattern),
    }
    router.add_api_route(
        f"/v1/patterns/{pattern.id}",
        endpoint,
        methods=["POST"],
        response_model=answer_model(pattern),
        summary=pattern.file.name,
        description=pattern.file.description,
        openapi_extra={"x-category": pattern.file.category, "x-version": pattern.file.version},
    )


def _endpoint(pattern: Pattern, runner: PatternRunner) -> Callable[..., Awaitable[Response]]:
    async def endpoint(call: Call, body: Any) -> Response:
        given: Contract = body.inputs
        inputs = {name: getattr(given, name) for name in given.model_fields_set}
        return await runner.answer(call, pattern, inputs, _pins(body))

    return endpoint


def request_model(pattern: Pattern) -> type[PinnedRequest]:
    """The body of a request for ``pattern``, for example ``PortfolioOverviewRequest``."""
    needs_inputs = any(one.required for one in pattern.inputs.values())
    inputs: Any = (pattern.inputs_model, ... if needs_inputs else Field(default_factory=pattern.inputs_model))
    doc = f"What pattern {pattern.id} is asked with."
    return create_model(f"{title(pattern.id)}Request", __base__=PinnedRequest, __doc__=doc, inputs=inputs)


def answer_model(pattern: Pattern) -> type[PatternSuccess[Any]]:
    """The type of the whole answer, for example ``PortfolioOverviewPatternAnswer``."""
    data: Any = pattern_result_model(pattern)
    base: type[PatternSuccess[Any]] = PatternSuccess[data]
    return create_model(f"{title(pattern.id)}PatternAnswer", __base__=base, __doc__=f"Answer of pattern {pattern.id}.")


def _facts(pattern: Pattern) -> dict[str, Any]:
    file = pattern.file
    return {
        "id": file.id,
        "name": file.name,
        "description": file.description,
        "version": file.version,
        "category": file.category,
        "group": file.group,
        "tags": file.tags,
        "inputs": tuple(_input(pattern, name) for name in file.inputs),
        "panels": tuple(PatternPanel(id=one.id, title=one.title, type=one.type, refresh_ttl=one.refresh_ttl) for one in file.panels),
        "rights": file.rights_required,
        "export_allowed": file.export_allowed.model_dump(),
    }


def _input(pattern: Pattern, name: str) -> PatternInput:
    written, checked = pattern.file.inputs[name], pattern.inputs[name]
    return PatternInput(
        name=name,
        label=checked.label,
        type=written.type,
        required=written.required,
        default=checked.default,
        default_fact=checked.fact,
        choices=written.choices,
        description=written.description,
        json_schema=TypeAdapter(checked.annotation).json_schema(),
    )


def _details(pattern: Pattern) -> PatternDetails:
    steps: tuple[Mapping[str, Any], ...] = tuple(step.model_dump(mode="json", by_alias=True) for step in pattern.file.steps)
    return PatternDetails(**_facts(pattern), steps=steps, outputs=pattern.file.outputs)
