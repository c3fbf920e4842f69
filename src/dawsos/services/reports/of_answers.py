"""The file of a pattern's answer: the one a step of it made, or its panels as they are shown."""

from collections.abc import Iterable, Mapping
from typing import Final

from dawsos.kernel.errors import NotFound
from dawsos.services.context import RequestContext
from dawsos.services.reports.document import Document
from dawsos.services.reports.exporting import ExportedFile, ExportForm, export
from dawsos.services.reports.from_panels import Wire, section_of

#: Under this name a capability that makes a file keeps it for whoever runs the request.
MADE_FILE: Final = "exported file"


def require_allowed(pattern_id: str, allowed: Mapping[str, bool], form: ExportForm) -> None:
    """Raise :class:`NotFound` with code ``export_not_allowed`` unless the pattern says of itself that it is exported so."""
    if not allowed[form.value]:
        others = ", ".join(name for name, is_allowed in allowed.items() if is_allowed)
        raise NotFound(
            f"There is no {form.value} of pattern '{pattern_id}'.",
            remedy=f"It is exported as {others}." if others else "It is only shown.",
            code="export_not_allowed",
        )


async def file_of(context: RequestContext, title: str, panels: Iterable[Wire], form: ExportForm) -> ExportedFile:
    """The answer of a pattern called ``title``, as a file."""
    made = context.memory.kept(MADE_FILE)
    if isinstance(made, ExportedFile) and made.form is form:
        return made
    document = Document(
        title=title,
        subject=context.portfolio.name if context.portfolio else None,
        asof_date=context.asof_date,
        base_currency=context.base_currency,
        pricing_pack_id=context.pricing_pack_id,
        ledger_commit_hash=context.ledger_commit_hash,
        sections=tuple(section_of(panel) for panel in panels),
    )
    return await export(context, document, form)
