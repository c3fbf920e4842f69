"""The report of the demo, as the app role: its figures are those of the capabilities, its bytes the same twice, and the audit knows."""

import asyncio
import random
from base64 import b64decode
from dataclasses import replace
from decimal import Decimal as D

import pytest

from dawsos.kernel.errors import Forbidden, Invalid
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.patterns.keeping import KeptAnswers
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.services.reports.exporting import ExportForm
from dawsos.services.reports.of_answers import file_of
from dawsos.services.rights import FILTERING, ExportPolicy
from dawsos.store.audit import newest_entries
from tests.support.demo import Demo

REPORT = "export_portfolio_report"


async def made(demo: Demo, name: str, *, pattern: str = REPORT, form: ExportForm = ExportForm.PDF, **inputs):
    context = await demo.context(name)
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    asked = {"portfolio_id": str(demo.portfolios[name].id), **inputs}
    answer = await orchestrator.run(demo.application.patterns[pattern], asked, context)
    return answer, await file_of(context, "Answer", answer.content["panels"], form)


async def test_the_report_has_the_same_bytes_twice_and_the_figures_of_the_overview(demo: Demo) -> None:
    (answer, file), (again, same) = [await made(demo, "Household", include_macro=True) for _ in range(2)]
    assert file.content == same.content and file.content.startswith(b"%PDF-1.7")
    assert answer.canonical == again.canonical
    overview = (await demo.overview("Household")).content["data"]
    sections = {one.id: one for one in file.cleared.document.sections}
    assert list(sections) == ["positions", "sectors", "performance", "historical_nav", "currency_attr", "regime"]
    assert file.cleared.blocked == {}
    table = sections["positions"].blocks[1]
    assert sum(D(row[4].raw) for row in table.rows) == table.total[4].raw == D(overview["valued_positions"]["nav"])
    assert sum(row[7].raw for row in table.rows if row[7].raw is not None) == table.total[7].raw
    assert all(value.raw is not None or value.reason for row in table.rows for value in row)
    returns, risk = sections["performance"].blocks
    assert {one.label: one.value.raw for one in returns.figures}["1 year"] == overview["perf_metrics"]["twr_1y"]
    deepest = {one.label: one.value.raw for one in risk.figures}["Maximum drawdown"]
    value, drawdown = sections["historical_nav"].blocks
    assert min(drawdown.series[0].values) == pytest.approx(deepest, abs=2e-8)
    assert value.series[0].values[-1] == float(overview["historical_nav"]["end_value"])
    assert [float(day["nav"]) for day in overview["historical_nav"]["data"]] == list(value.series[0].values)


async def test_every_section_names_the_sources_of_the_prices_behind_it(demo: Demo) -> None:
    _, file = await made(demo, "Household")
    for section in file.cleared.document.sections:
        assert "SKFOLIO" in section.sources, section.id
        assert ("ECB" in section.sources) == (section.id != "nothing"), section.id
    assert file.cleared.watermark == "DEMO DATA"
    assert "Source: European Central Bank" in file.cleared.attributions


async def test_what_is_not_asked_for_is_not_there(demo: Demo) -> None:
    answer, file = await made(demo, "Income", include_holdings=False)
    assert [one.id for one in file.cleared.document.sections] == ["performance", "historical_nav", "currency_attr"]
    status = answer.content["data"]["pdf_result"]
    assert status["file_size"] == len(file.content) and status["sha256"] == file.sha256
    assert "include_holdings=false" in status["download_url"]
    assert status["content_base64"] is None and status["reasons"]
    with pytest.raises(Invalid, match="no section"):
        await made(demo, "Income", include_holdings=False, include_performance=False)


