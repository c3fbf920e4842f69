"""Options several commands share, spelled alike everywhere."""

from datetime import date
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print canonical JSON and nothing else.")]
OfUser = Annotated[str | None, typer.Option("--user", metavar="EMAIL", help="Whose, when several users have one of that name.")]
InPortfolio = Annotated[str, typer.Option("--portfolio", metavar="NAME", help="The portfolio, by name or id.")]
OfPolicy = Annotated[str | None, typer.Option("--policy", help="The pricing policy; the usual one when not given.")]
Day = date
