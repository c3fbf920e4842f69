"""The parts of a portfolio report as CSV."""

from typing import Annotated

from dawsos.agents.reports.content import EXAMPLE, ReportRequest, ReportResult
from dawsos.agents.reports.making import described, made
from dawsos.registry.capability import capability
from dawsos.registry.units import Count
from dawsos.services.context import RequestContext
from dawsos.services.reports.exporting import ExportForm


class ExportCsvRequest(ReportRequest):
    """What is to be written."""


class ExportedCsv(ReportResult):
    """The text of the file and the number of its lines."""

    csv: str
    rows: Annotated[int, Count]


@capability(
    name="reports.export_csv",
    rights=("portfolio_read", "export_csv"),
    ttl=0,
    cost="medium",
    example=EXAMPLE,
)
async def reports_export_csv(context: RequestContext, request: ExportCsvRequest) -> ExportedCsv:
    """Results as one CSV file no spreadsheet evaluates: every line under its section, numbers plain, dates ISO."""
    file = await made(context, request, ExportForm.CSV)
    text = file.content.decode()
    return ExportedCsv(csv=text, rows=text.count("\r\n"), **described(context, request, file))
