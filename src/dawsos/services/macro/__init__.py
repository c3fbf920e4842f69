"""Economic series: which there are, taking them in, and reading what was known on a day."""
