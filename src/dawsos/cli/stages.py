"""Shows what a long piece of work is doing, stage by stage, and how long each one took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status


class Stages:
    """A line for every stage that is done, and a moving one for the stage under way."""

    def __init__(self, console: Console, status: Status, monotonic: Callable[[], float]) -> None:
        self._console = console
        self._status = status
        self._monotonic = monotonic
        self._began = self._stage_began = monotonic()
        self._name: str | None = None

    def __call__(self, name: str) -> None:
        """The stage before is done, and ``name`` begins."""
        self._settle()
        self._name, self._stage_began = name, self._monotonic()
        self._status.update(name)

    def _settle(self) -> None:
        if self._name is not None:
            self._console.print(f"[green]✓[/] {self._name} [dim]{self._monotonic() - self._stage_began:.1f} s[/]")
        self._name = None

    def finish(self) -> float:
        """The last stage is done; the seconds all of them took."""
        self._settle()
        return self._monotonic() - self._began


@contextmanager
def stages(console: Console, monotonic: Callable[[], float] = time.monotonic) -> Iterator[Stages]:
    """Stages shown on ``console`` while the block runs; without a terminal one line for each."""
    with console.status("…") as status:
        yield Stages(console, status, monotonic)
