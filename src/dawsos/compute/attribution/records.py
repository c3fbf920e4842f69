"""What an attribution answers, rounded for keeping."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import numpy as np

from dawsos.compute.attribution.daily import Scope
from dawsos.compute.attribution.linking import LinkingMethod
from dawsos.compute.ledger.segments import Instrument, calendar_day
from dawsos.compute.returns.figures import FloatArray

#: Decimal places of every kept figure.
PLACES: Final = 8
_BASIS_POINTS: Final = 1e4
#: Why there is no attribution.
TOO_FEW_DAYS: Final = "Currency attribution needs days with capital at work"
EVERYTHING_LOST: Final = "A day on which everything was lost cannot be linked with others"


@dataclass(frozen=True, slots=True)
class Effect:
    """Linked parts of a return as fractions; ``total`` is their sum; ``weight`` the average share of the capital at work."""

    weight: float
    local: float
    fx: float
    interaction: float
    total: float


@dataclass(frozen=True, slots=True)
class InstrumentEffect:
    """The contribution of one security, or of the cash of one currency, to the return."""

    security_id: UUID | None
    symbol: str
    currency: str
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyAttribution:
    """A return over ``start_date`` (opening value) to ``end_date`` and its parts, as fractions to eight places.

    ``local_return + fx_return + interaction_return = total_return``, and so by currency and by instrument. ``error_bps`` is
    |total_return − base_return_actual| in basis points, from unrounded figures; None like ``base_return_actual`` if none was given.
    ``n_obs`` counts the days linked; days without capital at work are left out of it and listed in ``breaks``.
    """

    start_date: date
    end_date: date
    base_currency: str
    scope: Scope
    linking: LinkingMethod
    n_obs: int
    local_return: float
    fx_return: float
    interaction_return: float
    total_return: float
    base_return_actual: float | None
    error_bps: float | None
    attribution_by_currency: dict[str, Effect]
    instruments: tuple[InstrumentEffect, ...]
    breaks: tuple[date, ...]


def effect(columns: FloatArray) -> Effect:
    """Weight, local, fx and interaction, rounded: the only place figures are rounded."""
    weight, local, fx, interaction = columns.tolist()
    return Effect(*(round(figure, PLACES) + 0.0 for figure in (weight, local, fx, interaction, local + fx + interaction)))


#: What neither weighed nor moved anything.
NO_EFFECT: Final = Effect(0.0, 0.0, 0.0, 0.0, 0.0)


def attribution_result(
    columns: FloatArray,
    instruments: Sequence[Instrument],
    *,
    by_instrument: bool,
    valuations: tuple[int, int],
    base_currency: str,
    scope: Scope,
    linking: LinkingMethod,
    observations: int,
    actual: float | None,
    broken: Iterable[int],
) -> CurrencyAttribution:
    """The record of linked ``columns``, ``[4 × instruments]``: average weight, local, fx and interaction part of each.

    What was never there in the window (all four are zero) is left out, and so is a currency whose holdings and debts cancel until nothing
    is left to eight places: whoever adds by currency first cannot tell the two apart. ``valuations`` and ``broken`` are day numbers.
    """
    there: list[int] = np.flatnonzero(columns.any(axis=0)).tolist()
    currencies = sorted({instruments[place].currency for place in there})
    members = {code: [place for place in there if instruments[place].currency == code] for code in currencies}
    by_currency = {code: effect(columns[:, places].sum(axis=1)) for code, places in members.items()}
    whole, total = effect(columns.sum(axis=1)), float(columns[1:].sum())
    return CurrencyAttribution(
        start_date=calendar_day(valuations[0]),
        end_date=calendar_day(valuations[1]),
        base_currency=base_currency,
        scope=scope,
        linking=linking,
        n_obs=observations,
        local_return=whole.local,
        fx_return=whole.fx,
        interaction_return=whole.interaction,
        total_return=whole.total,
        base_return_actual=None if actual is None else round(actual, PLACES),
        error_bps=None if actual is None else round(abs(total - actual) * _BASIS_POINTS, PLACES),
        attribution_by_currency={code: found for code, found in by_currency.items() if found != NO_EFFECT},
        instruments=tuple(_contribution(instruments[place], columns[:, place]) for place in there) if by_instrument else (),
        breaks=tuple(map(calendar_day, broken)),
    )


def _contribution(instrument: Instrument, columns: FloatArray) -> InstrumentEffect:
    return InstrumentEffect(instrument.security_id, instrument.symbol or instrument.currency, instrument.currency, effect(columns))
