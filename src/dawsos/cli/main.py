"""The entry point ``dawsos``: finds the command, runs it, and turns every failure into a sentence and an exit code."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from dawsos.cli.deferred import deferred_commands, loaded
from dawsos.cli.failures import exit_code_of, hush_standard_output, tell
from dawsos.cli.invocation import Invocation
from dawsos.kernel.errors import DawsosError

_INTERRUPTED = 130


class DawsosGroup(TyperGroup):
    """The commands of ``dawsos``: listed by name, imported only when one of them is asked for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands.update(deferred_commands())

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, loaded(command), rest

    def main(self, *args: Any, **settings: Any) -> Any:
        """Run, and end the process with the exit code of what happened."""
        raise SystemExit(self._outcome(*args, **settings))

    def _outcome(self, *args: Any, **settings: Any) -> int:
        try:
            done = super().main(*args, **{**settings, "prog_name": "dawsos", "standalone_mode": False})
            sys.stdout.flush()
        except (DawsosError, TyperException) as error:
            tell(error)
            return exit_code_of(error)
        except (KeyboardInterrupt, typer.Abort):
            return _INTERRUPTED
        except BrokenPipeError as error:
            hush_standard_output()
            return exit_code_of(error)
        except Exception as error:  # noqa: BLE001 - the last place before the user: a sentence, and a trace only when asked for
            tell(error)
            return exit_code_of(error)
        return done if isinstance(done, int) else 0


app = typer.Typer(
    cls=DawsosGroup,
    help="DawsOS: every number right, reproducible, explained, never invented.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="Where DawsOS keeps its database and credentials.", envvar="DAWSOS_HOME", show_default=False)
    ] = None,
) -> None:
    """DawsOS: every number right, reproducible, explained, never invented."""
    context.obj = Invocation(home)


def main() -> None:
    """Run ``dawsos`` with the arguments of this process."""
    app()
