"""Running patterns: order, concurrency, time, failure, options, conditions, determinism."""

import asyncio
import random
from dataclasses import replace
from datetime import date

import pytest

from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import Conflict, Forbidden, Internal, Invalid, NotFound, RateLimited, Unavailable
from dawsos.kernel.identity import Actor, Role
from dawsos.patterns import Limits, Orchestrator, PatternFailure, pattern_answer_model
from tests.unit.patterns.context import Context
from tests.unit.patterns.overview_capabilities import OVERVIEW, PORTFOLIO, ROYAL_BANK, overview_pattern, overview_registry
from tests.unit.patterns.stage import PartResult, PartRow, Stage, role
from tests.unit.registry.context import counted


def fails_with(error):
    async def behave(context, request):
        raise error

    return behave


def says(value=None, **more):
    async def behave(context, request):
        return PartResult(role=request.role, value=value, **more)

    return behave


async def forever(context, request):
    await asyncio.Event().wait()


def steps_of(answer_or_failure):
    return {step.name: step for step in answer_or_failure.trace.steps}


# --- order and values ---------------------------------------------------------------------------------------------------


async def test_a_result_goes_into_the_next_step_exactly_as_returned():
    stage = Stage()
    pattern = stage.pattern({"late": role("late", given="early.value"), "early": role("early")})
    answer = await stage.orchestrator().run(pattern, {}, Context())
    assert stage.played == ["early", "late"]
    assert answer.data == {"late": PartResult(role="late", value=2.0), "early": PartResult(role="early", value=1.0)}


async def test_lists_facts_and_inputs_are_passed_through():
    seen = []

    async def remember(context, request):
        seen.append(request)
        return PartResult(role=request.role, value=1.0)

    stage = Stage(rows=says(1.0, rows=(PartRow(name="a", size=0.5), PartRow(name="b", size=None))), last=remember)
    steps = {
        "rows": role("rows"),
        "last": 'args: {role: last, listed: "{{ rows.rows.*.size }}", day: "{{ inputs.day }}", portfolio_id: "{{ inputs.portfolio_id }}"}',
    }
    inputs = 'portfolio_id: {type: uuid, required: true, description: p}, day: {type: date, default: "{{ ctx.asof_date }}", description: d}'
    pattern = stage.pattern(steps, inputs=inputs)
    await stage.orchestrator().run(pattern, {"portfolio_id": str(PORTFOLIO)}, Context())
    await stage.orchestrator().run(pattern, {"portfolio_id": PORTFOLIO, "day": "2024-01-02"}, Context())
    assert [(one.listed, one.day, one.portfolio_id) for one in seen] == [
        ((0.5, None), date(2025, 11, 3), PORTFOLIO),
        ((0.5, None), date(2024, 1, 2), PORTFOLIO),
    ]


async def test_lists_of_references_are_resolved_inside():
    seen = []

    async def remember(context, request):
        seen.append(request.listed)
        return PartResult(role=request.role, value=1.0)

    stage = Stage(last=remember)
    steps = {"a": role("a"), "last": 'args: {role: last, listed: ["{{ a.value }}", 2.5]}'}
    await stage.orchestrator().run(stage.pattern(steps), {}, Context())
    assert seen == [(1.0, 2.5)]


async def test_independent_steps_run_at_the_same_time():
    both = asyncio.Barrier(2)

    async def meet(context, request):
        await both.wait()
        return PartResult(role=request.role, value=1.0)

    stage = Stage(a=meet, b=meet)
    pattern = stage.pattern({"a": role("a"), "b": role("b"), "c": role("c", given="a.value")})
    answer = await stage.orchestrator(limits=Limits(seconds=2)).run(pattern, {}, Context())
    assert answer.data["c"].value == 2.0


# --- rights and inputs --------------------------------------------------------------------------------------------------


async def test_an_actor_without_a_required_right_is_refused_before_any_step():
    stage = Stage()
    pattern = stage.pattern({"a": role("a")}, rights="portfolio_read, portfolio_write")
    with pytest.raises(Forbidden, match="Pattern 'play' needs the right portfolio_write, which role VIEWER does not have"):
        await stage.orchestrator().run(pattern, {}, Context(actor=Actor(None, Role.VIEWER)))
    assert stage.played == []


