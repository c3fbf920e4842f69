"""Bonds, discounted securities, annuities: schedules, prices, yields, accrued interest, and how prices answer to yields."""
