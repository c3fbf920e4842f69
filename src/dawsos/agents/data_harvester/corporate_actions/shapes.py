"""The shapes capabilities about corporate actions share."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from dawsos.registry.contract import Contract
from dawsos.registry.units import Days, Fraction, Price, Quantity
from dawsos.services.corporate_actions.queue import QueuedAction

EXAMPLE = {"portfolio_id": "01900000-0000-7000-8000-000000000001"}
ActionKind = Literal["DIVIDEND", "SPLIT", "SPIN_OFF", "MERGER", "SYMBOL_CHANGE"]


class AheadRequest(Contract):
    """Which portfolio, and how many days after the pack's date to look."""

    portfolio_id: UUID
    days_ahead: Annotated[int, Days, Field(ge=1, le=365)] = 90


class HistoryRequest(Contract):
    """Which portfolio, and between which ex-dates: a year up to the pack's date unless given."""

    portfolio_id: UUID
    from_date: date | None = None
    to_date: date | None = None


class CompanyAction(Contract):
    """What a company did or will do; terms that do not belong to its type are null. ``standing``: proposed, approved, applied or reversed.

    ``urgent``: it takes effect within a week of the pack's date.
    """

    id: UUID
    security_id: UUID
    symbol: str
    action_type: ActionKind
    ex_date: date
    pay_date: date | None
    amount_per_share: Annotated[Decimal | None, Price("currency")]
    currency: str | None
    withholding_rate: Annotated[Decimal | None, Fraction]
    split_from: Annotated[Decimal | None, Quantity]
    split_to: Annotated[Decimal | None, Quantity]
    other_symbol: str | None
    ratio: Annotated[Decimal | None, Quantity]
    cash_per_share: Annotated[Decimal | None, Price("currency")]
    source: str
    standing: str
    urgent: bool
    terms: str
    reasons: dict[str, str]


def action_of(queued: QueuedAction, *, urgent: bool) -> CompanyAction:
    """An action as it travels."""
    action = queued.action
    given = {name: getattr(action, name) for name in CompanyAction.model_fields if hasattr(action, name) and name != "action_type"}
    facts = {name: value for name, value in given.items() if name not in {"standing", "urgent", "terms", "reasons"}}
    reasons = {name: _why(name) for name, value in facts.items() if value is None}
    return CompanyAction.model_validate(
        {
            **facts,
            "action_type": action.action_type.value,
            "standing": queued.standing,
            "urgent": urgent,
            "terms": terms_of(queued),
            "reasons": reasons,
        }
    )


def _why(name: str) -> str:
    known_later = {"pay_date": "the source has not told the pay date", "withholding_rate": "the source has not told what is withheld"}
    return known_later.get(name, "does not belong to this type of action")


def terms_of(queued: QueuedAction) -> str:
    """Its terms in words."""
    action = queued.action
    if action.amount_per_share is not None:
        return f"{_plain(action.amount_per_share)} {action.currency} a share"
    if action.split_from is not None and action.split_to is not None:
        return f"{_plain(action.split_to)} for {_plain(action.split_from)}"
    parts = []
    if action.ratio is not None and action.other_symbol is not None:
        parts.append(f"{_plain(action.ratio)} {action.other_symbol} for each share")
    elif action.other_symbol is not None:
        parts.append(f"becomes {action.other_symbol}")
    if action.cash_per_share is not None:
        parts.append(f"{_plain(action.cash_per_share)} {action.currency or ''} in cash a share".replace("  ", " "))
    return ", ".join(parts)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
