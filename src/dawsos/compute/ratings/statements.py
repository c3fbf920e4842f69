"""A company's annual statements, as published."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualStatement:
    """Figures of one fiscal year in one currency and unit, signs as a reader expects them (dividends and investments positive).

    None: not published or not known. ``dividends_per_share`` is adjusted for splits. ``total_debt``: all interest-bearing debt.
    """

    fiscal_date: date
    currency: str
    revenue: float | None = None
    gross_profit: float | None = None
    operating_income: float | None = None
    interest_expense: float | None = None
    net_income: float | None = None
    total_assets: float | None = None
    goodwill: float | None = None
    intangible_assets: float | None = None
    current_assets: float | None = None
    current_liabilities: float | None = None
    total_liabilities: float | None = None
    retained_earnings: float | None = None
    shareholders_equity: float | None = None
    cash_and_equivalents: float | None = None
    total_debt: float | None = None
    long_term_debt: float | None = None
    operating_cash_flow: float | None = None
    capital_expenditure: float | None = None
    dividends_paid: float | None = None
    dividends_per_share: float | None = None
    shares_issued: float | None = None
