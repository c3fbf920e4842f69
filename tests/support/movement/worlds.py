"""Other states of the data: another rubric, other series, levels, fundamentals, actions and forecasts; other trades; a holding nobody prices."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal as D
from typing import Any, Final

import psycopg

from dawsos.compute.ratings.documented import ACTIVE
from dawsos.kernel.identifiers import named
from dawsos.kernel.identity import SYSTEM
from dawsos.services.corporate_actions import queue
from dawsos.services.corporate_actions.proposing import ActionTerms, propose_terms
from dawsos.services.imports.importer import import_transactions
from dawsos.services.macro.ingestion import derive_indicators
from dawsos.services.risk.drawdowns import method_of
from dawsos.store import drawdowns, indicators
from dawsos.store.corporate_actions import ActionStatus, ActionType
from dawsos.store.drawdowns import NewDrawdownForecast
from tests.support.answers import NOW, PORTFOLIO
from tests.support.demo import Demo
from tests.support.movement.asks import AS_SEEDED, NO_PRICE, OTHER_DATA, OTHER_TRADES
from tests.support.postgres import DatabaseClone

_HEADER: Final = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,withholding_tax,external_ref"
#: Of the four components of every rubric, none as it was.
_WEIGHTS: Final = (0.15, 0.45, 0.28, 0.12)
#: Entered by hand twice, so that two days know other levels.
_LEVELS: Final = {
    "GINI": (0.39, 0.55), "INSTITUTIONAL_TRUST": (0.45, 0.25), "POLARIZATION_INDEX": (0.5, 0.7), "EDUCATION_INDEX": (None, 0.3),
    "INNOVATION_RATE": (0.8, 0.2), "MILITARY_DOMINANCE": (0.9, 0.1), "RESERVE_CURRENCY_SHARE": (0.65, 0.1), "WORLD_GDP_SHARE": (0.25, 0.05),
    "INTERNAL_CONFLICT": (0.2, 0.9), "DEFAULT_RATE": (0.03, 0.06),
}  # fmt: skip
#: What the reports from a day on would say as well, or instead.
_REPORTS: Final = (
    (
        "AAPL",
        "2018-01-01",
        {"shares_outstanding": 16 * 10**9, "shares_issued": 16 * 10**9, "goodwill": 5 * 10**9, "intangible_assets": 7 * 10**9},
    ),
    ("AAPL", "2022-01-01", {"shares_outstanding": 15 * 10**9, "shares_issued": 15 * 10**9, "cash_and_equivalents": 500 * 10**9}),
    ("MSFT", "2018-01-01", {"interest_expense": 60 * 10**9, "total_debt": 900 * 10**9, "shareholders_equity": 2_000 * 10**9}),
    (
        "MSFT",
        "2022-01-01",
        {
            "dividends_per_share": 0.1,
            "operating_cash_flow": 30 * 10**9,
            "operating_income": 10**9,
            "current_assets": None,
            "total_debt": None,
        },
    ),
)
#: Forecasts of the past, and how deep they said it could go: one of them too little.
_FORECASTS: Final = {
    True: {date(2022, 9, 1): "0.001", date(2022, 10, 3): "0.15", date(2022, 11, 1): "0.001"},
    False: {date(2022, 6, 1): "0.2", date(2022, 9, 1): "0.15", date(2022, 10, 3): "0.16", date(2022, 11, 1): "0.0001"},
}


async def as_seeded(_demo: Demo, _clone: DatabaseClone) -> None:
    """Nothing yet."""


async def other_data(demo: Demo, clone: DatabaseClone) -> None:
    """Nothing of this is about holdings."""
    with psycopg.connect(clone.admin_dsn) as admin:
        admin.execute("select set_config('app.role', 'SYSTEM', true)")
        for rubric in ACTIVE:
            admin.execute(
                "update public.rating_rubrics set weights = %s where rating_type = %s",
                [json.dumps(dict(zip(rubric.weights, _WEIGHTS, strict=True))), rubric.rating_type],
            )
        for symbol, day, more in _REPORTS:
            admin.execute(
                "update app.fundamentals_snapshots set figures = figures || %s where security_id = %s and fiscal_date >= %s",
                [json.dumps(more), named("security", symbol), day],
            )
    await _series(demo)
    await _actions(demo)
    await _forecasts(demo)


async def _series(demo: Demo) -> None:
    async with demo.application.database.transaction(SYSTEM) as tx:
        rows: list[Any] = []
        for name, levels in _LEVELS.items():
            for day, level in zip((date(2014, 12, 31), date(2022, 6, 30)), levels, strict=True):
                if level is not None:
                    rows.append((name, day, D(str(level)), "fraction", "manual", None, None, None))
        for row in await indicators.indicators_known(tx, ["UNRATE", "CPIAUCSL", "FII10"], date(2022, 10, 31)):
            facts = (row.unit, row.source, row.known_from, row.frequency, row.series_id)
            rows += [(row.indicator_name, row.date, row.value * D("1.1"), *facts)] if row.date == date(2022, 9, 1) else []
        await indicators.put_indicators(tx, rows)
        await derive_indicators(tx, ["UNRATE", "CPIAUCSL"])


async def _actions(demo: Demo) -> None:
    app = demo.application
    for symbol, kind, day, terms in (
        ("AAPL", ActionType.DIVIDEND, date(2022, 6, 3), {"amount_per_share": D("0.21"), "currency": "USD", "withholding_rate": D("0.15")}),
        ("AAPL", ActionType.DIVIDEND, date(2022, 11, 4), {"amount_per_share": D("0.23"), "currency": "USD", "withholding_rate": D("0.25")}),
        ("KO", ActionType.SPLIT, date(2022, 5, 12), {"split_from": D(1), "split_to": D(2)}),
        ("KO", ActionType.SPLIT, date(2022, 8, 12), {"split_from": D(2), "split_to": D(3)}),
        ("MSFT", ActionType.DIVIDEND, date(2023, 1, 3), {"amount_per_share": D("0.68"), "currency": "USD", "withholding_rate": D("0.15")}),
        ("MSFT", ActionType.SPLIT, date(2023, 1, 4), {"split_from": D(1), "split_to": D(2)}),
        ("AAPL", ActionType.DIVIDEND, date(2023, 2, 3), {"amount_per_share": D("0.24"), "currency": "USD", "withholding_rate": D("0.25")}),
        ("KO", ActionType.SPLIT, date(2022, 11, 4), {"split_from": D(2), "split_to": D(5)}),
        ("JNJ", ActionType.MERGER, date(2023, 1, 3), {"other_symbol": "PFE", "ratio": D("0.5"), "cash_per_share": D(12), "currency": "USD", "share_value": D(50)}),
        ("JPM", ActionType.MERGER, date(2022, 11, 4), {"other_symbol": "BAC", "ratio": D("2.5"), "cash_per_share": D(21), "currency": "USD", "share_value": D(33)}),
        ("KO", ActionType.SPLIT, date(2023, 2, 5), {"split_from": D(2), "split_to": D(3)}),
    ):  # fmt: skip
        given = ActionTerms(symbol=symbol, action_type=kind, ex_date=day, **terms)  # type: ignore[arg-type]
        found = await propose_terms(app.database, SYSTEM, given, source="test", identifiers=app.identifiers)
        await queue.decide(app.database, SYSTEM, found.id, ActionStatus.APPROVED, moment=NOW)


async def _forecasts(demo: Demo) -> None:
    context = await demo.context(PORTFOLIO)
    pins = context.pinned()
    async with context.database.transaction(context.actor) as tx:
        for is_adjusted, made in _FORECASTS.items():
            for day, depth in made.items():
                row = NewDrawdownForecast(
                    portfolio_id=pins.portfolio.id, asof_date=day, pricing_pack_id=f"PP_{day}", regime="LATE_EXPANSION", confidence=D("0.95"),
                    horizon_days=21, num_simulations=10_000, seed=1, dar=D(depth) * 900_000, dar_pct=D(depth), mean_drawdown=D(depth),
                    median_drawdown=D(depth), max_drawdown=D(depth), current_nav=D(900_000),
                    method=method_of(cycle_adjusted=is_adjusted), ledger_commit_hash=pins.ledger.commit_hash,
                )  # fmt: skip
                await drawdowns.put_forecast(tx, row, datetime(2022, 12, 1, tzinfo=UTC))


async def other_trades(demo: Demo, _clone: DatabaseClone) -> None:
    """A dividend with tax kept back, a loss and a purchase near it, and more that was bought of late at a loss."""
    await _booked(
        demo,
        "2022-12-20,DIVIDEND,MSFT,,,100.00,USD,,15.00,m-1",
        "2022-06-01,BUY,BBY,10,100.00,-1000.00,USD,9.95,,m-10",
        "2022-06-01,BUY,MSFT,5,300.00,-1500.00,USD,9.95,,m-11",
        "2022-12-05,BUY,FB.RAW,20,30.00,-600.00,USD,9.95,,m-2",
        "2022-12-12,SELL,FB.RAW,20,20.00,400.00,USD,9.95,,m-3",
        "2022-12-15,BUY,FB.RAW,5,21.00,-105.00,USD,9.95,,m-4",
        "2022-12-20,SELL,FB.RAW,5,30.00,150.00,USD,9.95,,m-5",
        "2022-12-21,BUY,GE,20,50.00,-1000.00,USD,9.95,,m-6",
        "2022-12-28,SELL,GE,15,62.00,930.00,USD,9.95,,m-7",
        "2022-12-27,BUY,MSFT,10,200.00,-2000.00,USD,9.95,,m-8",
    )


async def no_price(demo: Demo, _clone: DatabaseClone) -> None:
    """A share that stopped being quoted years ago."""
    await _booked(demo, "2022-12-28,BUY,IBM.RAW,10,200.00,-2000.00,USD,9.95,,m-9")


async def _booked(demo: Demo, *lines: str) -> None:
    app, portfolio = demo.application, demo.portfolios[PORTFOLIO]
    data = "\n".join([_HEADER, *lines]).encode()
    report = await import_transactions(
        app.database, demo.owner(PORTFOLIO), portfolio.id, [data], file_name="trades.csv", identifiers=app.identifiers
    )
    assert report.is_accepted, report.problems


#: What leads to each state, in this order, each from the one before.
STATES: Final[Mapping[str, Callable[[Demo, DatabaseClone], Awaitable[None]]]] = {
    AS_SEEDED: as_seeded,
    OTHER_DATA: other_data,
    OTHER_TRADES: other_trades,
    NO_PRICE: no_price,
}
