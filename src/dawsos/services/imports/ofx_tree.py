"""OFX as a tree of elements: version 1 (SGML, where a value's element has no end tag) and version 2 (XML) read by the same rules.

A tag followed by text is a value. Any other tag opens an aggregate; one that is never closed before its parent is was an empty value, and
what seemed to be inside it belongs to the parent. Entities are the five of XML and ``&nbsp;``; nothing is ever loaded from elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dawsos.kernel.errors import Invalid

LARGEST_FILE: Final = 64_000_000
_TAG: Final = re.compile(r"<(/?)([A-Za-z0-9._]+)\s*(/?)>([^<]*)")
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&nbsp;": " ", "&amp;": "&"}
_START: Final = re.compile(r"<OFX>", re.IGNORECASE)


@dataclass(slots=True)
class Element:
    """``text`` of a value, or ``children`` of an aggregate; ``line`` is where it begins (1-based)."""

    name: str
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def child(self, name: str) -> "Element | None":
        """The first child of this name."""
        return next((one for one in self.children if one.name == name), None)

    def value(self, *path: str) -> str | None:
        """The text at the end of ``path``; None when it is not there or empty."""
        here: Element | None = self
        for name in path:
            here = here.child(name) if here is not None else None
        return here.text or None if here is not None else None

    def every(self, name: str) -> Iterator["Element"]:
        """Every descendant of this name, in order."""
        for one in self.children:
            if one.name == name:
                yield one
            yield from one.every(name)


def looks_like_ofx(head: bytes) -> bool:
    """Whether a file that begins so is OFX or QFX."""
    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").upper()
    return start.startswith((b"OFXHEADER", b"<?OFX")) or b"<?OFX" in start or b"<OFX>" in start


def parse_ofx(content: bytes) -> Element:
    """The tree below ``<OFX>``. Raises :class:`Invalid` when there is none or it breaks off."""
    if len(content) > LARGEST_FILE:
        raise Invalid(f"The file is larger than {LARGEST_FILE:,} bytes.", remedy="Export a shorter period.", code="file_too_large")
    text = _decoded(content)
    found = _START.search(text)
    if found is None:
        raise Invalid("There is no <OFX> in the file.", remedy="Export it again as OFX or QFX.", code="not_ofx")
    root = Element("OFX", text.count("\n", 0, found.start()) + 1)
    _fill(root, text, found.end())
    return root


def _fill(root: Element, text: str, start: int) -> None:
    stack, line, seen = [root], root.line, start
    for tag in _TAG.finditer(text, start):
        line += text.count("\n", seen, tag.start())
        seen = tag.start()
        name, value = tag[2].upper(), _plain(tag[4])
        if tag[1]:
            _close(stack, name)
            if not stack:
                return
            continue
        element = Element(name, line, value)
        stack[-1].children.append(element)
        if not value and not tag[3]:
            stack.append(element)
    raise Invalid(
        f"The file breaks off: <{stack[0].name}> is never closed.", remedy="Download it again; the end is missing.", code="file_truncated"
    )


def _close(stack: list[Element], name: str) -> None:
    """End the aggregate ``name``; what was opened inside it and never closed were empty values."""
    if name not in {one.name for one in stack}:
        return  # the end tag of a value
    while stack:
        ended = stack.pop()
        if ended.name == name:
            return
        stack[-1].children += ended.children
        ended.children = []


def _plain(text: str) -> str:
    value = text.strip()
    if "&" in value:
        for entity, character in _ENTITIES.items():
            value = value.replace(entity, character)
    return value


def _decoded(content: bytes) -> str:
    """Line by line as UTF-8, and where that fails as Windows-1252: files that claim one and hold both are common."""
    lines = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            try:
                text = line.decode("cp1252")
            except UnicodeDecodeError as error:
                raise Invalid(
                    f"Line {number} is not text: it is neither UTF-8 nor Windows-1252.", remedy="Export the file again.", code="not_text"
                ) from error
        if "\x00" in text:
            raise Invalid(f"Line {number} holds a NUL byte, so this is not a text file.", remedy="Export the file again.", code="not_text")
        lines.append(text)
    return "\n".join(lines)