async def test_r35_every_export_and_refusal_is_in_the_audit_log(demo: Demo) -> None:
    _, file = await made(demo, "Household", pattern="portfolio_overview", form=ExportForm.CSV)
    context = replace(await demo.context("Household"), export_policy=ExportPolicy())
    request = {
        "portfolio_id": str(demo.portfolios["Household"].id),
        "report_data": {"currency_attr": (await demo.overview("Household")).content["data"]["currency_attr"] | {}},
        "sources": {"currency_attr": ["NEWSAPI"]},
    }
    request["report_data"]["currency_attr"] = {
        name: value
        for name, value in request["report_data"]["currency_attr"].items()
        if name not in {"base_return_actual", "base_currency", "lookback_days"}
    }
    with pytest.raises(Forbidden) as refused:
        await demo.application.registry.call("reports.export_excel", context, request)
    assert refused.value.code == "rights_blocked"
    allowed = await demo.application.registry.call("reports.export_excel", context, {**request, "sources": {"currency_attr": ["ledger"]}})
    assert b64decode(allowed.result.content_base64)[:2] == b"PK"
    async with demo.application.database.transaction(SYSTEM) as tx:
        newest = [one for one in await newest_entries(tx, 10) if one.entity_type == "document"]
    ok, blocked, csv = newest[:3]
    assert [one.action for one in (ok, blocked, csv)] == ["export", "export_refused", "export"]
    assert (csv.changes["sha256"], csv.changes["format"]) == (file.sha256, "csv")
    assert {"SKFOLIO", "ledger"} <= set(csv.changes["sources"]) and "holdings" in csv.changes["sections"]
    assert blocked.changes["blocked"] == {"currency_attr": "NEWSAPI: its terms do not allow 'table'"}
    assert blocked.user_id == demo.portfolios["Household"].owner_id


async def test_a_report_of_kept_steps_is_exported_anew_each_time_under_the_rights_of_the_day(demo: Demo) -> None:
    kept, pattern = KeptAnswers(), demo.application.patterns[REPORT]
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))

    async def asked(policy: ExportPolicy = FILTERING):
        context = replace(await demo.context("Household"), export_policy=policy)
        answer = await orchestrator.run(pattern, {"portfolio_id": str(demo.portfolios["Household"].id)}, context, kept)
        return answer, await file_of(context, "Answer", answer.content["panels"], ExportForm.PDF)

    async def exports() -> list[str]:
        async with demo.application.database.transaction(SYSTEM) as tx:
            return [one.changes["sha256"] for one in await newest_entries(tx, 500) if one.action == "export"]

    before = len(await exports())
    (first, file), (again, same) = await asked(), await asked()
    assert (await exports())[: len(await exports()) - before] == [file.sha256, file.sha256], "each time it leaves, the audit log says so"
    assert first.canonical == again.canonical and file.content == same.content
    told = {step.name: step.stored_or_computed for step in again.trace.steps}
    assert told.pop("pdf_result") == "computed"
    assert set(told.values()) == {"stored", None} and told["positions"] == "stored" and told["regime"] is None
    licensed, _ = await asked(ExportPolicy(frozenset({"FMP"})))
    assert licensed.trace.steps[0].stored_or_computed == "computed", "under other rules nothing kept is served"


async def test_a_right_is_needed_to_export(demo: Demo) -> None:
    context = replace(await demo.context("Household"), actor=Actor(demo.portfolios["Household"].owner_id, Role.VIEWER))
    with pytest.raises(Forbidden, match="export_csv"):
        await demo.application.registry.call(
            "reports.export_csv", context, {"portfolio_id": str(demo.portfolios["Household"].id), "report_data": {}}
        )


@pytest.mark.parametrize("form", list(ExportForm))
async def test_the_overview_is_exported_as_it_is_shown(demo: Demo, form: ExportForm) -> None:
    answer, file = await made(demo, "Household", pattern="portfolio_overview", form=form)
    assert [one.title for one in file.cleared.document.sections] == [panel["title"] for panel in answer.content["panels"]]
    _, same = await made(demo, "Household", pattern="portfolio_overview", form=form)
    assert same.content == file.content
    assert file.name == f"household-answer-PP_2022-12-28.{'xlsx' if form is ExportForm.EXCEL else form.value}"
