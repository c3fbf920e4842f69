"""Trying again: only what its error marks as worth it, three times, after 1, 2 and 4 seconds give or take a fifth."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from dawsos.kernel.errors import DawsosError, Unavailable

Value = TypeVar("Value")
Sleep = Callable[[float], Awaitable[object]]

WAITS: Final = (1.0, 2.0, 4.0)
SPREAD: Final = 0.2


class Chance(Protocol):
    """Where jitter comes from; ``random.Random`` is one."""

    def uniform(self, a: float, b: float, /) -> float:
        """A number between ``a`` and ``b``."""
        ...


def is_retryable(error: DawsosError) -> bool:
    """Whether the same call may succeed a moment later: the error says so, or a provider was unavailable."""
    marked = error.details.get("retryable")
    if isinstance(marked, bool):
        return marked
    return isinstance(error, Unavailable) and "provider" in error.details


@dataclass(slots=True)
class Retries:
    """Calls something until it succeeds, its error is final, or the waits are used up. ``attempts`` counts the calls."""

    sleep: Sleep
    chance: Chance
    attempts: int = 0

    async def run(self, call: Callable[[], Awaitable[Value]]) -> Value:
        for wait in WAITS:
            try:
                return await self._once(call)
            except DawsosError as error:
                if not is_retryable(error):
                    raise
            await self.sleep(wait * self.chance.uniform(1 - SPREAD, 1 + SPREAD))
        return await self._once(call)

    async def _once(self, call: Callable[[], Awaitable[Value]]) -> Value:
        self.attempts += 1
        return await call()
