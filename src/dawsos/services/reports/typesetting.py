"""Typesets a document: PDF for reading, PNG pages for looking at. The same document gives the same bytes on every machine."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dawsos.kernel.canonical import sha256_hex
from dawsos.services.reports.clearing import Cleared
from dawsos.services.reports.layout import laid_out
from dawsos.services.reports.typeset_files import TypesetFiles

if TYPE_CHECKING:
    from typst import Compiler

TEMPLATE: Final = Path(__file__).with_name("document.typ")
#: The stamp of a document that is about no date.
_EPOCH: Final = date(1970, 1, 1)
_FILES: Final = TypesetFiles()


def typeset(cleared: Cleared) -> bytes:
    """The document as tagged PDF (PDF/UA-1). Only fonts that come with the typesetter are used; nothing is fetched.

    A file is a function of the document as it may be exported, watermark and attributions included, and of template and typesetter, which
    stay as they are for as long as the program runs. So it is kept under the written form of all of the document, which, unlike equality,
    tells 1.0 from 1.00, 1 from true, and a number from its text.
    """
    return _FILES.once(sha256_hex(repr(cleared).encode()), lambda: typeset_anew(cleared))


def typeset_anew(cleared: Cleared) -> bytes:
    """The same file, made whether it is kept or not."""
    found = _compiler().compile(
        TEMPLATE, format="pdf", sys_inputs=_inputs(cleared), pdf_standards="ua-1", timestamp=stamp(cleared.document.asof_date)
    )
    return b"".join(_pages(found))


def typeset_pages(cleared: Cleared, *, dots_per_inch: float = 110.0) -> list[bytes]:
    """The pages as PNG."""
    return list(
        _pages(
            _compiler().compile(
                TEMPLATE, format="png", sys_inputs=_inputs(cleared), ppi=dots_per_inch, timestamp=stamp(cleared.document.asof_date)
            )
        )
    )


def stamp(day: date | None) -> datetime:
    """The moment written into a file: midnight UTC of the day its figures are of, never that of the machine's clock."""
    return datetime.combine(day or _EPOCH, time(), tzinfo=UTC)


def _inputs(cleared: Cleared) -> dict[str, str]:
    return {"document": json.dumps(laid_out(cleared), ensure_ascii=False, sort_keys=True)}


def _pages(found: bytes | Sequence[bytes] | None) -> Sequence[bytes]:
    if found is None:
        return ()
    return (found,) if isinstance(found, bytes) else found


@cache
def _fonts() -> Any:
    from typst import Fonts  # noqa: PLC0415 - only who typesets waits for it

    return Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _compiler() -> "Compiler":
    from typst import Compiler  # noqa: PLC0415 - as above

    return Compiler(root=TEMPLATE.parent, font_paths=_fonts(), ignore_system_fonts=True)
