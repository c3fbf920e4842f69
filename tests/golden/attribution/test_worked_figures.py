"""Worked figures of the specification."""

import pytest

from dawsos.compute.attribution.currency import simple_attribution


def test_five_percent_locally_and_minus_two_on_the_currency_is_two_point_nine():
    effect = simple_attribution(0.05, -0.02)
    assert (effect.local, effect.fx, effect.interaction) == (0.05, -0.02, -0.001)
    assert effect.total == pytest.approx(0.029, abs=1e-12)
