"""More entries in a ledger whose state is known: only the securities they touch are replayed."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Protocol, TypeVar
from uuid import UUID

from dawsos.compute.ledger.builder import Builder
from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.standing import Standing, standing
from dawsos.kernel.ledger import Transaction
from dawsos.kernel.money import ZERO

_DAY = itemgetter(0)

Balances = tuple[tuple[date, Decimal], ...]


class _OfSecurity(Protocol):
    @property
    def security_id(self) -> UUID | None: ...


Result = TypeVar("Result", bound=_OfSecurity)


def can_extend(state: LedgerState, transactions: Iterable[Transaction]) -> bool:
    """Whether :func:`extended` knows the state with ``transactions``: none reverses or completes another, and every day is counted."""
    return state.through is None and not any(row.is_reversal or row.parent_transaction_id for row in transactions)


def extended(state: LedgerState, transactions: Sequence[Transaction], start: LedgerState) -> LedgerState:
    """The state with more ``transactions``, of any dates: equal to replaying everything, down to the order of every part.

    The lots of one security depend on its own rows alone, and a balance on the sum of what was paid: so the rows of the securities
    touched are replayed from ``start``, the empty state with the same conventions, and stand in place of what they came to before;
    later balances move by what was paid. ``transactions`` must satisfy :func:`can_extend`.

    Raises :class:`Invalid` as the whole replay does: rows of other securities stood before and stand still, so the first that cannot
    have happened is of a security that was touched.
    """
    order = standing((*state.transactions, *transactions))
    new, touched = {row.id for row in transactions}, {row.security_id for row in transactions} - {None}
    builder = Builder(start)
    for row in order.rows:
        if row.id in new or row.security_id in touched:
            builder.book(row, is_internal=row.id in order.internal)
    part = builder.state((), None)
    place = {row.id: index for index, row in enumerate(order.booked)}

    def together(known: Sequence[Result], anew: Sequence[Result], entry: Callable[[Result], UUID]) -> tuple[Result, ...]:
        rest = [one for one in known if one.security_id not in touched]
        # Two runs that are in order each; what one entry came to keeps its own order.
        return tuple(sorted((*rest, *anew), key=lambda one: place[entry(one)])) if anew else tuple(rest)

    history = dict(state.cash_history)
    for row in order.rows:
        if row.id in new and row.cash_effect:
            history[row.currency] = paid(history.get(row.currency, ()), row.transaction_date, row.cash_effect)
    codes = _in_order_of_payment(order, len(history))
    by_entry = attrgetter("transaction_id")
    return LedgerState(
        base_currency=state.base_currency,
        method=state.method,
        gain_split=state.gain_split,
        fees_in_cost=state.fees_in_cost,
        through=None,
        transactions=order.booked,
        lots=together(state.lots, part.lots, attrgetter("open_transaction_id")),
        disposals=together(state.disposals, part.disposals, attrgetter("sell_transaction_id")),
        carried_out=together(state.carried_out, part.carried_out, attrgetter("transfer_transaction_id")),
        realized=together(state.realized, part.realized, by_entry),
        cash={code: history[code][-1][1] for code in codes},
        cash_history={code: history[code] for code in codes},
        external_flows=together(state.external_flows, part.external_flows, by_entry),
        income=together(state.income, part.income, by_entry),
        notes=together(state.notes, part.notes, by_entry),
    )


def paid(history: Balances, day: date, effect: Decimal) -> Balances:
    """``history``, the balance at the end of every day on which it changed, with ``effect`` paid on ``day``."""
    at = bisect_left(history, day, key=_DAY)
    later = [(when, balance + effect) for when, balance in history[at:]]
    if at == len(history) or history[at][0] != day:
        later.insert(0, (day, (history[at - 1][1] if at else ZERO) + effect))
    return (*history[:at], *later)


def _in_order_of_payment(order: Standing, currencies: int) -> Mapping[str, None]:
    """The codes of all ``currencies`` that were ever paid in, the one paid in first before the others."""
    codes: dict[str, None] = {}
    for row in order.rows:
        if len(codes) == currencies:
            break
        if row.cash_effect:
            codes[row.currency] = None
    return codes
