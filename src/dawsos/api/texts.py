"""Text as people send it: of bounded length, and without characters no database can keep."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _printable(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("contains control characters")
    return text


#: Anything the database can keep.
Printable: Final = AfterValidator(_printable)
#: A name: one line that says something.
Name = Annotated[str, Field(min_length=1, max_length=255, pattern=r"\S"), Printable]
#: A sentence or a few.
Sentences = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S"), Printable]
#: An identifier, symbol or address somebody types.
Word = Annotated[str, Field(min_length=1, max_length=320), Printable]
