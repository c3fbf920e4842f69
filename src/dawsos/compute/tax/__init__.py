"""Taxes on gains: what was realised, by term, and losses worth realising."""
