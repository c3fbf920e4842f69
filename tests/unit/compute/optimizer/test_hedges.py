"""Hedges: the right direction, the right size, what they cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.optimizer.hedges import SizedHedge, option_value, scenario_return, size_linear_hedge, size_option_hedge
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid


def test_an_instrument_that_falls_with_the_portfolio_is_sold_short():
    # rates rise 1 %, TLT with a duration of 16.5 falls 16.5 %: it is sold short, never bought
    move = scenario_return({"real_rates": -16.5}, {"real_rates": 0.01, "equity": -0.05})
    found = size_linear_hedge("TLT", loss=-10_000.0, ratio=0.5, hedge_return=move, carry=0.002)
    assert (found.side, found.notional) == ("sell_short", pytest.approx(5_000 / 0.165))
    assert (found.scenario_pl, found.effectiveness) == (pytest.approx(5_000), pytest.approx(0.5))
    assert (found.cost, found.cost_bps) == (pytest.approx(0.002 * found.notional), pytest.approx(20))


@given(st.floats(-1e7, -1.0), st.floats(0.05, 1.5), st.floats(-0.9, 0.9))
def test_a_hedge_always_gains_when_the_portfolio_loses(loss, ratio, move):
    found = size_linear_hedge("X", loss=loss, ratio=ratio, hedge_return=move)
    if isinstance(found, SizedHedge):
        signed = found.notional if found.side == "buy" else -found.notional
        assert signed * move > 0 > loss
        assert found.effectiveness == pytest.approx(ratio)
    else:
        assert abs(move) < 1e-4


@pytest.mark.parametrize(("loss", "move", "short"), [(100.0, 0.1, True), (-100.0, 0.0, True), (-100.0, -0.1, False)])
def test_where_nothing_hedges_it_is_said(loss, move, short):
    assert isinstance(size_linear_hedge("X", loss=loss, ratio=1, hedge_return=move, may_short=short), NotComputable)


def test_option_values_of_hull():
    # Hull, Options, Futures and Other Derivatives, example 15.6: 4.76 and 0.81
    terms = {"spot": 42.0, "strike": 40.0, "volatility": 0.2, "years": 0.5, "rate": 0.1}
    assert option_value("call", **terms) == pytest.approx(4.76, abs=0.005)
    assert option_value("put", **terms) == pytest.approx(0.81, abs=0.005)


@given(st.floats(0.5, 1.5), st.floats(0.05, 1.0), st.floats(0.01, 2.0), st.floats(0.0, 0.1))
def test_puts_and_calls_are_in_parity(strike, volatility, years, rate):
    terms = {"spot": 1.0, "strike": strike, "volatility": volatility, "years": years, "rate": rate}
    forward = 1.0 - strike * 2.718281828459045 ** (-rate * years)
    assert option_value("call", **terms) - option_value("put", **terms) == pytest.approx(forward, abs=1e-12)


def test_puts_cover_a_selloff_and_their_premium_is_the_cost():
    found = size_option_hedge("SPY", "put", loss=-20_000.0, ratio=0.8, underlying_return=-0.2, volatility=0.18, shocked_volatility=0.35)
    premium = option_value("put", spot=1.0, strike=1.0, volatility=0.18, years=1 / 6)
    after = option_value("put", spot=0.8, strike=1.0, volatility=0.35, years=1 / 6)
    assert found.notional == pytest.approx(16_000 / (after - premium))
    assert (found.instrument, found.side, found.effectiveness) == ("SPY puts", "buy", pytest.approx(0.8))
    assert found.cost_bps == pytest.approx(1e4 * premium)


def test_puts_are_no_hedge_where_the_underlying_rises():
    found = size_option_hedge("TLT", "put", loss=-1.0, ratio=0.5, underlying_return=0.1, volatility=0.15)
    assert isinstance(found, NotComputable)
    assert isinstance(size_option_hedge("TLT", "call", loss=1.0, ratio=0.5, underlying_return=0.1, volatility=0.15), NotComputable)


def test_senseless_inputs_are_refused():
    with pytest.raises(Invalid, match="covers nothing"):
        size_linear_hedge("X", loss=-1, ratio=0, hedge_return=0.1)
    with pytest.raises(Invalid, match="covers nothing"):
        size_option_hedge("X", "put", loss=-1, ratio=0, underlying_return=-0.1, volatility=0.2)
    with pytest.raises(Invalid, match="positive spot"):
        option_value("put", spot=0, strike=1, volatility=0.2, years=1)
    assert option_value("put", spot=0.9, strike=1.0, volatility=0.2, years=0) == pytest.approx(0.1)
