"""Ways to ask a capability, and what is expected of its numbers over all of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from tests.support.answers import PORTFOLIO, SECURITY

#: As in the answer the others are compared with.
AS_SEEDED: Final = "as seeded"
#: The state of the data after :func:`tests.support.movement.worlds.other_data`, then after more trades, then with a holding nobody prices.
OTHER_DATA: Final = "other data"
OTHER_TRADES: Final = "other trades"
NO_PRICE: Final = "no price"


class Asker(Protocol):
    """Asks a capability in the same context and gives its answer as JSON values."""

    def __call__(self, name: str, **body: Any) -> Awaitable[dict[str, Any]]: ...


@dataclass(frozen=True)
class Ask:
    """Who asks under which pack, in which state of the data, of which security, with what beyond the example, and what sources say."""

    portfolio: str = PORTFOLIO
    security: str = SECURITY
    pack: str | None = None
    body: Mapping[str, Any] | Callable[[Asker], Awaitable[Mapping[str, Any]]] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    data: str = AS_SEEDED


@dataclass(frozen=True)
class Row:
    """All ways a capability is asked; the first is the one the others are compared with.

    ``follows`` are, by the name of an ask, places all of which must have other numbers than in the first answer.
    ``still`` are places that stand still under all of them, or of which nothing is known in any, each with the reason; ``*`` stands for
    anything. ``texts`` are fields with numbers in words.
    """

    asks: Mapping[str, Ask]
    still: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    follows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def following(self, **follows: tuple[str, ...]) -> "Row":
        """The row with what must follow each ask; ``_`` stands for a blank in its name."""
        return replace(self, follows={name.replace("_", " "): places for name, places in follows.items()})


def said(body: Mapping[str, Any], **more: Any) -> Ask:
    """Asked with ``body``."""
    return Ask(body=body, **more)


#: Other holdings, and another date with its pack.
INCOME: Final = Ask(portfolio="Income", security="AAPL.RAW")
EARLIER: Final = Ask(pack="PP_2021-12-28")


def by_holdings_and_date(still: Mapping[str, str] | None = None, **more: Ask) -> Row:
    """A capability that follows what is held and the pricing pack."""
    named = {name.replace("_", " "): ask for name, ask in more.items()}
    return Row({"base": Ask(), "other holdings": INCOME, "another date": EARLIER, **named}, still or {})


def filled(body: Callable[[Asker], Awaitable[Mapping[str, Any]]]) -> dict[str, Ask]:
    """Asked with what another capability answers, of both portfolios and at both dates."""
    return {
        "base": Ask(body=body),
        "other holdings": replace(INCOME, body=body),
        "another date": replace(EARLIER, body=body),
    }
