"""Users: create, list, set a password, disable."""

from typing import Annotated, Literal

import typer
from rich.table import Table

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson
from dawsos.cli.figures import written
from dawsos.cli.finding import all_users, find_user
from dawsos.cli.invocation import Invocation
from dawsos.cli.passwords import new_password
from dawsos.cli.session import with_application
from dawsos.kernel.errors import Conflict
from dawsos.kernel.identity import SYSTEM, Role
from dawsos.services.passwords import Argon2id
from dawsos.services.users import set_active, set_password
from dawsos.store.users import UserRecord

app = typer.Typer(no_args_is_help=True, add_completion=False)
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The user's e-mail address.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password and show it once.")]
FromInput = Annotated[bool, typer.Option("--stdin", help="Read the password from the first line of standard input.")]


@app.command()
def create(
    context: typer.Context,
    email: Email,
    role: Annotated[Literal["ADMIN", "MANAGER", "USER", "VIEWER"], typer.Option(help="What the user may do.")] = "USER",
    generate: Generate = False,
    from_input: FromInput = False,
) -> None:
    """Create a user; the password is asked for, unless it is generated or comes from standard input."""
    invocation: Invocation = context.obj
    password, is_ours = new_password(generate=generate, from_input=from_input)

    async def work(parts: Application) -> UserRecord:
        try:
            return await parts.accounts.create_user(SYSTEM, email, password, Role(role))
        except Conflict as error:
            raise Conflict(
                f"There is a user '{email}' already.", remedy=f"Set a new password with 'dawsos user password {email}'.", code="user_exists"
            ) from error

    made = with_application(invocation, work)
    invocation.results.print(f"Created {made.email} ({made.role.value}).")
    _show(invocation, password, is_ours=is_ours)


@app.command(name="list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List all users."""
    invocation: Invocation = context.obj
    users = with_application(invocation, all_users)
    if as_json:
        invocation.print_json(users)
        return
    table = Table("E-mail", "Role", "Active", "Last login")
    for user in users:
        table.add_row(user.email, user.role.value, written(user.is_active), written(user.last_login))
    invocation.results.print(table)


@app.command()
def password(context: typer.Context, email: Email, generate: Generate = False, from_input: FromInput = False) -> None:
    """Set a user's password and end the user's sessions."""
    invocation: Invocation = context.obj
    chosen, is_ours = new_password(generate=generate, from_input=from_input)

    async def work(parts: Application) -> int:
        user = await find_user(parts, email)
        return await set_password(parts.database, SYSTEM, user.id, chosen, hasher=Argon2id(), identifiers=parts.identifiers)

    ended = with_application(invocation, work)
    invocation.results.print(f"The password of {email} is set; {ended} sessions were ended.")
    _show(invocation, chosen, is_ours=is_ours)


@app.command()
def disable(
    context: typer.Context, email: Email, undo: Annotated[bool, typer.Option("--undo", help="Let the user in again.")] = False
) -> None:
    """Keep a user out, and end the user's sessions; everything the user owns stays."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> None:
        user = await find_user(parts, email)
        await set_active(parts.database, SYSTEM, user.id, is_active=undo, identifiers=parts.identifiers)

    with_application(invocation, work)
    invocation.results.print(f"{email} may come in again." if undo else f"{email} is kept out.")


def _show(invocation: Invocation, secret: str, *, is_ours: bool) -> None:
    if is_ours:
        invocation.results.print(f"Password, shown this once: {secret}", markup=False)
