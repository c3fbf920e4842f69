"""Reads the economy."""

AGENT = "MacroHound"
