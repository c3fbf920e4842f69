"""What trades would change about a pinned portfolio, and about everything its owner holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import numpy as np

from dawsos.compute.ledger.records import Lot
from dawsos.compute.optimizer.covariance import FEWEST_OBSERVATIONS
from dawsos.compute.optimizer.histories import returns_in_base
from dawsos.compute.optimizer.impact import Stake, Standing, WeightRisk, risk_of_weights, standing
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.tax.rules import TaxRules
from dawsos.compute.valuation.inputs import PriceQuote
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.errors import Invalid, NotFound
from dawsos.kernel.money import ZERO, multiply, round_money
from dawsos.services.context import RequestContext
from dawsos.services.holdings import Facts, pack_contents, quotes, rate_table, security_facts
from dawsos.services.owner_books import owner_books
from dawsos.services.panels import load_panels
from dawsos.services.ratings import rated_security
from dawsos.services.trade_taxes import TradeTaxes, trade_taxes
from dawsos.store import securities as securities_store

METHOD: Final = "impact/1"


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """``quantity`` of a security to buy (+) or sell (−), and what trading it costs in base currency."""

    security_id: UUID
    quantity: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Sides:
    """A whole before and after, and why figures of it are missing."""

    before: Standing
    after: Standing
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True)
class Impact:
    """The portfolio, everything the owner holds (in the portfolio's base currency), the taxes, and what was left out of the risk."""

    portfolio: Sides
    household: Sides
    taxes: TradeTaxes
    observations: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Valued:
    """A change at the pack's price: a trade as taxes see it."""

    security_id: UUID
    symbol: str
    quantity: Decimal
    value: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class _Holdings:
    """Quantities by security and cash by currency."""

    securities: Mapping[UUID, Decimal]
    cash: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class _Market:
    """Prices, rates and facts of one pack, and the daily returns of everything in it that is asked about."""

    base: str
    prices: Mapping[UUID, PriceQuote]
    rates: RateTable
    facts: Facts
    ratings: Mapping[UUID, tuple[float | None, float | None]]
    security_returns: Mapping[UUID, FloatArray]
    cash_returns: Mapping[str, FloatArray]
    benchmark: FloatArray | None
    days: int

    def unit(self, security_id: UUID) -> Decimal | None:
        """Price × rate to base currency; None without either."""
        quote, facts = self.prices.get(security_id), self.facts.get(security_id)
        path = self.rates.find(facts.currency, self.base) if facts else None
        return None if quote is None or path is None else multiply(quote.close, path.rate)


async def impact_of(
    context: RequestContext,
    changes: Sequence[PlannedChange],
    *,
    lookback_days: int,
    rules: TaxRules,
    tax_rate: Decimal | None,
) -> Impact:
    """The portfolio and the owner's whole before and after ``changes`` at the pack's prices, with the taxes and wash sales of the sales.

    Values are rounded to the cent; cash pays for what is bought and for the costs, so the value falls by the costs. Risk is that of the
    weights held through the last ``lookback_days`` days of the pack's history, cash moving with its exchange rate; a security with fewer
    than 60 returns is left out and named. The benchmark is the pinned portfolio's, for the whole too. Raises :class:`Invalid` for a
    security without a price and for a sale of more than is held, :class:`NotFound` for an unknown one.
    """
    pins = context.pinned()
    books = await owner_books(context)
    states = [book.state(pins.pack.date) for book in books]
    whole = [_Holdings(_quantities(state.open_lots()), dict(state.cash)) for state in states]
    concerned = {each.security_id for each in changes} | {key for one in whole for key in one.securities}
    market = await _market(context, concerned, {code for one in whole for code in one.cash}, lookback_days)
    trades = [_valued(market, change) for change in changes]
    taxes = await trade_taxes(context, trades, rules=rules, tax_rate=tax_rate)
    left_out = sorted({market.facts[key].symbol for key in concerned if _is_young(market.security_returns[key])})
    unpriced = sorted({market.facts[key].symbol for one in whole for key in one.securities if market.unit(key) is None})
    mine, mine_days = _sides(market, whole[:1], trades, has_benchmark=pins.portfolio.benchmark_id is not None)
    household, _ = _sides(market, whole, trades, has_benchmark=pins.portfolio.benchmark_id is not None)
    warnings = (
        *(f"{symbol} has no price and counts for nothing." for symbol in unpriced),
        *(f"{symbol} is left out of the risk: it has fewer than {FEWEST_OBSERVATIONS} daily returns." for symbol in left_out),
    )
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version=METHOD, origin="computed")
    for warning in warnings:
        context.provenance.note(warning=warning)
    return Impact(mine, household, taxes, mine_days, warnings)


def _quantities(lots: Sequence[Lot]) -> dict[UUID, Decimal]:
    held: dict[UUID, Decimal] = {}
    for lot in lots:
        held[lot.security_id] = held.get(lot.security_id, ZERO) + lot.qty_open
    return held


def _valued(market: _Market, change: PlannedChange) -> _Valued:
    facts, unit = market.facts.get(change.security_id), market.unit(change.security_id)
    if facts is None:
        raise NotFound(f"There is no security {change.security_id}.", remedy="List them with 'dawsos securities list'.")
    if unit is None:
        raise Invalid(f"{facts.symbol} has no price or rate in the pricing pack.", remedy="Choose a pack that prices it, or leave it out.")
    value = round_money(multiply(change.quantity, unit))
    return _Valued(change.security_id, facts.symbol, change.quantity, value, change.cost)


