"""Answers calls of tools: on behalf of whoever owns the token, cut to reading, each with a line in the audit log."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from dawsos.bootstrap import Application
from dawsos.kernel.errors import DawsosError, Invalid
from dawsos.kernel.identity import Actor
from dawsos.mcp.redaction import Redaction
from dawsos.mcp.tools import Tool, Tools
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry.contract import Contract
from dawsos.registry.reading import reader
from dawsos.services.audit import Origin, record
from dawsos.services.context import RequestContext
from dawsos.services.opening import Pinning
from dawsos.services.portfolios import list_portfolios

#: Larger answers would fill a model's whole attention; the client is told to ask for less.
LARGEST_ANSWER: Final = 1_000_000
CLIENT: Final = "mcp"
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a call came to: a JSON value, or why there is none, with what to do about it."""

    content: Mapping[str, Any] | None
    problem: str | None = None


class Answering:
    """Answers for one token. It is looked up for every call, so that a token that is revoked ends at once."""

    def __init__(self, application: Application, orchestrator: Orchestrator, token: str, *, is_redacted: bool) -> None:
        self._application = application
        self._orchestrator = orchestrator
        self._token = token
        self._is_redacted = is_redacted
        self.tools = Tools(application, is_redacted=is_redacted)

    async def check(self) -> None:
        """Raise :class:`Unauthenticated` when the token is nobody's."""
        await self._application.accounts.by_token(self._token)

    async def offered(self) -> list[Tool]:
        """The tools whoever owns the token has the rights for."""
        rights = (await self._actor()).rights
        return [tool for tool in self.tools.values() if rights.issuperset(self._needed(tool))]

    async def call(self, name: str, arguments: Mapping[str, Any]) -> ToolAnswer:
        """The answer of a tool. A failure is an answer too; only a token that is nobody's raises."""
        actor = await self._actor()
        trace_id = str(self._application.identifiers.new())
        redaction = await self._redaction(actor)
        outcome = "ok"
        try:
            tool = self.tools.find(name)
            return self._sized(await self._answer(tool, arguments, actor, trace_id, redaction))
        except DawsosError as error:
            outcome = error.code
            return ToolAnswer(None, self._problem(error, trace_id, redaction))
        except Exception as error:  # noqa: BLE001 - the last place before the client: a sentence, and the cause in the log
            outcome = "internal_error"
            return ToolAnswer(None, self._broken(error, trace_id))
        finally:
            await self._note(actor, name, arguments, outcome, trace_id)

    async def _actor(self) -> Actor:
        return reader((await self._application.accounts.by_token(self._token)).actor)

    def _needed(self, tool: Tool) -> frozenset[str]:
        if tool.kind == "capability":
            return frozenset(self._application.registry.get(tool.target).rights)
        if tool.kind == "pattern":
            return frozenset(self._application.patterns[tool.target].file.rights_required)
        return frozenset({"portfolio_read"})

    async def _redaction(self, actor: Actor) -> Redaction | None:
        if not self._is_redacted:
            return None
        owned = await list_portfolios(self._application.database, actor)
        return Redaction(tuple(one.name for one in owned))

    async def _answer(
        self, tool: Tool, arguments: Mapping[str, Any], actor: Actor, trace_id: str, redaction: Redaction | None
    ) -> Mapping[str, Any]:
        if tool.kind == "portfolios":
            return await self._portfolios(actor, redaction)
        own = {name: value for name, value in arguments.items() if name not in tool.pinned_by}
        context = await self._application.contexts.open(
            actor,
            trace_id=trace_id,
            request_id=trace_id,
            portfolio_id=_identifier(arguments.get("portfolio_id")),
            pinning=_pinning({name: arguments.get(name) for name in tool.pinned_by}),
        )
        if tool.kind == "pattern":
            pattern = self._application.patterns[tool.target]
            run = await self._orchestrator.run(pattern, own, context, self._application.answers)
            data = {name: None if result is None else _shared(result, redaction) for name, result in run.data.items()}
            return _content(
                data, context, redaction, warnings=run.warnings, sources=sorted({s for p in run.panels for s in p.provenance.sources})
            )
        answer = await self._application.registry.call(tool.target, context, own)
        said = answer.provenance
        return _content(
            _shared(answer.result, redaction),
            context,
            redaction,
            warnings=said.warnings,
            sources=said.sources,
            asof=said.asof.isoformat() if said.asof else None,
            method_version=said.method_version,
        )

    async def _portfolios(self, actor: Actor, redaction: Redaction | None) -> Mapping[str, Any]:
        owned = await list_portfolios(self._application.database, actor)
        named = [{"portfolio_id": str(one.id), "name": one.name, "base_currency": one.base_currency} for one in owned]
        shown = [{key: value for key, value in one.items() if redaction is None or key != "name"} for one in named]
        return {"result": shown, "provenance": {"sources": ["portfolios"], "warnings": []}}

    def _sized(self, content: Mapping[str, Any]) -> ToolAnswer:
        if len(json.dumps(content)) > LARGEST_ANSWER:
            raise Invalid(
                "The answer is too large for a model to read.", remedy="Ask for a shorter window or fewer rows.", code="answer_too_large"
            )
        return ToolAnswer(content)

    def _problem(self, error: DawsosError, trace_id: str, redaction: Redaction | None) -> str:
        if error.kind == "internal":
            return self._broken(error, trace_id)
        text = f"{error.message} {error.remedy}".strip()
        return f"{error.code}: {redaction.text(text) if redaction else text}"

    def _broken(self, error: Exception, trace_id: str) -> str:
        # What a client starts writes its log to the client: where amounts are withheld, so is what an error tells.
        cause = None if self._is_redacted else error
        _LOG.error("A tool failed (%s); trace id %s", type(error).__name__, trace_id, exc_info=cause)
        return f"internal_error: Something went wrong inside DawsOS. The log names it under the trace id {trace_id}."

    async def _note(self, actor: Actor, name: str, arguments: Mapping[str, Any], outcome: str, trace_id: str) -> None:
        moment = self._application.clock.now()
        changes = {"outcome": outcome, "redacted": self._is_redacted, "portfolio_id": str(arguments.get("portfolio_id") or "")}
        async with self._application.database.transaction(actor) as tx:
            await record(
                tx,
                actor,
                "mcp_call",
                "tool",
                entity_ref=name[:100],
                changes=changes,
                moment=moment,
                origin=replace(Origin(), user_agent=CLIENT, trace_id=trace_id),
            )


def _shared(result: Contract, redaction: Redaction | None) -> Any:
    return result.plain() if redaction is None else redaction.result(result)


def _content(result: Any, context: RequestContext, redaction: Redaction | None, **said: Any) -> Mapping[str, Any]:
    warnings = [redaction.text(one) if redaction else one for one in said.pop("warnings")]
    facts = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    pins = {"pricing_pack_id": context.pricing_pack_id, "ledger_commit_hash": context.ledger_commit_hash}
    return {"result": result, "provenance": {**facts, **pins, "warnings": warnings}}


def _identifier(value: Any) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(str(value))
    except ValueError:
        raise Invalid("portfolio_id is not a UUID.", remedy="The tool 'portfolios' lists yours.") from None


def _pinning(given: Mapping[str, Any]) -> Pinning:
    pack, day = given.get("pack_id"), given.get("asof_date")
    if pack is not None and day is not None:
        raise Invalid("Both pack_id and asof_date are given, and each names a pricing pack.", remedy="Give one of them.")
    try:
        return Pinning(pack_id=None if pack is None else str(pack), asof_date=None if day is None else date.fromisoformat(str(day)))
    except ValueError:
        raise Invalid("asof_date is no date.", remedy="Write it as YYYY-MM-DD.") from None
