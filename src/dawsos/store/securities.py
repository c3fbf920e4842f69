"""Securities: the master data, found by symbol or id."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True)
class SecurityRecord:
    """A security as everybody knows it."""

    id: UUID
    symbol: str
    name: str | None
    security_type: str | None
    currency: str
    sector: str | None
    industry: str | None
    exchange: str | None
    dividend_currency: str | None
    domicile_country: str | None
    is_adr: bool
    withholding_tax_rate: Decimal | None
    figi: str | None
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecurity:
    """A security to add, or to add to what is known of its symbol."""

    id: UUID
    symbol: str
    currency: str
    name: str | None = None
    security_type: str | None = None
    sector: str | None = None
    industry: str | None = None
    exchange: str | None = None


_statements = load("securities")
PUT_SECURITIES = _statements.bulk("put_securities")
FIND_SECURITIES_BY_SYMBOL = _statements.many("find_securities_by_symbol", SecurityRecord)
FIND_SECURITIES = _statements.many("find_securities", SecurityRecord)
LIST_ACTIVE_SECURITIES = _statements.many("list_active_securities", SecurityRecord)


async def put_securities(tx: DatabaseTransaction, securities: Iterable[NewSecurity]) -> int:
    """Add securities, or complete those whose symbols are known (they keep their ids); only operators may. How many rows were written."""
    rows = [(s.id, s.symbol, s.name, s.security_type, s.currency, s.sector, s.industry, s.exchange) for s in securities]
    return await tx.copy_into(PUT_SECURITIES, rows)


async def find_securities_by_symbol(tx: DatabaseTransaction, symbols: Sequence[str]) -> list[SecurityRecord]:
    """The securities with these symbols; unknown symbols are simply not among them."""
    return await tx.fetch_all(FIND_SECURITIES_BY_SYMBOL, symbols=list(symbols))


async def find_securities(tx: DatabaseTransaction, security_ids: Sequence[UUID]) -> list[SecurityRecord]:
    """The securities with these ids, by symbol."""
    return await tx.fetch_all(FIND_SECURITIES, security_ids=list(security_ids))


async def list_active_securities(tx: DatabaseTransaction) -> list[SecurityRecord]:
    """Every security that is still to be priced, by symbol."""
    return await tx.fetch_all(LIST_ACTIVE_SECURITIES)
