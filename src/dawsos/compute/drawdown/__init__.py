"""Drawdown at risk: how deep a portfolio may fall from its peak, on simulated paths of its factors, and whether that was right."""
