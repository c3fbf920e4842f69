"""Scenarios on positions: sums, signs, floors, currencies."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.scenarios.block import HoldingsBlock, SecurityBlock, betas_table, revalue_block
from dawsos.compute.scenarios.custom import custom_scenario
from dawsos.compute.scenarios.library import SCENARIOS, scenario
from dawsos.compute.scenarios.records import SHOCKED_FACTORS, Scenario, ScenarioPosition, Severity, frozen
from dawsos.compute.scenarios.revaluation import revalue
from dawsos.kernel.errors import Invalid, NotFound

CENT = Decimal("0.01")


def position(value="100000.00", currency="USD", asset_class="equity", symbol="AAA", key=None, **betas):
    return ScenarioPosition(key=key or symbol, symbol=symbol, value=Decimal(value), currency=currency, asset_class=asset_class, betas=betas)


def moves(**factors):
    return Scenario(id="test", name="Test", family="test", factors=frozen(factors))


def test_a_hundred_basis_points_on_a_beta_of_minus_five():
    found = revalue([position(real_rates=-5.0)], moves(real_rates=0.01), base_currency="USD")
    assert found.delta == Decimal("-5000.00") and found.return_fraction == -0.05
    assert found.contributions == {"real_rates": Decimal("-5000.00")} and found.primary_driver == "real_rates"


def test_the_dollar_translates_and_does_not_count_twice():
    rise = moves(usd=0.10)
    held_in_cad = revalue([position(currency="USD", usd=0.0)], rise, base_currency="CAD")
    assert held_in_cad.delta == Decimal("10000.00") and held_in_cad.contributions == {"currency": Decimal("10000.00")}
    assert revalue([position(currency="USD")], rise, base_currency="USD").delta == 0
    euros = revalue([position(currency="EUR")], rise, base_currency="USD")
    assert euros.delta == Decimal("-9090.91")  # 1/1.1 − 1
    both = revalue([position(currency="USD", usd=-0.3)], rise, base_currency="CAD")
    assert both.value_after == Decimal("106700.00")  # 100 000 · 0.97 · 1.10
    assert both.contributions == {"usd": Decimal("-3000.00"), "currency": Decimal("10000.00"), "interaction": Decimal("-300.00")}


def test_a_long_position_loses_no_more_than_all_and_a_short_one_may():
    crash = moves(equity=-0.9, credit=0.05)
    long = revalue([position(equity=2.0, credit=-5.0)], crash, base_currency="USD")
    assert long.delta == Decimal("-100000.00") and long.positions[0].is_floored and long.value_after == 0
    assert sum(long.contributions.values()) == long.delta
    short = revalue([position("-1000.00", equity=2.0)], moves(equity=0.9), base_currency="USD")
    assert short.delta == Decimal("-1800.00") and not short.positions[0].is_floored


def test_asset_classes_symbols_and_what_a_scenario_does_not_speak_of():
    crisis = scenario("crisis_2008")
    found = revalue(
        [
            position(symbol="SPY", equity=1.0),
            position(symbol="TLT", asset_class="government_bond"),
            position(symbol="LQD", asset_class="corporate_bond"),
            position(symbol="CASH", asset_class="cash"),
            position(symbol="ART", asset_class="art"),
        ],
        crisis,
        base_currency="USD",
    )
    assert [p.delta for p in found.positions] == [Decimal(d) for d in ("-57000.00", "5000.00", "-5000.00", "0", "0")]
    assert found.ineffective == {"CASH": "cash moves with its currency only", "ART": "the scenario does not move art"}
    by_symbol = revalue([position(symbol="TIP"), position(symbol="AAA")], scenario("inflation_shock_symbols"), base_currency="USD")
    assert by_symbol.delta == Decimal("10000.00") and by_symbol.ineffective == {"AAA": "the scenario names other securities"}
    in_cad = revalue([position(symbol="SPY")], crisis, base_currency="CAD")
    assert in_cad.delta == Decimal("-44352.94")  # 100 000 · (0.43 · 1.10/0.85 − 1)


amounts = st.decimals(min_value=-100_000, max_value=1_000_000, places=2)
betas = st.dictionaries(st.sampled_from(SHOCKED_FACTORS), st.floats(-8, 3), max_size=5)
held = st.builds(
    lambda value, currency, exposure, number: position(str(value), currency, key=f"P{number}", symbol=f"S{number}", **exposure),
    amounts, st.sampled_from(["USD", "CAD", "EUR"]), betas, st.integers(0, 10**6),
)  # fmt: skip
shocked = st.dictionaries(st.sampled_from(SHOCKED_FACTORS), st.floats(-0.5, 0.5), min_size=1)


@settings(deadline=None, max_examples=30)
@given(st.lists(held, max_size=6), shocked, st.sampled_from(["USD", "CAD", "EUR"]), st.randoms(use_true_random=False))
def test_rows_and_columns_sum_to_the_total_whatever_the_order(positions, factors, base, random):
    found = revalue(positions, moves(**factors), base_currency=base)
    assert sum(p.delta for p in found.positions) == found.delta == found.value_after - found.value_before
    assert sum(found.contributions.values()) == found.delta
    for impact in found.positions:
        assert sum(impact.contributions.values()) == impact.delta
        assert impact.value_before <= 0 or impact.value_after >= -CENT * 8
    mixed = list(positions)
    random.shuffle(mixed)
    assert revalue(mixed, moves(**factors), base_currency=base).contributions == found.contributions


@settings(deadline=None, max_examples=30)
@given(st.lists(held, max_size=6), st.sampled_from(["USD", "CAD", "EUR"]))
def test_nothing_happens_when_nothing_moves(positions, base):
    found = revalue(positions, moves(), base_currency=base)
    assert found.delta == 0 and found.contributions == {} and found.winners == found.losers == ()


@settings(deadline=None, max_examples=30)
@given(held.filter(lambda p: p.value > 1000), st.floats(0.001, 0.05))
def test_small_shocks_scale(one, size):
    single = position("1000000.00", "USD", symbol="X", equity=one.betas.get("equity", 1.0))
    once, twice = (revalue([single], moves(equity=size * times), base_currency="USD").delta for times in (1, 2))
    assert abs(twice - 2 * once) <= 2 * CENT


def test_a_block_of_portfolios_is_its_portfolios_one_by_one():
    random = np.random.default_rng(3)
    names, currencies = ("real_rates", "credit", "usd", "equity"), ("USD", "CAD", "EUR", "USD", "JPY")
    securities = SecurityBlock(names, random.normal([-3, -1, 0, 1], 0.5, (5, 4)), currencies)
    scenarios = [entry for entry in SCENARIOS.values() if not (entry.asset_classes or entry.symbols)]
    offsets, chosen = np.array([0, 3, 5, 9]), np.array([0, 1, 2, 3, 4, 0, 2, 3, 4])
    values, bases = np.round(random.uniform(1e3, 1e6, 9), 2), ("CAD", "USD", "JPY")
    found = revalue_block(HoldingsBlock(offsets, chosen, values, bases), securities, scenarios)
    for p, base in enumerate(bases):
        rows = range(offsets[p], offsets[p + 1])
        positions = [
            position(f"{values[i]:.2f}", currencies[chosen[i]], key=str(i), symbol=str(i),
                     **dict(zip(names, securities.betas[chosen[i]].tolist(), strict=True)))
            for i in rows
        ]  # fmt: skip
        for s, entry in enumerate(scenarios):
            assert found[p, s] == pytest.approx(float(revalue(positions, entry, base_currency=base).delta), abs=0.2)
        alone = HoldingsBlock(np.array([0, len(rows)]), chosen[rows], values[rows], (base,))
        assert (revalue_block(alone, securities, scenarios)[0] == found[p]).all()


def test_a_block_refuses_what_it_cannot_value():
    securities = SecurityBlock(("equity",), betas_table([[1.0]]), ("USD",))
    short = HoldingsBlock(np.array([0, 1]), np.array([0]), np.array([-5.0]), ("USD",))
    with pytest.raises(Invalid, match="short"):
        revalue_block(short, securities, [scenario("rates_up")])
    for unknown in (1, -1):
        with pytest.raises(Invalid, match="not in the block"):
            revalue_block(
                HoldingsBlock(np.array([0, 1]), np.array([unknown]), np.array([5.0]), ("USD",)), securities, [scenario("rates_up")]
            )
    with pytest.raises(Invalid, match="does not move factors"):
        revalue_block(short, securities, [scenario("crisis_2008")])
    with pytest.raises(Invalid, match="no beta"):
        betas_table([[np.nan]])


def test_the_library_is_complete_and_cannot_be_changed():
    families = {}
    for entry in SCENARIOS.values():
        families[entry.family] = families.get(entry.family, 0) + 1
    assert families == {
        "core": 10, "deleveraging": 6, "empire": 6, "stress": 10, "deleveraging_v2": 3, "historical": 7, "deleveraging_asset_classes": 3,
        "symbols": 3,
    }  # fmt: skip
    adverse = SCENARIOS["fed_severely_adverse"]
    assert dict(adverse.factors) == {
        "real_rates": -0.015, "inflation": -0.005, "credit": 0.03, "usd": 0.10, "equity": -0.50, "commodity": -0.35, "volatility": 1.5,
    }  # fmt: skip
    assert adverse.probability == 0.05 and SCENARIOS["equity_selloff"].severity is Severity.EXTREME
    with pytest.raises(TypeError):
        adverse.factors["equity"] = 0.0
    with pytest.raises(TypeError):
        SCENARIOS["mine"] = adverse


def test_an_unknown_scenario_is_an_error_that_suggests():
    with pytest.raises(NotFound, match="Did you mean equity_selloff") as error:
        scenario("equity_sell_off")
    assert "rates_up" in error.value.details["scenario_ids"]


def test_own_shocks_are_read_in_the_unit_their_name_says():
    made = custom_scenario({"rates_bps": 50, "usd_vs_cad_pct": 5, "cpi_surprise_pct": 0.4})
    assert dict(made.factors) == pytest.approx({"real_rates": 0.005, "usd": 0.05, "inflation": 0.004})
    changed = custom_scenario({"equity_pct": -10}, base=scenario("rates_up"))
    assert changed.factors == {"real_rates": 0.01, "usd": 0.02, "equity": -0.10} and changed.probability is None
    assert scenario("rates_up").factors["equity"] == -0.05
    for wrong, said in (({"gold": 1}, "no shock 'gold'"), ({}, "without a shock"), ({"rates_bps": 1, "real_rates": 0.1}, "stated twice"),
                        ({"real_rates": 100}, "unit its name says"), ({"equity_pct": -101}, "unit its name")):  # fmt: skip
        with pytest.raises(Invalid, match=said):
            custom_scenario(wrong)
