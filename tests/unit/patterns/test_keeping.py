"""Keeping whole answers: what is kept, for how long, for whom, and what a kept one says of itself."""

import asyncio
from dataclasses import replace

import pytest

from dawsos.kernel.errors import Forbidden, InsufficientData, Invalid, Unavailable
from dawsos.kernel.identity import Actor, Role
from dawsos.patterns import PatternFailure
from dawsos.patterns.keeping import KeptAnswers
from dawsos.patterns.values import json_bytes
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


async def test_nothing_is_kept_where_the_state_is_unknown_or_every_step_asks_what_is_outside():
    stage = Stage()
    kept = KeptAnswers()
    runner = keeping(stage, kept)
    asking = stage.pattern({"other": role("o"), "b": role("b", given="other.value")})
    for pattern, context in ((play(stage), Context()), (asking, STATE)):
        await runner.run(pattern, {}, context)
        await runner.run(pattern, {}, context)
    assert stage.played == ["a", "b"] * 2 + ["o", "b"] * 2, "what reads an answer from outside is made anew with it"
    assert (kept.size, kept.listed()) == (0, {})


def partly(stage, **more):
    """A pattern of which ``a``, ``b`` and the step left out last, and ``other``, which asks what is outside, and ``c``, which reads it, do not."""
    steps = {
        "a": role("a"),
        "b": role("b", given="a.value"),
        "left_out": role("l") + ', when: "{{ inputs.wanted }}"',
        "other": role("o", given="b.value"),
        "c": role("c", given="other.value"),
    }
    return stage.pattern(steps, inputs="wanted: {type: boolean, default: false, description: Run it.}", **more)


async def test_of_an_answer_made_anew_each_time_the_steps_that_last_are_kept():
    stage, asked, kept = Stage(), Context(state="s1"), KeptAnswers()
    pattern, runner = partly(stage), keeping(stage, kept)
    first = await runner.run(pattern, {}, asked)
    assert kept.listed()["steps/play"].kept == 1
    assert kept.size == sum(len(json_bytes(first.data[name].plain())) for name in ("a", "b"))
    again = await runner.run(pattern, {}, asked)
    assert stage.played == ["a", "b", "o", "c", "o", "c"]
    assert again.canonical == first.canonical
    told = {step.name: (step.stored_or_computed, step.attempts, step.skipped) for step in again.trace.steps}
    assert told == {
        "a": ("stored", 0, False),
        "b": ("stored", 0, False),
        "left_out": (None, 0, True),
        "other": ("computed", 1, False),
        "c": ("computed", 1, False),
    }
    assert [step.duration_ms is None for step in again.trace.steps] == [True, True, True, False, False]
    assert [(step.args_digest, step.reason) for step in again.trace.steps] == [
        (step.args_digest, step.reason) for step in first.trace.steps
    ]
    assert again.trace.sources == first.trace.sources == ("stage",)
    assert (first.trace.data_provenance.overall, again.trace.data_provenance.overall) == ("computed", "mixed")
    assert first.trace.steps[0].stored_or_computed == "computed", "the first answer is left as it was"
    assert counted(asked.meters)["dawsos_derivation_requests_total"] == {("steps/play", "hit"): 1.0, ("steps/play", "miss"): 1.0}
    stage.played.clear()
    await runner.run(pattern, {"wanted": True}, asked)
    assert sorted(stage.played) == ["a", "b", "c", "l", "o"], "other inputs are other steps"
    stage.played.clear()
    await runner.run(pattern, {}, replace(asked, state="s2"))
    assert sorted(stage.played) == ["a", "b", "c", "o"], "in another state nothing is known"


async def test_two_who_ask_for_the_same_steps_at_the_same_time_keep_them_once():
    stage, kept = Stage(), KeptAnswers()
    pattern, runner = partly(stage), keeping(stage, kept)
    first, _ = await asyncio.gather(runner.run(pattern, {}, STATE), runner.run(pattern, {}, STATE))
    assert kept.listed()["steps/play"].kept == 1
    assert kept.size == sum(len(json_bytes(first.data[name].plain())) for name in ("a", "b"))


@pytest.mark.parametrize(("error", "is_kept"), [(InsufficientData("Too few."), True), (Unavailable("Down."), False)])
async def test_steps_are_not_kept_when_one_lacks_what_may_come_back(error, is_kept):
    async def fails(context, request):
        raise error

    stage = Stage(b=fails)
    pattern = stage.pattern({"a": role("a"), "b": role("b") + ", optional: true", "other": role("o", given="b.value")})
    runner = keeping(stage)
    first = await runner.run(pattern, {}, STATE)
    again = await runner.run(pattern, {}, STATE)
    assert first.canonical == again.canonical
    assert again.trace.steps[1].error == first.trace.steps[1].error
    assert stage.played.count("a") == (1 if is_kept else 2)


async def test_what_is_repeatable_on_a_condition_is_kept_while_it_is_met_and_then_not_served():
    stage, kept = Stage(), KeptAnswers()
    whole = stage.pattern({"a": role("a"), "other": role("o", given="a.value")})

    def asks_nobody(context, arguments):
        assert arguments == {"role": "o", "given": "{{ a.value }}"}
        return context.request_id != "asks"

    conditional = replace(whole.capabilities["other"], repeatable=asks_nobody)
    pattern, runner = replace(whole, capabilities={**whole.capabilities, "other": conditional}), keeping(stage, kept)
    asking = replace(STATE, request_id="asks")
    kinds = [(await runner.run(pattern, {}, one)).trace.data_provenance.overall for one in (STATE, STATE, asking, asking, STATE)]
    assert kinds == ["computed", "cached", "computed", "mixed", "cached"]
    assert stage.played == ["a", "o", "a", "o", "o"]
    assert set(kept.listed()) == {"answer/play", "steps/play"}


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
