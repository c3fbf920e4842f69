"""The server of the Model Context Protocol: tools over standard input and output, for a client that starts this process itself."""

import asyncio
import json
import random
from typing import Any

import mcp_types as types
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server

from dawsos.bootstrap import Application
from dawsos.mcp.answering import Answering, ToolAnswer
from dawsos.mcp.tools import Tool
from dawsos.patterns.orchestrator import Orchestrator

_INSTRUCTIONS = """\
DawsOS computes everything about a portfolio from its ledger and a pricing pack. Use the tool 'portfolios' first: others ask for a
portfolio_id. Ratios are fractions, amounts are decimal strings with their currency beside them; what is not known is null with a reason.
Never add, divide or otherwise derive figures yourself; ask for the one you need. Nothing can be changed through these tools."""
_REDACTED = "\nAmounts, quantities and the names of portfolios are withheld; weights, returns and other fractions are given."


def build(answering: Answering, *, version: str, is_redacted: bool) -> Server[Any]:
    """The server over one person's tools."""

    async def list_tools(_context: ServerRequestContext[Any, Any], _params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_listed(tool) for tool in await answering.offered()])

    async def call_tool(_context: ServerRequestContext[Any, Any], params: types.CallToolRequestParams) -> types.CallToolResult:
        return _result(await answering.call(params.name, params.arguments or {}))

    return Server(
        "dawsos",
        version=version,
        title="DawsOS",
        instructions=_INSTRUCTIONS + (_REDACTED if is_redacted else ""),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def serve(application: Application, token: str, *, version: str, is_redacted: bool) -> None:
    """Answer on standard input and output until the client closes them; :class:`Unauthenticated` at once for a token of nobody's."""
    orchestrator = Orchestrator(application.registry, sleep=asyncio.sleep, chance=random.Random())  # noqa: S311 - spreads retries
    answering = Answering(application, orchestrator, token, is_redacted=is_redacted)
    await answering.check()
    server = build(answering, version=version, is_redacted=is_redacted)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _listed(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=dict(tool.takes),
        output_schema=dict(tool.gives),
        annotations=types.ToolAnnotations(
            title=tool.title, read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=tool.asks_outside
        ),
    )


def _result(answer: ToolAnswer) -> types.CallToolResult:
    if answer.content is None:
        return types.CallToolResult(content=[types.TextContent(type="text", text=answer.problem or "")], is_error=True)
    text = json.dumps(answer.content, ensure_ascii=False, separators=(",", ":"))
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], structured_content=dict(answer.content))
