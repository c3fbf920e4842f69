"""Any figure over a moving window."""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, as_block
from dawsos.compute.risk.observations import Figure
from dawsos.kernel.errors import Invalid


def rolling(of: Callable[[FloatArray], Figure], returns: ArrayLike, window: int) -> FloatArray:
    """``of`` applied to each run of ``window`` consecutive observations of one series: ``[T − window + 1]``.

    ``of`` is any figure of this package (they take a block, here ``[windows × window]``, and leave out missing observations). Empty when
    the series is shorter than the window.
    """
    series = as_block(returns, "Returns")
    if series.ndim != 1 or window < 1:
        raise Invalid(f"A window of {window} over {series.ndim} dimensions.", remedy="Give one series and a positive window.")
    if series.size < window:
        return np.empty(0)
    return np.asarray(of(sliding_window_view(series, window)))
