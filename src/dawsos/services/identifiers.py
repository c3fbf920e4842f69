"""New identifiers, from a clock and a source of chance that are handed in."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from dawsos.kernel.clock import Clock
from dawsos.kernel.identifiers import uuid7


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Makes time-ordered identifiers; ``entropy(n)`` gives ``n`` unpredictable bytes."""

    clock: Clock
    entropy: Callable[[int], bytes]

    def new(self) -> UUID:
        """The next identifier."""
        return uuid7(int(self.clock.now().timestamp() * 1000), self.entropy(10))
