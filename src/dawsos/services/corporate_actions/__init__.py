"""Corporate actions: proposed, approved, previewed on the lots of a portfolio, applied, reversed."""