async def test_inputs_are_validated_against_the_pattern():
    stage = Stage()
    pattern = stage.pattern({"a": role("a", portfolio_id="inputs.p")}, inputs="p: {type: uuid, required: true, description: p}")
    with pytest.raises(Invalid) as caught:
        await stage.orchestrator().run(pattern, {"p": "not an id", "q": 1}, Context())
    assert [one["field"] for one in caught.value.details["problems"]] == ["p", "q"]
    with pytest.raises(Invalid, match="p: Field required"):
        await stage.orchestrator().run(pattern, {}, Context())
    assert stage.played == []


async def test_inputs_that_are_too_large_are_refused():
    stage = Stage()
    pattern = stage.pattern({"a": 'args: {role: "{{ inputs.r }}"}'}, inputs="r: {type: string, required: true, description: r}")
    with pytest.raises(Invalid, match="larger than 1000 bytes"):
        await stage.orchestrator(limits=Limits(input_bytes=1000)).run(pattern, {"r": "x" * 1001}, Context())


async def test_a_fact_the_context_does_not_have_is_refused():
    stage = Stage()
    pattern = stage.pattern({"a": role("a", day="ctx.asof_date")})
    with pytest.raises(Invalid, match=r"needs ctx\.asof_date, which this request does not have"):
        await stage.orchestrator().run(pattern, {}, Context(asof_date=None))


async def test_an_answer_that_is_too_large_fails():
    stage = Stage()
    with pytest.raises(PatternFailure, match="the answer is larger than 10 bytes"):
        await stage.orchestrator(limits=Limits(answer_bytes=10)).run(stage.pattern({"a": role("a")}), {}, Context())


# --- failure ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (NotFound("No such portfolio."), NotFound, "not_found"),
        (Invalid("Wrong.", code="odd"), Invalid, "odd"),
        (Internal("Broken."), Internal, "pattern_execution_error"),
        (ValueError("secret"), Internal, "pattern_execution_error"),
        (RateLimited("Slow down.", retry_after=7), RateLimited, "rate_limited"),
    ],
)
async def test_a_failing_step_fails_the_pattern_with_an_error_of_its_kind(error, kind, code):
    stage = Stage(b=fails_with(error))
    pattern = stage.pattern({"a": role("a"), "b": role("b", given="a.value")})
    with pytest.raises(PatternFailure) as caught:
        await stage.orchestrator().run(pattern, {}, Context())
    failure = caught.value
    assert isinstance(failure, kind)
    assert (failure.kind, failure.code, failure.retry_after) == (kind.kind, code, getattr(error, "retry_after", None))
    assert failure.message.startswith("Step 'b' (part.play) of pattern 'play' failed: ")
    assert failure.details["pattern_id"] == "play"
    assert failure.details["step"] == "b"
    assert "secret" not in str(failure)
    assert (steps_of(failure)["a"].success, steps_of(failure)["b"].success) == (True, False)
    assert steps_of(failure)["b"].error.kind == kind.kind


async def test_a_failure_cancels_the_steps_still_running():
    cancelled = []

    async def wait(context, request):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(request.role)
            raise

    async def fail(context, request):
        await asyncio.sleep(0.01)
        raise NotFound("Nothing there.")

    stage = Stage(slow=wait, bad=fail)
    pattern = stage.pattern({"slow": role("slow"), "bad": role("bad"), "after": role("after", given="slow.value")})
    with pytest.raises(NotFound) as caught:
        await stage.orchestrator().run(pattern, {}, Context())
    assert cancelled == ["slow"]
    assert stage.played == ["slow", "bad"]
    assert steps_of(caught.value)["after"].reason == "It did not finish."
    assert caught.value.trace.capabilities_used == ("part.play",)


async def test_of_several_failures_the_first_in_the_file_is_told():
    both = asyncio.Barrier(2)

    async def fail(context, request):
        try:
            await both.wait()
        finally:
            raise NotFound(f"No {request.role}.")

    stage = Stage(a=fail, b=fail)
    with pytest.raises(NotFound, match="No a"):
        await stage.orchestrator().run(stage.pattern({"a": role("a"), "b": role("b")}), {}, Context())


async def test_a_fault_of_the_orchestrator_itself_is_not_hidden():
    stage = Stage(a=fails_with(Unavailable("Down.", details={"retryable": True})))

    async def broken_sleep(seconds):
        raise RuntimeError("the sleep is broken")

    orchestrator = Orchestrator(stage.registry, sleep=broken_sleep, chance=random.Random(1))
    with pytest.raises(ExceptionGroup) as caught:
        await orchestrator.run(stage.pattern({"a": role("a")}), {}, Context())
    assert isinstance(caught.value.exceptions[0], RuntimeError)


