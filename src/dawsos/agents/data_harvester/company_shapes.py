"""The shapes annual statements have on every surface."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from dawsos.compute.ratings.statements import AnnualStatement
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Money
from dawsos.services.companies import StoredYear

_UNTOLD = "not in the statement"
#: Amounts of a statement; the two other figures are a price-like amount per share and a number of shares.
_AMOUNTS = tuple(name for name in AnnualStatement.__dataclass_fields__ if name not in {"fiscal_date", "currency", "shares_issued"})


class AnnualFigures(Contract):
    """One fiscal year in whole units of ``currency``; ``known_from`` is the first day everybody could know it."""

    fiscal_date: date
    known_from: date
    currency: str
    source: str
    revenue: Annotated[Decimal | None, Money("currency")]
    gross_profit: Annotated[Decimal | None, Money("currency")]
    operating_income: Annotated[Decimal | None, Money("currency")]
    interest_expense: Annotated[Decimal | None, Money("currency")]
    net_income: Annotated[Decimal | None, Money("currency")]
    total_assets: Annotated[Decimal | None, Money("currency")]
    goodwill: Annotated[Decimal | None, Money("currency")]
    intangible_assets: Annotated[Decimal | None, Money("currency")]
    current_assets: Annotated[Decimal | None, Money("currency")]
    current_liabilities: Annotated[Decimal | None, Money("currency")]
    total_liabilities: Annotated[Decimal | None, Money("currency")]
    retained_earnings: Annotated[Decimal | None, Money("currency")]
    shareholders_equity: Annotated[Decimal | None, Money("currency")]
    cash_and_equivalents: Annotated[Decimal | None, Money("currency")]
    total_debt: Annotated[Decimal | None, Money("currency")]
    long_term_debt: Annotated[Decimal | None, Money("currency")]
    operating_cash_flow: Annotated[Decimal | None, Money("currency")]
    capital_expenditure: Annotated[Decimal | None, Money("currency")]
    dividends_paid: Annotated[Decimal | None, Money("currency")]
    dividends_per_share: Annotated[Decimal | None, Money("currency")]
    shares_issued: Annotated[Decimal | None, Count]
    reasons: dict[str, str]


def annual_figures(year: StoredYear) -> AnnualFigures:
    """A stored year as it travels."""
    return figures_of(year.fiscal_date, year.known_from, year.currency, year.source, year.figures)


def figures_of(fiscal_date: date, known_from: date, currency: str, source: str, figures: Mapping[str, Decimal]) -> AnnualFigures:
    """A year's figures by name, with the reason for each that is missing."""
    names = (*_AMOUNTS, "shares_issued")
    return AnnualFigures(
        fiscal_date=fiscal_date,
        known_from=known_from,
        currency=currency,
        source=source,
        **{name: figures.get(name) for name in names},
        reasons={name: _UNTOLD for name in names if figures.get(name) is None},
    )
