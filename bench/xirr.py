"""P3: internal rates of many lists of dated flows, a tenth of them difficult, against pyxirr and a loop over scipy's Brent."""

import importlib.util
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy.optimize import brentq

from bench.harness import Row, arguments, compare, generator, version_of
from dawsos.compute.returns.batch import Rates, xirr_batch

START = date(2015, 1, 2)
ACCURACY = 1e-12
Flows = list[tuple[np.ndarray, np.ndarray]]


def flows(lists: int, count: int) -> Flows:
    """Monthly contributions and some withdrawals, then a closing value; one list in ten is difficult.

    Difficult: nearly everything lost, a fortune within weeks, days in any order, or amounts whose signs turn several times.
    """
    random = generator(count)
    made: Flows = []
    for number in range(lists):
        days = np.cumsum(np.concatenate([[0], random.integers(20, 41, count - 1)]))
        paid = -random.uniform(100, 2_000, count)
        paid[1:-1] = np.where(random.random(count - 2) < 0.1, -0.3 * paid[1:-1], paid[1:-1])
        growth = random.normal(0.06, 0.08)
        paid[-1] = -np.sum(paid[:-1] * (1 + growth) ** ((days[-1] - days[:-1]) / 365))
        paid[-1] = max(paid[-1], 1.0)
        if number % 10 == 0:
            days, paid = _difficult(random, number // 10 % 4, days, paid)
        made.append((days, paid))
    return made


def _difficult(random: np.random.Generator, kind: int, days: np.ndarray, paid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if kind == 0:
        return days, np.append(paid[:-1], -0.001 * paid[:-1].sum() * random.uniform(0.1, 1))
    if kind == 1:
        return np.arange(days.size), np.append(paid[:-1], abs(paid[:-1]).sum() * 1.05)
    if kind == 2:
        order = random.permutation(days.size)
        return days[order], paid[order]
    turned = paid.copy()
    turned[0], turned[1 : days.size // 2], turned[-1] = -1_000, 600.0, -300.0
    return days, turned


def _packed(lists: Flows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    sizes = [days.size for days, _ in lists]
    return np.concatenate([[0], np.cumsum(sizes)]), np.concatenate([days for days, _ in lists]), np.concatenate([paid for _, paid in lists])


def is_bracketed(rate: float, days: np.ndarray, paid: np.ndarray) -> bool:
    """Whether the present value changes its sign within 1e-12 of the rate, or vanishes to the last bits of its terms."""
    t, width = (days - days.min()) / 365.0, ACCURACY * max(1.0, abs(rate))
    signs = []
    for growth in (1.0 + rate - width, 1.0 + rate + width):
        if growth <= 0.0:
            signs.append(np.sign(paid[t == t.max()].sum()))
            continue
        x = np.log(growth)
        terms = paid * np.exp(-x * t - max(-x * t.max(), 0.0))
        signs.append(0.0 if abs(terms.sum()) <= 1e-13 * np.abs(terms).sum() else np.sign(terms.sum()))
    return bool(signs[0] * signs[1] <= 0)


def _same(lists: Flows) -> Callable[[Rates, Sequence[float | None]], bool]:
    """Every rate of ours is bracketed; the peer's is equal, or is another root of the same flows, or is none where it found none."""

    def same(ours: Rates, peer: Sequence[float | None]) -> bool:
        for (days, paid), mine, theirs in zip(lists, ours.rates, peer, strict=False):
            if np.isnan(mine):
                if theirs is not None and np.isfinite(theirs) and is_bracketed(theirs, days, paid):
                    return False
            elif not is_bracketed(mine, days, paid):
                return False
        return True

    return same


def _by_brent(days: np.ndarray, paid: np.ndarray) -> float | None:
    t = (days - days.min()) / 365.0

    def value(x: float) -> float:
        return float(np.dot(paid, np.exp(-x * t)))

    try:
        return float(np.expm1(brentq(value, -6.0, 6.0, xtol=1e-14)))
    except ValueError:
        return None


def _against(lists: Flows, size: str, chosen: Any) -> list[Row]:
    packed = _packed(lists)
    common: dict[str, Any] = {"equal": _same(lists), "rounds": chosen.rounds, "small": chosen.small, "clock": time.process_time}
    sample = lists[: min(len(lists), 2_000)]
    rows = [
        compare("xirr", size, lambda: xirr_batch(*packed), lambda: [_by_brent(days, paid) for days, paid in sample],
                peer_name="scipy brentq loop", peer_version=version_of("scipy"), peer_share=len(sample) / len(lists), **common),
    ]  # fmt: skip
    if importlib.util.find_spec("pyxirr") is not None:
        import pyxirr  # noqa: PLC0415 - optional peer

        dated = [([START + timedelta(days=int(day)) for day in days], paid) for days, paid in lists]
        rows.append(
            compare("xirr", size, lambda: xirr_batch(*packed), lambda: [pyxirr.xirr(when, paid, silent=True) for when, paid in dated],
                    peer_name="pyxirr", peer_version=pyxirr.__version__ if hasattr(pyxirr, "__version__") else "", goal=3, **common)
        )  # fmt: skip
    return rows


def main(argv: Sequence[str]) -> list[Row]:
    """24 and 120 flows."""
    chosen = arguments(argv, __doc__ or "")
    lists = 50 if chosen.small else 20_000
    return [row for count in (24, 120) for row in _against(flows(lists, count), f"{lists} × {count} flows", chosen)]
