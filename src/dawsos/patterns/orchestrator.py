"""Running a pattern from request to answer: rights, inputs, steps within their time, panels, trace."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from dawsos.kernel.errors import DawsosError, Internal, Invalid, Unavailable
from dawsos.patterns.answer import PatternResult
from dawsos.patterns.checker import Pattern
from dawsos.patterns.context import PatternContext, facts_of
from dawsos.patterns.failure import failure
from dawsos.patterns.file import PATTERN_SECONDS
from dawsos.patterns.keeping import NOTHING_KNOWN, KeptAnswers, Outcomes, key_of, served_again
from dawsos.patterns.panels import PanelResult
from dawsos.patterns.presentation import show
from dawsos.patterns.references import CONTEXT
from dawsos.patterns.retry import Chance, Sleep
from dawsos.patterns.run import Outcome, Run, StepFailed, milliseconds
from dawsos.patterns.trace import PanelStaleness, StepError, StepProvenance, StepTrace, Trace, cache_stats, data_provenance
from dawsos.patterns.values import json_bytes, plain
from dawsos.registry.catalogue import Registry, invalid_request, require_rights
from dawsos.registry.contract import Contract


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a pattern may take and how large its inputs and its answer may be, in seconds and bytes."""

    seconds: float = PATTERN_SECONDS
    input_bytes: int = 1_000_000
    answer_bytes: int = 32_000_000


_LIMITS: Final = Limits()


class Orchestrator:
    """Runs patterns on one registry. ``sleep`` and ``chance`` make the waits between attempts."""

    def __init__(self, registry: Registry, *, sleep: Sleep, chance: Chance, limits: Limits = _LIMITS) -> None:
        self._registry = registry
        self._sleep = sleep
        self._chance = chance
        self._limits = limits

    async def run(
        self, pattern: Pattern, inputs: Mapping[str, Any], context: PatternContext, kept: KeptAnswers | None = None
    ) -> PatternResult:
        """The answer of ``pattern`` for ``inputs`` in ``context``, one of ``kept`` if that is given and has it.

        Raises :class:`Forbidden` when the actor lacks a right, :class:`Invalid` for wrong or too large inputs, and
        :class:`PatternFailure`, of the kind of its cause and with the trace so far, when a required step fails or the time runs out.
        """
        started, outcome = context.clock.now(), "internal"
        try:
            answer = await self._run(pattern, inputs, context, kept, started)
            outcome = "ok"
        except DawsosError as error:
            outcome = error.kind
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        else:
            return answer
        finally:
            took = context.clock.now() - started
            context.meters.pattern_duration.labels(pattern.id, outcome).observe(took.total_seconds())

    async def _run(
        self, pattern: Pattern, inputs: Mapping[str, Any], context: PatternContext, kept: KeptAnswers | None, started: datetime
    ) -> PatternResult:
        require_rights(f"Pattern '{pattern.id}'", pattern.file.rights_required, context.actor)
        facts = facts_of(context)
        _require_facts(pattern, facts)
        request = self._validated(pattern, inputs, facts)

        def begun(known: Outcomes = NOTHING_KNOWN) -> Run:
            return Run.begin(pattern, self._registry, context, request, facts, self._sleep, self._chance, known)

        lasting = pattern.lasting_steps(context)
        key = None if kept is None else key_of(pattern, request, context, lasting)
        if kept is None or key is None:
            return await self._computed(begun(), started)
        if len(lasting) < len(pattern.needs):
            known = kept.steps(key, pattern, context)
            run = begun(known)
            answer = await self._computed(run, started)
            if not known:
                kept.keep_steps(key, pattern, context, {name: run.outcomes[name] for name in lasting})
            return answer
        answer, was_kept = await kept.once(key, pattern, context, lambda: self._computed(begun(), started))
        return served_again(answer, context, milliseconds(context.clock.now() - started)) if was_kept else answer

    async def _computed(self, run: Run, started: datetime) -> PatternResult:
        await self._steps(run, started)
        return self._answer(run, started)

    def _validated(self, pattern: Pattern, inputs: Mapping[str, Any], facts: Mapping[str, Any]) -> Contract:
        if len(json_bytes(plain(dict(inputs)))) > self._limits.input_bytes:
            raise Invalid(f"The inputs of pattern '{pattern.id}' are larger than {self._limits.input_bytes} bytes.", remedy="Ask for less.")
        stand_ins = {one.name: facts[one.fact] for one in pattern.inputs.values() if one.fact and inputs.get(one.name) is None}
        try:
            return pattern.inputs_model.model_validate({**inputs, **stand_ins})
        except ValidationError as error:
            raise invalid_request(f"pattern '{pattern.id}'", error, pattern.inputs) from error

    async def _steps(self, run: Run, started: datetime) -> None:
        try:
            async with asyncio.timeout(self._limits.seconds):
                await run.steps()
        except TimeoutError as error:
            raise self._timed_out(run, started) from error
        except ExceptionGroup as group:
            failed = {one.step.name: one for one in _step_failures(group)}
            first = next(failed[name] for name in run.outcomes if name in failed)
            step, subject = first.step, f"Step '{first.step.name}' ({first.step.capability}) of pattern '{run.pattern.id}'"
            trace = _trace(run, (), started)
            raise failure(first.error, subject, trace, step=step.name, capability=step.capability) from first.error

    def _timed_out(self, run: Run, started: datetime) -> DawsosError:
        waiting = [name for name, outcome in run.outcomes.items() if outcome.status == "running"]
        cause = Unavailable(
            f"it did not finish within {self._limits.seconds:g} seconds; still running: {', '.join(waiting)}.",
            remedy="Try again; if it stays slow, ask for a shorter window.",
            code="timeout",
            details={"unfinished_steps": waiting},
        )
        return failure(cause, f"Pattern '{run.pattern.id}'", _trace(run, (), started))

    def _answer(self, run: Run, started: datetime) -> PatternResult:
        try:
            panels = tuple(show(panel, run.pattern, run) for panel in run.pattern.file.panels)
        except DawsosError as error:
            raise failure(error, f"Showing pattern '{run.pattern.id}'", _trace(run, (), started)) from error
        data = {name: run.outcomes[name].result for name in run.pattern.file.outputs}
        answer = PatternResult(data, panels, _warnings(run.outcomes.values()), _trace(run, panels, started))
        if len(answer.canonical) > self._limits.answer_bytes:
            cause = Internal(f"the answer is larger than {self._limits.answer_bytes} bytes.", remedy="Ask for a shorter window.")
            raise failure(cause, f"Pattern '{run.pattern.id}'", answer.trace)
        return answer


