"""Optimizer: weights within a policy's limits, and the trades that lead to them."""

AGENT = "Optimizer"
