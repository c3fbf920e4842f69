"""Betas assumed of a position until it has a history of its own.

The published table has credit betas with the sign of a gain when spreads widen; here they are losses.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.compute.returns.figures import FloatArray

#: Every spelling of a sector that data sources use, and the sector of the table below it stands for.
SECTORS: Final[Mapping[str, str]] = MappingProxyType({
    "financials": "financials", "financial services": "financials", "financial": "financials", "banks": "financials",
    "energy": "energy", "materials": "materials", "basic materials": "materials",
    "technology": "technology", "information technology": "technology", "tech": "technology",
    "consumer": "consumer", "consumer cyclical": "consumer", "consumer defensive": "consumer", "consumer discretionary": "consumer",
    "consumer staples": "consumer",
})  # fmt: skip
_BONDS: Final = frozenset({"bond", "fixed_income", "government_bond", "corporate_bond"})
_EQUITIES: Final = frozenset({"equity", "etf", "fund", "adr", "index"})
_CASH: Final = frozenset({"cash"})


def prior_betas(asset_class: str, sector: str | None = None, *, is_usd: bool = True) -> FloatArray:
    """Betas in the order of :data:`FACTOR_NAMES`: the return for a change of one of the factor (−5 on real rates: +1 % costs 5 %).

    Cash has none. ``is_usd``: whether the security is quoted in US dollars.
    """
    kind, group = asset_class.lower(), SECTORS.get((sector or "").lower(), "")
    if kind in _CASH:
        return np.zeros(len(FACTOR_NAMES))
    is_bond, is_equity = kind in _BONDS, kind in _EQUITIES
    return np.array([
        -8.0 if is_bond else -2.0 if is_equity else -5.0,
        -6.0 if is_bond else 2.0 if group in {"energy", "materials"} else -3.0,
        -5.0 if is_bond else -1.5 if group == "financials" else -0.5,
        -0.5 if not is_usd else -0.3 if group in {"technology", "consumer"} else 0.0,
        0.0 if is_bond else {"technology": 1.3, "financials": 1.1}.get(group, 1.0 if is_equity else 0.8),
    ])  # fmt: skip
