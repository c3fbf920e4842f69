"""Risk and reward of return series: spread, shape, tails, drawdowns, figures against a benchmark, and the sheets that show them."""
