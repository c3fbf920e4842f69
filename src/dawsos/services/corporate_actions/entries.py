"""The entries a corporate action becomes in the ledger of a portfolio, from the lots held when it takes effect.

Cost is conserved to the cent: what leaves the old shares arrives at the new ones or is relieved by a sale. Nothing but the cash a
merger pays and the fractions paid in cash realises anything. A fraction is sold by the portfolio's lot method.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from dawsos.compute.ledger.corporate_actions import spin_off
from dawsos.compute.ledger.fractions import cash_in_lieu
from dawsos.compute.ledger.mergers import Boot, MergerTerms, merge
from dawsos.compute.ledger.records import Lot
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod, TransactionType
from dawsos.kernel.money import EXACT, QUOTIENT, RATE_STEP, ZERO, multiply, round_money, round_quantity, round_rate
from dawsos.services.imports.drafts import ChosenLot, TransactionDraft
from dawsos.store.corporate_actions import ActionType, CorporateActionRecord

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a portfolio holds of the security; ``references`` names the opening entries, for portfolios that choose lots by name."""

    lots: tuple[Lot, ...]
    references: Mapping[UUID, str]
    base_currency: str
    method: LotMethod

    @property
    def quantity(self) -> Decimal:
        return sum((lot.qty_open for lot in self.lots), ZERO)

    @property
    def currency(self) -> str:
        return self.lots[0].currency


def entries(action: CorporateActionRecord, holding: Holding, prefix: str) -> tuple[TransactionDraft, ...]:
    """The drafts of ``action`` on ``holding``, in booking order; their references are ``prefix`` and a number."""
    if not holding.lots:
        return ()
    make = {
        ActionType.DIVIDEND: _dividend,
        ActionType.SPLIT: _split,
        ActionType.SPIN_OFF: _spin_off,
        ActionType.MERGER: _merger,
        ActionType.SYMBOL_CHANGE: _symbol_change,
    }[action.action_type]
    drafts: list[TransactionDraft] = []
    for place, draft in enumerate(make(action, holding, prefix), start=1):
        drafts.append(replace(draft, line=place, external_ref=f"{prefix}-{place}"))
    return tuple(drafts)


def _dividend(action: CorporateActionRecord, holding: Holding, _prefix: str) -> Iterator[TransactionDraft]:
    if action.pay_date is None:
        raise Invalid(
            f"The dividend of {action.symbol} of {action.ex_date} has no pay date, so the exchange rate that counts is not known.",
            remedy="Give the pay date of the dividend.",
            code="pay_date_missing",
        )
    amount = round_money(multiply(holding.quantity, _given(action.amount_per_share)))
    yield TransactionDraft(
        line=1,
        transaction_type=TransactionType.DIVIDEND,
        transaction_date=action.pay_date,
        ex_date=action.ex_date,
        pay_date=action.pay_date,
        symbol=action.symbol,
        amount=amount,
        withholding_tax=round_money(multiply(amount, action.withholding_rate or ZERO)),
        currency=action.currency or holding.currency,
        external_ref="",
        narration=f"Dividend of {action.symbol}: {holding.quantity.normalize():f} × {_given(action.amount_per_share).normalize():f}",
    )


def _split(action: CorporateActionRecord, holding: Holding, _prefix: str) -> Iterator[TransactionDraft]:
    before, after = _given(action.split_from), _given(action.split_to)
    base = _base(action, holding, action.symbol, f"Split of {action.symbol}, {after.normalize():f} for {before.normalize():f}")
    yield replace(base, transaction_type=TransactionType.SPLIT, split_from=before, split_to=after)
    held = [(_reference(holding, lot), round_quantity(EXACT.divide(EXACT.multiply(lot.qty_open, after), before))) for lot in holding.lots]
    yield from _fraction_sold(action, holding, action.symbol, held)


