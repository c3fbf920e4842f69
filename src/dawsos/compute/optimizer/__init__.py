"""Weights that fit a purpose and a set of limits, and the trades that lead there."""
