"""Analyses a portfolio."""

AGENT = "FinancialAnalyst"