# --- time ---------------------------------------------------------------------------------------------------------------


async def test_a_step_has_the_time_the_pattern_gives_it():
    stage = Stage(a=forever)
    with pytest.raises(PatternFailure) as caught:
        await stage.orchestrator().run(stage.pattern({"a": role("a") + ", timeout: 0.01"}), {}, Context())
    assert (caught.value.kind, caught.value.code) == ("unavailable", "timeout")
    assert "did not answer within 0.01 seconds" in caught.value.message
    assert steps_of(caught.value)["a"].attempts == 1


async def test_r43_the_whole_pattern_has_a_time_limit():
    stage = Stage(a=forever)
    pattern = stage.pattern({"a": role("a"), "b": role("b"), "c": role("c", given="a.value")})
    with pytest.raises(PatternFailure) as caught:
        await stage.orchestrator(limits=Limits(seconds=0.05)).run(pattern, {}, Context())
    assert (caught.value.kind, caught.value.code) == ("unavailable", "timeout")
    assert caught.value.details["unfinished_steps"] == ["a", "c"]
    assert steps_of(caught.value)["b"].success


async def test_r43_cancelling_a_pattern_cancels_its_steps():
    ended = []

    async def wait(context, request):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(request.role)

    stage = Stage(a=wait, b=wait)
    running = asyncio.create_task(stage.orchestrator().run(stage.pattern({"a": role("a"), "b": role("b")}), {}, Context()))
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(ended) == ["a", "b"]


# --- retry --------------------------------------------------------------------------------------------------------------


async def test_a_provider_that_recovers_is_asked_again_after_a_wait():
    failures = [Unavailable("FRED is away.", details={"provider": "FRED"}), Conflict("Deadlock.", details={"retryable": True})]

    async def recover(context, request):
        if failures:
            raise failures.pop()
        return PartResult(role=request.role, value=1.0)

    stage = Stage(a=recover)
    answer = await stage.orchestrator().run(stage.pattern({"a": role("a")}), {}, Context())
    assert stage.slept == pytest.approx([1.2, 2.4])
    assert (steps_of(answer)["a"].attempts, steps_of(answer)["a"].success) == (3, True)


async def test_an_error_that_stays_is_told_after_the_last_attempt():
    stage = Stage(a=fails_with(Unavailable("FRED is away.", details={"provider": "FRED"})))
    with pytest.raises(Unavailable, match="FRED is away"):
        await stage.orchestrator().run(stage.pattern({"a": role("a")}), {}, Context())
    assert stage.slept == pytest.approx([1.2, 2.4, 4.8])
    assert stage.played == ["a"] * 4


async def test_a_deterministic_error_is_told_at_once():
    stage = Stage(a=fails_with(Invalid("Wrong.")))
    with pytest.raises(Invalid):
        await stage.orchestrator().run(stage.pattern({"a": role("a")}), {}, Context())
    assert (stage.slept, stage.played) == ([], ["a"])


# --- optional steps and conditions --------------------------------------------------------------------------------------

PANEL = '{{id: {0}, title: T, type: metrics_grid, refresh_ttl: 60, metrics: [{{label: V, value: "{{{{ {0}.value }}}}"}}]}}'


def panels_of(answer):
    return {panel.id: panel for panel in answer.panels}


async def test_an_optional_step_that_fails_leaves_null_and_an_honest_panel():
    stage = Stage(a=fails_with(NotFound("There is no such series.")))
    pattern = stage.pattern({"a": role("a") + ", optional: true", "b": role("b", given="a.value")}, panels=PANEL.format("a"))
    answer = await stage.orchestrator().run(pattern, {}, Context())
    assert answer.data == {"a": None, "b": PartResult(role="b", value=1.0)}
    panel = panels_of(answer)["a"]
    assert (panel.status, panel.reason, panel.data) == ("unavailable", "unavailable: There is no such series.", None)
    assert answer.warnings == ("a is unavailable: There is no such series.",)
    step = steps_of(answer)["a"]
    assert (step.success, step.skipped, step.reason, step.error.code) == (False, False, "There is no such series.", "not_found")
    assert pattern_answer_model(pattern).model_validate(answer.plain()).data.a is None


async def test_an_optional_step_whose_argument_is_missing_is_left_out_with_the_reason():
    stage = Stage(a=says(None, reasons={"value": "too few days"}))
    pattern = stage.pattern({"a": role("a"), "b": role("b", needed="a.value") + ", optional: true"}, panels=PANEL.format("b"))
    answer = await stage.orchestrator().run(pattern, {}, Context())
    assert stage.played == ["a"]
    assert panels_of(answer)["b"].reason == "unavailable: a.value is null: too few days"
    assert steps_of(answer)["b"].skipped
    assert answer.warnings == ()


