"""Claude: texts about results, by the model where a key is set and by rule otherwise; every number in them is one of the results'."""

AGENT = "Claude"
