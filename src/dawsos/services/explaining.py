"""Explains a figure of the overview: its formula and inputs, down to the lots, transactions, prices and rates it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState, Lot
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.returns.windows import locate
from dawsos.compute.risk.performance import OBSERVATION_WINDOWS, TWR_WINDOWS, PerformanceSummary
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.rates import RateTable
from dawsos.compute.valuation.records import ValuedPortfolio, ValuedPosition
from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.errors import NotFound
from dawsos.kernel.ledger import Transaction
from dawsos.services.attribution import ATTRIBUTIONS, attribution_parameters
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import get_or_compute
from dawsos.services.history import daily_history
from dawsos.services.holdings import pack_contents, pinned_ledger, quotes, rate_table, security_facts
from dawsos.services.metrics import FIGURES, STANDARD_LOOKBACK, figures_parameters
from dawsos.services.packs.verification import PackContents
from dawsos.services.risk_free import SOURCE as RISK_FREE
from dawsos.store.packs import PackPriceRecord

_VALUE: Final = "market_value = round(quantity × close × rate to base currency), to the cent"
_TOTALS: Final[Mapping[str, str]] = {
    "nav": f"the sum of all positions and cash; {_VALUE}",
    "cash": "the sum of the cash of every currency; value = round(amount × rate to base currency)",
    "securities_value": f"the sum of all securities; {_VALUE}",
    "unrealized_pl": "the sum over all securities of market_value − cost_basis_base",
}
_ATTRIBUTED: Final[Mapping[str, str]] = {
    "local_return": "Σ over days and instruments of gain × opening rate, over V₋₁ + F, linked by Carino",
    "fx_return": "Σ over days and instruments of opening value × change of rate, over V₋₁ + F, linked by Carino",
    "interaction_return": "Σ over days and instruments of gain × change of rate, over V₋₁ + F, linked by Carino",
    "total_return": "local_return + fx_return + interaction_return",
}
_DAILY: Final = "r_t = (V_t − V_{t−1} − F_t) / (V_{t−1} + F_t)"
_OTHERS: Final[Mapping[str, str]] = {
    "volatility": "standard deviation (n − 1) of the daily returns × √252",
    "sharpe": "(252 × mean daily return − risk-free rate) / volatility",
    "max_drawdown": "the deepest fall of the wealth index from a peak before it",
    "current_drawdown": "the wealth index over its highest value so far, less 1",
    "mwr": "the yearly rate at which opening value, flows and closing value discount to zero; over less than a year, of the period",
    "alpha": "252 × (mean return − β × mean return of the benchmark) − risk-free rate × (1 − β)",
    "beta": "covariance with the benchmark over its variance, of daily returns",
    "tracking_error": "standard deviation of the daily differences from the benchmark × √252",
    "information_ratio": "252 × mean daily difference from the benchmark / tracking_error",
    "risk_free_rate": f"the mean of {RISK_FREE} as it was known on each day",
    "twr": f"Π (1 + r_t) − 1; {_DAILY}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing a value comes from, of a ``kind``: position, lot, transaction, price, rate, day, or another figure.

    ``value`` is what it contributes, ``facts`` what is known of it; ``parts`` are what it comes from itself.
    """

    kind: str
    name: str
    value: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where a figure comes from. Under ``sums`` the values of the parts add up to the figure exactly."""

    figure: str
    value: str | None
    currency: str | None
    formula: str
    sums: bool
    reason: str | None
    asof_date: date
    pricing_pack_id: str
    pack_hash: str | None
    ledger_commit_hash: str
    method_version: str
    parts: tuple[Part, ...]


def explainable(summary: type = PerformanceSummary) -> list[str]:
    """Every figure that can be explained; ``position:SYMBOL`` besides."""
    left_out = {"reasons", "sub_period_breaks", "start_date", "end_date", "n_obs"}
    found = {one.name for one in fields(summary) if one.name not in left_out and not one.name.endswith("_date")}
    return sorted(found | set(_TOTALS) | set(_ATTRIBUTED))


async def explain(context: RequestContext, figure: str) -> Explanation:
    """The explanation of ``figure`` under the pinned state; NotFound, naming all, for one there is not."""
    if figure in _TOTALS or figure.startswith("position:"):
        return await _explained_value(context, figure)
    if figure in _ATTRIBUTED:
        return await _explained_attribution(context, figure)
    if figure not in explainable():
        raise NotFound(
            f"There is no figure '{figure}'.",
            remedy=f"Ask for position:SYMBOL, or one of {', '.join(explainable())}.",
            code="figure_not_found",
        )
    return await _explained_figure(context, figure)


def _explanation(pins: Pins, figure: str, **more: Any) -> Explanation:
    return Explanation(
        figure=figure,
        asof_date=pins.pack.date,
        pricing_pack_id=pins.pack.id,
        pack_hash=pins.pack.hash,
        ledger_commit_hash=pins.ledger.commit_hash,
        **more,
    )


async def _explained_value(context: RequestContext, figure: str) -> Explanation:
    pins = context.pinned()
    parts = await _position_parts(context, pins)
    valued = parts.valued
    if figure.startswith("position:"):
        symbol = figure.partition(":")[2]
        chosen = [one for one in valued.positions if one.symbol == symbol]
        if not chosen:
            held = ", ".join(one.symbol for one in valued.positions)
            raise NotFound(
                f"'{symbol}' is not held on {pins.pack.date}.", remedy=f"Held are {held or 'no positions'}.", code="figure_not_found"
            )
        value, formula = chosen[0].market_value, _VALUE
        listed: Sequence[ValuedPosition] = chosen
    else:
        value, formula = getattr(valued, figure), _TOTALS[figure]
        listed = [one for one in valued.positions if figure == "nav" or one.is_cash == (figure == "cash")]
    name = "unrealized_pl" if figure == "unrealized_pl" else "market_value"
    return _explanation(
        pins,
        figure,
        value=_text(value),
        currency=pins.portfolio.base_currency,
        formula=formula,
        sums=value is not None,
        reason=None if value is not None else valued.reasons.get(figure, "The position has no value."),
        method_version="valuation/1",
        parts=tuple(parts.of(one, name) for one in listed),
    )


@dataclass(frozen=True, slots=True)
class _PositionParts:
    """Valued positions and where everything about them comes from."""

    valued: ValuedPortfolio
    lots: Mapping[UUID, Lot]
    entries: Mapping[UUID, Transaction]
    prices: Mapping[UUID, PackPriceRecord]
    rates: RateTable
    contents: PackContents

    def of(self, position: ValuedPosition, name: str) -> Part:
        """A position with its price, its rate and its lots."""
        parts = [] if position.is_cash else [self._price(position)]
        if position.currency != self.valued.base_currency:
            parts.append(self._rate(position.currency))
        parts += [self._lot(position, lot) for lot in position.lots]
        if position.is_cash:
            parts += [_entry(one) for one in self.entries.values() if one.currency == position.currency and _cash_effect(one)]
        facts = {"quantity": _text(position.quantity), "price": _text(position.price), "fx_rate": _text(position.fx_rate)}
        known = {key: value for key, value in facts.items() if value is not None} | {
            "currency": position.currency,
            "status": position.status,
        }
        return Part(kind="position", name=position.symbol, value=_text(getattr(position, name)), facts=known, parts=tuple(parts))

    def _price(self, position: ValuedPosition) -> Part:
        price = self.prices.get(position.security_id) if position.security_id else None
        if price is None:
            return Part(kind="price", name=position.symbol, facts={"reason": position.reason or "the pack has no price"})
        facts = {"date": price.date.isoformat(), "currency": price.currency, "source": price.source or "", "pack": self.contents.pack.id}
        if price.fetched_at is not None:
            facts["fetched_at"] = price.fetched_at.isoformat()
        return Part(kind="price", name=position.symbol, value=_text(price.close), facts=facts)

    def _rate(self, currency: str) -> Part:
        path = self.rates.find(currency, self.valued.base_currency)
        name = f"{currency}/{self.valued.base_currency}"
        if path is None:
            return Part(kind="rate", name=name, facts={"reason": "the pack has no such rate"})
        legs = []
        for leg in path.legs:
            quoted = next((one for one in self.contents.rates if (one.base_ccy, one.quote_ccy) == (leg.base_ccy, leg.quote_ccy)), None)
            facts = {"pack": self.contents.pack.id, "use": "divided by" if leg.inverted else "multiplied with"}
            if quoted is not None:
                facts |= {"source": quoted.source or "", "date": quoted.date.isoformat() if quoted.date else ""}
            legs.append(Part(kind="rate", name=f"{leg.base_ccy}/{leg.quote_ccy}", value=_text(leg.quoted), facts=facts))
        return Part(kind="rate", name=name, value=_text(path.rate), facts={"found": str(path.source)}, parts=tuple(legs))

    def _lot(self, position: ValuedPosition, valued: Any) -> Part:
        lot = self.lots[valued.id]
        facts = {
            "acquired": lot.acquisition_date.isoformat(),
            "quantity": plain_decimal(lot.qty_open),
            "cost_basis": plain_decimal(lot.cost_basis),
            "cost_basis_base": plain_decimal(lot.cost_basis_base),
            "trade_fx_rate": plain_decimal(lot.trade_fx_rate),
        }
        touching = [
            one
            for one in self.entries.values()
            if one.id == lot.open_transaction_id or (one.security_id == position.security_id and one.split_to is not None)
        ]
        return Part(kind="lot", name=str(lot.id), value=_text(valued.market_value), facts=facts, parts=tuple(map(_entry, touching)))


async def _position_parts(context: RequestContext, pins: Pins) -> _PositionParts:
    state: LedgerState = await pinned_ledger(context, pins)
    contents = await pack_contents(context, pins)
    lots = state.open_lots()
    rates = rate_table(contents)
    valued = value_positions(
        lots,
        state.cash,
        as_of=pins.pack.date,
        prices=quotes(contents),
        rates=rates,
        base_currency=pins.portfolio.base_currency,
        securities=await security_facts(context, {lot.security_id for lot in lots}),
    )
    entries = {one.id: one for one in state.transactions if one.transaction_date <= pins.pack.date}
    return _PositionParts(
        valued, {lot.id: lot for lot in lots}, entries, {price.security_id: price for price in contents.prices}, rates, contents
    )


def _cash_effect(entry: Transaction) -> Decimal:
    return entry.amount - entry.fee - entry.withholding_tax


def _entry(entry: Transaction) -> Part:
    what = " ".join(filter(None, (entry.transaction_type.value, entry.symbol)))
    facts = {"date": entry.transaction_date.isoformat(), "sequence": str(entry.sequence), "currency": entry.currency}
    optional = {"quantity": _text(entry.quantity), "price": _text(entry.price), "external_ref": entry.external_ref, "source": entry.source}
    facts |= {"fx_rate": plain_decimal(entry.fx_rate)} | {key: value for key, value in optional.items() if value is not None}
    if entry.is_reversal:
        what = f"reversal of {what}"
    return Part(kind="transaction", name=what, value=plain_decimal(_cash_effect(entry)), facts=facts)


async def _explained_attribution(context: RequestContext, figure: str) -> Explanation:
    pins = context.pinned()
    found = (await get_or_compute(ATTRIBUTIONS, context, attribution_parameters(pins, STANDARD_LOOKBACK))).value
    value = getattr(found, figure)
    names = {"local_return": "local", "fx_return": "fx", "interaction_return": "interaction", "total_return": "total"}
    parts = []
    for code, effect in sorted(found.attribution_by_currency.items()):
        own = {one.name: getattr(effect, one.name) for one in fields(effect)}
        mine = next((own[key] for key in (figure, names[figure]) if key in own), None)
        parts.append(
            Part(kind="figure", name=code, value=_text(mine), facts={key: text for key, one in own.items() if (text := _text(one))})
        )
    return _explanation(
        pins,
        figure,
        value=_text(value),
        currency=None,
        formula=_ATTRIBUTED[figure],
        sums=False,
        reason=None if value is not None else found.reasons.get(figure),
        method_version=f"{ATTRIBUTIONS.name}/{ATTRIBUTIONS.version}",
        parts=tuple(parts),
    )


async def _explained_figure(context: RequestContext, figure: str) -> Explanation:
    pins = context.pinned()
    found = (await get_or_compute(FIGURES, context, figures_parameters(pins, STANDARD_LOOKBACK))).value
    value = getattr(found, figure)
    series = (await daily_history(context, pins)).series
    return _explanation(
        pins,
        figure,
        value=_text(value),
        currency=None,
        formula=_formula(figure),
        sums=False,
        reason=None if value is not None else found.reasons.get(figure),
        method_version=f"{FIGURES.name}/{FIGURES.version}",
        parts=tuple(_days(figure, found, series, pins.pack.date)),
    )


def _formula(figure: str) -> str:
    return next(text for name, text in sorted(_OTHERS.items(), key=lambda one: -len(one[0])) if figure.startswith(name))


def _days(figure: str, found: PerformanceSummary, series: NavSeries, asof: date) -> list[Part]:
    """The valued days a figure is computed from, its base first: V, F and r of each."""
    count = _observations(figure, found, series, asof)
    window = series.last(count + 1)
    rows = zip(window.dates, window.amounts("nav"), window.amounts("net_external_flow"), strict=True)
    parts: list[Part] = []
    before: Decimal | None = None
    for day, nav, flow in rows:
        facts = {"nav": plain_decimal(nav), "net_external_flow": plain_decimal(flow)}
        value = None
        if before is not None and before + flow > 0:
            value = repr(float((nav - before - flow) / (before + flow)))
        parts.append(Part(kind="day", name=day.isoformat(), value=value, facts=facts))
        before = nav
    return parts


def _observations(figure: str, found: PerformanceSummary, series: NavSeries, asof: date) -> int:
    if figure in TWR_WINDOWS or figure.startswith("mwr_"):
        window = TWR_WINDOWS.get(figure.replace("mwr_", "twr_"), (None, False))[0]
        span = locate(series.days.astype("datetime64[D]"), window, asof) if window is not None else None
        return len(series) if span is None or isinstance(span, NotComputable) else len(series) - 1 - span.base
    suffix = figure.rpartition("_")[2]
    return min(OBSERVATION_WINDOWS.get(suffix, found.n_obs), max(0, len(series) - 1))


def _text(value: Decimal | float | str | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return plain_decimal(value) if isinstance(value, Decimal) else repr(value)
