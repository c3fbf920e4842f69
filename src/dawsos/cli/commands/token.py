"""Access tokens for the API: create, list, revoke."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.figures import written
from dawsos.cli.finding import identity_of
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.store.users import AccessTokenRecord

app = typer.Typer(no_args_is_help=True, add_completion=False)
Owner = Annotated[str, typer.Option("--user", metavar="EMAIL", help="Whose token it is.")]


@app.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is for.")],
    user: Owner,
    scopes: Annotated[list[str] | None, typer.Option("--scope", help="A right it has; all of its user's when none is given.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="How long it is valid; for ever when not given.")] = None,
) -> None:
    """Create an access token; it is shown once."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> tuple[UUID, str]:
        owner = await identity_of(parts, user)
        lifetime = None if days is None else timedelta(days=days)
        return await parts.accounts.create_token(owner, name, scopes=scopes or (), lifetime=lifetime)

    token_id, token = with_application(invocation, work)
    invocation.notes.print(f"Token {token_id} of {user}, shown this once:", markup=False)
    invocation.results.print(token, markup=False, soft_wrap=True)


@app.command(name="list")
def list_(context: typer.Context, user: Owner, as_json: AsJson = False) -> None:
    """List a user's access tokens."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[AccessTokenRecord]:
        return await parts.accounts.list_tokens(await identity_of(parts, user))

    tokens = with_application(invocation, work)
    if as_json:
        invocation.print_json(tokens)
        return
    table = Table("Id", "Name", "Rights", "Expires", "Last used", "Revoked")
    for one in tokens:
        rights = ", ".join(one.scopes) or "all"
        table.add_row(str(one.id), one.name, rights, written(one.expires_at), written(one.last_used_at), written(one.revoked_at))
    invocation.results.print(table)


@app.command()
def revoke(context: typer.Context, token: Annotated[UUID, typer.Argument(help="The token's id.")], user: Owner) -> None:
    """End an access token."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> None:
        await parts.accounts.revoke_token(await identity_of(parts, user), token)

    with_application(invocation, work)
    invocation.results.print(f"Token {token} is revoked.")
