"""Pure mathematics: arrays, records, Decimals and dates in; records out."""
