"""Proposed trades as they are kept, and where each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("suggestions")

Decision = Literal["accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class SuggestionRecord:
    """A kept proposal. ``policy``, ``constraints`` and ``suggested_trades`` are plain JSON, decimals as text."""

    id: UUID
    portfolio_id: UUID
    pricing_pack_id: str
    policy: dict[str, Any]
    constraints: dict[str, Any]
    suggested_trades: Any
    expected_te: Decimal | None
    expected_return: Decimal | None
    expected_risk: Decimal | None
    turnover_pct: Decimal | None
    est_cost: Decimal | None
    method: str
    status: str
    ledger_commit_hash: str | None
    created_at: datetime
    executed_at: datetime | None


ADD_SUGGESTION = _statements.none("add_suggestion")
FIND_SUGGESTION = _statements.optional("find_suggestion", SuggestionRecord)
SAME_SUGGESTION = _statements.optional("same_suggestion", UUID)
LIST_SUGGESTIONS = _statements.many("list_suggestions", SuggestionRecord)
OPEN_SUGGESTIONS = _statements.many("open_suggestions", SuggestionRecord)
DECIDE_SUGGESTION = _statements.none("decide_suggestion")
EXECUTE_SUGGESTION = _statements.none("execute_suggestion")


async def add_suggestion(
    tx: DatabaseTransaction,
    suggestion_id: UUID,
    *,
    portfolio_id: UUID,
    pricing_pack_id: str,
    ledger_commit_hash: str,
    policy: Mapping[str, Any],
    constraints: Mapping[str, Any],
    suggested_trades: Sequence[Any],
    expected_te: Decimal | None,
    expected_return: Decimal | None,
    expected_risk: Decimal | None,
    turnover_pct: Decimal,
    est_cost: Decimal,
    method: str,
    moment: datetime,
) -> UUID:
    """Keep a proposal; its id, or that of an open one of the same portfolio, state, policy and trades."""
    said = {
        "portfolio_id": portfolio_id,
        "pricing_pack_id": pricing_pack_id,
        "ledger_commit_hash": ledger_commit_hash,
        "policy": Jsonb(dict(policy)),
        "constraints": Jsonb(dict(constraints)),
        "suggested_trades": Jsonb(list(suggested_trades)),
    }
    if (same := await tx.fetch_one(SAME_SUGGESTION, **said)) is not None:
        return same
    await tx.execute(
        ADD_SUGGESTION,
        id=suggestion_id,
        **said,
        expected_te=expected_te,
        expected_return=expected_return,
        expected_risk=expected_risk,
        turnover_pct=turnover_pct,
        est_cost=est_cost,
        method=method,
        moment=moment,
    )
    return suggestion_id


async def find_suggestion(tx: DatabaseTransaction, suggestion_id: UUID) -> SuggestionRecord | None:
    """The proposal, if the actor may see it."""
    return await tx.fetch_one(FIND_SUGGESTION, suggestion_id=suggestion_id)


async def list_suggestions(tx: DatabaseTransaction, portfolio_id: UUID, limit: int) -> list[SuggestionRecord]:
    """The newest proposals of a portfolio."""
    return await tx.fetch_all(LIST_SUGGESTIONS, portfolio_id=portfolio_id, limit=limit)


async def open_suggestions(tx: DatabaseTransaction, portfolio_ids: Sequence[UUID]) -> list[SuggestionRecord]:
    """The pending and accepted proposals of some portfolios."""
    return await tx.fetch_all(OPEN_SUGGESTIONS, portfolio_ids=list(portfolio_ids))


async def decide_suggestion(tx: DatabaseTransaction, suggestion_id: UUID, status: Decision) -> bool:
    """Accept or reject; False when it has been executed."""
    return bool(await tx.execute(DECIDE_SUGGESTION, suggestion_id=suggestion_id, status=status))


async def execute_suggestion(tx: DatabaseTransaction, suggestion_id: UUID, moment: datetime) -> bool:
    """Note that it was booked; False when it is not accepted (any more)."""
    return bool(await tx.execute(EXECUTE_SUGGESTION, suggestion_id=suggestion_id, moment=moment))
