"""The parts of a portfolio report as Excel workbook."""

from base64 import b64encode

from dawsos.agents.reports.content import EXAMPLE, ReportRequest, ReportResult
from dawsos.agents.reports.making import described, made
from dawsos.registry.capability import capability
from dawsos.services.context import RequestContext
from dawsos.services.reports.exporting import ExportForm


class ExportExcelRequest(ReportRequest):
    """What is to be written."""


class ExportedWorkbook(ReportResult):
    """The .xlsx file, base64."""

    content_base64: str


@capability(
    name="reports.export_excel",
    rights=("portfolio_read", "export_excel"),
    ttl=0,
    timeout=15.0,
    cost="medium",
    example=EXAMPLE,
)
async def reports_export_excel(context: RequestContext, request: ExportExcelRequest) -> ExportedWorkbook:
    """Results as workbook: a sheet a section, numbers in the format of their unit, text that is never evaluated."""
    file = await made(context, request, ExportForm.EXCEL)
    return ExportedWorkbook(content_base64=b64encode(file.content).decode(), **described(context, request, file))
