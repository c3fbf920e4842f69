"""What a pattern needs of a request's context."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from dawsos.patterns.scope import CONTEXT_FACTS
from dawsos.registry.provenance import CallContext


class PinnedPack(Protocol):
    """The pricing pack a request is pinned to."""

    @property
    def hash(self) -> str | None:
        """SHA-256 of its canonical contents."""
        ...


class PatternContext(CallContext, Protocol):
    """The context of a request, with the facts a pattern may refer to."""

    @property
    def trace_id(self) -> str: ...
    @property
    def request_id(self) -> str: ...
    @property
    def pack(self) -> PinnedPack | None: ...
    @property
    def pricing_pack_id(self) -> str | None: ...
    @property
    def asof_date(self) -> date | None: ...
    @property
    def portfolio_id(self) -> UUID | None: ...
    @property
    def base_currency(self) -> str | None: ...
    @property
    def ledger_commit_hash(self) -> str | None: ...
    @property
    def state(self) -> str | None:
        """A hash of everything ambient a result may depend on; None where not all of it is known."""
        ...


def facts_of(context: PatternContext) -> Mapping[str, Any]:
    """The facts under the names patterns refer to them by."""
    return {name: getattr(context, name) for name in CONTEXT_FACTS}
