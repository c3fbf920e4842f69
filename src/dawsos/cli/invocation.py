"""One call of ``dawsos``: its settings, and the two places it writes to."""

import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from dawsos.settings import Settings

#: How wide a table may become when nobody's window limits it.
_WIDE = 200


class Invocation:
    """What every command gets. Results go to ``results`` (standard output), everything else to ``notes`` (standard error)."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = home

    @cached_property
    def settings(self) -> "Settings":
        """The settings of the environment, with the home named on the command line."""
        from dawsos.cli.configuration import read_settings  # noqa: PLC0415 - pydantic is slow to import, and help needs no settings

        return read_settings(self._home)

    @cached_property
    def results(self) -> "Console":
        return self._console(sys.stdout)

    @cached_property
    def notes(self) -> "Console":
        return self._console(sys.stderr)

    def print_json(self, value: bytes | object) -> None:
        """Write canonical JSON and nothing else to standard output."""
        from dawsos.kernel.canonical import canonical_bytes  # noqa: PLC0415 - see above

        text = value if isinstance(value, bytes) else canonical_bytes(value)
        sys.stdout.write(text.decode() + "\n")

    @staticmethod
    def _console(stream: Any) -> "Console":
        from rich.console import Console  # noqa: PLC0415 - rich takes a third of the time help has

        plain = Console(file=stream, highlight=False)
        return plain if plain.is_terminal else Console(file=stream, highlight=False, width=max(_WIDE, plain.width))
