"""Alerts: what is worth being told of, and keeping it for whoever agreed."""

AGENT = "Alerts"
