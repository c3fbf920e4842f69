"""Taking SQL text apart into statements, as far as a script without psql needs it."""

import re
from collections.abc import Iterator
from typing import Final

#: Quoted text, in which a semicolon means nothing, before single characters.
_PIECE: Final = re.compile(
    r"""
      (?P<comment>--[^\n]*)
    | (?P<block>/\*)
    | (?P<quoted>
          (?<!\w)[eE]'(?:[^'\\]|\\.|'')*'
        | '(?:[^']|'')*'
        | "(?:[^"]|"")*"
        | (?<!\w)\$(?P<tag>[A-Za-z_]\w*)?\$.*?\$(?(tag)(?P=tag))\$
      )
    | (?P<word>\w+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK_EDGE: Final = re.compile(r"/\*|\*/")


def statements_in(text: str) -> Iterator[str]:
    """The statements of ``text`` without their semicolons and comments; empty ones are left out.

    Understands strings, quoted names, dollar quotes, nested comments and parentheses. A function body written as ``begin atomic`` is
    not recognised; write it in dollar quotes.
    """
    written, depth, position = "", 0, 0
    while found := _PIECE.match(text, position):
        position, piece = found.end(), found.group()
        if found["comment"] is not None:
            piece = " "
        elif found["block"] is not None:
            position, piece = _end_of_comment(text, position), " "
        depth = max(0, depth + (piece == "(") - (piece == ")"))
        if piece == ";" and depth == 0:
            if written.strip():
                yield written.strip()
            written = ""
        else:
            written += piece
    if written.strip():
        yield written.strip()


def _end_of_comment(text: str, position: int) -> int:
    depth = 1
    for edge in _BLOCK_EDGE.finditer(text, position):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)
