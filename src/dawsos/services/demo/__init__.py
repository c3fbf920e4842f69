"""The demo: two portfolios of invented amounts at real prices, put in by the same paths users' own data takes."""
