"""What a price is of what stands behind a share."""


def market_capitalisation(price: float, shares: float | None) -> float | None:
    """Price × shares; None when the number of shares is not known."""
    return None if shares is None or shares <= 0.0 else price * shares


def per_share(amount: float | None, shares: float | None) -> float | None:
    """Amount / shares; None when either is not known."""
    return None if amount is None or shares is None or shares <= 0.0 else amount / shares


def price_multiple(price: float, of_one_share: float | None) -> float | None:
    """Price / what stands behind one share; None when that is not known or not positive: a multiple of a loss says nothing."""
    return None if of_one_share is None or of_one_share <= 0.0 else price / of_one_share


def dividend_yield(dividends: float | None, price: float | None) -> float | None:
    """Dividends of a year per share / price, as a fraction; None when either is not known."""
    return None if dividends is None or price is None or price <= 0.0 else dividends / price
