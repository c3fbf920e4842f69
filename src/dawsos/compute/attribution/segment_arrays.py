"""Weights and returns of segments, read alike by every model that attributes by segment."""

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid


def segment_arrays(*columns: ArrayLike, periods: bool = False) -> tuple[FloatArray, ...]:
    """Columns of one shape as floats: ``[S]``, or with ``periods`` also ``[periods × S]``. Raises :class:`Invalid` where they differ."""
    arrays = tuple(np.asarray(column, dtype=np.float64) for column in columns)
    if len({array.shape for array in arrays}) != 1 or arrays[0].ndim not in ({1, 2} if periods else {1}):
        shapes = ", ".join(str(array.shape) for array in arrays)
        each = "Give one number per segment, and per period if several." if periods else "Give one number per segment."
        raise Invalid(f"Weights and returns have the shapes {shapes}.", remedy=each)
    return arrays
