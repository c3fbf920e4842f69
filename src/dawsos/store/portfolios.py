"""Portfolios: whose they are, and how they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from dawsos.kernel.ledger import LotMethod
from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True)
class PortfolioRecord:
    """A portfolio; ``base_currency`` is what its value is told in."""

    id: UUID
    name: str
    base_currency: str
    owner_id: UUID
    created_at: datetime
    updated_at: datetime
    benchmark_id: str | None
    benchmark_hedged: bool
    cost_basis_method: LotMethod
    is_active: bool
    description: str | None
    settings: dict[str, Any]
    pricing_policy: str


_statements = load("portfolios")
ADD_PORTFOLIO = _statements.one("add_portfolio", PortfolioRecord)
FIND_PORTFOLIO = _statements.optional("find_portfolio", PortfolioRecord)
LIST_PORTFOLIOS = _statements.many("list_portfolios", PortfolioRecord)
CHANGE_PORTFOLIO = _statements.optional("change_portfolio", PortfolioRecord)
SET_PORTFOLIO_ACTIVE = _statements.none("set_portfolio_active")


async def add_portfolio(
    tx: DatabaseTransaction,
    *,
    portfolio_id: UUID,
    name: str,
    base_currency: str,
    owner_id: UUID,
    cost_basis_method: LotMethod = LotMethod.FIFO,
    benchmark_id: str | None = None,
    benchmark_hedged: bool = False,
    description: str | None = None,
    pricing_policy: str = "ECB_CLOSE",
) -> PortfolioRecord:
    """Create a portfolio. Raises Conflict when its owner has one of that name, Forbidden when the owner is somebody else."""
    return await tx.fetch_one(
        ADD_PORTFOLIO,
        id=portfolio_id,
        name=name,
        base_currency=base_currency,
        owner_id=owner_id,
        cost_basis_method=cost_basis_method.value,
        benchmark_id=benchmark_id,
        benchmark_hedged=benchmark_hedged,
        description=description,
        pricing_policy=pricing_policy,
    )


async def find_portfolio(tx: DatabaseTransaction, portfolio_id: UUID) -> PortfolioRecord | None:
    """The portfolio, if the actor may see it."""
    return await tx.fetch_one(FIND_PORTFOLIO, portfolio_id=portfolio_id)


async def list_portfolios(tx: DatabaseTransaction) -> list[PortfolioRecord]:
    """Every portfolio in use that the actor may see, by name."""
    return await tx.fetch_all(LIST_PORTFOLIOS)


async def change_portfolio(
    tx: DatabaseTransaction,
    portfolio_id: UUID,
    moment: datetime,
    *,
    name: str | None = None,
    benchmark_id: str | None = None,
    benchmark_hedged: bool | None = None,
    description: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> PortfolioRecord | None:
    """Change what is given; None when the actor may see no such portfolio."""
    return await tx.fetch_one(
        CHANGE_PORTFOLIO,
        portfolio_id=portfolio_id,
        moment=moment,
        name=name,
        benchmark_id=benchmark_id,
        benchmark_hedged=benchmark_hedged,
        description=description,
        settings=None if settings is None else Jsonb(dict(settings)),
    )


async def set_portfolio_active(tx: DatabaseTransaction, portfolio_id: UUID, moment: datetime, *, is_active: bool) -> bool:
    """Put a portfolio away or take it out again; False when the actor may see no such portfolio."""
    return await tx.execute(SET_PORTFOLIO_ACTIVE, portfolio_id=portfolio_id, moment=moment, is_active=is_active) == 1
