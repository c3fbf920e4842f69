"""A replayed ledger as Beancount text: the same quantities, costs and cash at any date, to the cent."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.builder import Builder, Holding
from dawsos.compute.ledger.postings import ACCOUNTS, CASH, SECURITIES, Posting, Relieved, postings
from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.replay import empty_state
from dawsos.compute.ledger.standing import standing
from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.ledger import Transaction
from dawsos.kernel.money import CURRENCIES, round_money

_COMMODITY: Final = re.compile(r"[A-Z][A-Z0-9'._-]*")
_FORBIDDEN: Final = re.compile(r"[^A-Z0-9'._-]")


def to_beancount(state: LedgerState, *, title: str = "DawsOS ledger") -> str:
    """Beancount directives for the standing rows of ``state``, accepted by ``bean-check``.

    Beancount takes cost out of a lot unrounded; DawsOS rounds to the cent. So whatever changes a lot books the whole lot out and what is
    left of it back in at its exact total cost: quantity, cost and cash then agree at every date and not only at the end. With AVERAGE
    the pool is one lot. Lots are labelled with their id; each row keeps its number, reference and exchange rate as metadata. Symbols that
    Beancount cannot write, or that look like a currency, get a legal name, and the real one in ``symbol`` of their ``commodity``. The last
    directives assert the final balances.
    """
    order = standing(state.transactions, through=state.through)
    if not order.rows:
        return f'option "title" {_quoted(title)}\n'
    names = _commodity_names(order.rows)
    builder = Builder(
        empty_state(method=state.method, base_currency=state.base_currency, gain_split=state.gain_split, fees_in_cost=state.fees_in_cost)
    )
    relieved = _relieved_by_row(state)
    blocks = [_head(state, title, names, order.rows[0])]
    for row in order.rows:
        before = builder.held(row.security_id) if row.security_id else {}
        builder.book(row, is_internal=row.id in order.internal)
        after = builder.held(row.security_id) if row.security_id else {}
        legs = postings(row, relieved=relieved.get(row.id, ()), is_internal=row.id in order.internal, fees_in_cost=state.fees_in_cost)
        lines = _money_lines(legs) + _lot_lines(before, after, names.get(row.security_id, ""))
        if lines:
            blocks.append("\n".join([_heading(row), *lines]))
    blocks.append(_final_balances(state, names, order.rows[-1]))
    return "\n\n".join(blocks) + "\n"


def _relieved_by_row(state: LedgerState) -> dict[UUID, list[Relieved]]:
    by_row: dict[UUID, list[Relieved]] = {}
    for sold in state.disposals:
        by_row.setdefault(sold.sell_transaction_id, []).append(sold)
    for carried in state.carried_out:
        by_row.setdefault(carried.transfer_transaction_id, []).append(carried)
    return by_row


def _commodity_names(rows: Iterable[Transaction]) -> dict[UUID | None, str]:
    names: dict[UUID | None, str] = {}
    for row in rows:
        if row.security_id is not None and row.security_id not in names:
            names[row.security_id] = _free(_commodity(row.symbol or str(row.security_id)), set(names.values()))
    return names


def _commodity(symbol: str) -> str:
    if _COMMODITY.fullmatch(symbol) and symbol[-1].isalnum() and symbol not in CURRENCIES:
        return symbol
    return "X." + _FORBIDDEN.sub("-", symbol.upper()).strip("'._-") + ("" if symbol[-1:].isalnum() else ".X")


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}.{number}"
    return free


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _head(state: LedgerState, title: str, names: Mapping[UUID | None, str], first: Transaction) -> str:
    day = first.transaction_date
    symbols = {row.security_id: row.symbol or str(row.security_id) for row in reversed(state.transactions)}
    lines = [f'option "title" {_quoted(title)}', f'option "operating_currency" "{state.base_currency}"']
    # Unit costs have 28 digits; where no amount in a transaction has decimals Beancount would want them to cancel to the last.
    lines += ['option "inferred_tolerance_default" "*:0.0001"', ""]
    lines += [f"{day} open {account}" + (' "STRICT"' if account == SECURITIES else "") for account in ACCOUNTS]
    for security_id, name in names.items():
        lines += [f"{day} commodity {name}", f"  symbol: {_quoted(symbols[security_id])}"]
    return "\n".join(lines)


def _heading(row: Transaction) -> str:
    said = row.narration or " ".join(filter(None, (row.transaction_type.value, row.symbol)))
    lines = [f"{row.transaction_date} * {_quoted(said)}", f"  sequence: {row.sequence}", f"  type: {_quoted(row.transaction_type)}"]
    if row.external_ref:
        lines.append(f"  external_ref: {_quoted(row.external_ref)}")
    return "\n".join([*lines, f"  fx_rate: {plain_decimal(row.fx_rate)}"])


def _money_lines(legs: Iterable[Posting]) -> list[str]:
    return [f"  {leg.account}  {round_money(leg.quantity)} {leg.commodity}" for leg in legs if leg.cost is None]


def _lot_lines(before: Mapping[UUID, Holding], after: Mapping[UUID, Holding], commodity: str) -> list[str]:
    """Lots that changed leave whole and come back as they are now."""
    lines = []
    for lot_id, old in before.items():
        if after.get(lot_id) != old:
            label = f'{{{old.currency}, {old.acquisition_date}, "{lot_id}"}}'
            lines.append(f"  {SECURITIES}  {_number(-old.quantity)} {commodity} {label}")
    for lot_id, new in after.items():
        if before.get(lot_id) != new:
            label = f'{{{{{round_money(new.cost)} {new.currency}, {new.acquisition_date}, "{lot_id}"}}}}'
            lines.append(f"  {SECURITIES}  {_number(new.quantity)} {commodity} {label}")
    return lines


def _number(quantity: Decimal) -> str:
    return plain_decimal(quantity)


def _final_balances(state: LedgerState, names: Mapping[UUID | None, str], last: Transaction) -> str:
    day = last.transaction_date + timedelta(days=1)
    lines = [f"{day} balance {CASH}  {round_money(state.cash[code])} {code}" for code in sorted(state.cash)]
    held = {position.security_id: position.quantity for position in state.positions()}
    lines += [f"{day} balance {SECURITIES}  {_number(held.get(each, Decimal(0)))} {name}" for each, name in names.items() if each]
    return "\n".join(lines)
