"""FinancialAnalyst: what is held, what it is worth, how it did and why."""

AGENT = "FinancialAnalyst"
