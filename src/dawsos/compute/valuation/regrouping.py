"""Holding segments cut down to one portfolio, and spread out with a row per instrument."""

from dataclasses import replace

import numpy as np

from dawsos.compute.ledger.segments import HoldingSegments, Int32, Int64


def one_portfolio(segments: HoldingSegments, portfolio: int) -> HoldingSegments:
    """The segments of one portfolio alone, with only the instruments it ever had something to do with."""
    held = slice(*segments.segment_offsets[portfolio : portfolio + 2])
    moved = slice(*segments.flow_offsets[portfolio : portfolio + 2])
    split = slice(*segments.split_offsets[portfolio : portfolio + 2])
    used = np.unique(np.concatenate([segments.instrument[held], segments.flow_instrument[moved]]))
    # Splits of an instrument the portfolio no longer has anything to do with cannot change its values.
    splits = np.flatnonzero(np.isin(segments.split_instrument[split], used)) + split.start
    place = np.zeros(len(segments.instruments), dtype=np.int32)
    place[used] = np.arange(len(used))
    return replace(
        segments,
        portfolio_ids=(segments.portfolio_ids[portfolio],),
        instruments=tuple(segments.instruments[one] for one in used),
        segment_offsets=_ends(held.stop - held.start),
        instrument=place[segments.instrument[held]],
        start_day=segments.start_day[held],
        end_day=segments.end_day[held],
        quantity=segments.quantity[held],
        flow_offsets=_ends(moved.stop - moved.start),
        flow_instrument=place[segments.flow_instrument[moved]],
        flow_day=segments.flow_day[moved],
        flow_kind=segments.flow_kind[moved],
        flow_amount=segments.flow_amount[moved],
        flow_currency=segments.flow_currency[moved],
        flow_fx_rate=segments.flow_fx_rate[moved],
        flow_quantity=segments.flow_quantity[moved],
        flow_is_external=segments.flow_is_external[moved],
        flow_is_gain=segments.flow_is_gain[moved],
        split_offsets=_ends(len(splits)),
        split_instrument=place[segments.split_instrument[splits]],
        split_day=segments.split_day[splits],
        split_from=segments.split_from[splits],
        split_to=segments.split_to[splits],
    )


def by_instrument(segments: HoldingSegments) -> HoldingSegments:
    """A single portfolio as if every instrument of it were a portfolio of its own, in the order of ``instruments``."""
    count = len(segments.instruments)
    flows = np.argsort(segments.flow_instrument, kind="stable")
    splits = np.argsort(segments.split_instrument, kind="stable")
    return replace(
        segments,
        portfolio_ids=segments.portfolio_ids * count,
        segment_offsets=_offsets(segments.instrument, count),
        flow_offsets=_offsets(segments.flow_instrument, count),
        flow_instrument=segments.flow_instrument[flows],
        flow_day=segments.flow_day[flows],
        flow_kind=segments.flow_kind[flows],
        flow_amount=segments.flow_amount[flows],
        flow_currency=segments.flow_currency[flows],
        flow_fx_rate=segments.flow_fx_rate[flows],
        flow_quantity=segments.flow_quantity[flows],
        flow_is_external=segments.flow_is_external[flows],
        flow_is_gain=segments.flow_is_gain[flows],
        split_offsets=_offsets(segments.split_instrument, count),
        split_instrument=segments.split_instrument[splits],
        split_day=segments.split_day[splits],
        split_from=segments.split_from[splits],
        split_to=segments.split_to[splits],
    )


def _ends(count: int) -> Int64:
    return np.array([0, count], dtype=np.int64)


def _offsets(instrument: Int32, count: int) -> Int64:
    return np.concatenate([[0], np.cumsum(np.bincount(instrument, minlength=count))]).astype(np.int64)
