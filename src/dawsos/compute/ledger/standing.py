"""Which booked rows count: replay order, reversed pairs left out, and the two halves of internal transfers found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from uuid import UUID

from dawsos.compute.ledger.naming import describe, refused
from dawsos.kernel.ledger import Transaction, TransactionType

_REPLAY_ORDER = attrgetter("transaction_date", "sequence")


@dataclass(frozen=True, slots=True)
class Standing:
    """``booked``: every row in replay order. ``rows``: those that count. ``internal``: transfers with a counterpart in the same ledger."""

    booked: tuple[Transaction, ...]
    rows: tuple[Transaction, ...]
    internal: frozenset[UUID]


def standing(transactions: Sequence[Transaction], *, through: date | None = None) -> Standing:
    """Order one portfolio's ``transactions`` by (transaction_date, sequence), up to and including ``through``, and drop reversed pairs.

    Raises :class:`Invalid` for rows of two portfolios, an entry or sequence number that occurs twice, a parent that is not in the
    ledger, a reversal that is not the mirror image of its parent, a second reversal, and a paired transfer whose halves do not fit.
    """
    booked = tuple(sorted(transactions, key=_REPLAY_ORDER))
    by_id = _by_id(booked)
    dead = _reversed(booked, by_id)
    internal = _internal(booked, by_id, dead)
    rows = tuple(row for row in booked if row.id not in dead and (through is None or row.transaction_date <= through))
    return Standing(booked, rows, internal)


def _by_id(booked: Sequence[Transaction]) -> dict[UUID, Transaction]:
    by_id = {row.id: row for row in booked}
    if len(by_id) < len(booked) or len({row.sequence for row in booked}) < len(booked):
        seen: set[object] = set()
        for row in booked:
            if row.id in seen or row.sequence in seen:
                raise refused(row, "its id or its number occurs twice in the ledger.", "Give each entry its own.")
            seen |= {row.id, row.sequence}
    if booked and any(row.portfolio_id != booked[0].portfolio_id for row in booked):
        other = next(row for row in booked if row.portfolio_id != booked[0].portfolio_id)
        raise refused(other, "it belongs to another portfolio.", "Replay one portfolio at a time.")
    return by_id


def _parent(row: Transaction, by_id: Mapping[UUID, Transaction]) -> Transaction:
    parent = by_id.get(row.parent_transaction_id) if row.parent_transaction_id else None
    if parent is None:
        raise refused(row, f"its parent {row.parent_transaction_id} is not in this ledger.", "Name an entry of the same portfolio.")
    return parent


def _reversed(booked: Sequence[Transaction], by_id: Mapping[UUID, Transaction]) -> set[UUID]:
    dead: set[UUID] = set()
    for row in booked:
        if not row.is_reversal:
            continue
        parent = _parent(row, by_id)
        if parent.is_reversal or parent.id in dead:
            raise refused(row, f"{describe(parent)} is a reversal or already reversed.", "Book the corrected entry anew instead.")
        if not _mirrors(row, parent):
            raise refused(row, f"it does not mirror {describe(parent)}.", "A reversal has the same facts with the signs turned.")
        dead |= {row.id, parent.id}
    return dead


def _mirrors(row: Transaction, parent: Transaction) -> bool:
    return (
        row.transaction_type is parent.transaction_type
        and row.transaction_date == parent.transaction_date
        and row.currency == parent.currency
        and row.security_id == parent.security_id
        and row.fx_rate == parent.fx_rate
        and row.amount == -parent.amount
        and row.fee == -parent.fee
        and row.withholding_tax == -parent.withholding_tax
        and _opposite(row.quantity, parent.quantity)
    )


def _opposite(one: Decimal | None, other: Decimal | None) -> bool:
    return (one or 0) == -(other or 0)


def _internal(booked: Sequence[Transaction], by_id: Mapping[UUID, Transaction], dead: set[UUID]) -> frozenset[UUID]:
    internal: set[UUID] = set()
    for row in booked:
        if row.parent_transaction_id is None or row.is_reversal or row.id in dead:
            continue
        parent = _parent(row, by_id)
        if row.transaction_type is not TransactionType.TRANSFER_IN or parent.id in dead:
            continue
        _fits(row, parent)
        internal |= {row.id, parent.id}
    return frozenset(internal)


def _fits(row: Transaction, parent: Transaction) -> None:
    if parent.transaction_type is not TransactionType.TRANSFER_OUT or (row.security_id is None) != (parent.security_id is None):
        raise refused(row, f"{describe(parent)} cannot be its other half.", "Pair cash with cash and securities with securities.")
    if row.transaction_date != parent.transaction_date:
        raise refused(
            row,
            f"its other half is dated {parent.transaction_date}: between the two days the money would be nowhere.",
            "Give both halves one date, or leave the parent out and book two external transfers.",
        )
