"""How failures reach the operator: one sentence, one remedy, one exit code for each kind."""

import contextlib
import os
import sys
import traceback
from typing import Final

from dawsos.kernel.errors import DawsosError

EXIT_CODES: Final = {
    "internal": 1,
    "invalid": 2,
    "unauthenticated": 3,
    "forbidden": 4,
    "not_found": 5,
    "conflict": 6,
    "rate_limited": 7,
    "unavailable": 8,
    "insufficient_data": 9,
}
#: What the operating system's own programs return when nobody reads what they write.
_PIPE_CLOSED: Final = 141


def exit_code_of(error: BaseException) -> int:
    """The exit code of a failure: by kind for our own, 2 for a wrong command line, 1 for what nobody foresaw."""
    if isinstance(error, DawsosError):
        return EXIT_CODES.get(error.kind, 1)
    if isinstance(error, BrokenPipeError):
        return _PIPE_CLOSED
    return int(getattr(error, "exit_code", 1))


def tell(error: BaseException) -> None:
    """Say on standard error what went wrong and what can be done; with DAWSOS_LOG_LEVEL=debug also where."""
    from rich.console import Console  # noqa: PLC0415 - rich is needed only when something is said
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    message, remedy = _words(error)
    console.print(Text.assemble(("Error: ", "bold red"), message))
    if remedy:
        console.print(Text(remedy))
    if os.environ.get("DAWSOS_LOG_LEVEL", "").lower() == "debug":
        console.print(Text("".join(traceback.format_exception(error))))


def _words(error: BaseException) -> tuple[str, str]:
    if isinstance(error, DawsosError):
        cause = error.details.get("cause")
        return f"{error.message} ({cause})" if cause else error.message, error.remedy
    if hasattr(error, "format_message"):  # a wrong command line
        context = getattr(error, "ctx", None)
        return error.format_message(), f"See '{context.command_path} --help'." if context else ""
    return (
        f"DawsOS failed unexpectedly ({type(error).__name__}: {error}).",
        "Run it again with DAWSOS_LOG_LEVEL=debug to see where, and report that.",
    )


def hush_standard_output() -> None:
    """A reader that leaves early (``dawsos … | head``) is no failure worth words: what is still buffered goes nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
