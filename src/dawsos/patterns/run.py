"""Running the steps of one pattern: each as soon as what it reads is there, independent ones at the same time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Literal

from dawsos.kernel.canonical import sha256_hex
from dawsos.kernel.errors import DawsosError
from dawsos.patterns.assignability import takes_null
from dawsos.patterns.checker import Pattern
from dawsos.patterns.context import PatternContext
from dawsos.patterns.file import StepSpec
from dawsos.patterns.references import Reference, mentions, parse
from dawsos.patterns.retry import Chance, Retries, Sleep
from dawsos.patterns.values import Found, Values, json_bytes, plain
from dawsos.registry.catalogue import Registry
from dawsos.registry.contract import Contract
from dawsos.registry.provenance import Provenance


def milliseconds(took: timedelta) -> float:
    """A duration in milliseconds, to the microsecond."""
    return round(took.total_seconds() * 1000, 3)


@dataclass(slots=True)
class Outcome:
    """What became of one step."""

    step: StepSpec
    status: Literal["running", "done", "skipped", "failed"] = "running"
    result: Contract | None = None
    provenance: Provenance | None = None
    reason: str | None = None
    error: DawsosError | None = None
    args_digest: str | None = None
    attempts: int = 0
    duration_ms: float | None = None


class StepFailed(Exception):
    """A required step failed."""

    def __init__(self, step: StepSpec, error: DawsosError) -> None:
        super().__init__(step.name)
        self.step = step
        self.error = error


def resolved(tree: Any, values: Values) -> Any:
    """``tree`` with every reference replaced by the value it gives, exactly as its step returned it."""
    if isinstance(tree, dict):
        return {key: resolved(value, values) for key, value in tree.items()}
    if isinstance(tree, list):
        return [resolved(value, values) for value in tree]
    return values.value(parse(tree)) if isinstance(tree, str) and mentions(tree) else tree


@dataclass
class Run:
    """One run of one pattern."""

    pattern: Pattern
    registry: Registry
    context: PatternContext
    values: Values
    sleep: Sleep
    chance: Chance
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    _results: dict[str, Contract] = field(default_factory=dict)
    _missing: dict[str, str] = field(default_factory=dict)
    _sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _finished: dict[str, asyncio.Event] = field(default_factory=dict)

    @classmethod
    def begin(
        cls,
        pattern: Pattern,
        registry: Registry,
        context: PatternContext,
        inputs: Contract,
        facts: Mapping[str, Any],
        sleep: Sleep,
        chance: Chance,
        known: Mapping[str, Outcome] = MappingProxyType({}),
    ) -> "Run":
        """A run whose references read ``inputs``, ``facts`` and the results as they arrive; steps of a ``known`` outcome do not run."""
        results: dict[str, Contract] = {}
        missing: dict[str, str] = {}
        sources: dict[str, tuple[str, ...]] = {}
        values = Values(inputs, facts, results, missing, sources)
        run = cls(pattern, registry, context, values, sleep, chance, _results=results, _missing=missing, _sources=sources)
        for step in pattern.file.steps:
            run.outcomes[step.name] = known.get(step.name) or Outcome(step)
            run._finished[step.name] = asyncio.Event()
        return run

    async def steps(self) -> None:
        """Run every step. The first required step that fails cancels the others and is raised as :class:`StepFailed` in a group."""
        async with asyncio.TaskGroup() as group:
            for outcome in self.outcomes.values():
                group.create_task(self._step(outcome))

    async def _step(self, outcome: Outcome) -> None:
        for name in self.pattern.needs[outcome.step.name]:
            await self._finished[name].wait()
        if outcome.status == "running":
            await self._carry_out(outcome)
        if outcome.result is not None:
            self._results[outcome.step.name] = outcome.result
            self._sources[outcome.step.name] = self._sources_behind(outcome)
        else:
            self._missing[outcome.step.name] = outcome.reason or ""
        self._finished[outcome.step.name].set()

    async def _carry_out(self, outcome: Outcome) -> None:
        started = self.context.clock.now()
        try:
            await self._execute(outcome)
        except DawsosError as error:
            outcome.status, outcome.error, outcome.reason = "failed", error, str(error)
            if not outcome.step.optional:
                raise StepFailed(outcome.step, error) from error
        finally:
            if outcome.status != "skipped":
                outcome.duration_ms = milliseconds(self.context.clock.now() - started)

    def _sources_behind(self, outcome: Outcome) -> tuple[str, ...]:
        """What the step itself read, and what the steps whose results went into it did."""
        behind = [self._sources.get(name, ()) for name in self.pattern.needs[outcome.step.name]]
        own = outcome.provenance.sources if outcome.provenance is not None else ()
        return tuple(sorted({source for sources in (own, *behind) for source in sources}))

    async def _execute(self, outcome: Outcome) -> None:
        step = outcome.step
        reason = self._reason_to_skip(step)
        if reason is not None:
            outcome.status, outcome.reason = "skipped", reason
            return
        arguments = resolved(step.args, self.values)
        outcome.args_digest = sha256_hex(json_bytes(plain(arguments)))
        retries = Retries(self.sleep, self.chance)
        try:
            answer = await retries.run(lambda: self.registry.call(step.capability, self.context, arguments, seconds=step.timeout))
        finally:
            outcome.attempts = retries.attempts
        outcome.status, outcome.result, outcome.provenance = "done", answer.result, answer.provenance

    def _reason_to_skip(self, step: StepSpec) -> str | None:
        if step.when is not None:
            condition = self.values.single(step.when)
            if condition.value is None:
                return self._why_null(step.when, condition)
            if condition.value is False:
                return f"{step.when} is false"
        return self._missing_argument(step) if step.optional else None

    def _missing_argument(self, step: StepSpec) -> str | None:
        wanted = self.pattern.capabilities[step.name].request.model_fields
        for name, value in step.args.items():
            if isinstance(value, str) and mentions(value) and not takes_null(wanted[name].annotation):
                reference = parse(value)
                found = self.values.find(reference)
                if isinstance(found, Found) and found.value is None:
                    return self._why_null(reference, found)
        return None

    def _why_null(self, reference: Reference, found: Found) -> str:
        if reference.root in self._missing:
            return self._missing[reference.root]  # the reader is told what is the matter, not how far it spread
        reason = self.values.why_missing(reference, found)
        return f"{reference} is null" + (f": {reason}" if reason else "")
