"""Exports a document: what may not leave is taken out, the file is made within its limits, and the audit log says so either way."""

import asyncio
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from dawsos.kernel.canonical import sha256_hex
from dawsos.kernel.errors import Forbidden, Internal, Invalid, Unavailable
from dawsos.services.audit import Origin, record
from dawsos.services.context import RequestContext
from dawsos.services.reports.clearing import Cleared, clear
from dawsos.services.reports.document import Document
from dawsos.services.reports.separated import separated
from dawsos.services.reports.typesetting import typeset
from dawsos.services.reports.workbook import workbook
from dawsos.services.rights import Use


class ExportForm(StrEnum):
    """The kinds of file."""

    PDF = "pdf"
    CSV = "csv"
    EXCEL = "excel"


@dataclass(frozen=True, slots=True)
class _Kind:
    use: Use
    right: str
    extension: str
    media_type: str
    write: Callable[[Cleared], bytes]
    seconds: float
    largest: int


_MEGABYTE: Final = 1_000_000
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: Final[Mapping[ExportForm, _Kind]] = {
    ExportForm.PDF: _Kind(Use.PDF, "export_pdf", "pdf", "application/pdf", typeset, 15.0, 10 * _MEGABYTE),
    ExportForm.CSV: _Kind(Use.TABLE, "export_csv", "csv", "text/csv; charset=utf-8", separated, 10.0, 30 * _MEGABYTE),
    ExportForm.EXCEL: _Kind(Use.TABLE, "export_excel", "xlsx", _WORKBOOK, workbook, 15.0, 30 * _MEGABYTE),
}


def right_for(form: ExportForm) -> str:
    """The right somebody needs to export in ``form``."""
    return _KINDS[form].right


def media_type_of(form: ExportForm) -> str:
    """What a file of ``form`` is declared to be."""
    return _KINDS[form].media_type


@dataclass(frozen=True)
class ExportedFile:
    """A file and the cleared document it holds."""

    form: ExportForm
    content: bytes
    cleared: Cleared

    @property
    def name(self) -> str:
        """A name to save it under: what it is, whose, and under which pack."""
        document = self.cleared.document
        parts = (_plain(document.subject or ""), _plain(document.title), document.pricing_pack_id or "")
        return "-".join(part for part in parts if part) + f".{_KINDS[self.form].extension}"

    @property
    def media_type(self) -> str:
        return media_type_of(self.form)

    @cached_property
    def sha256(self) -> str:
        return sha256_hex(self.content)


async def export(context: RequestContext, document: Document, form: ExportForm, *, strict: bool = False) -> ExportedFile:
    """The file, as far as the rights of the sources allow.

    Raises :class:`Forbidden` with code ``rights_blocked`` when nothing may leave, or with ``strict`` not all of it;
    :class:`Unavailable` with code ``timeout`` when writing it takes too long, and :class:`Invalid` when it becomes too large. Exports
    and refusals are entered in the audit log.
    """
    kind = _KINDS[form]
    try:
        cleared = clear(document, kind.use, context.export_policy, strict=strict)
    except Forbidden as error:
        await _note(context, document, form, "export_refused", {"blocked": error.details.get("blocked_sections", {})})
        raise
    file = ExportedFile(form, await _written(kind, cleared), cleared)
    facts = {"blocked": dict(cleared.blocked), "sha256": file.sha256, "size": len(file.content), "watermark": cleared.watermark}
    await _note(context, cleared.document, form, "export", facts)
    return file


async def _written(kind: _Kind, cleared: Cleared) -> bytes:
    title = cleared.document.title
    try:
        async with asyncio.timeout(kind.seconds):
            content = await asyncio.to_thread(kind.write, cleared)
    except TimeoutError as error:
        raise Unavailable(
            f"Writing '{title}' took longer than {kind.seconds:g} seconds.", remedy="Ask for a shorter window.", code="timeout"
        ) from error
    except RuntimeError as error:  # the typesetter's own kind of error; its words are about our template
        raise Internal(f"'{title}' could not be typeset.", remedy="The log holds the cause under this request's trace id.") from error
    if len(content) > kind.largest:
        raise Invalid(
            f"'{title}' has {len(content):,} bytes as {kind.extension}; {kind.largest:,} are allowed.",
            remedy="Ask for a shorter window or fewer sections.",
            code="export_too_large",
        )
    return content


async def _note(context: RequestContext, document: Document, form: ExportForm, action: str, facts: Mapping[str, object]) -> None:
    shown = [section.id for section in document.sections if section.notice is None]
    changes = {
        "format": form.value,
        "title": document.title,
        "pricing_pack_id": document.pricing_pack_id,
        "ledger_commit_hash": document.ledger_commit_hash,
        "sections": shown,
        "sources": document.sources,
        **facts,
    }
    async with context.database.transaction(context.actor) as tx:
        await record(
            tx,
            context.actor,
            action,
            "document",
            entity_id=context.portfolio_id,
            entity_ref=document.title,
            changes=changes,
            moment=context.clock.now(),
            origin=Origin(trace_id=context.trace_id),
        )


def _plain(text: str) -> str:
    """Letters and digits of a name with hyphens between, lower case: safe in every file system and header."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
