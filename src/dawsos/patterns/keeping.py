"""Keeps answers in memory, whole or the steps of them that last, each under everything it depends on; one makes what many ask for."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from dawsos.kernel.canonical import fingerprint
from dawsos.patterns.answer import PatternResult
from dawsos.patterns.checker import Pattern
from dawsos.patterns.context import PatternContext
from dawsos.patterns.run import Outcome
from dawsos.patterns.trace import StepTrace, Trace, cache_stats, data_provenance
from dawsos.patterns.values import json_bytes
from dawsos.registry.contract import Contract

#: Failures that asking again does not mend as long as nothing changes; answers with any other failure in them are never kept.
LASTING: Final = frozenset({"insufficient_data", "not_found", "forbidden"})
MEGABYTE: Final = 1_000_000

Outcomes = Mapping[str, Outcome]
NOTHING_KNOWN: Final[Outcomes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class KeptInMemory:
    """How many answers of a pattern are kept, and when the oldest and the newest were made."""

    kept: int
    oldest: datetime
    newest: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    kind: str
    value: PatternResult | Outcomes
    size: int
    kept_at: datetime


class KeptAnswers:
    """Answers by key, of which the ones asked for longest ago are forgotten when all together are larger than ``largest`` bytes.

    An answer counts with the length of its JSON; the objects behind it take several times that. Of an answer that is made anew each time,
    the steps that last are kept, and count with theirs. Kept by the process, for nobody else.
    """

    def __init__(self, largest: int = 16 * MEGABYTE) -> None:
        self._largest = largest
        self._size = 0
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._making: dict[str, asyncio.Future[None]] = {}

    async def once(
        self, key: str, pattern: Pattern, context: PatternContext, make: Callable[[], Awaitable[PatternResult]]
    ) -> tuple[PatternResult, bool]:
        """The kept answer of ``key``, else what ``make()`` gives; and whether it was kept.

        Those who ask while it is made wait for it; if it cannot be kept or does not come about, each of them makes its own.
        """
        found = self._found(key)
        if found is None and key in self._making:
            await asyncio.shield(self._making[key])
            found = self._found(key)
        kind = label_of(pattern)
        _count(kind, found, context)
        if found is not None and isinstance(found.value, PatternResult):
            return found.value, True
        return await self._made(key, kind, context, make), False

    def steps(self, key: str, pattern: Pattern, context: PatternContext) -> Outcomes:
        """What is kept of the steps of an answer, as steps that did not run; nothing where nothing is kept."""
        found = self._found(key)
        _count(_steps_of(pattern), found, context)
        if found is None or isinstance(found.value, PatternResult):
            return NOTHING_KNOWN
        return {name: _known(outcome) for name, outcome in found.value.items()}

    def keep_steps(self, key: str, pattern: Pattern, context: PatternContext, outcomes: Outcomes) -> None:
        """Keep what became of the steps that last, unless one of them failed in a way that may pass."""
        if all(outcome.error is None or outcome.error.kind in LASTING for outcome in outcomes.values()):
            size = sum(len(json_bytes(outcome.result.plain())) for outcome in outcomes.values() if outcome.result is not None)
            self._keep(key, _Kept(_steps_of(pattern), outcomes, size, context.clock.now()))
            context.meters.answer_bytes.set(self._size)

    def listed(self) -> dict[str, KeptInMemory]:
        """What is kept now, by the kind that is counted."""
        dates: dict[str, list[datetime]] = {}
        for one in self._kept.values():
            dates.setdefault(one.kind, []).append(one.kept_at)
        return {kind: KeptInMemory(len(found), min(found), max(found)) for kind, found in dates.items()}

    @property
    def size(self) -> int:
        """Bytes of JSON that are kept."""
        return self._size

    def _found(self, key: str) -> _Kept | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    async def _made(self, key: str, kind: str, context: PatternContext, make: Callable[[], Awaitable[PatternResult]]) -> PatternResult:
        if key in self._making:  # the one who was waited for kept nothing
            return await make()
        finished = self._making[key] = asyncio.get_running_loop().create_future()
        try:
            answer = await make()
            if all(step.error is None or step.error.kind in LASTING for step in answer.trace.steps):
                self._keep(key, _Kept(kind, answer, len(answer.canonical), context.clock.now()))
            return answer
        finally:
            del self._making[key]
            finished.set_result(None)
            context.meters.answer_bytes.set(self._size)

    def _keep(self, key: str, kept: _Kept) -> None:
        if kept.size > self._largest:
            return
        earlier = self._kept.pop(key, None)  # two who asked at the same time made the same
        self._kept[key] = kept
        self._size += kept.size - (earlier.size if earlier is not None else 0)
        while self._size > self._largest:
            _, forgotten = self._kept.popitem(last=False)
            self._size -= forgotten.size


def label_of(pattern: Pattern) -> str:
    """The kind of result its answers are counted as."""
    return f"answer/{pattern.id}"


def _steps_of(pattern: Pattern) -> str:
    """The kind of result its kept steps are counted as."""
    return f"steps/{pattern.id}"


def _count(kind: str, found: _Kept | None, context: PatternContext) -> None:
    context.meters.derivations.labels(kind, "miss" if found is None else "hit").inc()
    if found is not None:
        age = (context.clock.now() - found.kept_at).total_seconds()
        context.meters.derivation_age.labels(kind).observe(max(0.0, age))


def key_of(pattern: Pattern, inputs: Contract, context: PatternContext, lasting: frozenset[str]) -> str | None:
    """Everything the ``lasting`` steps depend on: the pattern, its inputs, which steps they are, and the state of all the actor sees.

    None where nothing may be kept: every step asks what is outside the database, or not all of the state is known.
    """
    state = context.state
    if state is None or not lasting:
        return None
    return fingerprint((pattern.file.model_dump(mode="json"), inputs.plain(), sorted(lasting), state))


def _known(outcome: Outcome) -> Outcome:
    """The outcome of a step that need not run again: it took no attempt and no time, and its result was stored."""
    stored = None if outcome.provenance is None else replace(outcome.provenance, origin="stored")
    return replace(outcome, attempts=0, duration_ms=None, provenance=stored)


def served_again(answer: PatternResult, context: PatternContext, duration_ms: float) -> PatternResult:
    """A kept answer as another request gets it: its bytes as they are, and a trace that says that nothing was computed."""
    steps = tuple(map(_stored, answer.trace.steps))
    told: dict[str, object] = {
        "trace_id": context.trace_id,
        "request_id": context.request_id,
        "steps": steps,
        "cache_stats": cache_stats(steps),
        "data_provenance": data_provenance(steps, answer.warnings),
        "duration_ms": duration_ms,
    }
    trace: Trace = answer.trace.model_copy(update=told)
    again = replace(answer, trace=trace)
    vars(again)["canonical"] = answer.canonical
    return again


def _stored(step: StepTrace) -> StepTrace:
    """The step as it is told when its result is served again: it did not run."""
    origin = None if step.stored_or_computed is None else "stored"
    return step.model_copy(update={"attempts": 0, "duration_ms": None, "stored_or_computed": origin})
