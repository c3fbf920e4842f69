"""Internal rates of many lists of flows at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import BoolArray, FloatArray, IntArray, as_block
from dawsos.compute.returns.roots import internal_rate
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Rates:
    """``rates[i]`` per year, NaN where no rate solves list i; ``is_ambiguous[i]`` where several plausible ones do (then it is the nearest
    to zero growth).
    """  # noqa: D205 - one thought

    rates: FloatArray
    is_ambiguous: BoolArray


def xirr_batch(offsets: ArrayLike, days: ArrayLike, amounts: ArrayLike) -> Rates:
    """:func:`~dawsos.compute.returns.xirr` of many lists of flows laid end to end, Act/365.

    List i is ``days[offsets[i]:offsets[i + 1]]`` (whole day numbers, or ``datetime64[D]``) with ``amounts`` beside it, in any order.
    Rates are those of the single function to 1e-12, with the same proof that the root is the only one. Raises :class:`Invalid` for
    offsets that do not ascend from 0 to the number of flows, and for unknown amounts.
    """
    edges, flows = np.asarray(offsets, dtype=np.int64), as_block(amounts, "Amounts")
    when = np.asarray(days)
    when = when.astype("datetime64[D]").astype(np.int64) if when.dtype.kind == "M" else when.astype(np.int64)
    if edges.size == 0 or edges[0] != 0 or edges[-1] != flows.size or (np.diff(edges) < 0).any() or when.shape != flows.shape:
        raise Invalid(
            "Offsets do not divide the flows.", remedy="Give ascending offsets from 0 to the number of flows, a day for each flow."
        )
    if np.isnan(flows).any():
        raise Invalid("A flow has no amount.", remedy="Leave the flow out, or give its amount.")
    from dawsos.compute.returns.rate_kernel import SEVERAL, UNDECIDED, rates  # noqa: PLC0415 - Numba is slow to import

    found, verdict = np.empty(edges.size - 1), np.empty(edges.size - 1, dtype=np.int64)
    rates(edges, np.ascontiguousarray(when), np.ascontiguousarray(flows), found, verdict)
    ambiguous = verdict == SEVERAL
    for place in np.flatnonzero(verdict == UNDECIDED):
        found[place], ambiguous[place] = _slowly(when[edges[place] : edges[place + 1]], flows[edges[place] : edges[place + 1]])
    return Rates(found, ambiguous)


def _slowly(days: IntArray, flows: FloatArray) -> tuple[float, bool]:
    solution = internal_rate((days - days.min()) / 365.0, flows)
    return (np.nan if solution.rate is None else solution.rate), solution.is_ambiguous
