"""Commands known by name and first line of help, whose modules are imported only when they run: ``dawsos --help`` stays fast."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer.main
from typer.core import TyperCommand

from dawsos.cli import commands

_FOLDER: Final = Path(commands.__file__).parent


class DeferredCommand(TyperCommand):
    """What the list of commands shows of one; ``module`` is where the rest is."""

    def __init__(self, name: str, module: str, *, hidden: bool) -> None:
        super().__init__(name, help=_first_line(module), hidden=hidden)
        self.module = module


def deferred_commands() -> dict[str, DeferredCommand]:
    """Every command by name. A module that begins with an underscore is a command nobody needs to see."""
    return {command.name or "": command for command in _found()}


def _found() -> Iterator[DeferredCommand]:
    for found in pkgutil.iter_modules([str(_FOLDER)]):
        # ``import_`` is spelled so because Python keeps the word for itself.
        yield DeferredCommand(found.name.strip("_").replace("_", "-"), found.name, hidden=found.name.startswith("_"))


def _first_line(module: str) -> str:
    tree = ast.parse((_FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def loaded(command: Any) -> Any:
    """The command itself."""
    if not isinstance(command, DeferredCommand):
        return command
    module = importlib.import_module(f"{commands.__name__}.{command.module}")
    real = typer.main.get_command(module.app)
    real.name = command.name
    return real
