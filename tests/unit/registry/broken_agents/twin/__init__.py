"""The twin."""

AGENT = "Twin"
