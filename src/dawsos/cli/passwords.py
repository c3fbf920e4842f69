"""Where a password comes from: typed twice, read from standard input, or made here and shown once. Never from the command line."""

import secrets
import sys

import typer

from dawsos.kernel.errors import Invalid

_BYTES = 12


def new_password(*, generate: bool, from_input: bool) -> tuple[str, bool]:
    """A password, and whether it was made here and must be shown."""
    if generate and from_input:
        raise Invalid("Both --generate and --stdin are given.", remedy="Give one of them.")
    if generate:
        return secrets.token_urlsafe(_BYTES), True
    if from_input:
        return sys.stdin.readline().rstrip("\r\n"), False
    if not sys.stdin.isatty():
        raise Invalid("There is nobody to type a password.", remedy="Use --generate, or --stdin and one line with the password.")
    return typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True), False
