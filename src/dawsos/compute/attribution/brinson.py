"""Attribution against a benchmark by arithmetic effects: allocation, selection and their interaction."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.attribution.segment_arrays import segment_arrays
from dawsos.compute.returns.compounding import link
from dawsos.compute.returns.figures import FloatArray


class AllocationModel(StrEnum):
    """What an overweight is measured by; W, w are portfolio and benchmark weights, b a segment's benchmark return, B the whole benchmark's.

    - ``brinson_fachler``: (W − w)(b − B), so overweighting what beat the benchmark is good. Brinson and Fachler, 1985.
    - ``brinson_hood_beebower``: (W − w) b. Brinson, Hood and Beebower, 1986.
    """

    BRINSON_FACHLER = "brinson_fachler"
    BRINSON_HOOD_BEEBOWER = "brinson_hood_beebower"


class Interaction(StrEnum):
    """Where (W − w)(r − b) goes: shown by itself, to selection (a top-down process), or to allocation (bottom-up)."""

    SEPARATE = "separate"
    IN_SELECTION = "in_selection"
    IN_ALLOCATION = "in_allocation"


@dataclass(frozen=True, slots=True, eq=False)
class BrinsonEffects:
    """Effects by segment, ``[…, S]``, fractions of the period's capital; they sum to the arithmetic excess return R − B of the period."""

    allocation: FloatArray
    selection: FloatArray
    interaction: FloatArray


@dataclass(frozen=True, slots=True)
class NotionalFundEffects:
    """Effects of several periods from compounded notional funds; they sum to the compounded excess."""

    allocation: float
    selection: float
    interaction: float
    excess: float


@dataclass(frozen=True, slots=True, eq=False)
class CurrencyBrinsonEffects:
    """Effects by segment where returns are local return plus currency return; all four sum to the excess return."""

    market_allocation: FloatArray
    security_selection: FloatArray
    currency_allocation: FloatArray
    interaction: FloatArray


def brinson(
    portfolio_weights: ArrayLike,
    benchmark_weights: ArrayLike,
    portfolio_returns: ArrayLike,
    benchmark_returns: ArrayLike,
    *,
    model: AllocationModel | str = AllocationModel.BRINSON_FACHLER,
    interaction: Interaction | str = Interaction.SEPARATE,
) -> BrinsonEffects:
    """Allocation, selection w(r − b) and interaction (W − w)(r − b) of S segments, ``[S]`` or ``[periods × S]``.

    Effects of several periods are put together with :func:`dawsos.compute.attribution.linking.link_effects`. Raises :class:`Invalid` for
    shapes that differ. Source: Bacon, Practical Portfolio Performance Measurement and Attribution, 2nd ed., ch. 5.
    """
    own, neutral, earned, offered = segment_arrays(portfolio_weights, benchmark_weights, portfolio_returns, benchmark_returns, periods=True)
    whole = (neutral * offered).sum(axis=-1, keepdims=True)
    measured = offered - whole if AllocationModel(model) is AllocationModel.BRINSON_FACHLER else offered
    allocation, selection = (own - neutral) * measured, neutral * (earned - offered)
    both = (own - neutral) * (earned - offered)
    nothing = np.zeros_like(both)
    match Interaction(interaction):
        case Interaction.IN_SELECTION:
            return BrinsonEffects(allocation, selection + both, nothing)
        case Interaction.IN_ALLOCATION:
            return BrinsonEffects(allocation + both, selection, nothing)
        case Interaction.SEPARATE:
            return BrinsonEffects(allocation, selection, both)


def notional_funds(
    portfolio_weights: ArrayLike, benchmark_weights: ArrayLike, portfolio_returns: ArrayLike, benchmark_returns: ArrayLike
) -> NotionalFundEffects:
    """Effects over ``[periods × S]`` that need no linking: the four funds w·b, W·b, w·r, W·r are compounded and compared.

    Allocation is the fund of the portfolio's weights less the benchmark, selection the fund of its returns less the benchmark,
    interaction the rest. Source: Davies and Laker, Multiple-Period Performance Attribution Using the Brinson Model, 2001.
    """
    own, neutral, earned, offered = segment_arrays(portfolio_weights, benchmark_weights, portfolio_returns, benchmark_returns, periods=True)
    funds = ((neutral, offered), (own, offered), (neutral, earned), (own, earned))
    benchmark, allocated, selected, portfolio = (float(np.asarray(link((w * r).sum(axis=-1)))) for w, r in funds)
    allocation, selection, excess = allocated - benchmark, selected - benchmark, portfolio - benchmark
    return NotionalFundEffects(allocation, selection, excess - allocation - selection, excess)


def currency_brinson(
    portfolio_weights: ArrayLike,
    benchmark_weights: ArrayLike,
    portfolio_local: ArrayLike,
    benchmark_local: ArrayLike,
    currency: ArrayLike,
) -> CurrencyBrinsonEffects:
    """Brinson effects in local currency and the effect of over- and underweighted currencies, ``[S]`` or ``[periods × S]``.

    With base return = local return + ``currency`` return e (continuously compounded, or as an approximation): market allocation
    (W − w)(b − B), selection w(r − b), interaction (W − w)(r − b), all in local returns, and currency allocation (W − w)e. Source: Karnosky
    and Singer, Global Asset Management and Performance Attribution, 1994.
    """
    local = brinson(portfolio_weights, benchmark_weights, portfolio_local, benchmark_local)
    own, neutral, moved, _ = segment_arrays(portfolio_weights, benchmark_weights, currency, currency, periods=True)
    return CurrencyBrinsonEffects(local.allocation, local.selection, (own - neutral) * moved, local.interaction)
