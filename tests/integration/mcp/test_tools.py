"""The tools a client of the protocol gets: what they are, what they answer, what they refuse, and what leaves when amounts must not."""

import asyncio
import json
import os
import random
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from mcp import Client, StdioServerParameters

from dawsos.kernel.errors import Unauthenticated
from dawsos.kernel.identifiers import named
from dawsos.kernel.identity import READ_RIGHTS, Role
from dawsos.mcp.answering import Answering
from dawsos.mcp.serving import build
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry.shapes import fields_of
from dawsos.services.accounts import Identity
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone

ROOT = Path(__file__).parents[3]


async def token_of(demo: Demo, *scopes: str) -> tuple[Any, str]:
    owner = demo.owner("Household")
    assert owner.user_id is not None
    return await demo.application.accounts.create_token(
        Identity(owner.user_id, "household@demo.invalid", Role.MANAGER), "client", scopes=scopes
    )


async def answering(demo: Demo, *scopes: str, is_redacted: bool = False) -> Answering:
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    return Answering(demo.application, orchestrator, (await token_of(demo, *scopes))[1], is_redacted=is_redacted)


def about(demo: Demo, tool: Any, positions: list[Any]) -> dict[str, Any]:
    """Arguments about Household and Apple for any tool, from its example."""
    example = {}
    if tool.kind == "capability":
        example = dict(demo.application.registry.get(tool.target).example)
    known = tool.takes["properties"]
    arguments = {**example, "portfolio_id": str(demo.portfolios["Household"].id)} if "portfolio_id" in known else example
    if "security_id" in known and tool.name != "ratings_aggregate":
        arguments["security_id"] = str(named("security", "AAPL"))
    if tool.target == "pricing.apply_pack":
        arguments["positions"] = positions
    return arguments


async def test_every_reading_capability_and_pattern_is_a_tool_and_nothing_else_is(demo: Demo):
    tools = (await answering(demo)).tools
    targets = {tool.target for tool in tools.values() if tool.kind == "capability"}
    assert targets == {one.name for one in demo.application.registry if READ_RIGHTS.issuperset(one.rights)}
    assert {"pattern_portfolio_overview", "pattern_news_impact_analysis", "pattern_buffett_checklist"} <= set(tools)
    changing = {"portfolio_write", "alerts_manage", "portfolio_manage", "export_csv", "export_pdf", "export_excel", "admin"}
    assert not any(changing & set(demo.application.registry.get(name).rights) for name in targets)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in tools)


async def test_a_scope_narrows_what_is_offered_and_what_is_answered(demo: Demo):
    narrow = await answering(demo, "macro_data_read")
    offered = {tool.name for tool in await narrow.offered()}
    assert "macro_detect_regime" in offered and "ledger_positions" not in offered and "portfolios" not in offered
    refused = await narrow.call("ledger_positions", {"portfolio_id": str(demo.portfolios["Household"].id)})
    assert refused.content is None and refused.problem is not None and refused.problem.startswith("forbidden: ")


async def test_somebody_elses_portfolio_is_nobodys_and_a_revoked_token_ends(demo: Demo):
    mine = await answering(demo)
    refused = await mine.call("ledger_positions", {"portfolio_id": str(demo.portfolios["Income"].id)})
    assert refused.problem is not None and refused.problem.startswith("portfolio_not_found: ")
    listed = (await mine.call("portfolios", {})).content
    assert listed is not None and [one["name"] for one in listed["result"]] == ["Household"]
    owner = demo.owner("Household")
    token_id, token = await token_of(demo)
    ended = Answering(
        demo.application, Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0)), token, is_redacted=False
    )
    await ended.check()
    await demo.application.accounts.revoke_token(Identity(owner.user_id, "", Role.MANAGER), token_id)  # type: ignore[arg-type]
    with pytest.raises(Unauthenticated):
        await ended.call("portfolios", {})


def amounts(value: Any) -> Iterator[Decimal]:
    """Every amount, price and quantity in a result, by its unit."""
    fields = fields_of(type(value))
    if fields is not None:
        for name, field in fields.items():
            inner = getattr(value, name)
            if field.unit is not None and field.unit.name in {"money", "price", "quantity"}:
                yield from (Decimal(str(one)) for one in (inner if isinstance(inner, list | tuple) else [inner]) if one is not None)
            else:
                yield from amounts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from amounts(inner)


def spellings(amount: Decimal) -> set[str]:
    size = abs(amount)
    plain = f"{size:f}".rstrip("0").rstrip(".") if "." in f"{size:f}" else f"{size:f}"
    return {plain, f"{size:,.2f}", f"{size:.2f}"}


