"""Capabilities as tools of a writer: only those that read, only about the portfolio of the request, and only within its owner's rights."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dawsos.kernel.errors import NotFound
from dawsos.kernel.identity import READ_RIGHTS, Actor, Role
from dawsos.registry.capability import Capability
from dawsos.registry.catalogue import Registry
from dawsos.services.context import RequestContext
from dawsos.services.prose.reading import ReadTool

#: Families a writer has no use for: itself, and what asks sources over the network, to which a text could carry something out.
_NOT_FOR_WRITERS: Final = frozenset({"claude", "ai", "provider"})
_ASKING: Final = frozenset({"news.search"})


def reads_only(capability: Capability) -> bool:
    """Whether it needs no right but to read: what changes or exports something needs another."""
    return READ_RIGHTS.issuperset(capability.rights)


def reader(actor: Actor) -> Actor:
    """The same person with the rights to read only."""
    return replace(actor, scopes=actor.rights & READ_RIGHTS)


class CapabilityTools:
    """Every reading capability that needs nothing but a portfolio, under its name with underscores."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._tools = {one.name.replace(".", "_"): one for one in registry if _is_for_writers(one)}

    def offered(self, context: RequestContext) -> Sequence[ReadTool]:
        """Those the person behind the request may use; none without a portfolio, and none for background work."""
        if context.portfolio is None or context.actor.role is Role.SYSTEM:
            return ()
        rights = context.actor.rights
        return tuple(ReadTool(name, one.description, _arguments(one)) for name, one in self._tools.items() if rights.issuperset(one.rights))

    async def use(self, context: RequestContext, name: str, arguments: Mapping[str, Any]) -> Any:
        """What the capability gives, about the request's own portfolio whatever the arguments say."""
        if name not in {tool.name for tool in self.offered(context)}:
            raise NotFound(f"There is no tool '{name}'.", code="capability_not_found")
        narrowed = replace(context, actor=reader(context.actor))
        given = {**arguments, "portfolio_id": str(context.portfolio_id)}
        answer = await self._registry.call(self._tools[name].name, narrowed, given)
        return answer.result.plain()


def _is_for_writers(capability: Capability) -> bool:
    fields = capability.request.model_fields
    is_about_a_portfolio = "portfolio_id" in fields and all(not one.is_required() for name, one in fields.items() if name != "portfolio_id")
    family = capability.name.partition(".")[0]
    return reads_only(capability) and is_about_a_portfolio and family not in _NOT_FOR_WRITERS and capability.name not in _ASKING


def _arguments(capability: Capability) -> dict[str, Any]:
    schema = capability.request.model_json_schema()
    properties = {name: one for name, one in schema.get("properties", {}).items() if name != "portfolio_id"}
    kept = {"type": "object", "properties": properties, "additionalProperties": False}
    return kept | {"$defs": schema["$defs"]} if "$defs" in schema else kept
