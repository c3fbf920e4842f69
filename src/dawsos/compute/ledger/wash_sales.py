"""Losses that tax law disallows because the same security was bought again: wash sales and superficial losses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import ZERO, share

WINDOW_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LossSale:
    """A sale at a loss: ``loss`` is positive, in any one currency. ``acquisition_date`` is when what was sold had been bought.

    ``gone`` is how many shares of a purchase, by its id, had been sold by then, this sale included: they replace nothing of it.

    A sale of several lots is one for each lot that lost; they may share an ``id`` only if their figures need not be told apart.
    """

    id: UUID
    acquisition_date: date | None = None
    date: date
    quantity: Decimal
    loss: Decimal
    gone: Mapping[UUID, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A purchase of the same security: its ``quantity``, and what that cost."""

    id: UUID
    date: date
    quantity: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DisallowedLoss:
    """What one purchase takes away from one sale's loss; it is added to the cost of the shares bought.

    ``holding_period_start`` is where the holding of those ``quantity`` shares begins for tax: their own purchase, earlier by the days the
    shares sold had been held (26 USC 1223(3)); None when the sale does not say when they were bought.
    """

    sale_id: UUID
    replacement_id: UUID
    quantity: Decimal
    disallowed: Decimal
    holding_period_start: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WashSales:
    """All disallowed losses, the loss still allowed per sale, and the cost of each purchase with what was added to it."""

    disallowed: tuple[DisallowedLoss, ...]
    allowed: dict[UUID, Decimal]
    new_basis: dict[UUID, Decimal]


def wash_sales(sales: Sequence[LossSale], purchases: Sequence[Replacement], *, window_days: int = WINDOW_DAYS) -> WashSales:
    """Match loss sales of one security with purchases within ``window_days`` days before or after, both ends included.

    Sales in order of date, and for each the purchases in order of date; a share bought replaces one share sold, once. The loss of
    ``quantity`` replaced is disallowed in proportion, to the cent; when all is replaced, all of it. Source: 26 CFR 1.1091-1 and -2.
    For a whole ledger see :func:`dawsos.compute.ledger.wash_sale_book.wash_sale_book`, for Canada
    :mod:`dawsos.compute.ledger.superficial_losses`.
    """
    if any(sale.loss < 0 or sale.quantity <= 0 for sale in sales):
        raise Invalid("A loss sale has a negative loss or no quantity.", remedy="Give losses as positive amounts, and losses alone.")
    left = {purchase.id: purchase.quantity for purchase in purchases}
    basis = {purchase.id: purchase.cost for purchase in purchases}
    allowed: dict[UUID, Decimal] = {}
    found: list[DisallowedLoss] = []
    window = timedelta(days=window_days)
    for sale in sorted(sales, key=lambda each: each.date):
        loss, unreplaced = sale.loss, sale.quantity
        for purchase in sorted(purchases, key=lambda each: each.date):
            there = min(left[purchase.id], max(purchase.quantity - sale.gone.get(purchase.id, ZERO), ZERO))
            replaced = min(there, unreplaced)
            if abs(purchase.date - sale.date) <= window and replaced:
                part = share(loss, replaced, unreplaced)
                found.append(
                    DisallowedLoss(
                        sale_id=sale.id,
                        replacement_id=purchase.id,
                        quantity=replaced,
                        disallowed=part,
                        holding_period_start=_tacked(sale, purchase),
                    )
                )
                left[purchase.id] -= replaced
                basis[purchase.id] += part
                loss, unreplaced = loss - part, unreplaced - replaced
        allowed[sale.id] = loss if unreplaced else ZERO
    return WashSales(disallowed=tuple(found), allowed=allowed, new_basis=basis)


def _tacked(sale: LossSale, purchase: Replacement) -> date | None:
    return None if sale.acquisition_date is None else purchase.date - (sale.date - sale.acquisition_date)