async def test_an_optional_step_whose_arguments_are_there_runs():
    stage = Stage()
    steps = {"a": role("a"), "b": 'args: {role: b, needed: "{{ a.value }}", given: "{{ a.value }}"}, optional: true'}
    answer = await stage.orchestrator().run(stage.pattern(steps), {}, Context())
    assert answer.data["b"].value == 3.0


async def test_a_null_nobody_explains_is_still_named():
    stage = Stage(a=says(None))
    pattern = stage.pattern({"a": role("a"), "b": role("b", needed="a.value") + ", optional: true"})
    answer = await stage.orchestrator().run(pattern, {}, Context())
    assert steps_of(answer)["b"].reason == "a.value is null"


@pytest.mark.parametrize(
    ("flag", "reasons", "reason"),
    [(False, {}, "a.flag is false"), (None, {"flag": "nobody knows"}, "a.flag is null: nobody knows"), (True, {}, None)],
)
async def test_a_step_runs_only_when_its_condition_is_true(flag, reasons, reason):
    stage = Stage(a=says(1.0, flag=flag, reasons=reasons))
    steps = {
        "a": role("a"),
        "b": role("b") + ', when: "{{ a.flag }}"',
        "c": role("c", needed="b.value") + ', when: "{{ a.flag }}", optional: true',
    }
    pattern = stage.pattern(steps, panels=PANEL.format("b"))
    answer = await stage.orchestrator().run(pattern, {}, Context())
    b = steps_of(answer)["b"]
    assert (b.skipped, b.reason, b.duration_ms is None, b.args_digest is None) == ((reason is not None), reason, *(reason is not None,) * 2)
    assert stage.played == (["a"] if reason else ["a", "b", "c"])
    assert panels_of(answer)["b"].status == ("unavailable" if reason else "ok")
    assert (answer.data["b"] is None) == (reason is not None)
    assert answer.warnings == ()


# --- the answer ---------------------------------------------------------------------------------------------------------


async def overview(context=None, orchestrator=None, registry=None, **inputs):
    registry = registry or overview_registry()
    pattern = overview_pattern(registry)
    runner = orchestrator or Orchestrator(registry, sleep=asyncio.sleep, chance=random.Random(1))
    return await runner.run(pattern, {"portfolio_id": str(PORTFOLIO)} | inputs, context or Context())


async def test_the_overview_has_every_output_and_every_panel():
    answer = await overview()
    assert list(answer.data) == ["perf_metrics", "currency_attr", "valued_positions", "sector_allocation", "historical_nav"]
    assert all(answer.data.values())
    assert [(one.id, one.type, one.refresh_ttl, one.status) for one in answer.panels] == [
        ("performance_strip", "metrics_grid", 300, "ok"),
        ("historical_nav", "line_chart", 300, "ok"),
        ("currency_attribution", "donut_chart", 300, "ok"),
        ("sector_allocation", "pie_chart", 300, "ok"),
        ("holdings", "table", 60, "ok"),
        ("allocation", "pie_chart", 300, "ok"),
    ]


async def test_a_panel_that_cannot_be_shown_fails_the_pattern():
    stage = Stage(a=says(1.0, rows=(PartRow(name="a", size=1.0),)))
    chart = '{id: p, title: T, type: bar_chart, refresh_ttl: 0, labels: "{{ a.rows.*.name }}", series: [{label: S, values: "{{ b.rows.*.size }}"}]}'
    pattern = stage.pattern({"a": role("a"), "b": role("b")}, panels=chart.replace("a.rows.*.name", "a.names"))
    with pytest.raises(PatternFailure, match="Showing pattern 'play' failed: Panel 'p', series 'S': 0 values for 2 names") as caught:
        await stage.orchestrator().run(pattern, {}, Context())
    assert caught.value.code == "pattern_execution_error"


