"""What a portfolio holds, what it is worth, what it has earned, and what it owes in taxes."""

from collections.abc import Mapping
from typing import Any, Final

from tests.support.movement.asks import (
    EARLIER,
    INCOME,
    NO_PRICE,
    OTHER_TRADES,
    Ask,
    Asker,
    Row,
    by_holdings_and_date,
    filled,
    said,
)

_WINDOW: Final = said({"lookback_days": 63})
_FRESH: Final = "every price of the demo is of its pack's day; tests/unit/compute/valuation/test_positions.py has older ones"
_CLOSED: Final = "what is left between the parts and the return: nothing, for they close"
_RETURNS: Final = (".*_return", ".base_return_actual")
_FIGURES: Final = (".twr", ".twr_*", ".volatility*", ".sharpe_*", ".max_drawdown", ".mwr_*")
_VALUES: Final = (".nav", ".cash", ".securities_value", ".total_cost_base", ".unrealized_pl*")
_EUROS: Final = "euros lie in an account without interest"


async def held(ask: Asker) -> Mapping[str, Any]:
    return {"positions": (await ask("ledger.positions"))["positions"]}


async def valued(ask: Asker) -> Mapping[str, Any]:
    return {"valued_positions": await ask("portfolio.get_valued_positions")}


async def drawn(ask: Asker) -> Mapping[str, Any]:
    attribution = await ask("attribution.currency")
    performance = await ask("metrics.compute_twr")
    positions = (await ask("portfolio.get_valued_positions"))["positions"]
    return {
        "valued_positions": {"positions": [{name: one[name] for name in ("symbol", "weight", "reasons")} for one in positions]},
        "perf_metrics": {name: performance[name] for name in ("twr_mtd", "twr_ytd", "twr_1y", "reasons")},
        "currency_attr": {name: attribution[name] for name in ("local_return", "fx_return", "interaction_return", "reasons")},
    }


def _year(year: int, **more: Any) -> Ask:
    return Ask(body={"tax_year": year}, **more)


_YEARS: Final = {
    "base": _year(2021),
    "another year": _year(2022),
    "other holdings": _year(2013, portfolio="Income"),
    "other holdings, another year": _year(2005, portfolio="Income"),
    "other trades": _year(2022, data=OTHER_TRADES),
    "other trades, another method": Ask(data=OTHER_TRADES, body={"tax_year": 2022, "lot_selection_method": "LIFO"}),
}

ROWS: Final[Mapping[str, Row]] = {
    "attribution.currency": by_holdings_and_date(
        {
            ".error_bps": _CLOSED,
            ".attribution_by_currency[CAD].fx": "the base currency does not move against itself",
            ".attribution_by_currency[CAD].interaction": "the base currency does not move against itself",
            ".attribution_by_currency[EUR].local": _EUROS,
            ".attribution_by_currency[EUR].interaction": _EUROS,
        },
        window=_WINDOW,
    ).following(other_holdings=_RETURNS, another_date=_RETURNS, window=_RETURNS),
    "charts.overview": Row(filled(drawn)),
    "compute_portfolio_contribution": by_holdings_and_date(window=_WINDOW),
    "compute_position_currency_attribution": by_holdings_and_date({".error_bps": _CLOSED}, window=_WINDOW),
    "compute_position_return": by_holdings_and_date(window=_WINDOW, years=said({"lookback_days": 1000}, security="KO"), other_years=said({"lookback_days": 1000}, security="XOM")),
    "compute_position_risk": by_holdings_and_date(confidence=said({"confidence": 0.99})),
    "get_comparable_positions": by_holdings_and_date(),
    "get_position_details": by_holdings_and_date({".stale_days": _FRESH}),
    "get_transaction_history": Row({"base": Ask(), "other holdings": INCOME, "tax kept back": Ask(data=OTHER_TRADES, security="MSFT")}),
    "ledger.positions": by_holdings_and_date(),
    "metrics.compute": by_holdings_and_date(
        {".valuation.positions[].stale_days": _FRESH},
        window=said({"lookback_days": 63, "window": "1Y"}),
        price=Ask(data=NO_PRICE),
    ),
    "metrics.compute_mwr": by_holdings_and_date(window=said({"window": "1Y"})),
    "metrics.compute_sharpe": by_holdings_and_date(window=_WINDOW),
    "metrics.compute_twr": by_holdings_and_date(window=_WINDOW).following(
        other_holdings=_FIGURES, another_date=_FIGURES, window=(".twr", ".volatility", ".sharpe_ratio")
    ),
    "portfolio.get_valued_positions": by_holdings_and_date({".positions[].stale_days": _FRESH}, price=Ask(data=NO_PRICE)).following(
        other_holdings=_VALUES, another_date=_VALUES, price=(".coverage",)
    ),
    "portfolio.historical_nav": by_holdings_and_date(window=_WINDOW),
    "portfolio.holdings": by_holdings_and_date(),
    "portfolio.sector_allocation": Row({**filled(valued), "no price": Ask(data=NO_PRICE, body=valued)}),
    "pricing.apply_pack": Row(
        {**filled(held), "no price": Ask(data=NO_PRICE, body=held)}, {".positions[].stale_days": _FRESH}
    ),
    "tax.lot_details": by_holdings_and_date(),
    "tax.rank_opportunities": Row({
        "base": said({"min_loss_threshold": "1"}),
        "another threshold": said({"min_loss_threshold": "1500"}),
        "other holdings": Ask(portfolio="Income", security="AAPL.RAW", body={"min_loss_threshold": "1"}),
        "another date": Ask(pack=EARLIER.pack, body={"min_loss_threshold": "1"}),
        "another rate": said({"min_loss_threshold": "1", "tax_rate": "0.16"}),
        "other trades": Ask(data=OTHER_TRADES, body={"min_loss_threshold": "1"}),
        "other trades, another threshold": Ask(data=OTHER_TRADES, body={"min_loss_threshold": "1500"}),
    }),
    "tax.realized_gains": Row(_YEARS),
    "tax.summary": Row({**_YEARS, "another system": said({"tax_year": 2021, "tax_system": "CA"})}),
    "tax.wash_sales": Row(_YEARS),
}  # fmt: skip
