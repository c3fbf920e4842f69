"""The page of patterns: what each takes, does and shows."""

from typing import Final

from dawsos.patterns.checker import Pattern
from dawsos.patterns.library import Library
from tools.reference.markdown import code, page, table

_ABOUT: Final = """\
Each is `POST /v1/patterns/<id>`, `dawsos run <id>` and a file in `patterns/`. Steps run as soon as what they read is there. A
step in parentheses may be left out: it has a condition, or it is optional and the panels that show it say why it is missing."""


def patterns_page(library: Library) -> str:
    """The page for ``library``."""
    overview = table(
        ("pattern", "category", "what it shows"),
        ((f"[{one.id}](#{one.id})", one.file.category, one.file.description) for one in library.values()),
    )
    return page("Patterns", _ABOUT, overview, *map(_pattern, library.values()))


def _pattern(pattern: Pattern) -> str:
    file = pattern.file
    exports = [name for name, is_allowed in file.export_allowed.model_dump().items() if is_allowed]
    facts = f"Version {file.version}. Rights: {', '.join(map(code, file.rights_required))}. Exports: {', '.join(exports) or 'none'}."
    parts = (f"## {file.id}", file.description, facts, _inputs(pattern), _steps(pattern), _panels(pattern))
    return "\n\n".join(part for part in parts if part)


def _inputs(pattern: Pattern) -> str:
    rows = []
    for name, written in pattern.file.inputs.items():
        default = "required" if written.required else "null" if written.default is None else code(written.default)
        rows.append((code(name), written.type, default, written.description))
    return table(("input", "type", "when not given", ""), rows)


def _steps(pattern: Pattern) -> str:
    rows = []
    for step in pattern.file.steps:
        name = f"({step.name})" if step.optional or step.when else step.name
        rows.append((name, code(step.capability), ", ".join(sorted(pattern.needs[step.name])), str(step.when or "")))
    return table(("step", "capability", "reads", "when"), rows)


def _panels(pattern: Pattern) -> str:
    rows = ((one.title, one.type, f"{one.refresh_ttl} s", one.description or "") for one in pattern.file.panels)
    return table(("panel", "type", "fresh for", ""), rows)
