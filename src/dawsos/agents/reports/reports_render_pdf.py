"""A portfolio report as PDF."""

from base64 import b64encode
from typing import Annotated
from urllib.parse import urlencode

from dawsos.agents.reports.content import EXAMPLE, ReportRequest, ReportResult, Template
from dawsos.agents.reports.making import described, made
from dawsos.registry.capability import capability
from dawsos.registry.units import Count
from dawsos.services.context import RequestContext
from dawsos.services.reports.exporting import ExportForm


class RenderPdfRequest(ReportRequest):
    """A template and what it is filled with; ``include_content`` puts the file into the result.

    ``lookback_days`` is what the parts look back on, for the address the file is fetched from.
    """

    template_name: Template = "portfolio_report"
    include_content: bool = True
    lookback_days: Annotated[int | None, Count] = None


class RenderedPdf(ReportResult):
    """The PDF, base64; ``download_url`` makes the same report of the same pack and ledger state again, byte for byte."""

    download_url: str
    content_base64: str | None
    reasons: dict[str, str]


@capability(
    name="reports.render_pdf",
    rights=("portfolio_read", "export_pdf"),
    ttl=0,
    timeout=15.0,
    cost="medium",
    example=EXAMPLE,
)
async def reports_render_pdf(context: RequestContext, request: RenderPdfRequest) -> RenderedPdf:
    """Typeset results as a report: cover, holdings, performance with charts, attribution, regime, sources; the same bytes every time."""
    file = await made(context, request, ExportForm.PDF)
    content = b64encode(file.content).decode() if request.include_content else None
    return RenderedPdf(
        download_url=_address(context, request),
        content_base64=content,
        reasons={} if content is not None else {"content_base64": "it was not asked for"},
        **described(context, request, file),
    )


def _address(context: RequestContext, request: RenderPdfRequest) -> str:
    data = request.report_data
    query = {
        "pack_id": context.pricing_pack_id,
        "ledger": context.ledger_commit_hash,
        "include_holdings": data.positions is not None,
        "include_performance": data.performance is not None,
        "include_macro": data.regime is not None,
        "strict": request.strict,
        "lookback_days": request.lookback_days,
    }
    spelled = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items() if value is not None}
    return f"/v1/portfolios/{request.portfolio_id}/report.pdf?{urlencode(spelled)}"
