"""Keeps the tracer of branch coverage away from the compiler.

Compiling a kernel runs nothing of ours, but the tracer is called for every line of Numba's: it took as long again as the compiler.
"""

import sys
from collections.abc import Callable
from typing import Any

import pytest


def leave_compiler_untraced(config: pytest.Config) -> None:
    """In a run that measures coverage, every compilation happens without the tracer, which goes on afterwards where it was."""
    if not config.pluginmanager.hasplugin("_cov"):
        return
    from numba.core.dispatcher import _FunctionCompiler  # noqa: PLC0415 - Numba takes a second to import, and most runs do not measure

    _FunctionCompiler.compile = _untraced(_FunctionCompiler.compile)


def _untraced(compiling: Callable[..., Any]) -> Callable[..., Any]:
    def compile_untraced(*arguments: Any) -> Any:
        tracer = sys.gettrace()
        sys.settrace(None)
        try:
            return compiling(*arguments)
        finally:
            sys.settrace(tracer)

    return compile_untraced
