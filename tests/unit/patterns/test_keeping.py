"""Keeping whole answers: what is kept, for how long, for whom, and what a kept one says of itself."""

import asyncio
from dataclasses import replace

import pytest

from dawsos.kernel.errors import Forbidden, InsufficientData, Invalid, Unavailable
from dawsos.kernel.identity import Actor, Role
from dawsos.patterns import PatternFailure
from dawsos.patterns.keeping import KeptAnswers
from tests.unit.patterns.context import Context
from tests.unit.patterns.stage import PartResult, Stage, role
from tests.unit.registry.context import counted

STATE = Context(state="s1")
FACTOR = "factor: {type: 'part.play:needed', required: true, description: A number.}"


class Keeping:
    """An orchestrator that keeps its answers."""

    def __init__(self, orchestrator, kept):
        self.orchestrator, self.kept = orchestrator, kept

    async def run(self, pattern, inputs, context):
        return await self.orchestrator.run(pattern, inputs, context, self.kept)


def keeping(stage, kept=None):
    return Keeping(stage.orchestrator(), KeptAnswers() if kept is None else kept)


def play(stage, *, inputs="", **more):
    first = role("a", needed="inputs.factor") if inputs else role("a")
    return stage.pattern({"a": first, "b": role("b", given="a.value")}, inputs=inputs, **more)


async def test_a_kept_answer_is_the_same_bytes_and_says_that_nothing_was_computed():
    stage, asked = Stage(), Context(state="s1")
    pattern, runner = play(stage), keeping(stage)
    first = await runner.run(pattern, {}, asked)
    again = await runner.run(pattern, {}, replace(asked, trace_id="trace-2", request_id="request-2"))
    assert stage.played == ["a", "b"]
    assert again.canonical == first.canonical
    assert again.content == first.content
    assert (again.data, again.panels, again.warnings) == (first.data, first.panels, first.warnings)
    assert (again.trace.trace_id, again.trace.request_id) == ("trace-2", "request-2")
    assert {step.stored_or_computed for step in first.trace.steps} == {"computed"}
    assert [(step.stored_or_computed, step.attempts, step.duration_ms) for step in again.trace.steps] == [("stored", 0, None)] * 2
    assert [step.provenance for step in again.trace.steps] == [step.provenance for step in first.trace.steps]
    assert (again.trace.cache_stats.hits, again.trace.cache_stats.misses) == (2, 0)
    assert (first.trace.data_provenance.overall, again.trace.data_provenance.overall) == ("computed", "cached")
    seen = counted(asked.meters)
    assert seen["dawsos_derivation_requests_total"] == {("answer/play", "hit"): 1.0, ("answer/play", "miss"): 1.0}
    assert seen["dawsos_derivation_age_seconds_count"] == {("answer/play",): 1.0}
    assert first.trace.steps[0].stored_or_computed == "computed", "the first answer is left as it was"


@pytest.mark.parametrize(
    ("other", "inputs"),
    [(replace(STATE, state="s2"), {"factor": 1.0}), (STATE, {"factor": 2.0})],
    ids=["another state", "other inputs"],
)
async def test_another_state_and_other_inputs_are_other_answers(other, inputs):
    stage = Stage()
    pattern, runner = play(stage, inputs=FACTOR), keeping(stage)
    await runner.run(pattern, {"factor": 1.0}, STATE)
    await runner.run(pattern, inputs, other)
    assert stage.played == ["a", "b"] * 2


async def test_another_edition_of_a_pattern_is_another_pattern():
    stage = Stage()
    runner = keeping(stage)
    await runner.run(play(stage), {}, STATE)
    await runner.run(play(stage, outputs=["b"]), {}, STATE)
    assert stage.played == ["a", "b"] * 2


async def test_nothing_is_kept_where_the_state_is_unknown_or_a_step_asks_what_is_outside():
    stage = Stage()
    kept = KeptAnswers()
    runner = keeping(stage, kept)
    for pattern, context in ((play(stage), Context()), (stage.pattern({"a": role("a"), "other": role("o")}), STATE)):
        await runner.run(pattern, {}, context)
        await runner.run(pattern, {}, context)
    assert stage.played == ["a", "b"] * 2 + ["a", "o"] * 2
    assert (kept.size, kept.listed()) == (0, {})