def _spin_off(action: CorporateActionRecord, holding: Holding, prefix: str) -> Iterator[TransactionDraft]:
    parts = spin_off(holding.lots, ratio=_given(action.ratio), spun_share=_given(action.cost_share))
    out = _out(action, holding, f"Spin-off of {action.other_symbol} from {action.symbol}")
    yield out
    arrived: list[tuple[str, Decimal]] = []
    place = 1
    for part in parts:
        place += 1
        moved = replace(
            out, transaction_type=TransactionType.TRANSFER_IN, parent_ref=f"{prefix}-1", lots=(), acquisition_date=part.acquisition_date
        )
        yield replace(
            moved, quantity=part.quantity, cost_basis=part.parent_cost, fx_rate=_rate(holding, part.parent_cost, part.parent_cost_base)
        )
        if part.spun_quantity:
            place += 1
            arrived.append((f"{prefix}-{place}", part.spun_quantity))
            fx_rate = _rate(holding, part.spun_cost, part.spun_cost_base)
            yield replace(moved, symbol=action.other_symbol, quantity=part.spun_quantity, cost_basis=part.spun_cost, fx_rate=fx_rate)
    yield from _fraction_sold(action, holding, _given(action.other_symbol), arrived)


def _symbol_change(action: CorporateActionRecord, holding: Holding, prefix: str) -> Iterator[TransactionDraft]:
    out = _out(action, holding, f"{action.symbol} is now {action.other_symbol}")
    yield out
    for lot in holding.lots:
        yield _moved(out, prefix, action.other_symbol, lot, lot.qty_open, lot.cost_basis, holding)


def _merger(action: CorporateActionRecord, holding: Holding, prefix: str) -> Iterator[TransactionDraft]:
    """New shares carry their cost; for the cash the old shares come back with the rest of the cost and are sold at the cash per share."""
    terms = MergerTerms(
        date=action.ex_date, ratio=action.ratio or ZERO, cash=action.cash_per_share or ZERO, value=action.share_value or ZERO
    )
    boot = Boot(action.boot_rule) if action.boot_rule else Boot.GAIN_UP_TO_CASH
    parts = merge(holding.lots, terms, boot=boot)
    words = f"Merger of {action.symbol}" + (f" into {action.other_symbol}" if terms.ratio else "")
    by_lot = {lot.id: lot for lot in holding.lots}
    if not terms.ratio or boot is Boot.TAXABLE:
        paid, bought = sum((part.cash for part in parts), ZERO), sum((part.new_cost for part in parts), ZERO)
        own = (
            tuple(ChosenLot(_reference(holding, lot), lot.qty_open) for lot in holding.lots) if holding.method is LotMethod.SPECIFIC else ()
        )
        yield _sale(action, holding, action.symbol, holding.quantity, paid + bought, own, words)
        if terms.ratio:
            received = sum((part.new_quantity for part in parts), ZERO)
            base = _base(action, holding, _given(action.other_symbol), words)
            price = None if action.share_value is None else action.share_value
            yield replace(base, transaction_type=TransactionType.BUY, quantity=received, price=price, amount=-bought)
            yield from _fraction_sold(action, holding, _given(action.other_symbol), [(f"{prefix}-2", received)])
        return
    out = _out(action, holding, words)
    yield out
    arrived, returned, place = [], [], 1
    for part in parts:
        lot = by_lot[part.lot_id]
        place += 1
        arrived.append((f"{prefix}-{place}", part.new_quantity))
        yield _moved(out, prefix, action.other_symbol, lot, part.new_quantity, part.new_cost, holding)
        if terms.cash:
            place += 1
            returned.append(ChosenLot(f"{prefix}-{place}", part.quantity))
            yield _moved(out, prefix, action.symbol, lot, part.quantity, part.cost - part.new_cost, holding)
    if terms.cash:
        paid = sum((part.cash for part in parts), ZERO)
        own = tuple(returned) if holding.method is LotMethod.SPECIFIC else ()
        yield _sale(action, holding, action.symbol, holding.quantity, paid, own, words)
    yield from _fraction_sold(action, holding, _given(action.other_symbol), arrived)


