"""Risk: exposures, drawdown at risk, scenarios, hedges and proposals."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from tests.support.movement.asks import EARLIER, OTHER_DATA, OTHER_TRADES, Ask, Asker, Row, by_holdings_and_date, filled, said

_SCALE: Final = "the scale the figure is drawn on"
_LIBRARY: Final = "a scenario of the library is what it is; macro.run_scenario shows that others are others"
_WAYS: Final = ("money_printing", "austerity", "default")


def loss_from(scenario_id: str):
    async def loss(ask: Asker) -> Mapping[str, Any]:
        found = await ask("macro.run_scenario", scenario_id=scenario_id)
        causes = [{name: one[name] for name in ("name", "delta_value")} for one in found["factor_contributions"]]
        moves = [{name: one[name] for name in ("moved", "size")} for one in found["shocks"]]
        told = {name: found[name] for name in ("scenario_id", "scenario_name", "currency", "total_delta_pl")}
        return {"scenario_result": {**told, "shocks": moves, "factor_contributions": causes}}

    return loss


def deleveraging(phase: str):
    async def ways(ask: Asker) -> Mapping[str, Any]:
        names = ("scenario_id", "scenario_name", "total_delta_pl", "currency")
        found = {way: await ask(f"scenarios.deleveraging_{way}") for way in _WAYS}
        return {"ltdc_phase": phase, "scenarios": {way: {name: one[name] for name in names} for way, one in found.items()}}

    return ways


def shocked_by(scenario_id: str):
    async def shocked(ask: Asker) -> Mapping[str, Any]:
        base, found = await ask("portfolio.get_valued_positions"), await ask("macro.run_scenario", scenario_id=scenario_id)
        facts = ("symbol", "base_value", "shocked_value", "delta_value")
        return {
            "base": {"nav": base["nav"], "currency": base["currency"], "reasons": {}},
            "shocked": {
                **{name: found[name] for name in ("currency", "pre_nav", "post_nav")},
                "position_deltas": [{name: one[name] for name in facts} for one in found["position_deltas"]],
                "factor_contributions": [{name: one[name] for name in ("label", "delta_value")} for one in found["factor_contributions"]],
            },
        }

    return shocked


def laid_over(stdc: str, ltdc: str):
    async def phases(ask: Asker) -> Mapping[str, Any]:
        found = await ask("risk.compute_factor_exposures")
        named = {name: {"phase": code, "phase_label": code, "reasons": {}} for name, code in (("stdc", stdc), ("ltdc", ltdc))}
        return {
            "factor_exposures": {"exposures": [{name: one[name] for name in ("factor", "beta")} for one in found["exposures"]]},
            **named,
        }

    return phases


def trades(*orders: tuple[str, str, str]):
    async def planned(ask: Asker) -> Mapping[str, Any]:
        lots = (await ask("portfolio.get_valued_positions"))["positions"]
        ids = {one["symbol"]: one["security_id"] for one in lots}
        return {
            "proposed_trades": [{"security_id": ids[symbol], "quantity": count, "estimated_cost": cost} for symbol, count, cost in orders]
        }

    return planned


_DEPTHS: Final = (".dar_value", ".dar_pct", ".*_drawdown", ".contributions[*].dar_pct")
_LOSS: Final = (".post_nav", ".total_delta_pl", ".return_delta")
_OUTCOME: Final = (".pre_nav", ".portfolio_value", ".return_delta", ".total_delta_pl", ".*_impact")
_SCENARIO: Final = {
    "another scenario": said({"scenario_id": "fed_adverse"}),
    "a mild one": said({"scenario_id": "rates_up"}),
    "a harder shock": said({"scenario_id": "equity_selloff", "custom_shocks": {"equity_pct": -40.0}}),
}

ROWS: Final[Mapping[str, Row]] = {
    "charts.scenario_deltas": Row({**filled(shocked_by("equity_selloff")), "another scenario": Ask(body=shocked_by("rates_up"))}),
    "macro.compute_dar": by_holdings_and_date(
        {
            ".min_dar": _SCALE,
            ".max_dar": f"{_SCALE}: to one half, unless a drawdown is deeper",
            ".num_simulations": "as many paths for every portfolio",
            ".calibration.expected_rate": "forecasts are kept at one confidence",
        },
        other_limits=said({"confidence": 0.99, "horizon_days": 10, "threshold": 0.2}),
        cycle_adjusted=Ask(data=OTHER_DATA, body={"cycle_adjusted": True}),
        other_series_and_forecasts=Ask(data=OTHER_DATA),
    ).following(
        other_holdings=(*_DEPTHS, ".nav", ".worst_scenario.*"),
        another_date=(*_DEPTHS, ".nav", ".worst_scenario.*", ".phases[LATE_EXPANSION].probability"),
        other_limits=(".dar_value", ".dar_pct", ".confidence", ".horizon_days", ".trading_days", ".threshold"),
        cycle_adjusted=_DEPTHS,
        other_series_and_forecasts=(*_DEPTHS, ".calibration.observations", ".calibration.breaches"),
    ),
    "macro.run_scenario": by_holdings_and_date(**_SCENARIO).following(
        other_holdings=(".pre_nav", *_LOSS, ".factor_contributions[*].delta_value"),
        another_date=(".pre_nav", *_LOSS, ".factor_contributions[*].delta_value"),
        a_harder_shock=(*_LOSS, ".shocks[equity].size", ".factor_contributions[equity].delta_value"),
        another_scenario=(*_LOSS, ".probability"),
    ),
    "optimizer.analyze_impact": Row({
        "base": Ask(body=trades(("BBY", "-30", "9.95"), ("AAPL", "-100", "9.95"), ("KO", "100", "9.95"))),
        "other trades proposed": Ask(body=trades(("AAPL", "-200", "20"), ("MSFT", "100", "20"))),
        "other holdings": Ask(portfolio="Income", body=trades(("AAPL.RAW", "-10", "12"), ("IBM.RAW", "5", "12"))),
        "another date": Ask(pack=EARLIER.pack, body=trades(("AAPL", "-100", "9.95"), ("KO", "100", "9.95"))),
        "another window": said({"proposed_trades": [], "lookback_days": 120}),
        "after other trades": Ask(data=OTHER_TRADES, body=trades(("GE", "-20", "9.95"))),
        "after other trades, another sale": Ask(data=OTHER_TRADES, body=trades(("GE", "-3", "9.95"))),
    }),
    "optimizer.propose_trades": by_holdings_and_date(
        {
            ".expected_tracking_error": "what the demo's benchmark is made of is not known; it is null with that reason",
            ".trades[].disallowed": "no proposal here loses with what was bought of late; optimizer.analyze_impact plans such a sale",
            ".wash_sales[].*": "one proposal alone has a wash sale; optimizer.analyze_impact has several",
        },
        method=said({"method": "risk_parity", "max_single_position": 0.08, "max_turnover": 0.2}),
        template=said({"template": "quality_focused"}),
        out_of_reach=said({"target_volatility": 0.05}),
        further_out_of_reach=said({"target_volatility": 0.03, "max_turnover": 0.1}),
        other_trades=Ask(data=OTHER_TRADES, body={"method": "cvar", "max_turnover": 0.9}),
    ).following(
        method=(".trades[].quantity", ".trades[].target_weight", ".total_turnover", ".estimated_costs", ".tax_cost", ".expected_volatility"),
        another_date=(".nav", ".trades[].price", ".trades[].target_weight", ".total_turnover", ".expected_volatility"),
    ),
    "optimizer.suggest_deleveraging_hedges": Row(
        {**filled(deleveraging("DELEVERAGING")), "another phase": Ask(body=deleveraging("REFLATION"))},
        {".suggestions[].payoff_profile[].severity": "the severities the payoff is drawn at"},
    ),
    "optimizer.suggest_hedges": Row({
        **filled(loss_from("equity_selloff")),
        "another scenario": Ask(body=loss_from("fed_adverse")),
        "a mild one": Ask(body=loss_from("rates_up")),
    }).following(another_scenario=(".loss", ".suggestions[].scenario_pl"), a_mild_one=(".loss", ".suggestions[].scenario_pl")),
    "risk.compute_factor_exposures": by_holdings_and_date(series=Ask(data=OTHER_DATA)).following(
        other_holdings=(".exposures[*].beta",),
        another_date=(".exposures[*].*", ".r_squared", ".var_*", ".portfolio_volatility", ".idiosyncratic_share"),
        series=(".exposures[*].*", ".r_squared", ".var_*", ".portfolio_volatility", ".idiosyncratic_share"),
    ),
    "risk.get_factor_exposure_history": Row({name: replace(ask, body={"lookback_weeks": 1}) for name, ask in by_holdings_and_date().asks.items()}),
    "risk.overlay_cycle_phases": Row({
        **filled(laid_over("LATE_EXPANSION", "BUBBLE")),
        "other phases": Ask(body=laid_over("DEEP_RECESSION", "DEPRESSION")),
    }),
    **{f"scenarios.deleveraging_{way}": by_holdings_and_date({".shocks[*].size": _LIBRARY}).following(
        other_holdings=_OUTCOME, another_date=_OUTCOME
    ) for way in _WAYS},
    "scenarios.macro_aware_apply": by_holdings_and_date(
        scenario=said({"scenario_id": "fed_adverse"}),
        mild=said({"scenario_id": "rates_up"}),
        levels=Ask(data=OTHER_DATA),
        other_levels=Ask(data=OTHER_DATA, pack=EARLIER.pack),
    ),
    "scenarios.macro_aware_rank": by_holdings_and_date(levels=Ask(data=OTHER_DATA), other_levels=Ask(data=OTHER_DATA, pack=EARLIER.pack)),
}  # fmt: skip
