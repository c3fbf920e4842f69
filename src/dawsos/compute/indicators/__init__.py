"""Published economic series turned into the figures people speak of: rates as fractions, growth over a year, shares of the economy."""
