"""Ratios of a company, year by year."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from dawsos.agents.data_harvester.provider_fetch_fundamentals import SymbolRequest
from dawsos.providers.catalogue import FMP
from dawsos.providers.fmp_statements import RATIO_NAMES
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Number
from dawsos.services.companies import ratios_told
from dawsos.services.context import RequestContext


class YearlyRatios(Contract):
    """The ratios of one fiscal year, as the source computes them."""

    fiscal_date: date
    gross_margin: Annotated[Decimal | None, Fraction]
    operating_margin: Annotated[Decimal | None, Fraction]
    net_margin: Annotated[Decimal | None, Fraction]
    current_ratio: Annotated[Decimal | None, Number]
    debt_equity_ratio: Annotated[Decimal | None, Number]
    interest_coverage: Annotated[Decimal | None, Number]
    payout_ratio: Annotated[Decimal | None, Fraction]
    dividend_yield: Annotated[Decimal | None, Fraction]
    price_earnings: Annotated[Decimal | None, Number]
    price_book: Annotated[Decimal | None, Number]
    reasons: dict[str, str]


class FetchedRatios(Contract):
    """The years, newest first."""

    symbol: str
    ratios: tuple[YearlyRatios, ...]
    source: str
    fetched_at: datetime
    is_stale: bool


@capability(name="provider.fetch_ratios", rights=("fundamentals_read",), ttl=86_400, timeout=25.0, example={"symbol": "AAPL"})
async def provider_fetch_ratios(context: RequestContext, request: SymbolRequest) -> FetchedRatios:
    """The ratios a source computes of a company's annual statements; those DawsOS computes itself are in ``fundamentals.load``."""
    told = await ratios_told(context, request.symbol)
    newest = told.records[0].fiscal_date if told.records else None
    context.provenance.note(source=FMP.name, asof=newest, method_version="fundamentals/1", origin="computed")
    if told.is_stale:
        context.provenance.note(warning=f"{FMP.title} does not answer now; this is the last it said, on {told.fetched_at.date()}.")
    years = tuple(
        YearlyRatios(
            fiscal_date=year.fiscal_date,
            **{name: year.ratios.get(name) for name in RATIO_NAMES},
            reasons={name: "the source does not tell it" for name in RATIO_NAMES if name not in year.ratios},
        )
        for year in told.records
    )
    return FetchedRatios(symbol=request.symbol, ratios=years, source=FMP.name, fetched_at=told.fetched_at, is_stale=told.is_stale)
