"""What one position contributed, and its own return by part."""

import numpy as np
import pytest

from dawsos.compute.attribution.position import own_return, share_of_return
from dawsos.compute.returns.figures import NotComputable

NAN = float("nan")


def test_the_currency_has_what_the_total_has_beyond_the_local_return():
    local, fx = np.array([0.10, -0.05, NAN]), np.array([0.02, 0.01, NAN])
    found = own_return((1 + local) * (1 + fx) - 1, local)
    assert found.local == pytest.approx(1.1 * 0.95 - 1, abs=1e-8)
    assert found.fx == pytest.approx(1.02 * 1.01 - 1, abs=1e-8)
    assert found.local + found.fx + found.interaction == pytest.approx(found.total, abs=3e-8)
    assert found.total == pytest.approx((1.1 * 1.02) * (0.95 * 1.01) - 1, abs=1e-8)


def test_in_base_currency_nothing_is_the_currencys():
    found = own_return(np.array([0.1, 0.2]), np.array([0.1, 0.2]))
    assert (found.fx, found.interaction, found.total) == (0.0, 0.0, 0.32)


def test_what_was_never_held_has_no_return():
    assert isinstance(own_return(np.array([NAN]), np.array([NAN])), NotComputable)


def test_a_share_of_almost_nothing_is_not_stated():
    assert share_of_return(0.02, 0.10) == 0.2
    assert share_of_return(-0.02, 0.10) == -0.2
    assert str(share_of_return(0.02, 0.00009)) == "a portfolio return of at least one basis point"
