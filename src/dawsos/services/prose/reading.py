"""What a writer may look up for itself: tools that only read, on behalf of whoever asked, about the portfolio asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from dawsos.services.context import RequestContext


@dataclass(frozen=True, slots=True)
class ReadTool:
    """A tool: the name a model calls it by, what it gives, and the JSON schema of its arguments."""

    name: str
    description: str
    arguments: Mapping[str, Any]


class ReadTools(Protocol):
    """Tools bound to nobody; each use names the request it is part of."""

    def offered(self, context: "RequestContext") -> Sequence[ReadTool]:
        """The tools that can be used in this request: none without a portfolio, and none for background work."""
        ...

    async def use(self, context: "RequestContext", name: str, arguments: Mapping[str, Any]) -> Any:
        """The JSON value the tool gives; raises what the capability behind it raises, and NotFound for any other name."""
        ...


class NoTools:
    """For writers that look nothing up."""

    def offered(self, context: "RequestContext") -> Sequence[ReadTool]:  # noqa: ARG002 - the protocol's
        return ()

    async def use(self, context: "RequestContext", name: str, arguments: Mapping[str, Any]) -> Any:  # noqa: ARG002 - the protocol's
        return None
