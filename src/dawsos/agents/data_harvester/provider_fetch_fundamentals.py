"""What a source tells of a company: what it is, and its annual statements."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from dawsos.agents.data_harvester.company_shapes import AnnualFigures, figures_of
from dawsos.providers.catalogue import FMP
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.companies import company_told
from dawsos.services.context import RequestContext


class SymbolRequest(Contract):
    """Which company, by the symbol DawsOS knows it by."""

    symbol: Annotated[str, Field(min_length=1, max_length=32)]


class FetchedFundamentals(Contract):
    """The company's profile and annual statements, newest first, as the source tells them."""

    symbol: str
    name: str
    currency: str
    exchange: str | None
    sector: str | None
    industry: str | None
    statements: tuple[AnnualFigures, ...]
    source: str
    fetched_at: datetime
    is_stale: bool
    reasons: dict[str, str]


@capability(
    name="provider.fetch_fundamentals", rights=("fundamentals_read",), ttl=86_400, timeout=28.0, cost="medium", example={"symbol": "AAPL"}
)
async def provider_fetch_fundamentals(context: RequestContext, request: SymbolRequest) -> FetchedFundamentals:
    """Profile and annual statements of a company from the source that sells them; nothing of it is stored."""
    told = await company_told(context, request.symbol)
    years = [figures_of(year.fiscal_date, year.known_from, year.currency, FMP.name, year.figures) for year in told.years.records]
    context.provenance.note(
        source=FMP.name, asof=years[0].fiscal_date if years else None, method_version="fundamentals/1", origin="computed"
    )
    if told.years.is_stale:
        context.provenance.note(warning=f"{FMP.title} does not answer now; this is the last it said, on {told.years.fetched_at.date()}.")
    texts = {name: getattr(told.profile, name) for name in ("name", "currency", "exchange", "sector", "industry")}
    return FetchedFundamentals(
        symbol=request.symbol,
        **texts,
        statements=tuple(years),
        source=FMP.name,
        fetched_at=told.years.fetched_at,
        is_stale=told.years.is_stale,
        reasons={name: "the source does not tell it" for name, value in texts.items() if value is None},
    )