async def test_the_trace_tells_how_the_answer_came_about():
    trace = (await overview()).trace
    assert (trace.pattern_id, trace.version, trace.trace_id, trace.request_id) == ("portfolio_overview", "1.0", "trace-1", "request-1")
    assert (trace.pricing_pack_id, trace.pack_hash, trace.ledger_commit_hash) == ("PP_2025-11-03", "ab" * 32, "cd" * 32)
    assert trace.asof_date == date(2025, 11, 3)
    assert trace.agents_used == ("FinancialAnalyst",)
    assert trace.capabilities_used == tuple(sorted(one.name for one in OVERVIEW))
    assert trace.sources == ("ECB", "Polygon", "ledger")
    assert [one.plain() for one in trace.per_panel_staleness[:2]] == [
        {"panel": "performance_strip", "asof": "2025-11-03", "ttl": 300, "stale": False},
        {"panel": "historical_nav", "asof": "2025-10-31", "ttl": 300, "stale": True},
    ]
    assert trace.cache_stats.plain() == {"hits": 2, "misses": 4, "hit_rate": 2 / 6}
    assert trace.data_provenance.plain() == {
        "overall": "mixed", "types_used": ["cached", "computed"], "warnings": ["OLD has no price."],
    }  # fmt: skip
    step = trace.plain()["steps"][0]
    assert step.pop("args_digest") == trace.steps[0].args_digest
    assert step.pop("duration_ms") > 0
    assert step == {
        "capability": "ledger.positions",
        "as": "positions",
        "agent": "FinancialAnalyst",
        "success": True,
        "skipped": False,
        "reason": None,
        "attempts": 1,
        "stored_or_computed": "stored",
        "provenance": {"sources": ["ledger"], "asof": "2025-11-03", "method_version": "positions/1", "warnings": []},
        "error": None,
    }


async def test_a_trace_without_pack_or_results_says_so():
    stage = Stage(a=fails_with(NotFound("No.")), other=says(1.0))
    pattern = stage.pattern({"a": role("a") + ", optional: true", "other": role("other") + ", optional: true"})
    trace = (await stage.orchestrator().run(pattern, {}, Context(pack=None))).trace
    assert (trace.pricing_pack_id, trace.pack_hash) == (None, None)
    assert trace.agents_used == ("FinancialAnalyst", "MacroHound")
    stage.behaviours["other"] = fails_with(NotFound("No."))
    trace = (await stage.orchestrator().run(pattern, {}, Context())).trace
    assert trace.cache_stats.plain() == {"hits": 0, "misses": 0, "hit_rate": None}
    assert trace.data_provenance.overall == "unknown"


async def test_every_run_is_counted_by_outcome():
    stage, context = Stage(bad=fails_with(NotFound("No."))), Context()
    await stage.orchestrator().run(stage.pattern({"a": role("a")}), {}, context)
    with pytest.raises(NotFound):
        await stage.orchestrator().run(stage.pattern({"bad": role("bad")}), {}, context)
    running = asyncio.create_task(stage.orchestrator().run(stage.pattern({"a": role("a")}), {}, context))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert counted(context.meters)["dawsos_pattern_seconds_count"] == {
        ("play", "ok"): 1,
        ("play", "not_found"): 1,
        ("play", "cancelled"): 1,
    }


async def test_equal_arguments_have_equal_digests():
    one, other, third = [steps_of(await overview(lookback_days=days)) for days in (100, 100, 101)]
    assert one["perf_metrics"].args_digest == other["perf_metrics"].args_digest != third["perf_metrics"].args_digest
    assert one["positions"].args_digest == third["positions"].args_digest


class Shuffled:
    """Delays every call by a random moment, so that steps finish in another order each time."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def registry(self):
        return overview_registry(*[replace(one, function=self.delayed(one.function)) for one in OVERVIEW])

    def delayed(self, function):
        async def call(context, request):
            await asyncio.sleep(self.random.random() / 200)
            return await function(context, request)

        return call


async def test_data_and_panels_are_the_same_bytes_however_the_steps_fall():
    answers = [
        await overview(Context(trace_id=f"trace-{seed}", request_id=f"request-{seed}"), registry=Shuffled(seed).registry())
        for seed in range(5)
    ]
    assert len({answer.canonical for answer in answers}) == 1
    assert len({canonical_bytes(answer.trace.plain()) for answer in answers}) == 5
    text = answers[0].canonical.decode()
    assert not any(word in text for word in ("trace-", "request-", "duration", "stored"))


async def test_the_answer_keeps_to_its_type():
    answer = await overview()
    pattern = overview_pattern()
    model = pattern_answer_model(pattern)
    assert model.__name__ == "PortfolioOverviewAnswer"
    typed = model.model_validate(answer.plain())
    assert typed.data.valued_positions.positions[0].security_id == ROYAL_BANK
    assert typed.plain() == answer.plain()