def _sides(market: _Market, whole: Sequence[_Holdings], trades: Sequence[_Valued], *, has_benchmark: bool) -> tuple[Sides, int]:
    securities: dict[UUID, Decimal] = {}
    cash: dict[str, Decimal] = {}
    for one in whole:
        for key, quantity in one.securities.items():
            securities[key] = securities.get(key, ZERO) + quantity
        for code, amount in one.cash.items():
            cash[code] = cash.get(code, ZERO) + amount
    after = dict(securities)
    for trade in trades:
        after[trade.security_id] = after.get(trade.security_id, ZERO) + trade.quantity
    spent = sum((trade.value + trade.cost for trade in trades), ZERO)
    before_standing, before_risk = _standing(market, _Holdings(securities, cash))
    after_standing, after_risk = _standing(market, _Holdings(after, {**cash, market.base: cash.get(market.base, ZERO) - spent}))
    reasons = _reasons(before_standing, before_risk, has_benchmark) | _reasons(after_standing, after_risk, has_benchmark)
    return Sides(before_standing, after_standing, reasons), before_risk.observations if isinstance(before_risk, WeightRisk) else 0


def _standing(market: _Market, held: _Holdings) -> tuple[Standing, WeightRisk | NotComputable]:
    values = {key: round_money(multiply(quantity, unit)) for key, quantity in held.securities.items() if (unit := market.unit(key))}
    accounts = {
        code: round_money(multiply(amount, path.rate))
        for code, amount in held.cash.items()
        if (path := market.rates.find(code, market.base))
    }
    nav = sum(values.values(), ZERO) + sum(accounts.values(), ZERO)
    stakes = [
        Stake(value=value, dividend_safety=market.ratings[key][0], moat_strength=market.ratings[key][1]) for key, value in values.items()
    ]
    if nav <= 0:
        missing = NotComputable("a net asset value above zero")
        return standing(stakes, sum(accounts.values(), ZERO), missing), missing
    columns = [
        (market.security_returns[key], value) for key, value in values.items() if value and not _is_young(market.security_returns[key])
    ]
    columns += [(market.cash_returns[code], value) for code, value in accounts.items() if value and code != market.base]
    weights = np.array([float(value / nav) for _, value in columns])
    returns = np.column_stack([each for each, _ in columns]) if columns else np.zeros((market.days, 0))
    risk = risk_of_weights(weights, returns, market.benchmark)
    return standing(stakes, sum(accounts.values(), ZERO), risk), risk


def _is_young(returns: FloatArray) -> bool:
    return int((~np.isnan(returns)).sum()) < FEWEST_OBSERVATIONS


def _reasons(found: Standing, risk: WeightRisk | NotComputable, has_benchmark: bool) -> dict[str, str]:
    relative = (
        "the benchmark has too few returns on the days everything held has one" if has_benchmark else "the portfolio has no benchmark"
    )
    why = {
        "dividend_safety": "nothing held is rated",
        "moat_strength": "nothing held is rated",
        "top10": "the net asset value is not above zero",
        "volatility": str(risk) if isinstance(risk, NotComputable) else "",
        "tracking_error": str(risk) if isinstance(risk, NotComputable) else relative,
        "beta": str(risk) if isinstance(risk, NotComputable) else relative,
    }
    return {name: reason for name, reason in why.items() if getattr(found, name) is None}


async def _market(context: RequestContext, security_ids: set[UUID], currencies: set[str], lookback_days: int) -> _Market:
    pins = context.pinned()
    base, first = pins.portfolio.base_currency, pins.pack.date - timedelta(days=int(lookback_days * 1.6) + 10)
    contents = await pack_contents(context, pins)
    facts = await security_facts(context, security_ids)
    async with context.database.transaction(context.actor, read_only=True) as tx:
        symbol = pins.portfolio.benchmark_id
        found = await securities_store.find_securities_by_symbol(tx, [symbol]) if symbol else []
        currency_of = {each.id: each.currency for each in [*facts.values(), *found]}
        prices, rates = await load_panels(
            tx, pins.pack, first, security_ids=set(currency_of), currencies={*currency_of.values(), *currencies}, base_currency=base
        )
    table = returns_in_base(prices, rates, currency_of)[-lookback_days:]
    column = {code: place for place, code in enumerate(rates.currencies)}
    levels = {code: np.where(rates.rate[0, column[code]] > 0.0, rates.rate[0, column[code]], np.nan) for code in currencies}
    ratings = {}
    for key in sorted(facts):
        rated = (await rated_security(context, key)).ratings
        ratings[key] = tuple(one.score if (one := rated.get(kind)) else None for kind in ("DIVIDEND_SAFETY", "MOAT"))
    return _Market(
        base=base,
        prices=quotes(contents),
        rates=rate_table(contents),
        facts=facts,
        ratings=ratings,  # type: ignore[arg-type]  # a tuple of two
        security_returns={key: table[:, prices.row[key]] for key in facts},
        cash_returns={code: (level[1:] / level[:-1] - 1.0)[-lookback_days:] for code, level in levels.items()},
        benchmark=table[:, prices.row[found[0].id]] if found else None,
        days=table.shape[0],
    )
