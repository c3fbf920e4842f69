"""Ratings: quality of companies from their published statements, by stored rubrics."""

AGENT = "Ratings"
