"""What stands behind a security: company, earnings, book value and dividends beside its price."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from dawsos.compute.valuation.multiples import dividend_yield, market_capitalisation, per_share, price_multiple
from dawsos.kernel.money import round_money
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Money, Number, Price
from dawsos.services.context import RequestContext
from dawsos.services.fundamentals import SHARES, Fundamentals, security_fundamentals


class FundamentalsRequest(Contract):
    """Which security; what was known of it on the date of the pricing pack."""

    security_id: UUID


class SecurityFundamentals(Contract):
    """Figures of the newest annual statement (``fiscal_date``) against the pack's price; what is not known is null and in ``missing``.

    ``dividend_yield`` = ``dividends_per_share`` / ``price``; ``dividends_of`` says of which year the dividends are. ``market_cap``,
    ``eps``, ``pe_ratio`` and ``pb`` need the number of shares, which is never guessed.
    """

    security_id: UUID
    symbol: str
    name: str | None
    security_type: str | None
    sector: str | None
    industry: str | None
    currency: str
    price: Annotated[Decimal | None, Price("currency")]
    price_date: date | None
    market_cap: Annotated[Decimal | None, Money("currency")]
    eps: Annotated[float | None, Number]
    pe_ratio: Annotated[float | None, Number]
    pb: Annotated[float | None, Number]
    dividends_per_share: Annotated[Decimal | None, Price("currency")]
    dividends_of: str | None
    dividend_yield: Annotated[float | None, Fraction]
    fiscal_date: date | None
    source: str | None
    missing: tuple[str, ...]
    reasons: dict[str, str]


@capability(
    name="get_security_fundamentals",
    rights=("fundamentals_read",),
    ttl=86_400,
    repeatable=True,
    example={"security_id": "01900000-0000-7000-8000-000000000001"},
)
async def get_security_fundamentals(context: RequestContext, request: FundamentalsRequest) -> SecurityFundamentals:
    """Company, market value, earnings and book multiples and dividend yield, from stored statements and the pack's price."""
    found = await security_fundamentals(context, request.security_id)
    context.provenance.note(source="securities", method_version="fundamentals/1", origin="computed")
    if found.statement is not None:
        context.provenance.note(source=found.statement.source, asof=found.statement.fiscal_date)
    figures = _figures(found)
    reasons = _reasons(found, figures)
    return SecurityFundamentals(
        security_id=found.security.id,
        symbol=found.security.symbol,
        name=found.security.name,
        security_type=found.security.security_type,
        sector=found.security.sector,
        industry=found.security.industry,
        currency=found.security.currency,
        price_date=None if found.price is None else found.price.date,
        dividends_of=found.dividends_of,
        fiscal_date=None if found.statement is None else found.statement.fiscal_date,
        source=None if found.statement is None else found.statement.source,
        missing=tuple(sorted(name for name, value in figures.items() if value is None)),
        reasons=reasons,
        **figures,
    )


def _figures(found: Fundamentals) -> dict[str, Decimal | float | None]:
    same_currency = found.statement is not None and found.statement.currency == found.security.currency
    known = found.figures if same_currency else {}
    shares, income, equity = (
        None if known.get(name) is None else float(known[name]) for name in (SHARES, "net_income", "shareholders_equity")
    )
    price = None if found.price is None else float(found.price.close)
    capitalisation = None if price is None else market_capitalisation(price, shares)
    eps = per_share(income, shares)
    return {
        "price": None if found.price is None else found.price.close,
        "market_cap": None if capitalisation is None else round_money(Decimal(repr(capitalisation))),
        "eps": eps,
        "pe_ratio": None if price is None else price_multiple(price, eps),
        "pb": None if price is None else price_multiple(price, per_share(equity, shares)),
        "dividends_per_share": found.dividends,
        "dividend_yield": dividend_yield(None if found.dividends is None else float(found.dividends), price),
    }


def _reasons(found: Fundamentals, figures: dict[str, Decimal | float | None]) -> dict[str, str]:
    """Why each null is null."""
    if found.statement is None:
        behind = "no annual statement was known"
    elif found.statement.currency != found.security.currency:
        behind = f"the statement is in {found.statement.currency}, the price in {found.security.currency}"
    elif found.figures.get(SHARES) is None:
        behind = "the number of shares is not known"
    else:
        behind = "it was not positive, or not published"
    why = {
        "price": "the pricing pack has no price of it",
        "dividends_per_share": "no dividends are on record",
        "dividend_yield": "no dividends are on record" if figures["dividends_per_share"] is None else "the pricing pack has no price of it",
    }
    reasons = {name: why.get(name, behind) for name, value in figures.items() if value is None}
    if found.price is None:
        reasons |= {"price_date": why["price"]} | dict.fromkeys(("market_cap", "pe_ratio", "pb"), why["price"])
    facts = {name: getattr(found.security, name) for name in ("name", "security_type", "sector", "industry")}
    reasons |= {name: "the master data does not say" for name, value in facts.items() if value is None}
    if found.statement is None:
        reasons |= dict.fromkeys(("fiscal_date", "source"), behind)
    if found.dividends_of is None:
        reasons["dividends_of"] = "no dividends are on record"
    return reasons
