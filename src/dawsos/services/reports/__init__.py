"""Documents made of figures: what they hold, what of it may leave, and how it is written as PDF, CSV and workbook."""
