"""Figures of portfolios by date: one row per metric and period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("metrics")

MetricRow = tuple[UUID, date, str, str, Decimal | None, str, str, datetime, str | None]


@dataclass(frozen=True, slots=True)
class MetricRecord:
    """A stored figure; null where it could not be computed."""

    metric_type: str
    period: str
    value: Decimal | None
    pricing_pack_id: str | None
    ledger_commit_hash: str | None
    computed_at: datetime | None


REPLACE_METRICS = _statements.bulk("replace_metrics")
LIST_METRICS = _statements.many("list_metrics", MetricRecord)


async def replace_metrics(tx: DatabaseTransaction, rows: Iterable[MetricRow] | bytes) -> int:
    """Write figures: (portfolio, date, metric type, period, value, pack, ledger hash, computed at, benchmark)."""
    return await tx.copy_into(REPLACE_METRICS, rows)


async def list_metrics(tx: DatabaseTransaction, portfolio_id: UUID, day: date) -> list[MetricRecord]:
    """The stored figures of a date."""
    return await tx.fetch_all(LIST_METRICS, portfolio_id=portfolio_id, date=day)
