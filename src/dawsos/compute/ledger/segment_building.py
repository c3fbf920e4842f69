"""From ledgers to holding segments, dated flows and splits, for many portfolios at once."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.columns import LedgerColumns, ledger_columns
from dawsos.compute.ledger.segments import FlowKind, HoldingSegments, Instrument, calendar_day
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import Transaction

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Int8 = npt.NDArray[np.int8]
Bool = npt.NDArray[np.bool_]

_MONEY = (FlowKind.DEPOSIT, FlowKind.WITHDRAWAL, FlowKind.TRANSFER_IN, FlowKind.TRANSFER_OUT)
_EARNINGS = (FlowKind.INTEREST, FlowKind.FEE, FlowKind.TAX)


def segments(ledgers: Iterable[Sequence[Transaction]]) -> HoldingSegments:
    """Holding segments, flows and splits of several portfolios' ledgers; portfolios stand in the order given."""
    return holding_segments(ledger_columns(ledgers))


def holding_segments(columns: LedgerColumns) -> HoldingSegments:
    """Holding segments, flows and splits of ``columns``; see :class:`HoldingSegments` for what each means.

    One pass over the rows, and one over the segments to put those of an instrument together. Security quantities are those of the lots
    :func:`replay` would hold, cash the sum of cash effects. Raises :class:`Invalid` for a security position below zero or beyond
    46 billion units.
    """
    # The compiler takes a second to import.
    from dawsos.compute.ledger import segment_kernel  # noqa: PLC0415

    n, securities = len(columns.day), len(columns.securities)
    offsets = _offsets(columns.portfolio, len(columns.portfolio_ids))
    room = (
        np.empty(2 * n, dtype=np.int32),
        np.empty(2 * n, dtype=np.int32),
        np.empty(2 * n, dtype=np.int32),
        np.empty(2 * n, dtype=np.int64),
    )
    segment_offsets, trouble = np.zeros(len(offsets), dtype=np.int64), np.zeros(1, dtype=np.int64)
    written = segment_kernel.walk(
        offsets,
        columns.day,
        columns.kind,
        columns.security,
        _change(columns),
        columns.split_from,
        columns.split_to,
        columns.currency + np.int32(securities),
        columns.cash_effect,
        securities + len(columns.currencies),
        segment_offsets,
        room,
        trouble,
    )
    if written < 0:
        raise _impossible(columns, int(trouble[0]), is_short=written == segment_kernel.MORE_THAN_HELD)
    flows, splits = _flows(columns), np.flatnonzero(columns.kind == FlowKind.SPLIT)
    portfolios = len(columns.portfolio_ids)
    return HoldingSegments(
        portfolio_ids=columns.portfolio_ids,
        instruments=columns.securities + tuple(Instrument(None, None, code) for code in columns.currencies),
        currencies=columns.currencies,
        segment_offsets=segment_offsets,
        instrument=room[0][:written],
        start_day=room[1][:written],
        end_day=room[2][:written],
        quantity=room[3][:written],
        flow_offsets=_offsets(columns.portfolio[flows.row], portfolios),
        flow_instrument=flows.instrument,
        flow_day=columns.day[flows.row],
        flow_kind=flows.kind,
        flow_amount=flows.amount,
        flow_currency=columns.currency[flows.row],
        flow_fx_rate=columns.rate[flows.row],
        flow_quantity=flows.quantity,
        flow_is_external=flows.is_external,
        flow_is_gain=flows.is_gain,
        split_offsets=_offsets(columns.portfolio[splits], portfolios),
        split_instrument=columns.security[splits],
        split_day=columns.day[splits],
        split_from=columns.split_from[splits],
        split_to=columns.split_to[splits],
    )


def _offsets(portfolio: Int32, portfolios: int) -> Int64:
    return np.searchsorted(portfolio, np.arange(portfolios + 1)).astype(np.int64)


def _change(columns: LedgerColumns) -> Int64:
    """Signed quantity of the rows that move a security; 0 for all others, dividends included, whose quantity only explains them."""
    sign = np.zeros(max(FlowKind) + 1, dtype=np.int64)
    sign[[FlowKind.BUY, FlowKind.TRANSFER_IN]] = 1
    sign[[FlowKind.SELL, FlowKind.TRANSFER_OUT]] = -1
    change: Int64 = np.where(columns.security >= 0, sign[columns.kind] * columns.quantity, 0)
    return change


def _impossible(columns: LedgerColumns, row: int, *, is_short: bool) -> Invalid:
    security = columns.securities[columns.security[row]]
    place = f"{security.symbol or security.security_id} on {calendar_day(int(columns.day[row]))} (entry {columns.sequence[row]})"
    problem = "more leaves than is held" if is_short else "the position or the cash exceeds 46 billion units"
    return Invalid(
        f"{place} in portfolio {columns.portfolio_ids[columns.portfolio[row]]}: {problem}.",
        remedy="Replay that portfolio; the error then names the quantities.",
        code="more_than_held" if is_short else "too_large",
    )


class _Flows:
    """Flow rows in booking order: per ledger row up to one on its security, one on its cash, and one for the charge on moved money."""

    def __init__(self, columns: LedgerColumns) -> None:
        kind, effect = columns.kind, columns.cash_effect
        has_security, charge = columns.security >= 0, columns.fee + columns.withholding_tax
        moves_money = np.isin(kind, _MONEY)
        on_security = has_security & (kind != FlowKind.SPLIT)
        cash = np.where(moves_money, columns.amount, effect)
        on_cash, on_charge = cash != 0, moves_money & (charge != 0)
        self.row = np.repeat(np.arange(len(kind)), on_security.astype(np.int64) + on_cash + on_charge)
        size = len(self.row)
        first = np.cumsum(on_security.astype(np.int64) + on_cash + on_charge) - (on_security.astype(np.int64) + on_cash + on_charge)
        second = first + on_security
        third = second + on_cash
        self.instrument = (columns.currency + np.int32(len(columns.securities)))[self.row]
        self.kind = kind[self.row]
        self.amount, self.quantity = np.empty(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        self.is_external, self.is_gain = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)

        at = first[on_security]
        self.instrument[at] = columns.security[on_security]
        self.amount[at] = np.where(moves_money, 0, -effect)[on_security]
        self.quantity[at] = _change(columns)[on_security]
        self.is_external[at] = (moves_money & ~columns.is_internal)[on_security]

        at = second[on_cash]
        self.amount[at] = cash[on_cash]
        self.is_external[at] = (moves_money & ~columns.is_internal)[on_cash]
        self.is_gain[at] = ((np.isin(kind, _EARNINGS) & ~has_security) | (kind == FlowKind.SPLIT))[on_cash]

        at = third[on_charge]
        self.kind[at] = FlowKind.FEE
        self.amount[at] = -charge[on_charge]
        self.is_gain[at] = True


def _flows(columns: LedgerColumns) -> _Flows:
    return _Flows(columns)
