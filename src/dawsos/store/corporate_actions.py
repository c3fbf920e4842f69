"""Corporate actions: what companies did, and where it was booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("corporate_actions")


class ActionType(StrEnum):
    """What a company can do to its shares; a reverse split is a split into fewer."""

    DIVIDEND = "DIVIDEND"
    SPLIT = "SPLIT"
    SPIN_OFF = "SPIN_OFF"
    MERGER = "MERGER"
    SYMBOL_CHANGE = "SYMBOL_CHANGE"


class ActionStatus(StrEnum):
    """Where a corporate action stands for everybody."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorporateActionRecord:
    """A corporate action; what does not belong to its type is None. Meanings: the comments of ``app.corporate_actions``."""

    id: UUID
    security_id: UUID
    symbol: str
    action_type: ActionType
    ex_date: date
    pay_date: date | None
    amount_per_share: Decimal | None
    currency: str | None
    withholding_rate: Decimal | None
    split_from: Decimal | None
    split_to: Decimal | None
    other_security_id: UUID | None
    other_symbol: str | None
    ratio: Decimal | None
    cost_share: Decimal | None
    cash_per_share: Decimal | None
    share_value: Decimal | None
    cash_in_lieu_price: Decimal | None
    boot_rule: str | None
    status: ActionStatus
    source: str
    note: str | None


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    """A corporate action booked in a portfolio: ``applied``, or ``reversed`` for a ``reason``."""

    id: UUID
    corporate_action_id: UUID
    portfolio_id: UUID
    status: str
    transaction_ids: list[UUID]
    quantity: Decimal
    applied_at: datetime
    reversed_at: datetime | None
    reason: str | None


PROPOSE_CORPORATE_ACTION = _statements.none("propose_corporate_action")
DECIDE_CORPORATE_ACTION = _statements.none("decide_corporate_action")
FIND_CORPORATE_ACTION = _statements.optional("find_corporate_action", CorporateActionRecord)
CORPORATE_ACTIONS_BETWEEN = _statements.many("corporate_actions_between", CorporateActionRecord)
CORPORATE_ACTION_SOURCES = _statements.many("corporate_action_sources", str)
ADD_APPLICATION = _statements.none("add_application")
REVERSE_APPLICATION = _statements.none("reverse_application")
LIST_APPLICATIONS = _statements.many("list_applications", ApplicationRecord)


async def propose(tx: DatabaseTransaction, action: CorporateActionRecord, *, moment: datetime, user_id: UUID | None) -> bool:
    """Put ``action`` in the queue; False when the same one (security, type, ex-date) is there already. Only operators may."""
    fields = (
        "id", "security_id", "action_type", "ex_date", "pay_date", "amount_per_share", "currency", "withholding_rate", "split_from",
        "split_to", "other_security_id", "ratio", "cost_share", "cash_per_share", "share_value", "cash_in_lieu_price", "boot_rule",
        "source", "note",
    )  # fmt: skip
    given = {name: getattr(action, name) for name in fields}
    return bool(await tx.execute(PROPOSE_CORPORATE_ACTION, **given, moment=moment, user_id=user_id))


async def decide(tx: DatabaseTransaction, action_id: UUID, status: ActionStatus, *, moment: datetime, user_id: UUID | None) -> bool:
    """Approve or reject; False when it was not proposed (any more). Only operators may."""
    return bool(await tx.execute(DECIDE_CORPORATE_ACTION, action_id=action_id, status=status, moment=moment, user_id=user_id))


async def find(tx: DatabaseTransaction, action_id: UUID) -> CorporateActionRecord | None:
    """The corporate action with this id."""
    return await tx.fetch_one(FIND_CORPORATE_ACTION, action_id=action_id)


async def between(
    tx: DatabaseTransaction, first: date, last: date, security_ids: Sequence[UUID] | None = None
) -> list[CorporateActionRecord]:
    """Those that take effect from ``first`` to ``last``, of some securities or of all, by date; rejected ones left out."""
    ids = None if security_ids is None else list(security_ids)
    return await tx.fetch_all(CORPORATE_ACTIONS_BETWEEN, first=first, last=last, security_ids=ids)


async def sources(tx: DatabaseTransaction, security_ids: Sequence[UUID]) -> list[str]:
    """Who has said anything about some securities."""
    return await tx.fetch_all(CORPORATE_ACTION_SOURCES, security_ids=list(security_ids))


async def add_application(
    tx: DatabaseTransaction,
    *,
    application_id: UUID,
    action_id: UUID,
    portfolio_id: UUID,
    transaction_ids: Sequence[UUID],
    quantity: Decimal,
    moment: datetime,
    user_id: UUID | None,
) -> None:
    """Note that it was booked; refused when it is applied to the portfolio already."""
    await tx.execute(
        ADD_APPLICATION,
        id=application_id,
        action_id=action_id,
        portfolio_id=portfolio_id,
        transaction_ids=list(transaction_ids),
        quantity=quantity,
        moment=moment,
        user_id=user_id,
    )


async def reverse_application(
    tx: DatabaseTransaction, application_id: UUID, *, reason: str, moment: datetime, user_id: UUID | None
) -> bool:
    """Note that it was taken back; False when it was not applied (any more)."""
    return bool(await tx.execute(REVERSE_APPLICATION, application_id=application_id, reason=reason, moment=moment, user_id=user_id))


async def list_applications(tx: DatabaseTransaction, portfolio_id: UUID) -> list[ApplicationRecord]:
    """What was applied to a portfolio, the newest first."""
    return await tx.fetch_all(LIST_APPLICATIONS, portfolio_id=portfolio_id)
