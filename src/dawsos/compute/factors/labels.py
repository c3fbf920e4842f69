"""What factors, and the other things that move a position in a scenario, are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: By the name the mathematics uses.
LABELS: Final[Mapping[str, str]] = MappingProxyType({
    "real_rates": "Real rates", "inflation": "Inflation", "credit": "Credit spreads", "usd": "US dollar", "equity": "Equities",
    "commodity": "Commodities", "volatility": "Volatility", "liquidity": "Liquidity", "idiosyncratic": "Own risk",
    "currency": "Currency", "interaction": "Interaction", "asset_class": "Asset class", "symbol": "Security",
    "government_bond": "Government bonds", "corporate_bond": "Corporate bonds",
})  # fmt: skip


def label_of(name: str) -> str:
    """The label of ``name``; what has none, such as a symbol or a currency, is called what it is."""
    return LABELS.get(name, name)
