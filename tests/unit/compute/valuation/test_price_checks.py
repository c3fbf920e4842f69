"""Prices that look wrong: every rule finds what it is for, and leaves ordinary prices alone."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.valuation.price_checks import STANDING_STILL, SeenPrice, doubts_about

DAY = date(2022, 12, 28)


def seen(close: str, source: str = "A", back: int = 0) -> SeenPrice:
    return SeenPrice(DAY - timedelta(days=back), source, D(close))


def rules(close: str, *, others: tuple[str, ...] = (), earlier: tuple[str, ...] = (), kind: str | None = "EQUITY") -> list[str]:
    before = [seen(one, back=len(earlier) - place) for place, one in enumerate(earlier)]
    return [one.rule.value for one in doubts_about(seen(close), [seen(one, "B") for one in others], before, security_type=kind)]


@pytest.mark.parametrize(
    ("close", "others", "earlier", "kind", "found"),
    [
        ("100.00", ("100.49",), (), "EQUITY", []),
        ("100.00", ("100.51",), (), "EQUITY", ["disagreement"]),
        ("100.00", ("100.90",), (), "BOND", []),
        ("100.00", ("101.90",), (), "CRYPTO", []),
        ("5012.00", ("50.10",), (), "EQUITY", ["unit"]),
        ("0.9875", ("98.70",), (), "BOND", ["unit"]),
        ("5012.00", (), ("50.00",), "EQUITY", ["unit"]),
        ("5012.00", ("5011.00",), ("50.00",), "EQUITY", []),
        ("160.00", (), ("100.00",), "EQUITY", []),
        ("170.00", (), ("100.00",), "EQUITY", ["outlier"]),
        ("60.00", (), ("100.00",), "EQUITY", ["outlier"]),
        ("50.00", ("50.01",), ("100.00",), "EQUITY", []),
        ("170.00", (), ("100.00",), "CRYPTO", []),
        ("140.00", (), ("100.00",), None, []),
        ("10.00", (), (), "EQUITY", []),
    ],
)
def test_a_rule_finds_what_it_is_for(close: str, others: tuple[str, ...], earlier: tuple[str, ...], kind: str | None, found: list[str]):
    assert rules(close, others=others, earlier=earlier, kind=kind) == found


def test_a_price_that_stands_still_is_doubted_when_another_source_moves():
    still = ("20.00",) * (STANDING_STILL - 1)
    assert rules("20.00", others=("20.01",), earlier=still) == ["stale"]
    assert rules("20.00", others=("20.00",), earlier=still) == []
    assert rules("20.00", others=("20.01",), earlier=still[1:]) == []
    assert rules("20.00", earlier=still) == []


@given(st.decimals(min_value="0.01", max_value="100000", places=2), st.floats(0.8, 1.25))
def test_an_ordinary_move_that_both_sources_saw_is_never_doubted(close: D, move: float):
    before = (close * D(repr(move))).quantize(D("0.000001"))
    assert doubts_about(SeenPrice(DAY, "A", close), [SeenPrice(DAY, "B", close)], [seen(str(before), back=1)], security_type=None) == []
