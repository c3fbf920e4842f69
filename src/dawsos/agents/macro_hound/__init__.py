"""MacroHound: where the economy stands, what may come, and what that would do to a portfolio."""

AGENT = "MacroHound"
