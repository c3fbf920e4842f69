"""Portfolios: which there are, and a new one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from starlette.responses import Response

from dawsos.api.call import Reader, Writer
from dawsos.api.envelope import answer_of
from dawsos.api.routing import subject_router
from dawsos.api.texts import Name, Sentences
from dawsos.kernel.ledger import LotMethod
from dawsos.kernel.money import CURRENCIES
from dawsos.registry.contract import Contract
from dawsos.services import portfolios as service
from dawsos.services.portfolios import NewPortfolio

router = subject_router("portfolios")


class PortfolioSummary(Contract):
    """A portfolio in a list; ``base_currency`` is what its value is told in."""

    id: UUID
    name: str
    base_currency: str
    cost_basis_method: LotMethod
    pricing_policy: str
    created_at: datetime


class Portfolio(PortfolioSummary):
    """A portfolio."""

    description: str | None
    benchmark_id: str | None
    benchmark_hedged: bool
    is_active: bool
    updated_at: datetime


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("is not an ISO 4217 currency code")
    return code


Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$"), AfterValidator(_known_currency)]


class PortfolioWanted(Contract):
    """A portfolio to be. ``pricing_policy`` is the installation's own when not given; ``benchmark_id`` is a known security's symbol."""

    name: Name
    base_currency: Currency
    cost_basis_method: LotMethod = LotMethod.FIFO
    description: Sentences | None = None
    pricing_policy: Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,32}$")] | None = None
    benchmark_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None


@router.get("/v1/portfolios", response_model=answer_of(list[PortfolioSummary]))
async def list_portfolios(call: Reader) -> Response:
    """The caller's portfolios, by name."""
    records = await service.list_portfolios(call.application.database, call.actor)
    return call.success([PortfolioSummary.model_validate(record) for record in records])


@router.post("/v1/portfolios", response_model=answer_of(Portfolio), status_code=201)
async def create_portfolio(call: Writer, wanted: PortfolioWanted) -> Response:
    """A new, empty portfolio of the caller's own."""
    application = call.application
    new = NewPortfolio(
        name=wanted.name.strip(),
        base_currency=wanted.base_currency,
        pricing_policy=wanted.pricing_policy or application.settings.policy,
        cost_basis_method=wanted.cost_basis_method,
        description=wanted.description,
        benchmark_id=wanted.benchmark_id,
    )
    record = await service.create_portfolio(
        application.database, call.actor, new, identifiers=application.identifiers, origin=call.frame.origin
    )
    return call.success(Portfolio.model_validate(record), status_code=201)


@router.get("/v1/portfolios/{portfolio_id}", response_model=answer_of(Portfolio))
async def read_portfolio(call: Reader, portfolio_id: UUID) -> Response:
    """One portfolio."""
    record = await service.find_portfolio(call.application.database, call.actor, portfolio_id)
    return call.success(Portfolio.model_validate(record))
