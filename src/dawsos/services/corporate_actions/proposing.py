"""Proposes one corporate action from its terms: symbols are looked up, and terms that cannot be are refused before they are kept."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dawsos.compute.ledger.mergers import Boot
from dawsos.kernel.errors import Conflict, Invalid, NotFound
from dawsos.kernel.identity import Actor
from dawsos.kernel.money import currency as checked_currency
from dawsos.services.corporate_actions.queue import name_of, propose
from dawsos.services.identifiers import Identifiers
from dawsos.store import securities
from dawsos.store.corporate_actions import ActionStatus, ActionType, CorporateActionRecord
from dawsos.store.database import Database
from dawsos.store.securities import SecurityRecord
from dawsos.store.transaction import DatabaseTransaction

_NEEDED: Final = {
    ActionType.DIVIDEND: ("amount_per_share", "currency"),
    ActionType.SPLIT: ("split_from", "split_to"),
    ActionType.SPIN_OFF: ("other_symbol", "ratio", "cost_share"),
    ActionType.MERGER: (),
    ActionType.SYMBOL_CHANGE: ("other_symbol",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTerms:
    """A corporate action by symbols; meanings as in ``app.corporate_actions``."""

    symbol: str
    action_type: ActionType
    ex_date: date
    pay_date: date | None = None
    amount_per_share: Decimal | None = None
    currency: str | None = None
    withholding_rate: Decimal | None = None
    split_from: Decimal | None = None
    split_to: Decimal | None = None
    other_symbol: str | None = None
    ratio: Decimal | None = None
    cost_share: Decimal | None = None
    cash_per_share: Decimal | None = None
    share_value: Decimal | None = None
    cash_in_lieu_price: Decimal | None = None
    boot_rule: str | None = None
    note: str | None = None


async def propose_terms(
    database: Database, actor: Actor, terms: ActionTerms, *, source: str, identifiers: Identifiers
) -> CorporateActionRecord:
    """Put one action in the queue. Invalid for terms that are incomplete, NotFound for a symbol, Conflict when it is there already."""
    check_terms(terms)
    async with database.transaction(actor) as tx:
        action = await action_of(tx, terms, source=source, identifiers=identifiers)
        if not await propose(tx, actor, [action], identifiers=identifiers):
            raise Conflict(
                f"{name_of(action)} is in the queue already.", remedy="Reject the one that is there first.", code="action_in_queue"
            )
        return action


async def action_of(tx: DatabaseTransaction, terms: ActionTerms, *, source: str, identifiers: Identifiers) -> CorporateActionRecord:
    """The record of ``terms``, with a new id and the securities behind the symbols."""
    symbols = [symbol for symbol in (terms.symbol, terms.other_symbol) if symbol]
    known = {one.symbol: one for one in await securities.find_securities_by_symbol(tx, symbols)}
    security, other = _known(known, terms.symbol), _known(known, terms.other_symbol) if terms.other_symbol else None
    given = {name: getattr(terms, name) for name in ActionTerms.__dataclass_fields__ if name not in {"currency", "boot_rule"}}
    return CorporateActionRecord(
        **given,
        id=identifiers.new(),
        security_id=security.id,
        other_security_id=other.id if other else None,
        currency=terms.currency or (security.currency if terms.cash_per_share or terms.cash_in_lieu_price else None),
        boot_rule=terms.boot_rule,
        status=ActionStatus.PROPOSED,
        source=source,
    )


def _known(known: dict[str, SecurityRecord], symbol: str) -> SecurityRecord:
    if symbol not in known:
        raise NotFound(
            f"'{symbol}' is not a known security.", remedy="Add it with 'dawsos securities import FILE'.", code="security_not_found"
        )
    return known[symbol]


def check_terms(terms: ActionTerms) -> None:
    """Invalid for terms that are incomplete or contradict one another."""
    missing = [name for name in _NEEDED[terms.action_type] if getattr(terms, name) is None]
    if terms.action_type is ActionType.MERGER and not (terms.cash_per_share or (terms.ratio and terms.other_symbol)):
        missing.append("cash_per_share, or ratio and other_symbol")
    if missing:
        raise Invalid(f"A {terms.action_type.value} needs {', '.join(missing)}.", remedy="Give them.", code="terms_incomplete")
    if terms.pay_date is not None and terms.pay_date < terms.ex_date:
        raise Invalid(f"It cannot be paid on {terms.pay_date}, before its ex-date {terms.ex_date}.", remedy="Correct one of the dates.")
    if terms.boot_rule is not None and terms.boot_rule not in set(Boot):
        raise Invalid(f"'{terms.boot_rule}' is no rule for cash in a merger.", remedy=f"Use one of {', '.join(Boot)}.")
    if terms.split_from is not None and terms.split_from == terms.split_to:
        raise Invalid("A split into as many shares changes nothing.", remedy="Correct split_from or split_to.")
    if terms.other_symbol == terms.symbol:
        raise Invalid(f"{terms.symbol} cannot become itself.", remedy="Correct other_symbol.")
    if terms.currency is not None:
        checked_currency(terms.currency)
