"""What planned trades of a pinned portfolio would cost in tax, and which losses they would wash, in any portfolio of the owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol
from uuid import UUID

from dawsos.compute.tax.planned import SaleTax, Washed, sold_lots, taxed_sales
from dawsos.compute.tax.realised import Purchase, RealisedLot
from dawsos.compute.tax.rules import TaxRules
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.money import ZERO
from dawsos.services.context import RequestContext
from dawsos.services.owner_books import OwnerBook, Side, Trading, owner_books, trading_around
from dawsos.services.taxes import OtherLedger

WashKind = Literal["loss_disallowed", "disallows_loss"]


class PlannedTrade(Protocol):
    """What taxes look at: ``quantity`` and ``value`` are negative for a sale, ``cost`` is what trading costs, in base currency."""

    @property
    def security_id(self) -> UUID: ...
    @property
    def symbol(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def cost(self) -> Decimal: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WashFlag:
    """A planned trade and the other trade that makes a wash sale with it.

    ``loss_disallowed``: the planned sale loses ``disallowed`` of its loss to a purchase of ``portfolio`` on ``date``.
    ``disallows_loss``: the planned purchase takes it from a sale of ``portfolio`` on ``date``. ``currency`` is that of the loss.
    """

    kind: WashKind
    security_id: UUID
    symbol: str
    portfolio_id: UUID
    portfolio_name: str
    date: date
    is_planned: bool
    quantity: Decimal
    disallowed: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class TradeTax:
    """The lots a sale would close and its tax; a purchase has neither. ``realized_gain`` is before wash sales."""

    lots: tuple[RealisedLot, ...]
    realized_gain: Decimal | None
    tax: SaleTax | None


@dataclass(frozen=True, slots=True)
class TradeTaxes:
    """The taxes of trades in their order, the wash sales, and the other ledgers looked at."""

    trades: tuple[TradeTax, ...]
    flags: tuple[WashFlag, ...]
    others: tuple[OtherLedger, ...]


async def trade_taxes(context: RequestContext, trades: Sequence[PlannedTrade], *, rules: TaxRules, tax_rate: Decimal | None) -> TradeTaxes:
    """The tax of every sale among ``trades``, made on the pack's date at the values given.

    Sales and purchases of every portfolio of the owner count, up to the window after the pack's date, and so do proposals there that may
    still be executed. Raises :class:`Invalid` when more would be sold than is held.
    """
    pins = context.pinned()
    books = await owner_books(context)
    day, mine = pins.pack.date, books[0]
    state = mine.state(day)
    around = trading_around(books, day, rules=rules, security_ids={each.security_id for each in trades})
    sold: list[tuple[RealisedLot, ...]] = []
    bought: list[Purchase] = []
    for trade in trades:
        if trade.quantity > 0:
            cost = trade.value + trade.cost
            purchase_id = named("planned purchase", "here", trade.security_id)
            bought.append(Purchase(id=purchase_id, security_id=trade.security_id, date=day, quantity=trade.quantity, cost=cost))
            continue
        lots = state.open_lots(trade.security_id)
        if sum((lot.qty_open for lot in lots), ZERO) < -trade.quantity:
            raise Invalid(f"More of {trade.symbol} would be sold than is held.", remedy="Sell no more than the portfolio holds.")
        sold.append(
            sold_lots(
                lots,
                -trade.quantity,
                -trade.value - trade.cost,
                method=pins.portfolio.cost_basis_method,
                sold=day,
                name=("here", trade.security_id),
            )
        )
    taxes, washed = taxed_sales(sold, bought, closings=around.closings, purchases=around.purchases, rules=rules, tax_rate=tax_rate)
    by_sale = iter(zip(sold, taxes, strict=True))
    return TradeTaxes(
        tuple(_tax(next(by_sale)) if trade.quantity < 0 else TradeTax((), None, None) for trade in trades),
        _flags(washed, sold, bought, around, trades, mine),
        tuple(OtherLedger(book.portfolio.id, book.portfolio.name, book.ledger_commit_hash) for book in books[1:]),
    )


def _tax(sale: tuple[tuple[RealisedLot, ...], SaleTax]) -> TradeTax:
    lots, tax = sale
    return TradeTax(lots, sum((lot.proceeds - lot.cost for lot in lots), ZERO), tax)


def _flags(
    washed: Sequence[Washed],
    sold: Sequence[tuple[RealisedLot, ...]],
    bought: Sequence[Purchase],
    around: Trading,
    trades: Sequence[PlannedTrade],
    mine: OwnerBook,
) -> tuple[WashFlag, ...]:
    symbols = {trade.security_id: trade.symbol for trade in trades}
    ours = {trade.security_id: Side(mine.portfolio, trade.symbol, is_planned=True) for trade in trades}
    closings = {lot.id: lot for lot in (*around.closings, *(lot for sale in sold for lot in sale))}
    purchases = {each.id: each for each in (*around.purchases, *bought)}
    found = []
    for each in washed:
        closing, purchase = closings[each.closing_id], purchases[each.purchase_id]
        sale_side = around.sides.get(closing.id)
        is_ours = sale_side is None
        other = around.sides.get(purchase.id, ours[closing.security_id]) if sale_side is None else sale_side
        found.append(
            WashFlag(
                kind="loss_disallowed" if is_ours else "disallows_loss",
                security_id=closing.security_id,
                symbol=symbols[closing.security_id],
                portfolio_id=other.portfolio.id,
                portfolio_name=other.portfolio.name,
                date=purchase.date if is_ours else closing.sold,
                is_planned=other.is_planned,
                quantity=each.quantity,
                disallowed=each.disallowed,
                currency=mine.portfolio.base_currency if sale_side is None else sale_side.portfolio.base_currency,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.symbol, one.date, one.portfolio_name, one.kind, one.quantity)))
