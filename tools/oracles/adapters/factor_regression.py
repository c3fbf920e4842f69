"""Betas on one benchmark; regressions on several factors have no adapter here."""

import re
from collections.abc import Mapping
from typing import Any

from tools.oracles.adapters.figures_of_series import answer_figures
from tools.oracles.cases import NoFunction, Question


def answer(question: Question) -> Mapping[str, Any]:
    """Single betas, in all, rising or falling markets."""
    title = question.title.lower()
    if not re.search(r"\bbetas?\b", title) or re.search(r"henriksson|mazuy|multi|factor|newey|hac", title):
        raise NoFunction("no function for this regression")
    return answer_figures(question)
