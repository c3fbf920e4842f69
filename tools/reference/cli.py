"""The page of commands: what `dawsos --help` and the help of each command say."""

from collections.abc import Iterator
from typing import Any, Final

import typer.main

from dawsos.registry.shapes import name_of
from tools.reference.markdown import code, page, table

_ABOUT: Final = """\
Every command takes `--help`. Results go to standard output, notes and problems to standard error; the exit code tells the kind of a
failure."""
#: What typer gives every command.
_ALWAYS: Final = frozenset({"help", "install_completion", "show_completion"})


def cli_page(app: Any, resolve: Any) -> str:
    """The page for the typer application ``app``; ``resolve`` imports a command that is known by name only."""
    root = typer.main.get_command(app)
    return page("Command line", _ABOUT, _parameters(root), *_commands(root, "dawsos", resolve))


def _commands(group: Any, prefix: str, resolve: Any) -> Iterator[str]:
    for name in sorted(getattr(group, "commands", {})):
        command = resolve(group.commands[name])
        if command.hidden:
            continue
        place = f"{prefix} {name}"
        parts = (f"## {place}", " ".join((command.help or "").split()), _parameters(command))
        yield "\n\n".join(part for part in parts if part)
        yield from _commands(command, place, resolve)


def _parameters(command: Any) -> str:
    rows = []
    for one in command.params:
        if one.name in _ALWAYS or getattr(one, "hidden", False):
            continue
        is_option = one.param_type_name == "option"
        shown = ", ".join(map(code, one.opts)) if is_option else code((one.name or "").upper())
        rows.append((shown, _type(one), "required" if one.required else "", getattr(one, "help", None) or ""))
    return table(("", "type", "", ""), rows)


def _type(parameter: Any) -> str:
    return "switch" if getattr(parameter, "is_bool_flag", False) else name_of(parameter.type_descriptor.annotation)