def _require_facts(pattern: Pattern, facts: Mapping[str, Any]) -> None:
    missing = sorted(fact for fact in pattern.facts_used if facts[fact] is None)
    if missing:
        raise Invalid(
            f"Pattern '{pattern.id}' needs {', '.join(f'{CONTEXT}.{fact}' for fact in missing)}, which this request does not have.",
            remedy="Name a portfolio, and a date that has a pricing pack.",
        )


def _step_failures(group: BaseExceptionGroup[BaseException]) -> Iterable[StepFailed]:
    for error in group.exceptions:
        if not isinstance(error, StepFailed):
            raise group
        yield error


def _warnings(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    listed: dict[str, None] = {}
    for outcome in outcomes:
        if outcome.provenance is not None:
            listed |= dict.fromkeys(outcome.provenance.warnings)
        if outcome.error is not None:
            listed[f"{outcome.step.name} is unavailable: {outcome.error.message}"] = None
    return tuple(listed)


def _step_trace(outcome: Outcome, agent: str) -> StepTrace:
    error, provenance = outcome.error, outcome.provenance
    return StepTrace(
        capability=outcome.step.capability,
        name=outcome.step.name,
        agent=agent,
        args_digest=outcome.args_digest,
        success=outcome.status == "done",
        skipped=outcome.status == "skipped",
        reason=outcome.reason if outcome.status != "running" else "It did not finish.",
        attempts=outcome.attempts,
        duration_ms=outcome.duration_ms,
        stored_or_computed=provenance.origin if provenance else None,
        provenance=StepProvenance.of(provenance) if provenance else None,
        error=StepError(kind=error.kind, code=error.code, message=error.message) if error else None,
    )


def _trace(run: Run, panels: tuple[PanelResult, ...], started: datetime) -> Trace:
    context, file = run.context, run.pattern.file
    steps = tuple(_step_trace(outcome, run.pattern.capabilities[name].agent) for name, outcome in run.outcomes.items())
    used = [step for step in steps if step.attempts]
    return Trace(
        pattern_id=file.id,
        version=file.version,
        pricing_pack_id=context.pricing_pack_id,
        pack_hash=context.pack.hash if context.pack is not None else None,
        ledger_commit_hash=context.ledger_commit_hash,
        trace_id=context.trace_id,
        request_id=context.request_id,
        asof_date=context.asof_date,
        agents_used=tuple(sorted({step.agent for step in used})),
        capabilities_used=tuple(sorted({step.capability for step in used})),
        sources=tuple(sorted({source for step in steps if step.provenance for source in step.provenance.sources})),
        per_panel_staleness=tuple(PanelStaleness(panel=one.id, asof=one.asof, ttl=one.refresh_ttl, stale=one.stale) for one in panels),
        steps=steps,
        cache_stats=cache_stats(steps),
        data_provenance=data_provenance(steps, _warnings(run.outcomes.values())),
        duration_ms=milliseconds(context.clock.now() - started),
    )
