"""The page of capabilities: what each is for, takes, gives and needs."""

import json
from collections.abc import Iterable
from typing import Final

from pydantic import BaseModel

from dawsos.registry.capability import Capability
from dawsos.registry.catalogue import Registry
from tools.reference.fields import contracts_inside, field_table
from tools.reference.markdown import code, page, sentence, table

_ABOUT: Final = """\
Each is `POST /v1/capabilities/<name>` (the body is the request), `dawsos call <name>`, and a step of patterns. Units are those of
`x-unit` in the description of the API; in parentheses the field that names the currency. A null in a result has its reason in
`reasons`."""


def capabilities_page(registry: Registry) -> str:
    """The page for ``registry``."""
    overview = table(
        ("capability", "agent", "what it gives", "rights"),
        (
            (f"[{one.name}](#{one.name.replace('.', '')})", one.agent, sentence(one.summary), ", ".join(map(code, one.rights)))
            for one in registry
        ),
    )
    agents = "\n".join(f"- **{agent.name}**: {sentence(agent.purpose).removeprefix(agent.name + ': ')}" for agent in registry.agents)
    return page("Capabilities", _ABOUT, agents, overview, *map(_capability, registry), *_records(registry))


def _capability(one: Capability) -> str:
    facts = table(
        ("rights", "fresh for", "time limit", "cost"),
        [(", ".join(map(code, one.rights)), f"{one.ttl} s", f"{one.timeout:g} s", one.cost)],
    )
    example = f"```json\n{json.dumps(dict(one.example), indent=2, ensure_ascii=False)}\n```"
    parts = (
        f"## {one.name}",
        sentence(one.description),
        facts,
        f"Request: {sentence(one.request.__doc__)}",
        field_table(one.request, is_request=True),
        f"Result: {sentence(one.result.__doc__)}",
        field_table(one.result, is_request=False),
        f"Example request:\n\n{example}",
    )
    return "\n\n".join(part for part in parts if part)


def _records(registry: Registry) -> Iterable[str]:
    """The contracts inside requests and results, by name."""
    seen: dict[type, None] = {}
    found: list[type[BaseModel]] = []
    for one in registry:
        found += contracts_inside(one.request, seen)
        found += contracts_inside(one.result, seen)
    if found:
        yield "## Records\n\nWhat the fields above hold."
    for record in sorted(found, key=lambda each: (each.__name__, each.__module__)):
        yield f"### {record.__name__}\n\n{sentence(record.__doc__)}\n\n{field_table(record, is_request=False)}"