async def test_rights_and_inputs_are_checked_before_anything_kept_is_looked_at():
    stage = Stage()
    pattern, runner = play(stage, inputs=FACTOR), keeping(stage)
    await runner.run(pattern, {"factor": 1.0}, STATE)
    with pytest.raises(Forbidden):
        await runner.run(pattern, {"factor": 1.0}, replace(STATE, actor=Actor(None, Role.SYSTEM, scopes=frozenset())))
    with pytest.raises(Invalid):
        await runner.run(pattern, {"factor": "x"}, STATE)


async def test_who_asks_while_an_answer_is_made_waits_for_it():
    gate, begun = asyncio.Event(), asyncio.Event()

    async def slow(context, request):
        begun.set()
        await gate.wait()
        return PartResult(role=request.role, value=1.0)

    stage = Stage(a=slow)
    pattern, runner = play(stage), keeping(stage)
    asked = [asyncio.create_task(runner.run(pattern, {}, STATE)) for _ in range(5)]
    await begun.wait()
    gate.set()
    answers = await asyncio.gather(*asked)
    assert stage.played == ["a", "b"]
    assert len({answer.canonical for answer in answers}) == 1
    assert [answer.trace.data_provenance.overall for answer in answers] == ["computed", *["cached"] * 4]


@pytest.mark.parametrize("how", ["fails", "cancelled"])
async def test_who_waited_for_an_answer_that_did_not_come_makes_their_own(how):
    gate, begun, calls = asyncio.Event(), asyncio.Event(), []

    async def first_fails(context, request):
        calls.append(1)
        if len(calls) == 1:
            begun.set()
            await gate.wait()
            raise Invalid("No.")
        return PartResult(role=request.role, value=1.0)

    stage = Stage(a=first_fails)
    pattern, runner = play(stage), keeping(stage)
    first, second = (asyncio.create_task(runner.run(pattern, {}, STATE)) for _ in range(2))
    await begun.wait()
    if how == "cancelled":
        first.cancel()
    gate.set()
    assert (await second).trace.data_provenance.overall == "computed"
    with pytest.raises(PatternFailure if how == "fails" else asyncio.CancelledError):
        await first
    assert (await runner.run(pattern, {}, STATE)).trace.data_provenance.overall == "cached"


@pytest.mark.parametrize(("error", "is_kept"), [(InsufficientData("Too few."), True), (Unavailable("Down."), False)])
async def test_an_answer_that_lacks_what_may_come_back_is_not_kept(error, is_kept):
    async def fails(context, request):
        raise error

    stage = Stage(b=fails)
    pattern = stage.pattern({"a": role("a"), "b": role("b") + ", optional: true"})
    runner = keeping(stage)
    first = await runner.run(pattern, {}, STATE)
    again = await runner.run(pattern, {}, STATE)
    assert first.canonical == again.canonical
    assert stage.played.count("a") == (1 if is_kept else 2)


async def test_the_answers_asked_for_longest_ago_are_forgotten_when_there_is_no_more_room():
    stage = Stage()
    pattern = play(stage, inputs=FACTOR)
    size = len((await stage.orchestrator().run(pattern, {"factor": 1.0}, STATE)).canonical)
    kept = KeptAnswers(2 * size)
    runner = keeping(stage, kept)
    stage.played.clear()

    async def was_kept(factor):
        before = len(stage.played)
        await runner.run(pattern, {"factor": factor}, STATE)
        return len(stage.played) == before

    assert [await was_kept(factor) for factor in (1.0, 2.0, 1.0, 3.0, 1.0, 2.0)] == [False, False, True, False, True, False]
    assert kept.size == 2 * size
    assert kept.listed()["answer/play"].kept == 2
    assert STATE.meters.registry.get_sample_value("dawsos_kept_answer_bytes") == 2 * size
    assert KeptAnswers(0).size == 0
    nothing = keeping(stage, KeptAnswers(0))
    stage.played.clear()
    assert [(await nothing.run(pattern, {"factor": 1.0}, STATE)).trace.data_provenance.overall for _ in range(2)] == ["computed"] * 2
