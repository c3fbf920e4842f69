"""Compiles kernels without entrances nobody uses: making those took a quarter of the time. Import it only where Numba is wanted."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])
#: Numba takes these two options, but its types do not name them.
_njit: Any = njit


def njit_for_python(**options: Any) -> Callable[[_Function], _Function]:
    """Numba's ``njit`` for a kernel that Python calls: C cannot."""
    compiling: Callable[[_Function], _Function] = _njit(no_cfunc_wrapper=True, **options)
    return compiling


def njit_for_kernels(**options: Any) -> Callable[[_Function], _Function]:
    """Numba's ``njit`` for a function that other kernels call: Python and C cannot."""
    compiling: Callable[[_Function], _Function] = _njit(no_cfunc_wrapper=True, no_cpython_wrapper=True, **options)
    return compiling
