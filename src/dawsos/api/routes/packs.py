"""Pricing packs: which there are, and what is in them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from starlette.responses import Response

from dawsos.api.call import Reader
from dawsos.api.envelope import answer_of
from dawsos.api.routing import subject_router
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, ExchangeRate, Price
from dawsos.services.packs.verification import read_pack
from dawsos.services.portfolios import find_portfolio
from dawsos.store.packs import list_packs as packs_before

router = subject_router("packs")

Policy = Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,32}$")]


class Pack(Contract):
    """A pricing pack without its contents. ``hash`` is null until it is complete; only a complete one can be used.

    ``superseded_by`` names the restatement that replaced it, and ``supersedes_reason`` says why; it can still be asked for by its id.
    """

    id: str
    date: date
    status: str
    policy: str
    freshness: str
    hash: str | None
    edition: Annotated[int, Count]
    securities_count: Annotated[int, Count]
    fx_pairs_count: Annotated[int, Count]
    superseded_by: str | None
    supersedes_reason: str | None
    completed_at: datetime | None


class PackPrice(Contract):
    """A price; ``date`` is the day it was traded, ``stale_days`` how many business days before the pack's that is."""

    security_id: UUID
    symbol: str
    date: date
    open: Annotated[Decimal | None, Price("currency")]
    high: Annotated[Decimal | None, Price("currency")]
    low: Annotated[Decimal | None, Price("currency")]
    close: Annotated[Decimal, Price("currency")]
    volume: Annotated[int | None, Count]
    currency: str
    source: str | None
    stale_days: Annotated[int, Count]


class PackRate(Contract):
    """A rate: units of ``quote_ccy`` for one unit of ``base_ccy``; ``date`` is the day it was published for."""

    base_ccy: str
    quote_ccy: str
    rate: Annotated[Decimal, ExchangeRate]
    date: date | None
    source: str | None


class PackContents(Pack):
    """A pricing pack with everything in it."""

    prices: tuple[PackPrice, ...]
    rates: tuple[PackRate, ...]


@router.get("/v1/packs", response_model=answer_of(list[Pack]))
async def list_packs(
    call: Reader,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    before: date | None = None,
    policy: Policy | None = None,
    portfolio_id: UUID | None = None,
) -> Response:
    """Packs, newest first: of one policy, of the policy a portfolio is valued by, or of all; ``before`` is not included."""
    database = call.application.database
    if portfolio_id is not None:
        policy = (await find_portfolio(database, call.actor, portfolio_id)).pricing_policy
    async with database.transaction(call.actor, read_only=True) as tx:
        records = await packs_before(tx, policy=policy, before=before, limit=limit)
    return call.success([Pack.model_validate(record) for record in records])


@router.get("/v1/packs/{pack_id}", response_model=answer_of(PackContents))
async def read_one_pack(call: Reader, pack_id: Annotated[str, Path(pattern=r"^[A-Z0-9_-]{1,64}$")]) -> Response:
    """One pack with its prices and rates."""
    async with call.application.database.transaction(call.actor, read_only=True) as tx:
        found = await read_pack(tx, pack_id)
    contents = PackContents(
        **dict(Pack.model_validate(found.pack)),
        prices=tuple(PackPrice.model_validate(price) for price in found.prices),
        rates=tuple(PackRate.model_validate(rate) for rate in found.rates),
    )
    return call.success(contents)
