"""The entries a kept proposal becomes: its sales, the conversions that pay for what is bought abroad, its purchases."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.kernel.canonical import fingerprint, plain_decimal
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod, Transaction, TransactionType
from dawsos.kernel.money import ONE, ZERO, multiply, round_money, round_rate
from dawsos.services.imports.drafts import ChosenLot, TransactionDraft
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.suggestions import SuggestionRecord

REFERENCE: Final = "rebalance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """What a trade really was: None leaves the proposal's quantity or the pack's price; quantity 0 was not filled. ``fee`` ≥ 0."""

    symbol: str
    quantity: Decimal | None = None
    price: Decimal | None = None
    fee: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fills:
    """How the proposal was carried out.

    Unless stated, on the pack's date at the pack's prices and rates and without fees; ``with_estimated_costs`` books the estimated costs
    as fees where none is stated. ``rates`` are units of base currency per unit of each currency.
    """

    trade_date: date | None = None
    trades: tuple[Fill, ...] = ()
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    with_estimated_costs: bool = False


AS_PROPOSED: Final = Fills()


def drafts_of(
    suggestion: SuggestionRecord,
    portfolio: PortfolioRecord,
    fills: Fills,
    *,
    trade_date: date,
    rates: Mapping[str, Decimal],
    openings: Mapping[UUID, Transaction],
) -> tuple[TransactionDraft, ...]:
    """The drafts in booking order; their references name the proposal and count from 1.

    ``rates`` holds a rate for every currency traded in. What the trades of a foreign currency cost or bring in all is converted from or to
    base currency at that rate, so that the cash in that currency stays what it was and what is left over or lacking shows in base
    currency. ``openings`` are the entries lots were opened by, for portfolios that choose lots by name.

    Raises :class:`Invalid` for a fill of something not proposed, or stated twice, and when nothing is left to book.
    """
    stated = _by_symbol(fills, {trade["symbol"] for trade in suggestion.suggested_trades})
    trades = [_trade_draft(each, portfolio, fills, stated.get(each["symbol"]), openings) for each in suggestion.suggested_trades]
    made = [draft for draft in trades if draft is not None]
    if not made:
        raise Invalid("Nothing of the proposal was filled.", remedy="State the quantity of at least one trade.", code="nothing_filled")
    sales = [draft for draft in made if draft.transaction_type is TransactionType.SELL]
    purchases = [draft for draft in made if draft.transaction_type is TransactionType.BUY]
    conversions = list(_conversions(made, portfolio.base_currency, rates))
    return tuple(_finished([*sales, *conversions, *purchases], suggestion, portfolio.base_currency, trade_date, rates))


def digest_of(drafts: Sequence[TransactionDraft]) -> str:
    """A hash of what would be booked: what was shown is what is booked, or nothing is."""
    return fingerprint(list(drafts))


def _by_symbol(fills: Fills, proposed: set[str]) -> dict[str, Fill]:
    found: dict[str, Fill] = {}
    for fill in fills.trades:
        if fill.symbol not in proposed:
            raise Invalid(f"{fill.symbol} is not among the trades of this proposal.", remedy="Book it as an entry of its own.")
        if fill.symbol in found:
            raise Invalid(f"{fill.symbol} is stated twice.", remedy="State each trade once, its average price and all of its fees.")
        found[fill.symbol] = fill
    return found


def _trade_draft(
    trade: dict[str, Any], portfolio: PortfolioRecord, fills: Fills, fill: Fill | None, openings: Mapping[UUID, Transaction]
) -> TransactionDraft | None:
    proposed = Decimal(trade["quantity"])
    quantity = abs(proposed) if fill is None or fill.quantity is None else fill.quantity
    price = Decimal(trade["price"]) if fill is None or fill.price is None else fill.price
    if not quantity:
        return None
    is_sale = proposed < 0
    value = round_money(multiply(quantity, price))
    chosen: tuple[ChosenLot, ...] = ()
    if is_sale and portfolio.cost_basis_method is LotMethod.SPECIFIC:
        chosen = tuple(_chosen(trade, quantity, openings))
    return TransactionDraft(
        line=0,
        transaction_type=TransactionType.SELL if is_sale else TransactionType.BUY,
        transaction_date=date.min,
        currency=trade["currency"],
        symbol=trade["symbol"],
        quantity=quantity,
        price=price,
        amount=value if is_sale else -value,
        fee=_fee(trade, fills, fill),
        lots=chosen,
        external_ref="",
        narration=f"Rebalancing: {trade['reason']}",
    )


def _fee(trade: dict[str, Any], fills: Fills, fill: Fill | None) -> Decimal:
    if fill is not None and fill.fee is not None:
        return fill.fee
    return round_money(Decimal(trade["estimated_cost"]) / Decimal(trade["fx_rate"])) if fills.with_estimated_costs else ZERO


def _chosen(trade: dict[str, Any], quantity: Decimal, openings: Mapping[UUID, Transaction]) -> Iterator[ChosenLot]:
    left = quantity
    for lot in trade["lots"]:
        taken = min(left, Decimal(lot["quantity"]))
        opening = openings.get(UUID(lot["lot_id"]))
        if opening is None or opening.external_ref is None:
            raise Invalid(
                f"A lot of {trade['symbol']} has no reference, and this portfolio chooses lots by name.",
                remedy="Book the sale yourself and name its lots.",
            )
        if taken:
            yield ChosenLot(opening.external_ref, taken)
        left -= taken
    if left:
        raise Invalid(f"More of {trade['symbol']} was sold than proposed.", remedy="Book the rest yourself and name its lots.")


def _conversions(drafts: Sequence[TransactionDraft], base: str, rates: Mapping[str, Decimal]) -> Iterator[TransactionDraft]:
    nets: dict[str, Decimal] = {}
    for draft in drafts:
        nets[draft.currency] = nets.get(draft.currency, ZERO) + draft.amount - draft.fee
    foreign = sorted((code for code in nets if code != base and nets[code]), key=lambda code: (nets[code] < 0, code))
    for code in foreign:  # what comes in is changed before what has to be paid for
        abroad, at_home = nets[code], round_money(multiply(nets[code], rates[code]))
        pair = ((code, -abroad), (base, at_home)) if abroad > 0 else ((base, at_home), (code, -abroad))
        for kind, (currency, amount) in zip((TransactionType.TRANSFER_OUT, TransactionType.TRANSFER_IN), pair, strict=True):
            yield TransactionDraft(
                line=0,
                transaction_type=kind,
                transaction_date=date.min,
                currency=currency,
                amount=amount,
                external_ref="",
                narration=f"Rebalancing: {code} to {base}" if abroad > 0 else f"Rebalancing: {base} to {code}",
            )


def _finished(
    drafts: Sequence[TransactionDraft], suggestion: SuggestionRecord, base: str, trade_date: date, rates: Mapping[str, Decimal]
) -> Iterator[TransactionDraft]:
    for place, draft in enumerate(drafts, start=1):
        reference = f"{REFERENCE}:{suggestion.id}:{place}"
        is_second = draft.transaction_type is TransactionType.TRANSFER_IN
        yield replace(
            draft,
            line=place,
            transaction_date=trade_date,
            external_ref=reference,
            fx_rate=None if draft.currency == base else rates[draft.currency],
            parent_ref=f"{REFERENCE}:{suggestion.id}:{place - 1}" if is_second else None,
        )


def stated_rates(fills: Fills, currencies: set[str], base: str) -> dict[str, Decimal]:
    """The rates a person stated, to eight places; Invalid for one that is not above zero or of no currency traded in."""
    for code, rate in fills.rates.items():
        if code not in currencies or code == base or rate <= 0:
            raise Invalid(
                f"The rate {plain_decimal(rate)} of {code} is of no use here.",
                remedy=f"State units of {base} per unit of {', '.join(sorted(currencies - {base})) or 'a foreign currency'}.",
            )
    return {base: ONE, **{code: round_rate(rate) for code, rate in fills.rates.items()}}
