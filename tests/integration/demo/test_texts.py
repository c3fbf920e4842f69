"""Texts about the demo's real results: by rule without a key, by a model that reads only; grounded in both."""

import asyncio
import json
import random
from dataclasses import replace

from dawsos.agents.claude.facts import plain_of
from dawsos.compute.prose.grounding import supplied, ungrounded
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identifiers import named
from dawsos.kernel.identity import READ_RIGHTS
from dawsos.patterns.keeping import KeptAnswers
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry import unexplained_nulls
from dawsos.registry.reading import CapabilityTools
from dawsos.services.prose.assistant import NO_MODEL, Assistant
from tests.integration.demo.test_sources import NOW
from tests.support.claude import MODEL, Scripted, answers, uses
from tests.support.demo import Demo


async def run(demo: Demo, context, pattern: str, **inputs: object):
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    return await orchestrator.run(demo.application.patterns[pattern], inputs, context)


async def test_r68_the_checklist_is_explained_by_rule_from_its_own_figures(demo: Demo):
    context = await demo.context("Household")
    result = await run(demo, context, "buffett_checklist", security_id=str(named("security", "AAPL")))
    text = result.data["explanation"]
    assert (text.author, text.model) == ("rules", None)
    assert text.text.startswith("Apple Inc. (adjusted) meets the marks for return on equity (197.0%), operating margin (30.3%)")
    assert "Resilience scores 5.40" in text.text
    data = [plain_of(one) for name, one in result.data.items() if name != "explanation"]
    assert ungrounded(text.text, supplied(*data)) == ()
    panel = next(one for one in result.plain()["panels"] if one["id"] == "explanation")
    assert panel["status"] == "ok" and panel["data"]["paragraphs"] == text.text.split("\n\n")
    again = await run(demo, await demo.context("Household"), "buffett_checklist", security_id=str(named("security", "AAPL")))
    assert again.canonical == result.canonical


async def test_a_checklist_is_kept_whole_while_rules_write_it_and_a_model_is_asked_for_its_words_alone(demo: Demo):
    kept, pattern = KeptAnswers(), demo.application.patterns["buffett_checklist"]
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    script = Scripted(FixedClock(NOW), [answers("The model's own words."), answers("Words of another day.")])

    async def asked(assistant: Assistant):
        context = replace(await demo.context("Household"), clock=FixedClock(NOW), assistant=assistant)
        return await orchestrator.run(pattern, {"security_id": str(named("security", "AAPL"))}, context, kept)

    by_rule = [await asked(NO_MODEL) for _ in range(2)]
    assert by_rule[0].canonical == by_rule[1].canonical
    assert by_rule[1].trace.data_provenance.overall == "cached"
    by_model = [await asked(script.assistant()) for _ in range(2)]
    assert [one.data["explanation"].text for one in by_model] == ["The model's own words.", "Words of another day."]
    told = {step.name: step.stored_or_computed for step in by_model[1].trace.steps}
    assert told.pop("explanation") == "computed" and set(told.values()) == {"stored"}
    figures = [{name: one.content["data"][name] for name in pattern.needs if name != "explanation"} for one in (*by_rule, *by_model)]
    assert figures[0] == figures[1] == figures[2] == figures[3]
    assert (await asked(NO_MODEL)).data["explanation"].author == "rules"


async def test_r68_the_checklist_works_for_every_holding(demo: Demo):
    for name in ("Household", "Income"):
        context = await demo.context(name)
        held = (await demo.overview(name)).data["valued_positions"].positions
        for position in held:
            if position.security_id:
                data = (await run(demo, context, "buffett_checklist", security_id=str(position.security_id))).data
                assert [unexplained_nulls(output) for output in data.values()] == [[]] * len(data), position.symbol
                facts = [plain_of(one) for step, one in data.items() if step != "explanation"]
                assert ungrounded(data["explanation"].text, supplied(*facts)) == (), position.symbol


async def test_a_company_nobody_knows_is_said_to_be_unknown(demo: Demo):
    context = await demo.context("Household")
    text = (await run(demo, context, "buffett_checklist", security_id=str(named("security", "KO")))).data["explanation"]
    assert "no figure is known" in text.text
    assert unexplained_nulls(text) == []


async def test_every_text_capability_writes_about_a_real_portfolio(demo: Demo):
    context = await demo.context("Household")
    overview = await demo.overview("Household")
    data = {name: overview.data[name] for name in ("valued_positions", "perf_metrics", "currency_attr", "sector_allocation")}
    known = supplied(*(plain_of(one) for one in data.values()))
    asked = {
        "claude.explain": ({"topic": "How did it do?", "data": data}, ("text",)),
        "claude.summarize": ({"content": data, "max_length": 300}, ("summary",)),
        "claude.analyze": ({"data": data, "analysis_type": "risk"}, ("analysis", "risks")),
        "claude.portfolio_advice": ({"portfolio": data}, ("rationale", "advice")),
        "claude.financial_qa": ({"question": "How volatile was it?", "context": data}, ("answer",)),
        "claude.scenario_analysis": ({"scenario_result": data}, ("narrative",)),
        "ai.explain": ({"topic": "?", "data": data}, ("text",)),
    }
    for name, (request, fields) in asked.items():
        answer = await demo.application.registry.call(name, context, request)
        assert unexplained_nulls(answer.result) == []
        written = answer.result.plain()
        for field in fields:
            told = written[field] if isinstance(written[field], str) else "\n".join(written[field])
            assert told and ungrounded(told, known) == (), (name, field)
        assert written["author"] == "rules" and answer.provenance.sources == ()
    summary = (await demo.application.registry.call("claude.summarize", context, asked["claude.summarize"][0])).result.plain()
    assert len(summary["summary"]) <= 300


async def test_r67_a_model_reads_the_portfolio_asked_about_and_no_other(demo: Demo):
    own, other = demo.portfolios["Household"], demo.portfolios["Income"]
    script = Scripted(FixedClock(NOW), [])
    tools = CapabilityTools(demo.application.registry)
    context = replace(await demo.context("Household"), assistant=script.assistant(tools))

    def from_what_it_read(sent):
        read = json.loads(sent["messages"][-1]["content"][0]["content"])
        return answers(f"It holds {read['total_positions']} positions.")

    script.replies = [uses("ledger_positions", {"portfolio_id": str(other.id)}), from_what_it_read]
    answer = await demo.application.registry.call("claude.financial_qa", context, {"question": "What do I hold?"})
    held = (await demo.application.registry.call("ledger.positions", context, {"portfolio_id": str(own.id)})).result.total_positions
    assert (answer.result.answer, answer.result.model) == (f"It holds {held} positions.", MODEL)
    assert answer.provenance.sources == ("ANTHROPIC",) and f"AI-generated by {MODEL}." in answer.provenance.warnings
    offered = {tool["name"] for tool in script.sent[0]["tools"]} - {"answer"}
    rights = {
        name: demo.application.registry.get(
            next(one.name for one in demo.application.registry if one.name.replace(".", "_") == name)
        ).rights
        for name in offered
    }
    assert "ledger_positions" in offered and all(READ_RIGHTS.issuperset(needed) for needed in rights.values())
    assert not any(name.startswith(("claude", "ai_", "provider", "news")) for name in offered)
    assert str(other.id) not in json.dumps(script.sent[1]["messages"][2])
