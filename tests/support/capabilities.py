"""A registry of small capabilities, one for each way a call can go, and the patterns in ``tests/support/patterns`` made of them."""

import asyncio
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from dawsos.kernel.errors import Conflict, InsufficientData, Internal
from dawsos.registry import Contract, Count, Fraction, Money, Registry, capability
from dawsos.registry.capability import declaration_of
from dawsos.registry.conformity import examine
from dawsos.services.context import RequestContext

PATTERNS: Final = Path(__file__).parent / "patterns"
EXAMPLE: Final = {"portfolio_id": "11111111-1111-4111-8111-111111111111"}
#: Stands for what must never leave the server: it is in the message of an unexpected error.
INSIDE: Final = "password=correct-horse apikey=1234"


class ValueRequest(Contract):
    portfolio_id: UUID
    pack_id: str | None = None
    factor: Annotated[Decimal, Count] = Decimal(1)


class ValueResult(Contract):
    nav: Annotated[Decimal, Money("currency")]
    share: Annotated[float | None, Fraction]
    currency: str
    portfolio_name: str
    pack_id: str
    entries: Annotated[int, Count]
    reasons: dict[str, str]


class CountryRequest(Contract):
    country: Annotated[str, Field(min_length=2)] = "CA"


class LevelResult(Contract):
    country: str
    level: Annotated[float, Fraction]


class LineRequest(Contract):
    amount: Annotated[Decimal, Count]


class OwnerResult(Contract):
    portfolio_name: str


class Nothing(Contract):
    pass


@capability(name="portfolio.value", rights=("portfolio_read",), ttl=60, example=EXAMPLE)
async def value(context: RequestContext, request: ValueRequest) -> ValueResult:
    """What the portfolio is worth."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version="value/1", warning="OLD has no price.")
    return ValueResult(
        nav=Decimal("1250.50") * request.factor,
        share=None,
        currency=pins.portfolio.base_currency,
        portfolio_name=pins.portfolio.name,
        pack_id=pins.pack.id,
        entries=pins.ledger.sequence,
        reasons={"share": "there is nothing to compare with"},
    )


@capability(name="portfolio.owner", rights=("portfolio_read", "position_read"), ttl=0, example={"amount": "1"})
async def owner(context: RequestContext, request: LineRequest) -> OwnerResult:
    """Whose line this is: the request does not say, the context does."""
    return OwnerResult(portfolio_name=context.pinned().portfolio.name)


@capability(name="portfolio.shock", rights=("scenario_analysis",), ttl=0, cost="high", repeatable=True, example=EXAMPLE)
async def shock(context: RequestContext, request: ValueRequest) -> ValueResult:
    """What would be left."""
    return await value(context, request)


@capability(name="macro.level", rights=("macro_data_read",), ttl=3600, example={"country": "CA"})
async def level(context: RequestContext, request: CountryRequest) -> LevelResult:
    """Where the economy of a country stands."""
    context.provenance.note(source="FRED", origin="stored")
    return LevelResult(country=request.country, level=0.25)


@capability(name="report.print", rights=("export_pdf",), ttl=0, example={})
async def print_report(context: RequestContext, request: Nothing) -> Nothing:
    """Something managers may do."""
    return Nothing()


@capability(name="house.sweep", rights=("admin",), ttl=0, example={})
async def sweep(context: RequestContext, request: Nothing) -> Nothing:
    """Something administrators may do."""
    return Nothing()


@capability(name="faults.crash", rights=("portfolio_read",), ttl=0, example={})
async def crash(context: RequestContext, request: Nothing) -> Nothing:
    """Break with a message nobody outside may see."""
    raise RuntimeError(INSIDE)


@capability(name="faults.internal", rights=("portfolio_read",), ttl=0, example={})
async def internal(context: RequestContext, request: Nothing) -> Nothing:
    """Break with an error of the house whose message nobody outside may see."""
    raise Internal(INSIDE, details={"statement": INSIDE})


@capability(name="faults.slow", rights=("portfolio_read",), ttl=0, timeout=0.05, example={})
async def slow(context: RequestContext, request: Nothing) -> Nothing:
    """Take too long."""
    await asyncio.sleep(5)
    return Nothing()


@capability(name="faults.thin", rights=("portfolio_read",), ttl=0, example={})
async def thin(context: RequestContext, request: Nothing) -> Nothing:
    """Have too little to go by."""
    raise InsufficientData(
        "252 daily returns are needed and there are 3.", remedy="Import older prices.", details={"needed": 252, "had": 3}
    )


@capability(name="faults.busy", rights=("portfolio_read",), ttl=0, example={})
async def busy(context: RequestContext, request: Nothing) -> Nothing:
    """Meet somebody else."""
    raise Conflict("Somebody else is changing this.", remedy="Try again.")


def _capability_of(function):
    found, problems = examine(function, declaration_of(function), "Tester")
    assert problems == []
    return found


ALL: Final = tuple(map(_capability_of, (value, owner, shock, level, print_report, sweep, crash, internal, slow, thin, busy)))


@cache
def registry() -> Registry:
    """All of them; made once, for nothing changes a registry."""
    return Registry(ALL)
