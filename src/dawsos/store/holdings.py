"""What portfolios hold under the newest pack, a row a security."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("holdings")


@dataclass(frozen=True, slots=True)
class HoldingRecord:
    """One security as it was valued; price, value and result are null where the pack has no price or rate."""

    security_id: UUID
    symbol: str
    quantity: Decimal
    cost_basis: Decimal
    current_price: Decimal | None
    market_value: Decimal | None
    unrealized_pl: Decimal | None
    weight: Decimal | None
    currency: str


REMOVE_HOLDINGS = _statements.none("remove_holdings")
ADD_HOLDINGS = _statements.bulk("add_holdings")
HOLDINGS_OF = _statements.many("holdings_of", HoldingRecord)
KEPT_HOLDINGS = _statements.many("kept_holdings", str)


async def replace_holdings(tx: DatabaseTransaction, portfolio_ids: Sequence[UUID], rows: Iterable[Sequence[Any]]) -> int:
    """Write the holdings of some portfolios anew; columns as in the ``staged`` line."""
    await tx.execute(REMOVE_HOLDINGS, portfolio_ids=list(portfolio_ids))
    return await tx.copy_into(ADD_HOLDINGS, rows)


async def holdings_of(tx: DatabaseTransaction, portfolio_id: UUID, pricing_pack_id: str, ledger_commit_hash: str) -> list[HoldingRecord]:
    """The holdings of exactly this state; none when the rows are of another."""
    return await tx.fetch_all(
        HOLDINGS_OF, portfolio_id=portfolio_id, pricing_pack_id=pricing_pack_id, ledger_commit_hash=ledger_commit_hash
    )


async def kept_holdings(tx: DatabaseTransaction, derivation: str, key_hashes: Sequence[str], moment: datetime) -> set[str]:
    """The keys among ``key_hashes`` under which every holding can be read."""
    return set(await tx.fetch_all(KEPT_HOLDINGS, derivation=derivation, key_hashes=list(key_hashes), moment=moment))
