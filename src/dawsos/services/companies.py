"""What is known of companies: stored annual statements, or those a source tells when it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ratings.checklist import Checked, QualityFigures, checked, quality_figures
from dawsos.compute.ratings.inputs import RatingInputs, rating_inputs
from dawsos.compute.ratings.statements import AnnualStatement
from dawsos.compute.valuation.multiples import dividend_yield
from dawsos.kernel.errors import NotFound
from dawsos.providers import fmp, fmp_statements
from dawsos.providers.catalogue import FMP
from dawsos.providers.fmp_statements import FiscalRatios, FiscalYear
from dawsos.providers.gateway import Told
from dawsos.providers.symbols import ticker_of
from dawsos.services.context import RequestContext
from dawsos.services.feeds.overrides import overrides_of
from dawsos.services.feeds.sources import DAY_SECONDS, not_configured
from dawsos.services.fundamentals import security_fundamentals
from dawsos.services.holdings import security_facts
from dawsos.services.ratings import FINANCIAL_SECTORS, known_statements
from dawsos.store.securities import SecurityRecord

#: So many annual statements are asked for: five years of averages, and the dividends of ten.
YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class StoredYear:
    """One annual statement as it is kept or told: figures by name, and the document or source they stand in."""

    fiscal_date: date
    known_from: date
    currency: str
    source: str
    figures: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Company:
    """A security with its statements, newest first, and all that is computed of them."""

    security: SecurityRecord
    years: tuple[StoredYear, ...]
    inputs: RatingInputs
    figures: QualityFigures
    checks: tuple[Checked, ...]
    dividend_yield: float | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class FetchedCompany:
    """What a source tells of a company now."""

    profile: fmp.Profile
    years: Told[list[FiscalYear]]


async def company(context: RequestContext, security_id: UUID, *, ask: bool = False) -> Company:
    """A company by the statements public on the pack's date; with ``ask`` those its source tells, where it tells any.

    Raises :class:`NotFound` for an unknown security, and :class:`Unavailable` when the source is to be asked and cannot be.
    """
    facts = await security_facts(context, {security_id})
    security = facts.get(security_id)
    if security is None:
        raise NotFound(f"There is no security {security_id}.", remedy="List them with 'dawsos security list'.", code="security_not_found")
    known_by = context.asof_date or context.clock.now().date()
    is_stale = False
    if ask:
        told = await statements_told(context, security.symbol)
        is_stale = told.is_stale
        years = tuple(_told_year(year) for year in told.records if year.known_from <= known_by)
    else:
        records = await known_statements(context, security_id, known_by)
        years = tuple(StoredYear(r.fiscal_date, r.known_from, r.currency, r.source, _decimals(r.figures)) for r in records)
    for year in years:
        # How old the figures are says the newest statement; the older ones are history by intention.
        context.provenance.note(source=year.source, asof=years[0].fiscal_date)
    statements = _in_one_currency(years)
    inputs = rating_inputs(statements, is_financial=security.sector in FINANCIAL_SECTORS)
    figures = quality_figures(statements)
    context.provenance.note(method_version="fundamentals/1", origin="computed")
    dividends = await _dividend_yield(context, security_id)
    return Company(security, years, inputs, figures, checked(figures, inputs), dividends, is_stale)


async def statements_told(context: RequestContext, symbol: str) -> Told[list[FiscalYear]]:
    """The annual statements a source tells of a company, newest first."""
    if not context.sources.is_configured(FMP):
        raise not_configured(FMP)
    gateway, ticker = context.sources.gateway(FMP), ticker_of(symbol, FMP.name, await overrides_of(context))
    return await context.sources.once(("statements", ticker), DAY_SECONDS, lambda: fmp_statements.fetch_statements(gateway, ticker, YEARS))


async def company_told(context: RequestContext, symbol: str) -> FetchedCompany:
    """What a source tells of a company now; NotFound when it does not know it."""
    if not context.sources.is_configured(FMP):
        raise not_configured(FMP)
    gateway, ticker = context.sources.gateway(FMP), ticker_of(symbol, FMP.name, await overrides_of(context))
    profile = await context.sources.once(("profile", ticker), DAY_SECONDS, lambda: fmp.fetch_profile(gateway, ticker))
    if profile is None:
        raise NotFound(f"{FMP.title} does not know '{symbol}'.", remedy="Check the symbol.", code="security_not_found")
    return FetchedCompany(profile, await statements_told(context, symbol))


async def ratios_told(context: RequestContext, symbol: str) -> Told[list[FiscalRatios]]:
    """The ratios a source tells of a company, newest first."""
    if not context.sources.is_configured(FMP):
        raise not_configured(FMP)
    gateway, ticker = context.sources.gateway(FMP), ticker_of(symbol, FMP.name, await overrides_of(context))
    return await context.sources.once(("ratios", ticker), DAY_SECONDS, lambda: fmp_statements.fetch_ratios(gateway, ticker, YEARS))


def _told_year(year: FiscalYear) -> StoredYear:
    return StoredYear(year.fiscal_date, year.known_from, year.currency, FMP.name, year.figures)


def _decimals(figures: Mapping[str, object]) -> dict[str, Decimal]:
    return {name: Decimal(str(value)) for name, value in figures.items() if value is not None}


def _in_one_currency(years: Sequence[StoredYear]) -> list[AnnualStatement]:
    """The newest statements as far back as they are in the currency of the last one."""
    statements = []
    for year in years:
        if year.currency != years[0].currency:
            break
        known = {name: float(value) for name, value in year.figures.items() if name in _NAMES}
        statements.append(AnnualStatement(fiscal_date=year.fiscal_date, currency=year.currency, **known))
    return statements


_NAMES: Final = frozenset(AnnualStatement.__dataclass_fields__) - {"fiscal_date", "currency"}


async def _dividend_yield(context: RequestContext, security_id: UUID) -> float | None:
    """The dividends of a year against the pinned pack's price, as everywhere; None where either is not known."""
    if context.pack is None:
        return None
    known = await security_fundamentals(context, security_id)
    if known.price is None or known.dividends is None:
        return None
    context.provenance.note(source=known.price.source, asof=known.price.date)
    return dividend_yield(float(known.dividends), float(known.price.close))
