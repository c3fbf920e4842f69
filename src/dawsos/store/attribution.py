"""The official currency attribution of portfolios: one row per portfolio and date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("attribution")


@dataclass(frozen=True, slots=True)
class AttributionRecord:
    """A stored attribution."""

    local_return: Decimal
    fx_return: Decimal
    interaction_return: Decimal
    total_return: Decimal
    base_return_actual: Decimal | None
    error_bps: Decimal | None
    attribution_by_currency: Any
    base_currency: str
    lookback_days: int | None
    start_date: date | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAttribution:
    """An attribution to store; ``attribution_by_currency`` is canonical JSON."""

    portfolio_id: UUID
    asof_date: date
    pricing_pack_id: str
    ledger_commit_hash: str
    lookback_days: int
    start_date: date
    local_return: float
    fx_return: float
    interaction_return: float
    total_return: float
    base_return_actual: float
    error_bps: float
    attribution_by_currency: str
    base_currency: str


FIND_ATTRIBUTION = _statements.optional("find_attribution", AttributionRecord)
ATTRIBUTED = _statements.many("attributed", UUID)
PUT_ATTRIBUTIONS = _statements.bulk("put_attributions")


async def find_attribution(
    tx: DatabaseTransaction,
    portfolio_id: UUID,
    *,
    asof_date: date,
    pricing_pack_id: str,
    ledger_commit_hash: str,
    lookback_days: int,
) -> AttributionRecord | None:
    """The stored attribution of exactly this state and window."""
    return await tx.fetch_one(
        FIND_ATTRIBUTION,
        portfolio_id=portfolio_id,
        asof_date=asof_date,
        pricing_pack_id=pricing_pack_id,
        ledger_commit_hash=ledger_commit_hash,
        lookback_days=lookback_days,
    )


async def put_attributions(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]] | bytes) -> int:
    """Store the attributions of many portfolios, columns as in the ``staged`` line, in place of earlier ones of those dates."""
    return await tx.copy_into(PUT_ATTRIBUTIONS, rows)


async def attributed(
    tx: DatabaseTransaction, states: Mapping[UUID, str], *, asof_date: date, pricing_pack_id: str, lookback_days: int
) -> set[UUID]:
    """The portfolios of ``states`` (their ledger hashes) that have an official attribution of exactly this state and window."""
    found = await tx.fetch_all(
        ATTRIBUTED,
        portfolio_ids=list(states),
        ledger_commit_hashes=list(states.values()),
        asof_date=asof_date,
        pricing_pack_id=pricing_pack_id,
        lookback_days=lookback_days,
    )
    return set(found)


async def put_new_attributions(tx: DatabaseTransaction, attributions: Iterable[NewAttribution], moment: datetime) -> int:
    """Store many attributions, in place of earlier ones of those dates."""
    names = [field.name for field in fields(NewAttribution)]
    rows = [(*(getattr(one, name) for name in names), moment) for one in attributions]
    return await put_attributions(tx, rows)
