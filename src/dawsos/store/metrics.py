"""Figures of portfolios by date: one row per metric and period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
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


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """What is kept under a key, and the rows of its figures by ``KIND PERIOD``; null when there are none of that computation."""

    payload: dict[str, Any]
    computed_at: datetime
    figures: dict[str, float | None] | None


FIND_FIGURES = _statements.optional("find_figures", StoredFigures)
KEPT_FIGURES = _statements.many("kept_figures", str)
REPLACE_METRICS = _statements.bulk("replace_metrics")
LIST_METRICS = _statements.many("list_metrics", MetricRecord)


async def replace_metrics(tx: DatabaseTransaction, rows: Iterable[MetricRow] | bytes) -> int:
    """Write figures: (portfolio, date, metric type, period, value, pack, ledger hash, computed at, benchmark)."""
    return await tx.copy_into(REPLACE_METRICS, rows)


async def list_metrics(tx: DatabaseTransaction, portfolio_id: UUID, day: date) -> list[MetricRecord]:
    """The stored figures of a date."""
    return await tx.fetch_all(LIST_METRICS, portfolio_id=portfolio_id, date=day)


async def find_figures(tx: DatabaseTransaction, derivation: str, key_hash: str, moment: datetime) -> StoredFigures | None:
    """The figures kept under a key, unless they have expired by ``moment``."""
    return await tx.fetch_one(FIND_FIGURES, derivation=derivation, key_hash=key_hash, moment=moment)


async def kept_figures(tx: DatabaseTransaction, derivation: str, key_hashes: Sequence[str], moment: datetime, *, figures: int) -> set[str]:
    """The keys among ``key_hashes`` under which all ``figures`` can be read."""
    found = await tx.fetch_all(KEPT_FIGURES, derivation=derivation, key_hashes=list(key_hashes), moment=moment, figures=figures)
    return set(found)
