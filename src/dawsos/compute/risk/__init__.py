"""Risk and reward of return series: spread, shape, tails, drawdowns, figures against a benchmark, and the sheets that show them."""

from dawsos.compute.risk.performance import PerformanceSummary, performance_summary
from dawsos.compute.risk.performance_block import PerformanceBlock, performance_block

__all__ = ["PerformanceBlock", "PerformanceSummary", "performance_block", "performance_summary"]
