"""What sources call a security: rules by source, and overrides where a rule does not fit."""

from collections.abc import Mapping
from typing import Final

#: Share classes are written with a dash by some sources, with a dot by others (BRK.B).
_DASHED: Final = frozenset({"FMP"})
#: Suffixes of exchanges that are not share classes and stay as they are.
_EXCHANGES: Final = frozenset({"TO", "V", "L", "DE", "PA", "AS", "SW", "HK", "T", "AX"})


def ticker_of(symbol: str, provider: str, overrides: Mapping[tuple[str, str], str]) -> str:
    """The ticker of ``symbol`` at ``provider``: the override for (provider, symbol) if there is one, else the rule."""
    if (own := overrides.get((provider, symbol))) is not None:
        return own
    stem, dot, suffix = symbol.rpartition(".")
    if dot and provider in _DASHED and suffix not in _EXCHANGES:
        return f"{stem}-{suffix}"
    return symbol
