"""Reading YAML as patterns are written in it: text, whole and decimal numbers, true and false, null, lists, mappings. Nothing else."""

import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

from dawsos.patterns.problems import Findings, Place

_SCALARS: Final = (
    ("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""]),
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")),
    ("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789")),
    ("tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?$"), list("-0123456789")),
)
_CLEVER: Final = (yaml.TagToken, yaml.AnchorToken, yaml.AliasToken)


#: The library's reader in C where it was built with it: ten times as fast, and 6 000 lines are read at every start.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Reader(_Loader):  # type: ignore[misc]
    """A loader for which ``no`` is a word, ``2025-11-03`` is text and ``010`` is text too."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (as the library declares it)


for _tag, _pattern, _first in _SCALARS:
    _Reader.add_implicit_resolver(_tag, _pattern, _first)


@dataclass(frozen=True, slots=True)
class Document:
    """A file as plain values, and the faults of its notation."""

    value: Any
    findings: Findings


def _scalar(node: yaml.ScalarNode) -> Any:
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return node.value == "true"
        case "int":
            return int(node.value)
        case "float":
            return float(node.value)
    return node.value


def _mapping(node: yaml.MappingNode, place: Place, findings: Findings, lines: dict[Place, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        lines.setdefault((*place, key), key_node.start_mark.line + 1)
        if key in found:
            again = key_node.start_mark.line + 1
            findings.add((*place, key), f"The key '{key}' stands here and again in line {again}.", "Keep one of them.")
        found[key] = _plain(value_node, (*place, key), findings, lines)
    return found


def _plain(node: Any, place: Place, findings: Findings, lines: dict[Place, int]) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, findings, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, index), findings, lines) for index, item in enumerate(node.value)]
    return _scalar(node)


def read(text: str, file: str) -> Document:
    """The values of one YAML text. Duplicate keys, tags, anchors, aliases and anything that is not YAML are reported with their line."""
    lines: dict[Place, int] = {(): 1}
    findings = Findings(file, lines)
    try:
        clever = [token for token in yaml.scan(text, Loader=_Reader) if isinstance(token, _CLEVER)]
        if clever:
            lines[()] = clever[0].start_mark.line + 1
            findings.add((), "Patterns are written without tags, anchors and aliases.", "Write the value out.")
            return Document(None, findings)
        node = yaml.compose(text, Loader=_Reader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        lines[()] = mark.line + 1 if mark else 1
        findings.add((), f"This is not YAML: {getattr(error, 'problem', None) or error}.")
        return Document(None, findings)
    return Document(None if node is None else _plain(node, (), findings, lines), findings)
