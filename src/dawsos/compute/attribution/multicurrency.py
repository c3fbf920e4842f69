"""Arithmetic attribution against a benchmark in several currencies, with currency decided apart from markets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.attribution.brinson import AllocationModel, Interaction, brinson
from dawsos.compute.attribution.segment_arrays import segment_arrays
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

#: What weights of forward contracts may add up to besides zero: rounding.
_NOISE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class CurrencyOverlayEffects:
    """Effects by segment, ``[S]``, fractions of the period's capital.

    ``allocation + selection + interaction + forward_premium + currency`` sum to ``excess`` up to ``residual``, which is reported, not
    spread: it is zero where all weights of each side sum to one and forward contracts to zero.
    """

    allocation: FloatArray
    selection: FloatArray
    interaction: FloatArray
    forward_premium: FloatArray
    currency: FloatArray
    excess: float
    residual: float


@dataclass(frozen=True, slots=True, eq=False)
class CashAndCurrencyEffects:
    """Effects of markets by segment ``[S]`` and of currencies by currency ``[C]``; all sum to ``excess`` up to ``residual``."""

    allocation: FloatArray
    selection: FloatArray
    interaction: FloatArray
    currency: FloatArray
    excess: float
    residual: float


@dataclass(frozen=True, slots=True, eq=False)
class LocalAndCurrencyEffects:
    """Brinson effects in local returns, and what remains of the same effects in base returns as ``currency``, by segment."""

    allocation: FloatArray
    selection: FloatArray
    interaction: FloatArray
    currency: FloatArray


def ankrim_hensel(
    portfolio_weights: ArrayLike,
    benchmark_weights: ArrayLike,
    portfolio_base: ArrayLike,
    benchmark_base: ArrayLike,
    *,
    spot_start: ArrayLike,
    spot_end: ArrayLike,
    forward: ArrayLike,
    benchmark_forward: ArrayLike | None = None,
    portfolio_forwards: ArrayLike | None = None,
    benchmark_forwards: ArrayLike | None = None,
    interaction: Interaction | str = Interaction.SEPARATE,
) -> CurrencyOverlayEffects:
    """Divide the excess return into market effects, the forward premium and the currency surprise; all arguments are ``[S]``.

    Rates are units of base currency per unit of the segment's, spot at both ends of the period and forward at its start for its end. With
    e = S₁/S₀ − 1, the known forward premium d = F/S₀ − 1 and the surprise c = e − d, a return in base is l + d + c, l = r − e. Effects:
    Brinson–Fachler of l; forward premium (W − w)(d − Σw·d); currency (W − w)(c − Σw·c) plus what forward contracts of weights V and v
    earn, V(S₁/F − 1) − v(S₁/F_b − 1) − (V − v)·Σw·c. ``benchmark_forward`` is the rate of the benchmark's contracts where it differs.

    Raises :class:`Invalid` when the weights of forward contracts do not sum to zero: a contract buys one currency with another.
    Source: Ankrim and Hensel, Multicurrency Performance Attribution, Financial Analysts Journal, 1994; Bacon, 2nd ed., ch. 6.
    """
    none = np.zeros(np.shape(portfolio_weights))
    own, neutral, earned, offered, start, end, rate, rate_b, held, held_b = segment_arrays(
        portfolio_weights, benchmark_weights, portfolio_base, benchmark_base, spot_start, spot_end, forward,
        forward if benchmark_forward is None else benchmark_forward,
        none if portfolio_forwards is None else portfolio_forwards, none if benchmark_forwards is None else benchmark_forwards,
    )  # fmt: skip
    for whose, contracts in (("portfolio", held), ("benchmark", held_b)):
        if abs(contracts.sum()) > _NOISE:
            raise Invalid(f"The {whose}'s forward contracts sum to {contracts.sum():.6g}.", remedy="Give both sides of every contract.")
    moved, premium = end / start - 1.0, rate / start - 1.0
    surprise = moved - premium
    markets = brinson(own, neutral, earned - moved, offered - moved, interaction=interaction)
    carried = (own - neutral) * (premium - neutral @ premium)
    contracts_, contracts_b = held * (end / rate - 1.0), held_b * (end / rate_b - 1.0)
    currency = (own - neutral + held - held_b) * -(neutral @ surprise) + (own - neutral) * surprise + contracts_ - contracts_b
    excess = float(own @ earned + contracts_.sum() - neutral @ offered - contracts_b.sum())
    parts = (markets.allocation, markets.selection, markets.interaction, carried, currency)
    return CurrencyOverlayEffects(*parts, excess, excess - sum(float(part.sum()) for part in parts))


def karnosky_singer(
    portfolio_weights: ArrayLike,
    benchmark_weights: ArrayLike,
    portfolio_local: ArrayLike,
    benchmark_local: ArrayLike,
    *,
    cash_rates: ArrayLike,
    currency_returns: ArrayLike,
    portfolio_currency_weights: ArrayLike | None = None,
    benchmark_currency_weights: ArrayLike | None = None,
    interaction: Interaction | str = Interaction.SEPARATE,
) -> CashAndCurrencyEffects:
    """Divide the excess return into markets, judged by their premium over local cash, and currencies, judged by what their cash earned.

    All ``[S]``, one currency per segment. R = Σ W(r − k) + Σ H(e + k), with k the cash return of the segment's currency over the period, e
    the return of the currency in base, and H the weight of the currency with all forward contracts (by default W: nothing is hedged).
    Effects: (W − w)((b − k) − Σw(b − k)), w(r − b), (W − w)(r − b), and currency (H − h)((e + k) − Σh(e + k)). Returns add up if they
    are continuously compounded; with simple returns the excess explained is that of r + e. Source: Karnosky and Singer, Global Asset
    Management and Performance Attribution, 1994; Bacon, 2nd ed., ch. 6.
    """
    own, neutral, earned, offered, cash, moved, held, held_b = segment_arrays(
        portfolio_weights, benchmark_weights, portfolio_local, benchmark_local, cash_rates, currency_returns,
        portfolio_weights if portfolio_currency_weights is None else portfolio_currency_weights,
        benchmark_weights if benchmark_currency_weights is None else benchmark_currency_weights,
    )  # fmt: skip
    markets = brinson(own, neutral, earned - cash, offered - cash, interaction=interaction)
    abroad = moved + cash
    currency = (held - held_b) * (abroad - held_b @ abroad)
    excess = float(own @ (earned - cash) + held @ abroad - neutral @ (offered - cash) - held_b @ abroad)
    parts = (markets.allocation, markets.selection, markets.interaction, currency)
    return CashAndCurrencyEffects(*parts, excess, excess - sum(float(part.sum()) for part in parts))


def local_and_currency(
    portfolio_weights: ArrayLike,
    benchmark_weights: ArrayLike,
    *,
    portfolio_base: ArrayLike,
    benchmark_base: ArrayLike,
    portfolio_local: ArrayLike,
    benchmark_local: ArrayLike,
    model: AllocationModel | str = AllocationModel.BRINSON_FACHLER,
    interaction: Interaction | str = Interaction.SEPARATE,
) -> LocalAndCurrencyEffects:
    """Brinson effects of local returns; currency is every effect in base returns less the same in local ones, ``[S]`` or ``[periods × S]``.

    The four sum to the excess return in base currency. No decision on currency is assumed: hedging shows in ``currency`` as it fell out.
    """
    in_base = brinson(portfolio_weights, benchmark_weights, portfolio_base, benchmark_base, model=model, interaction=interaction)
    local = brinson(portfolio_weights, benchmark_weights, portfolio_local, benchmark_local, model=model, interaction=interaction)
    whole, part = (effects.allocation + effects.selection + effects.interaction for effects in (in_base, local))
    return LocalAndCurrencyEffects(local.allocation, local.selection, local.interaction, whole - part)
