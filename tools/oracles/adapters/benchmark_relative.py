"""Figures against a benchmark."""

from tools.oracles.adapters.figures_of_series import answer_figures as answer

__all__ = ["answer"]
