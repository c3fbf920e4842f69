"""Benchmarks: one file each, every figure a ratio against a named peer measured in the same run, on one thread."""

import os

# Thread pools read these once, when NumPy and Numba are first imported; this file is imported before either.
for _name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[_name] = "1"