async def test_no_amount_no_quantity_and_no_name_leaves_any_tool_when_they_must_not(demo: Demo):
    overview = await demo.overview("Household")
    secret = {
        form for result in overview.data.values() for one in amounts(result) for form in spellings(one) if len(form.replace(".", "")) >= 5
    }
    assert len(secret) > 500
    plain, redacted = await answering(demo), await answering(demo, is_redacted=True)
    held = (await plain.call("ledger_positions", {"portfolio_id": str(demo.portfolios["Household"].id)})).content
    assert held is not None
    answered = set()
    for name, tool in redacted.tools.items():
        said = await redacted.call(name, about(demo, tool, held["result"]["positions"]))
        text = json.dumps(said.content) if said.content is not None else str(said.problem)
        numbers = set(re.findall(r"\d[\d,]*(?:\.\d+)?", text))
        assert not numbers & secret, (name, numbers & secret)
        assert not re.search(r"\bhousehold\b", text, re.IGNORECASE), name
        if said.content is not None:
            answered.add(name)
    assert {
        "portfolios",
        "ledger_positions",
        "pricing_apply_pack",
        "metrics_compute_twr",
        "pattern_portfolio_overview",
        "get_transaction_history",
    } <= answered
    weights = (await redacted.call("pattern_portfolio_overview", {"portfolio_id": str(demo.portfolios["Household"].id)})).content
    assert weights is not None
    first = weights["result"]["valued_positions"]["positions"][0]
    assert first["weight"] == pytest.approx(overview.plain()["data"]["valued_positions"]["positions"][0]["weight"])
    assert {"quantity", "market_value", "price", "cost_basis", "unrealized_pl"}.isdisjoint(first)


async def test_every_call_leaves_a_line_in_the_audit_log(own_demo: Demo, own_demo_clone: DatabaseClone):
    asked = await answering(own_demo, is_redacted=True)
    household = str(own_demo.portfolios["Household"].id)
    await asked.call("ledger_positions", {"portfolio_id": household})
    await asked.call("no_such_tool", {})
    with psycopg.connect(own_demo_clone.admin_dsn) as admin:
        rows = admin.execute(
            "select user_id, entity_ref, changes, user_agent, trace_id is not null from public.audit_log where action = 'mcp_call' order by id"
        ).fetchall()
    owner = own_demo.owner("Household").user_id
    assert rows == [
        (owner, "ledger_positions", {"outcome": "ok", "redacted": True, "portfolio_id": household}, "mcp", True),
        (owner, "no_such_tool", {"outcome": "tool_not_found", "redacted": True, "portfolio_id": ""}, "mcp", True),
    ]


@pytest.mark.parametrize("is_redacted", [False, True])
async def test_what_a_client_gets_fits_the_schemas_it_was_told(demo: Demo, is_redacted: bool):
    """The client of the SDK validates every structured answer against the tool's schema."""
    asked = await answering(demo, is_redacted=is_redacted)
    async with Client(build(asked, version="0", is_redacted=is_redacted)) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert all(tool.annotations is not None and tool.annotations.read_only_hint for tool in listed.values())
        household = {"portfolio_id": str(demo.portfolios["Household"].id)}
        for name, arguments in (
            ("portfolios", {}), ("ledger_positions", household), ("metrics_compute_twr", household), ("pattern_portfolio_overview", household),
            ("pattern_buffett_checklist", {"security_id": str(named("security", "AAPL"))}), ("macro_detect_regime", {"asof_date": "2022-10-31"}),
        ):  # fmt: skip
            answer = await client.call_tool(name, arguments)
            assert not answer.is_error, (name, answer.content)
            assert json.loads(answer.content[0].text) == answer.structured_content  # type: ignore[union-attr]
        failed = await client.call_tool("ledger_positions", {"portfolio_id": "no-uuid"})
        assert failed.is_error and "portfolio_id is not a UUID" in failed.content[0].text  # type: ignore[union-attr]


async def test_a_client_starts_the_process_itself_and_speaks_over_its_streams(demo: Demo, shared_demo_clone: DatabaseClone, tmp_path: Path):
    _, token = await token_of(demo)
    environment = {
        **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}},
        "DAWSOS_HOME": str(tmp_path), "DAWSOS_TEST_APP_DSN": shared_demo_clone.app_dsn, "DAWSOS_MCP_TOKEN": token, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    server = StdioServerParameters(command=sys.executable, args=["-m", "tests.support.mcp_server"], env=environment, cwd=str(ROOT))
    async with Client(server) as client:
        assert client.server_info is not None and client.server_info.name == "dawsos"
        answer = await client.call_tool("metrics_compute_twr", {"portfolio_id": str(demo.portfolios["Household"].id)})
        assert answer.structured_content is not None
        assert answer.structured_content["result"]["twr"] == (await demo.overview("Household")).plain()["data"]["perf_metrics"]["twr"]
