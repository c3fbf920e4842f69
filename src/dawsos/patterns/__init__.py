"""Patterns: the file model, the checker that runs at load, and the orchestrator."""

from dawsos.patterns.answer import PatternAnswer, PatternResult, pattern_answer_model, pattern_result_model
from dawsos.patterns.checker import Pattern, check_text
from dawsos.patterns.context import PatternContext
from dawsos.patterns.failure import PatternFailure
from dawsos.patterns.library import Library, load_library
from dawsos.patterns.orchestrator import Limits, Orchestrator

__all__ = [
    "Library",
    "Limits",
    "Orchestrator",
    "Pattern",
    "PatternAnswer",
    "PatternContext",
    "PatternFailure",
    "PatternResult",
    "check_text",
    "load_library",
    "pattern_answer_model",
    "pattern_result_model",
]
