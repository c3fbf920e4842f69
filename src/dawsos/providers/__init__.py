"""The outside world: one module per source, records out."""
