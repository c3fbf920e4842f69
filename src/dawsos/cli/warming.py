"""Compiles the kernels in a process or thread of its own while other work goes on."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from rich.console import Console

from dawsos.kernel.errors import Unavailable

T = TypeVar("T")


class WarmUp:
    """The process that compiles. Whoever needs the kernels waits for it rather than compile them a second time."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    async def finished(self) -> None:
        """Wait for the end; a failure is no reason to stop, for then the kernels are compiled when they are used."""
        await asyncio.to_thread(self._process.wait)


@contextmanager
def warm_up_process() -> Iterator[WarmUp]:
    """Kernels being compiled beside the block; ended with it if it has not finished."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dawsos.cli", "warm-up"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield WarmUp(process)
    finally:
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)


def warm_up_thread() -> threading.Thread:
    """Kernels being compiled beside the server, which answers meanwhile."""
    from dawsos.services.warm_up import warm_up  # noqa: PLC0415 - numba itself is half of the work

    thread = threading.Thread(target=warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread


async def answered(ask: Callable[[], Awaitable[T]], notes: Console) -> T:
    """What ``ask`` gives. In a fresh installation compiling outlasts the time an answer may take: then wait for it, and ask again."""
    try:
        return await ask()
    except Unavailable as error:
        if error.code != "timeout":
            raise
    from dawsos.services.warm_up import warm_up  # noqa: PLC0415 - needed this once

    notes.print("Compiling the numeric kernels, once per installation.")
    await asyncio.to_thread(warm_up)
    return await ask()
