"""Doubts about prices, and what was decided about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("price_checks")


@dataclass(frozen=True, slots=True)
class ObservationToCheck:
    """A close as a source gave it, and what kind of security it is of."""

    security_id: UUID
    symbol: str
    security_type: str | None
    date: date
    source: str
    close: Decimal


@dataclass(frozen=True, slots=True)
class PriceCheckRecord:
    """A doubt: open, accepted, or quarantined."""

    policy: str
    security_id: UUID
    symbol: str
    date: date
    source: str
    rule: str
    close: Decimal
    compared_with: str
    compared_close: Decimal
    finding: str
    status: str
    note: str | None
    found_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuarantinedPrice:
    """A price that no pack may use."""

    security_id: UUID
    date: date
    source: str


OBSERVATIONS_TO_CHECK = _statements.many("observations_to_check", ObservationToCheck)
ADD_CHECKS = _statements.bulk("add_checks")
DROP_SETTLED_CHECKS = _statements.none("drop_settled_checks")
LIST_CHECKS = _statements.many("list_checks", PriceCheckRecord)
DECIDE_CHECK = _statements.none("decide_check")
QUARANTINED = _statements.many("quarantined", QuarantinedPrice)


async def observations_to_check(tx: DatabaseTransaction, sources: Sequence[str], first: date, day: date) -> list[ObservationToCheck]:
    """Closes from ``first`` to ``day``, of every source, by security, source and date."""
    return await tx.fetch_all(OBSERVATIONS_TO_CHECK, sources=list(sources), first=first, day=day)


async def keep_checks(tx: DatabaseTransaction, policy: str, day: date, rows: Iterable[Sequence[Any]]) -> None:
    """Keep the doubts about ``day``, columns as in the ``staged`` line, and drop open ones that are no more."""
    kept = list(rows)
    await tx.execute(
        DROP_SETTLED_CHECKS,
        policy=policy,
        day=day,
        security_ids=[row[1] for row in kept],
        sources=[row[3] for row in kept],
        rules=[row[4] for row in kept],
    )
    await tx.copy_into(ADD_CHECKS, kept)


async def list_checks(
    tx: DatabaseTransaction, policy: str, *, open_only: bool, first: date | None = None, last: date | None = None
) -> list[PriceCheckRecord]:
    """Doubts of a policy, newest day first."""
    return await tx.fetch_all(LIST_CHECKS, policy=policy, open_only=open_only, first=first, last=last)


async def decide_check(
    tx: DatabaseTransaction, policy: str, security_id: UUID, day: date, source: str, *, status: str, note: str, moment: datetime
) -> int:
    """Decide all doubts about one price; how many there were."""
    return await tx.execute(
        DECIDE_CHECK, policy=policy, security_id=security_id, day=day, source=source, status=status, note=note, moment=moment
    )


async def quarantined(tx: DatabaseTransaction, policy: str, first: date, last: date) -> set[tuple[UUID, date, str]]:
    """The prices of a range of days that no pack may use: security, date, source."""
    found = await tx.fetch_all(QUARANTINED, policy=policy, first=first, last=last)
    return {(one.security_id, one.date, one.source) for one in found}
