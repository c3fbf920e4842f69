"""How many examples the properties over ledgers and price paths try."""

import os
from typing import Final

from hypothesis import HealthCheck, settings

#: A run over very many sets it: ``DAWSOS_EXAMPLES=50000 pytest -k "every_ledger or every_price_path"``.
VARIABLE: Final = "DAWSOS_EXAMPLES"


def many(usually: int) -> settings:
    """Settings for ``usually`` examples, or as many as the environment asks for; then nothing is remembered from one run to the next."""
    asked = os.environ.get(VARIABLE)
    quiet = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
    return settings(max_examples=int(asked), database=None, **quiet) if asked else settings(max_examples=usually, **quiet)
