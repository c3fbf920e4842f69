"""The page of errors: every code, the status it has over HTTP, and the words it comes with."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dawsos.api.problems import PROTOCOL, STATUS, TYPE_PREFIX
from dawsos.kernel import errors
from dawsos.kernel.errors import DawsosError
from tools.reference.markdown import code, page, table

_ABOUT: Final = f"""\
A failure over HTTP is an RFC 9457 document (`application/problem+json`): `type` (`{TYPE_PREFIX}<code>`), `title`, `status`,
`detail`, `code`, `remedy`, `trace_id`, and where they apply `retry_after` (also the header `Retry-After`) and `errors`, which
names single fields. The command line prints the same words and ends with the exit code of the kind. Codes are stable; words may
improve. Below stand the codes that are not the default of their kind; in their words, `{{…}}` stands for what is named."""


@dataclass(frozen=True, order=True)
class Raised:
    """One place an error with a code of its own is raised."""

    code: str
    status: int
    message: str
    remedy: str
    module: str


def errors_page(sources: Path) -> str:
    """The page for the package in ``sources``."""
    kinds = table(
        ("kind", "status", "title", "default code"), ((name, *map(str, STATUS[name]), code(_default_code(name))) for name in STATUS)
    )
    protocol = table(("code", "status", ""), ((code(name), str(status), detail) for status, (name, _, detail) in PROTOCOL.items()))
    listed: dict[str, list[Raised]] = {}
    for one in sorted(set(_raised_in(sources))):
        listed.setdefault(one.code, []).append(one)
    sections = (_section(name, found) for name, found in listed.items())
    return page("Errors", _ABOUT, "## Kinds", kinds, "## Refusals of the protocol", protocol, "## Codes", *sections)


def _section(name: str, found: list[Raised]) -> str:
    statuses = sorted({str(one.status) for one in found})
    rows = ((one.message, one.remedy, code(one.module)) for one in found)
    return f"### {name}\n\nStatus {', '.join(statuses)}.\n\n{table(('what it says', 'what to do', 'raised in'), rows)}"


def _default_code(kind: str) -> str:
    return next(each.default_code for each in DawsosError.__subclasses__() if each.kind == kind)


def _raised_in(sources: Path) -> Iterator[Raised]:
    for path in sorted(sources.rglob("*.py")):
        if "_assets" not in path.parts:
            module = ".".join(path.relative_to(sources).with_suffix("").parts)
            yield from raised(path.read_text(encoding="utf-8"), module)


def raised(source: str, module: str) -> Iterator[Raised]:
    """The errors with a code of their own that the text of a module raises."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            words = {keyword.arg: keyword.value for keyword in node.keywords}
            message = words.get("detail") or (node.args[0] if node.args else None)
            status = _status(node.func, words)
            if status is not None and message is not None:
                for name in _constants(words.get("code")):
                    yield Raised(name, status, _words(message), _words(words.get("remedy")), module)


def _status(function: ast.AST, words: Mapping[str | None, ast.AST]) -> int | None:
    """The status of what is made; None for anything that is no failure."""
    kind = getattr(errors, function.id, None) if isinstance(function, ast.Name) else None
    if isinstance(kind, type) and issubclass(kind, DawsosError):
        return STATUS[kind.kind][0]
    given = words.get("status")
    if isinstance(given, ast.Constant) and isinstance(given.value, int):
        return given.value
    return STATUS["internal"][0] if "remedy" in words and "code" in words else None


def _constants(node: ast.AST | None) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_constants(node.body), *_constants(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _words(node: ast.AST | None) -> str:
    """A message as it stands in the source, with its variable parts left open."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values)
    if isinstance(node, ast.IfExp):
        return f"{_words(node.body)} / {_words(node.orelse)}"
    if isinstance(node, ast.BinOp):
        return _words(node.left) + _words(node.right)
    return "{…}" if node is not None else ""
