"""What a portfolio is worth."""

import asyncio
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from dawsos.kernel.errors import NotFound
from dawsos.registry import CallContext, Contract, Count, Money, capability


class ValueRequest(Contract):
    quantity: Annotated[int, Count]
    behave: str = "well"


class ValueResult(Contract):
    value: Annotated[Decimal | None, Money("currency")]
    currency: str
    reasons: dict[str, str] = Field(default_factory=dict)


@capability(name="portfolio.value", rights=("portfolio_read",), ttl=60, timeout=5.0, cost="medium", example={"quantity": 3})
async def value(context: CallContext, request: ValueRequest) -> ValueResult:
    """What the portfolio is worth.

    The quantity times ten.
    """
    match request.behave:
        case "missing":
            raise NotFound("There is no portfolio.")
        case "crash":
            raise ValueError("secret text")
        case "slow":
            await asyncio.sleep(30)
        case "own timeout":
            raise TimeoutError("of something inside")
        case "lie":
            return "no contract"
    context.provenance.note(source="FRED", warning="thin data", origin="computed", method_version="value/1")
    return ValueResult(value=Decimal(10 * request.quantity), currency="CAD")
