"""What corporate actions that are to come would bring to the shares held."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from dawsos.agents.data_harvester.corporate_actions.shapes import EXAMPLE, AheadRequest, terms_of
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, ExchangeRate, Fraction, Money, Quantity
from dawsos.services.context import RequestContext
from dawsos.services.corporate_actions.coming import ExpectedEffect, coming_actions, expected_effects


class Effect(Contract):
    """One action on the shares held: cash in ``currency`` for a dividend (before and after what is withheld), shares for a split.

    ``net_base`` is at the pack's rate; the rate of the pay date is what will count. ``weight`` is that of the security in the NAV.
    """

    action_id: UUID
    security_id: UUID
    symbol: str
    action_type: str
    terms: str
    quantity: Annotated[Decimal, Quantity]
    weight: Annotated[float | None, Fraction]
    gross: Annotated[Decimal | None, Money("currency")]
    withholding_tax: Annotated[Decimal | None, Money("currency")]
    net: Annotated[Decimal | None, Money("currency")]
    currency: str | None
    fx_rate: Annotated[Decimal | None, ExchangeRate]
    net_base: Annotated[Decimal | None, Money("base_currency")]
    base_currency: str
    quantity_after: Annotated[Decimal | None, Quantity]
    reasons: dict[str, str]


class ActionImpact(Contract):
    """The effects by ex-date, and the cash of all dividends in base currency, of those that have a rate."""

    effects: tuple[Effect, ...]
    affected_securities: Annotated[int, Count]
    affected_weight: Annotated[float | None, Fraction]
    expected_income: Annotated[Decimal, Money("base_currency")]
    base_currency: str
    data_available: bool
    message: str | None
    reasons: dict[str, str]


@capability(name="corporate_actions.calculate_impact", rights=("portfolio_read",), ttl=3600, repeatable=True, example=EXAMPLE)
async def corporate_actions_calculate_impact(context: RequestContext, request: AheadRequest) -> ActionImpact:
    """The cash and shares that what is to come would bring to the quantities held on the pack's date, at its rates."""
    base = context.pinned(request.portfolio_id).portfolio.base_currency
    coming = await coming_actions(context, request.days_ahead)
    found = await expected_effects(context, coming.actions)
    weights = {each.queued.action.security_id: each.value_share for each in found}
    known = [weight for weight in weights.values() if weight is not None]
    reasons = {} if known else {"affected_weight": "nothing held is affected, or nothing affected is priced"}
    if coming.reason is None:
        reasons["message"] = "there is nothing to explain"
    return ActionImpact(
        effects=tuple(_effect(each, base) for each in found),
        affected_securities=len(weights),
        affected_weight=sum(known) if known else None,
        expected_income=sum((each.cash.net_base for each in found if each.cash and each.cash.net_base is not None), Decimal(0)),
        base_currency=base,
        data_available=coming.reason is None,
        message=coming.reason,
        reasons=reasons,
    )


def _effect(found: ExpectedEffect, base: str) -> Effect:
    action, cash = found.queued.action, found.cash
    figures = {
        "gross": cash.gross if cash else None,
        "withholding_tax": cash.withholding_tax if cash else None,
        "net": cash.net if cash else None,
        "net_base": cash.net_base if cash else None,
        "fx_rate": found.rate,
        "quantity_after": found.quantity_after,
        "weight": found.value_share,
    }
    why = {
        "weight": "the security has no price or rate",
        "quantity_after": "only a split changes the quantity by its terms alone",
        "fx_rate": "the pack has no rate for the currency" if action.currency else "its terms name no currency",
        "net_base": "the pack has no rate for the currency" if cash else "only a dividend pays by its terms alone",
    }
    reasons = {name: why.get(name, "only a dividend pays by its terms alone") for name, value in figures.items() if value is None}
    return Effect.model_validate(
        {
            **figures,
            "action_id": action.id,
            "security_id": action.security_id,
            "symbol": action.symbol,
            "action_type": action.action_type.value,
            "terms": terms_of(found.queued),
            "quantity": found.quantity,
            "currency": action.currency,
            "base_currency": base,
            "reasons": reasons | ({} if action.currency else {"currency": "its terms name no currency"}),
        }
    )
