"""Proposed trades that are kept: listed, accepted or rejected, shown entry by entry, and booked as one."""
