"""From a request to a file and its description: what the three capabilities share."""

from typing import Any

from dawsos.agents.reports.content import BlockedSection, ReportRequest
from dawsos.agents.reports.sections import report
from dawsos.kernel.errors import Invalid
from dawsos.services.context import RequestContext
from dawsos.services.reports.exporting import ExportedFile, ExportForm, export
from dawsos.services.reports.of_answers import MADE_FILE


async def made(context: RequestContext, request: ReportRequest, form: ExportForm) -> ExportedFile:
    """The file, audited, with the rights of its sources applied; kept for the surface that asked."""
    document = report(context.pinned(request.portfolio_id), request.report_data, request.sources)
    if not document.sections:
        raise Invalid("The report would have no section.", remedy="Give at least one part of report_data.")
    file = await export(context, document, form, strict=request.strict)
    context.memory.keep(MADE_FILE, file)
    for source in file.cleared.document.sources:
        context.provenance.note(source=source)
    context.provenance.note(asof=context.asof_date, method_version="report/1", origin="computed")
    for reason in file.cleared.blocked.values():
        context.provenance.note(warning=f"A section is left out: {reason}.")
    return file


def described(context: RequestContext, request: ReportRequest, file: ExportedFile) -> dict[str, Any]:
    """The fields every result about a file has."""
    pins = context.pinned(request.portfolio_id)
    cleared = file.cleared
    titles = {section.id: section.title for section in cleared.document.sections}
    return {
        "status": "filtered" if cleared.blocked else "complete",
        "file_name": file.name,
        "file_size": len(file.content),
        "sha256": file.sha256,
        "attributions": cleared.attributions,
        "watermark_applied": cleared.watermark is not None,
        "generated_at": pins.pack.date,
        "pricing_pack_id": pins.pack.id,
        "ledger_commit_hash": pins.ledger.commit_hash,
        "blocked_sections": tuple(BlockedSection(section=titles[name], reason=why) for name, why in cleared.blocked.items()),
    }
