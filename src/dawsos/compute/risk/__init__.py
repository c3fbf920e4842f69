"""Risk and reward of return series: spread, shape, tails, drawdowns, figures against a benchmark, and the sheets that show them."""

from dawsos.compute.risk.performance import PerformanceSummary, performance_summary

__all__ = ["PerformanceSummary", "performance_summary"]