def _moved(
    out: TransactionDraft, prefix: str, symbol: str | None, lot: Lot, quantity: Decimal, cost: Decimal, holding: Holding
) -> TransactionDraft:
    """A lot that arrives with ``cost`` of what it had, at the rate it was bought at."""
    cost_base = lot.cost_basis_base if cost == lot.cost_basis else round_money(multiply(cost, lot.trade_fx_rate))
    return replace(
        out,
        transaction_type=TransactionType.TRANSFER_IN,
        symbol=symbol,
        parent_ref=f"{prefix}-1",
        lots=(),
        quantity=quantity,
        cost_basis=cost,
        acquisition_date=lot.acquisition_date,
        fx_rate=_rate(holding, cost, cost_base),
    )


def _base(action: CorporateActionRecord, holding: Holding, symbol: str, words: str) -> TransactionDraft:
    return TransactionDraft(
        line=1,
        transaction_type=TransactionType.SPLIT,
        transaction_date=action.ex_date,
        symbol=symbol,
        currency=holding.currency,
        amount=ZERO,
        external_ref="",
        narration=words,
    )


def _out(action: CorporateActionRecord, holding: Holding, words: str) -> TransactionDraft:
    own = tuple(ChosenLot(_reference(holding, lot), lot.qty_open) for lot in holding.lots) if holding.method is LotMethod.SPECIFIC else ()
    base = _base(action, holding, action.symbol, words)
    return replace(base, transaction_type=TransactionType.TRANSFER_OUT, quantity=holding.quantity, lots=own)


def _sale(
    action: CorporateActionRecord, holding: Holding, symbol: str, quantity: Decimal, amount: Decimal, own: tuple[ChosenLot, ...], words: str
) -> TransactionDraft:
    price = round_quantity(QUOTIENT.divide(amount, quantity))
    base = _base(action, holding, symbol, words)
    return replace(base, transaction_type=TransactionType.SELL, quantity=quantity, price=price, amount=amount, lots=own)


def _fraction_sold(
    action: CorporateActionRecord, holding: Holding, symbol: str, received: Sequence[tuple[str, Decimal]]
) -> Iterator[TransactionDraft]:
    """The sale of what is less than a whole share, when it is paid in cash; by name out of the lots that arrived last."""
    if action.cash_in_lieu_price is None:
        return
    paid = cash_in_lieu(sum((quantity for _, quantity in received), ZERO), price=action.cash_in_lieu_price)
    if not paid.fraction:
        return
    chosen: list[ChosenLot] = []
    rest = paid.fraction
    for reference, quantity in reversed(received):
        if holding.method is LotMethod.SPECIFIC and rest:
            part = min(rest, quantity)
            chosen.append(ChosenLot(reference, part))
            rest -= part
    words = f"{paid.fraction.normalize():f} of a share of {symbol} paid in cash"
    sale = _sale(action, holding, symbol, paid.fraction, paid.proceeds, tuple(chosen), words)
    yield replace(sale, price=action.cash_in_lieu_price)


def _reference(holding: Holding, lot: Lot) -> str:
    """The name of the entry that opened the lot; empty when it has none, which only a portfolio that chooses lots by name minds."""
    reference = holding.references.get(lot.open_transaction_id)
    if reference is None and holding.method is LotMethod.SPECIFIC:
        raise Invalid(
            f"The lot of {lot.symbol} of {lot.acquisition_date} was opened by an entry without a reference, so it cannot be named."
        )
    return reference or ""


def _rate(holding: Holding, cost: Decimal, cost_base: Decimal) -> Decimal | None:
    """The rate of eight places that turns ``cost`` into ``cost_base`` again; None where the day's rate decides nothing."""
    if holding.currency == holding.base_currency or not cost or not cost_base:
        return None
    nearest = round_rate(QUOTIENT.divide(cost_base, cost))
    near = (nearest, nearest + RATE_STEP, nearest - RATE_STEP)
    return next((rate for rate in near if rate > 0 and round_money(multiply(cost, rate)) == cost_base), nearest)


def _given(value: T | None) -> T:
    if value is None:
        raise Invalid("A term the corporate action needs is missing.", remedy="Reject it and propose it again with all its terms.")
    return value
