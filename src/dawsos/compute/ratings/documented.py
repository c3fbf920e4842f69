"""The rubrics the specification documents, in their stored form: what a new database is seeded with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedRubric:
    """A row of ``rating_rubrics``."""

    rating_type: str
    method_version: str
    criteria: Mapping[str, Any]
    weights: Mapping[str, float]
    research_basis: str


def _banded(source: str, comparison: str, *edges: tuple[float, float], otherwise: float) -> dict[str, Any]:
    return {"source": source, "bands": [[comparison, bound, score] for bound, score in edges], "otherwise": otherwise}


DIVIDEND_SAFETY: Final = DocumentedRubric(
    rating_type="DIVIDEND_SAFETY",
    method_version="v1",
    criteria={
        "payout": _banded("payout_ratio_5y_avg", "<", (0.30, 10), (0.50, 7), (0.70, 5), otherwise=2),
        "coverage": _banded("fcf_dividend_coverage", ">", (3, 10), (2, 7), (1, 5), otherwise=2),
        "streak": _banded("dividend_growth_streak_years", ">=", (20, 10), (10, 9), (5, 7), otherwise=5),
        "net_cash": _banded("net_cash_position", ">", (50e9, 10), (10e9, 8), (1e9, 6), otherwise=4),
    },
    weights={"payout": 0.30, "coverage": 0.35, "streak": 0.20, "net_cash": 0.15},
    research_basis="Payout, coverage by free cash flow, record of increases and net cash.",
)
MOAT: Final = DocumentedRubric(
    rating_type="MOAT",
    method_version="v1",
    criteria={
        "roe": _banded("roe_5y_avg", ">", (0.20, 10), (0.15, 8), (0.10, 6), otherwise=4),
        "margin": _banded("gross_margin_5y_avg", ">", (0.60, 10), (0.40, 8), (0.25, 6), otherwise=4),
        "intangibles": _banded("intangible_assets_ratio", ">", (0.30, 8), (0.15, 6), otherwise=4),
        "switching": {"source": "switching_cost_score"},
    },
    weights={"roe": 0.40, "margin": 0.30, "intangibles": 0.20, "switching": 0.10},
    research_basis="Lasting returns on equity, pricing power, intangibles and costs of switching.",
)
RESILIENCE: Final = DocumentedRubric(
    rating_type="RESILIENCE",
    method_version="v1",
    criteria={
        "debt": _banded("debt_equity_ratio", "<", (0.5, 10), (1, 8), (2, 6), otherwise=3),
        "coverage": _banded("interest_coverage", ">", (10, 10), (5, 8), (2, 6), otherwise=3),
        "liquidity": _banded("current_ratio", ">", (2, 10), (1.5, 8), (1, 7), otherwise=4),
        "stability": _banded("operating_margin_std_dev", "<", (0.02, 10), (0.05, 8), (0.10, 6), otherwise=4),
    },
    weights={"debt": 0.40, "coverage": 0.20, "liquidity": 0.25, "stability": 0.15},
    research_basis="Debt, interest cover, liquidity and steadiness of margins.",
)
ACTIVE: Final = (DIVIDEND_SAFETY, MOAT, RESILIENCE)
