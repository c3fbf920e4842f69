"""Alerts: what users want to be told of, checked when it is entered and kept once."""
