"""Benchmarks: each prints a ratio against a named peer measured in the same run, both sides on one thread."""

import os

for _pool in ("OPENBLAS", "OMP", "MKL", "NUMBA", "NUMEXPR", "RAYON"):
    os.environ[f"{_pool}_NUM_THREADS"] = "1"  # read when the libraries are imported, which is after this package
os.environ["POLARS_MAX_THREADS"] = "1"
