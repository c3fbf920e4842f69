"""Agents in which everything that can be wrong at discovery is wrong."""
