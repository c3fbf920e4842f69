"""Wash sales that planned trades would make, as capabilities tell them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from dawsos.registry.contract import Contract
from dawsos.registry.units import Money, Quantity
from dawsos.services.trade_taxes import WashFlag


class PlannedWashSale(Contract):
    """A planned trade and the other trade within the window, in ``portfolio_name``, which may be ``is_planned`` itself.

    ``loss_disallowed``: the sale loses ``disallowed`` of its loss to a purchase made on ``date``. ``disallows_loss``: the purchase takes
    it from a loss realised on ``date``. ``loss_currency`` is the base currency of the portfolio with the loss.
    """

    kind: Literal["loss_disallowed", "disallows_loss"]
    security_id: UUID
    symbol: str
    portfolio_id: UUID
    portfolio_name: str
    date: date
    is_planned: bool
    quantity: Annotated[Decimal, Quantity]
    disallowed: Annotated[Decimal, Money("loss_currency")]
    loss_currency: str
    explanation: str


def wash_sales_of(flags: Sequence[WashFlag]) -> tuple[PlannedWashSale, ...]:
    """The wash sales as they travel, each with what it means in a sentence."""
    return tuple(
        PlannedWashSale(
            kind=flag.kind,
            security_id=flag.security_id,
            symbol=flag.symbol,
            portfolio_id=flag.portfolio_id,
            portfolio_name=flag.portfolio_name,
            date=flag.date,
            is_planned=flag.is_planned,
            quantity=flag.quantity,
            disallowed=flag.disallowed,
            loss_currency=flag.currency,
            explanation=_explanation(flag),
        )
        for flag in flags
    )


def _explanation(flag: WashFlag) -> str:
    planned = "proposed" if flag.is_planned else "made"
    if flag.kind == "loss_disallowed":
        return f"A purchase {planned} in {flag.portfolio_name} on {flag.date} takes away part of the loss of this sale."
    return f"This purchase takes away part of a loss from a sale {planned} in {flag.portfolio_name} on {flag.date}."
