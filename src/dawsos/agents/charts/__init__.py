"""Charts: what other agents found, arranged to be drawn."""

AGENT = "Charts"
