"""What differs between tax systems, by name."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dawsos.kernel.money import ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRules:
    """``long_term_days``: a lot held longer is long-term. ``window_days``: purchases this near disallow a loss.

    ``inclusion_rate``: the part of a gain that is taxed. ``harvest_rate``: what a dollar of loss saves when nothing else is known.
    """

    name: str
    long_term_days: int = 365
    window_days: int = 30
    inclusion_rate: Decimal = ONE
    harvest_rate: Decimal = Decimal("0.32")


#: United States: wash sales (26 CFR 1.1091), two terms.
UNITED_STATES: Final = TaxRules(name="US")
#: Canada: superficial losses have the same window, half of a gain is included, terms do not matter to the tax.
CANADA: Final = TaxRules(name="CA", inclusion_rate=Decimal("0.5"))
