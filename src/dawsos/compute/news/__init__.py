"""How much the news matters to a portfolio."""
