"""The named choices of lot accounting that practice does not agree on."""

from enum import StrEnum


class GainSplit(StrEnum):
    """How a gain in base currency is divided into a price part and a currency part; both conventions add up to the same gain.

    ENTRY_RATE: fx part = proceeds × (exit rate − entry rate): the currency moved everything that came back.
    COST_AT_EXIT_RATE: fx part = cost × (exit rate − entry rate): the currency moved only what had been put in.
    """

    ENTRY_RATE = "entry_rate"
    COST_AT_EXIT_RATE = "cost_at_exit_rate"


class LotOrder(StrEnum):
    """In which order open lots are consumed; ties fall to the earlier acquisition date, then the earlier booking."""

    FIFO = "FIFO"
    LIFO = "LIFO"
    HIFO = "HIFO"
    LOFO = "LOFO"


class Shortfall(StrEnum):
    """What happens when more is asked than is held: an error, or a result that says how much is missing (its cost is unknown)."""

    REFUSE = "refuse"
    REPORT = "report"


class Unnamed(StrEnum):
    """What SPECIFIC does with a sale that names no lots.

    REFUSE: an error, always. UNAMBIGUOUS: accepted where there is no choice, that is one lot, or a sale of everything.
    EXACT_SIZE: as UNAMBIGUOUS, and else the oldest lot of exactly the quantity sold.
    """

    REFUSE = "refuse"
    UNAMBIGUOUS = "unambiguous"
    EXACT_SIZE = "exact_size"
