"""What is known of a company beside its price: the newest annual statement, and the dividends of the last twelve months."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.kernel.errors import Invalid, NotFound
from dawsos.services.context import RequestContext
from dawsos.services.holdings import security_facts
from dawsos.store import corporate_actions, packs, ratings
from dawsos.store.corporate_actions import ActionStatus, ActionType
from dawsos.store.packs import PackPriceRecord
from dawsos.store.ratings import StatementRecord
from dawsos.store.securities import SecurityRecord

#: The figure of a statement that says how many shares there are.
SHARES: Final = "shares_outstanding"
_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fundamentals:
    """A security with its price in the pack, its newest statement by then, and dividends per share with what they are of."""

    security: SecurityRecord
    price: PackPriceRecord | None
    statement: StatementRecord | None
    dividends: Decimal | None
    dividends_of: str | None

    @property
    def figures(self) -> Mapping[str, Any]:
        return {} if self.statement is None else self.statement.figures


async def security_fundamentals(context: RequestContext, security_id: UUID) -> Fundamentals:
    """What is stored of the security, as it was known on the pack's day; :class:`NotFound` for one nobody knows."""
    security = (await security_facts(context, {security_id})).get(security_id)
    if security is None:
        raise NotFound(f"There is no security {security_id}.", remedy="List them with 'dawsos securities list'.", code="security_not_found")
    if context.pack is None:
        raise Invalid("The question names no pricing pack.", remedy="Ask under a pricing pack.")
    pack = context.pack
    async with context.database.transaction(context.actor, read_only=True) as tx:
        prices = await packs.pack_prices(tx, pack.id)
        statements = (await ratings.statements_known(tx, [security_id], pack.date))[security_id]
        actions = await corporate_actions.between(tx, pack.date - _YEAR + timedelta(days=1), pack.date, [security_id])
    paid = [
        action.amount_per_share
        for action in actions
        if action.action_type is ActionType.DIVIDEND
        and action.status is ActionStatus.APPROVED
        and action.amount_per_share is not None
        and action.currency == security.currency
    ]
    dividends, of = _dividends(paid, statements[0] if statements else None, security, pack.date)
    return Fundamentals(
        security=security,
        price=next((one for one in prices if one.security_id == security_id), None),
        statement=statements[0] if statements else None,
        dividends=dividends,
        dividends_of=of,
    )


def _dividends(
    paid: list[Decimal], statement: StatementRecord | None, security: SecurityRecord, day: date
) -> tuple[Decimal | None, str | None]:
    """Those of the last twelve months; without any on record those of the last fiscal year, if its statement is in the same currency."""
    if paid:
        return sum(paid, Decimal(0)), f"the twelve months to {day}"
    per_share = None if statement is None else statement.figures.get("dividends_per_share")
    if statement is None or per_share is None or statement.currency != security.currency:
        return None, None
    return Decimal(str(per_share)), f"the fiscal year to {statement.fiscal_date}"
