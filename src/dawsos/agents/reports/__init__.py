"""Reports: documents made of results, as PDF, CSV and workbook, with what may not leave taken out."""

AGENT = "Reports"
