"""Give a program with a language model the tools to read your portfolios (Model Context Protocol)."""

from importlib.metadata import version as installed
from typing import Annotated

import typer

from dawsos.bootstrap import Application
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.errors import Unauthenticated

app = typer.Typer(add_completion=False)


@app.command()
def mcp(
    context: typer.Context,
    redact: Annotated[
        bool, typer.Option("--redact", help="Percentages only: no amounts, no quantities, no names of portfolios leave.")
    ] = False,
) -> None:
    """Answer a client of the Model Context Protocol on standard input and output; it starts this command itself.

    The access token comes from DAWSOS_MCP_TOKEN; its owner's rights are cut to reading.
    """
    invocation: Invocation = context.obj
    settings = invocation.settings
    token = settings.mcp_token.get_secret_value().strip() if settings.mcp_token else ""
    if not token:
        raise Unauthenticated("There is no access token.", remedy="Make one with 'dawsos token create' and set DAWSOS_MCP_TOKEN.")
    is_redacted = redact or settings.mcp_redact

    async def work(parts: Application) -> None:
        from dawsos.mcp.serving import serve  # noqa: PLC0415 - importing the protocol takes two seconds, and help needs none of it

        await serve(parts, token, version=installed("dawsos"), is_redacted=is_redacted)

    with_application(invocation, work)
