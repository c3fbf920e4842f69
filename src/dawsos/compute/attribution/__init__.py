"""Where a return came from: currency effects, effects against a benchmark, and linking them over time."""
