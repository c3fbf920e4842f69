"""Scenarios: what would happen to positions if factors, asset classes, currencies or single securities moved."""
