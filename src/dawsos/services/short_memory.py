"""Keeps what was found out for a while, in this process only."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from dawsos.kernel.clock import Clock

Value = TypeVar("Value")


class ShortMemory:
    """Values by key, each for its own time; of more than ``largest`` the ones kept longest are forgotten."""

    def __init__(self, clock: Clock, *, largest: int = 512) -> None:
        self._clock = clock
        self._largest = largest
        self._kept: OrderedDict[Hashable, tuple[datetime, Any]] = OrderedDict()

    async def once(self, key: Hashable, seconds: float, ask: Callable[[], Awaitable[Value]]) -> Value:
        """What ``ask()`` gave at most ``seconds`` ago, asked again otherwise. A failure is not kept."""
        found = self._kept.get(key)
        if found is not None and self._clock.now() < found[0]:
            return cast("Value", found[1])
        value = await ask()
        self._kept.pop(key, None)
        self._kept[key] = (self._clock.now() + timedelta(seconds=seconds), value)
        while len(self._kept) > self._largest:
            self._kept.popitem(last=False)
        return value
