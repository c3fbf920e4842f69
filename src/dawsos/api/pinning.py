"""What a request may be pinned to, as every address spells it."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query
from pydantic import Field

from dawsos.api.call import Call
from dawsos.kernel.errors import Invalid
from dawsos.services.context import RequestContext
from dawsos.services.opening import Pinning

PackId = Annotated[str, Field(pattern=r"^PP_[A-Z0-9_-]{1,61}$")]
CommitHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

_PACK: Final = "The pricing pack; the newest one in force when not given."
_DAY: Final = "The newest pack in force on or before this date."
_LEDGER: Final = "The state of the ledger, by the hash after its last entry; everything booked when not given."


def query_pinning(
    pack_id: Annotated[PackId | None, Query(description=_PACK)] = None,
    asof_date: Annotated[date | None, Query(description=_DAY)] = None,
    ledger: Annotated[CommitHash | None, Query(description=_LEDGER)] = None,
) -> Pinning:
    """What the query pins."""
    return pinning(pack_id, asof_date, ledger)


def pinning(pack_id: str | None, asof_date: date | None, ledger_commit_hash: str | None) -> Pinning:
    """A pinning; naming both a pack and a date is asking twice."""
    if pack_id is not None and asof_date is not None:
        raise Invalid("Both pack_id and asof_date are given, and each names a pricing pack.", remedy="Give one of them.")
    return Pinning(pack_id=pack_id, asof_date=asof_date, ledger_commit_hash=ledger_commit_hash)


async def open_context(call: Call, portfolio_id: UUID | None, wanted: Pinning) -> RequestContext:
    """The context of the request, pinned."""
    return await call.application.contexts.open(
        call.actor,
        trace_id=call.frame.trace_id,
        request_id=call.frame.request_id,
        portfolio_id=portfolio_id,
        pinning=wanted,
    )
