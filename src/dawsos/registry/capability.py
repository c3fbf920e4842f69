"""``@capability``: how a function says that it is one, and the record the catalogue keeps of it."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from dawsos.registry.contract import Contract

Cost = Literal["low", "medium", "high"]
#: True, False, or what says so of a context and the arguments as a step of a pattern writes them, references included.
Repeatable = bool | Callable[[Any, Mapping[str, Any]], bool]
Function = TypeVar("Function", bound=Callable[..., Awaitable[Contract]])

DEFAULT_TIMEOUT: Final = 10.0
_MARK: Final = "__dawsos_capability__"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the decorator was told; checked at discovery, so that all problems are reported together."""

    name: str
    rights: tuple[str, ...]
    ttl: int
    timeout: float
    cost: Cost
    repeatable: Repeatable
    example: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Capability:
    """One capability: its declaration, its types from the signature, and the agent from the folder it lies in."""

    name: str
    agent: str
    summary: str
    description: str
    request: type[Contract]
    result: type[Contract]
    rights: tuple[str, ...]
    ttl: int
    timeout: float
    cost: Cost
    repeatable: Repeatable
    example: Mapping[str, object]
    qualified_name: str
    function: Callable[[Any, Any], Awaitable[Contract]]

    def is_repeatable(self, context: Any, arguments: Mapping[str, Any]) -> bool:
        """Whether it is repeatable when asked with ``arguments`` in ``context``."""
        return self.repeatable(context, arguments) if callable(self.repeatable) else self.repeatable


def capability(
    *,
    name: str,
    rights: tuple[str, ...],
    ttl: int,
    example: Mapping[str, object] | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    cost: Cost = "low",
    repeatable: Repeatable = False,
) -> Callable[[Function], Function]:
    """Declare ``async def verb(context: RequestContext, request: SomeRequest) -> SomeResult`` to be capability ``name``.

    ``name`` is ``family.verb`` (or one word), unique over all agents. ``rights`` are those an actor must have. ``ttl`` is the number of
    seconds a shown result stays fresh, ``timeout`` the number it may take. ``repeatable`` says that the result is a function of
    the request, the actor, the pins and what the database holds: no source and no model is asked, no clock is read, and nothing but kept
    results is written. Answers made of such results alone may be kept, and such results of other answers. What is so only while nothing
    outside is asked gives a function that says whether that is the case. ``example`` is a request that validates; the first line of the
    docstring is the summary. The function itself stays as it is and can be called directly.
    """
    declaration = Declaration(name, tuple(rights), ttl, timeout, cost, repeatable, example)

    def declare(function: Function) -> Function:
        setattr(function, _MARK, declaration)
        return function

    return declare


def declaration_of(value: object) -> Declaration | None:
    """What ``value`` was declared with, if it is a capability's function."""
    found = getattr(value, _MARK, None) if inspect.isfunction(value) else None
    return found if isinstance(found, Declaration) else None
